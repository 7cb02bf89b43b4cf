"""Records in files: how a department's records are brought in, and how the worked example is shipped.

A file is YAML, read strictly. It holds one department's records in the order in which they were made::

    department: sales
    author: 销售部经理               # of records that do not say it; may be left out, as `at`
    at: 2026-01-05T09:00:00+08:00
    records:
      - kind: indicator
        id: revenue
        name: 营收
        unit: 万元
      - kind: indicator              # the same record again is a later version of it
        id: revenue
        name: 营业收入
        unit: 万元
        at: 2026-02-03T09:00:00+08:00
        author: analyst
        reason: 与财务口径一致

Each record may say `at`, `author` and `reason` of its version. A record that has such a field itself, as a change
request has the `reason` of its decision, gets it too.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpinb import identity
from kpinb.errors import BadInput, BadRecord
from kpinb.language import _, join_sentences
from kpinb.records import parse_identifier
from kpinb.stages import KINDS
from kpinb.store import Entry, Store
from kpinb.strict_yaml import read_yaml

_KEYS = ("department", "author", "at", "records")
_NOTED = ("kind", "author", "at", "reason")


def load(paths: Iterable[Path], store: Store) -> int:
    """Save the records of files, all of them or, where one is not usable, none.

    A file can be loaded again: what was loaded before is not saved twice, and what people changed since in the
    notebooks stays. If a version in a file was changed since, it and the later ones of its record are saved anew,
    as what stands now.

    Returns
    -------
    int
        How many versions were added.

    Raises
    ------
    BadInput
        A file is not usable; the message says everything that is wrong with it.
    """
    return store.load([entry for path in paths for entry in read(path)])


def read(path: Path) -> list[Entry]:
    """Read one file of records and check all of it.

    Returns
    -------
    list of Entry
        In the order of the file. Where neither entry nor file says `at`, it is dated when it is saved; where
        neither says `author`, it is the present user's.

    Raises
    ------
    BadRecord
        One paragraph with every problem of the file, each with the number of its entry, from 1.
    BadInput
        The file cannot be read as YAML.
    """
    content = read_yaml(path)
    noted, listed = _outline(content, path)
    entries: list[Entry] = []
    problems: list[str] = []
    versions: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    latest: dict[tuple[str, str], datetime | None] = {}
    for number, values in enumerate(listed, start=1):
        try:
            entry = _entry(values, noted, versions)
            key = (entry.record.kind, entry.record.id)
            _require_order(latest.get(key, entry.at), entry.at)
            latest[key] = entry.at
            entries.append(entry)
        except BadInput as problem:
            problems.append(_("Entry {number}: {problem}").format(number=number, problem=problem))
    if problems:
        raise _refused(path, problems)
    return entries


def _require_order(before: datetime | None, at: datetime | None) -> None:
    if at is None:
        return
    if before is None:
        raise BadRecord(_("“at” is given, but not for the version above it: give that one its “at” too."))
    if at < before:
        raise BadRecord(_("“at” lies before the version above it: put the versions in order."))


@dataclass(frozen=True, slots=True)
class _Noted:
    """What a file says of all its records."""

    department: str
    author: str
    at: datetime | None


def _outline(content: Mapping[str, Any], path: Path) -> tuple[_Noted, list[Any]]:
    problems = [
        _("“{key}” is not known. Choose from: {known}.").format(key=key, known=_(", ").join(_KEYS))
        for key in content
        if key not in _KEYS
    ]
    department, listed, author, at = content.get("department"), content.get("records"), "", None
    if not isinstance(department, str):
        problems.append(_("“department” must be the id of a department, such as sales."))
    if listed is not None and not isinstance(listed, list):
        problems.append(_("“records” must be a list: begin each record with “- kind: …”."))
    try:
        parse_identifier(str(department))
        author, at = _text(content, "author"), _moment(content.get("at"))
    except BadInput as problem:
        problems.append(str(problem))
    if problems:
        raise _refused(path, problems)
    return _Noted(str(department), author or identity.author(), at), listed or []


def _refused(path: Path, problems: Iterable[str]) -> BadRecord:
    return BadRecord(
        _("File of records “{path}”: {problems}").format(path=path, problems=join_sentences(problems))
    )


def _entry(values: Any, noted: _Noted, versions: dict[tuple[str, str], list[Mapping[str, Any]]]) -> Entry:
    if not isinstance(values, dict):
        raise BadRecord(_("this is no record: begin it with “- kind: …”."))
    kind = KINDS.get(str(values.get("kind")))
    if kind is None:
        raise BadRecord(unknown_kind(values.get("kind")))
    typed = {key: value for key, value in values.items() if key not in _NOTED or key in kind.model_fields}
    record = kind.build(typed)
    same = versions[kind.kind, record.id]
    same.append(typed)
    return Entry(
        department=noted.department,
        record=record,
        author=_text(values, "author") or noted.author,
        at=_moment(values.get("at")) or noted.at,
        reason=_text(values, "reason"),
        operation=_operation(noted.department, kind.kind, record.id, same),
    )


def _operation(department: str, kind: str, record_id: str, versions: list[Mapping[str, Any]]) -> str:
    # Of what was typed, not of the record made of it: a field that a later release adds must not make it new. And
    # of all versions up to this one: were only its own content counted, going back to an earlier text, or changing
    # the first of two versions, would leave the record in a state that the file does not say.
    text = json.dumps([department, kind, record_id, versions], ensure_ascii=False, sort_keys=True)
    return "file-" + hashlib.sha256(text.encode()).hexdigest()[:40]


def unknown_kind(kind: object) -> str:
    """Say that there is no such kind of record, and which one may have been meant."""
    if kind is None:
        return _("“kind” is missing; it is one of: {known}.").format(known=_(", ").join(KINDS))
    near = difflib.get_close_matches(str(kind), KINDS, n=1)
    if near:
        return _("“{kind}” is no kind of record; did you mean “{near}”?").format(kind=kind, near=near[0])
    return _("“{kind}” is no kind of record; it is one of: {known}.").format(kind=kind, known=_(", ").join(KINDS))


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(
            _("“{key}” must be text, and {value} is not: put it in quotes.").format(key=key, value=value)
        )
    return value


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRecord(
            _(
                "“at” is “{value}”: write the moment with its offset from UTC, such as 2026-01-05T09:00:00+08:00."
            ).format(value=value)
        )
    return moment
