"""YAML as a person means it: one small mapping, read strictly.

Plain YAML has surprises that a file of parameters must not have: ``no`` becomes false, ``010`` becomes 8,
``12:30:45`` becomes 45045, the last of two equal keys wins in silence, and aliases make a small file enormous.
Here a plain word is text unless it is clearly something else::

    department: sales        # text
    period: 2026-10          # text, and so is a whole date
    fiscal_start: 4          # a whole number of at most 18 digits, without leading zeros
    share: 0.6               # a decimal number that a float holds exactly as written; a longer one stays text
    show: true               # only true and false are yes and no
    as_of: null              # null, ~ or nothing at all

Refused are aliases, anchors, merges, tags, equal keys, keys that are not plain words, more than one document,
more than 1 MB, and more than 20 levels.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from kpinb.errors import BadInput
from kpinb.language import _

MOST_BYTES = 1_000_000
MOST_LEVELS = 20

_WHOLE = re.compile(r"(?a:[-+]?(?:0|[1-9]\d{0,17}))\Z")
_DECIMAL = re.compile(r"(?a:(?=(?:\D*\d){2,15}\D*\Z)[-+]?(?:0|[1-9]\d*)\.\d+)\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a file that holds one mapping.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with or without a byte order mark.

    Returns
    -------
    dict
        Keys are text. Values are text, int, float, bool, None, lists or mappings. An empty file gives an empty
        one.

    Raises
    ------
    BadInput
        The file cannot be read, or has something in it that is refused; the message names file, line and key.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise BadInput(
            _("There is no file “{file}”.").format(file=path)
            if isinstance(problem, FileNotFoundError)
            else _("{file} cannot be read: {reason}.").format(file=path, reason=problem.strerror or problem)
        ) from problem
    if len(data) > MOST_BYTES:
        raise BadInput(
            _("{file} is larger than {most} bytes: that is no file of settings.").format(
                file=path, most=MOST_BYTES
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise BadInput(
            _("{file}, line {line}: this is not UTF-8. Save the file as UTF-8.").format(file=path, line=line)
        ) from problem
    return _parse(text, path)


def _parse(text: str, path: Path) -> dict[str, Any]:
    loader = None
    try:
        loader = _Loader(text, path)
        node = loader.get_single_node()
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(problem, "position", 0)) + 1
        raise BadInput(
            _("{file}, line {line}: this is not YAML: {reason}.").format(
                file=path,
                line=line,
                reason=getattr(problem, "problem", None) or getattr(problem, "reason", problem),
            )
        ) from problem
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise BadInput(
            _("{file}, line {line}: expected keys and values, such as “department: sales”.").format(
                file=path, line=node.start_mark.line + 1
            )
        )
    return {key.value: _value(value) for key, value in node.value}


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    text: str = node.value
    if isinstance(node, yaml.ScalarNode) and node.style is not None:  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else text


class _Loader(yaml.SafeLoader):
    """Composes nodes and refuses while doing so, before anything could grow."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text)
        self._path = path
        self._keys: list[str] = []
        self._levels = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        # The keys above this node are kept so that a message can name the place.
        within = isinstance(index, yaml.ScalarNode)
        if within:
            self._keys.append(index.value)
        self._levels += 1
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if self._levels > MOST_LEVELS:
            self._refuse(event, _("there are more than {most} levels. Write it flatter.").format(most=MOST_LEVELS))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._refuse(event, _("anchors (&) and aliases (*) are not accepted. Write the value out."))
        if event.tag is not None:
            self._refuse(event, _("tags (!) are not accepted. Write the plain value."))
        node = super().compose_node(parent, index)
        self._levels -= 1
        if within:
            self._keys.pop()
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: dict[str, int] = {}
        for key, _value_node in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, _("a key must be one plain word."))
            self._keys.append(key.value)
            if key.value == "<<" and key.style is None:
                self._refuse(key, _("merges (<<) are not accepted. Write the values out."))
            if key.value in seen:
                self._refuse(
                    key,
                    _("the key is there twice, first in line {line}. Keep one of them.").format(
                        line=seen[key.value]
                    ),
                )
            seen[key.value] = key.start_mark.line + 1
            self._keys.pop()
        return node

    def _refuse(self, where: Any, reason: str) -> None:
        line = where.start_mark.line + 1
        if not self._keys:
            raise BadInput(_("{file}, line {line}: {reason}").format(file=self._path, line=line, reason=reason))
        raise BadInput(
            _("{file}, line {line}, key “{key}”: {reason}").format(
                file=self._path, line=line, key=".".join(self._keys)[:80], reason=reason
            )
        )
