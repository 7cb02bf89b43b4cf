"""The notebooks that a month's review runs, and the parameters that each of them takes."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Self

from kpinb.errors import BadInput
from kpinb.language import _

Scalar = str | int | float | bool | None
"""What a parameter can be: what JSON, YAML and a notebook's cell all write alike."""

_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "None": type(None)}
_STAGE = re.compile(r"(?a:\d\d_\w+)\Z")
_START = "00_"
_COMPANY = "_company"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of a parameters cell.

    Parameters
    ----------
    name : str
        Name that the notebook uses.
    types : tuple of type
        What its value may be.
    default : str, int, float, bool or None
        What the notebook uses where nothing is given.
    help : str
        The comment at the end of its line.
    """

    name: str
    types: tuple[type, ...]
    default: Scalar
    help: str

    def accepts(self, value: object) -> bool:
        """Say whether a value is of the right type; a whole number is also a number, yes/no is not one."""
        return type(value) in self.types or (type(value) is int and float in self.types)

    @property
    def written_type(self) -> str:
        """Its type as the cell writes it."""
        return " | ".join(name for name, kind in _TYPES.items() if kind in self.types)


@dataclass(frozen=True, slots=True)
class Template:
    """One notebook that can be run for any department and month.

    Parameters
    ----------
    path : Path
        Where it is.
    title : str
        Its first heading.
    parameters : dict of str to Parameter
        What its parameters cell declares.
    """

    path: Path
    title: str
    parameters: dict[str, Parameter]

    @property
    def name(self) -> str:
        """File name without its ending, such as ``50_retrospective``."""
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a template without running anything in it.

        Raises
        ------
        BadInput
            The file is no notebook, has no or two parameters cells, or one that holds more than assignments of
            plain values.
        """
        try:
            # json, not nbformat: its import takes a second, and nothing is run here.
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found = [source_of(c) for c in cells if "parameters" in c["metadata"].get("tags", [])]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                _("“{path}” cannot be read as a notebook ({error}). Restore it, or remove it.").format(
                    path=path, error=type(error).__name__
                )
            ) from error
        if len(found) != 1:
            raise BadInput(
                _(
                    "Notebook “{path}” has {count} cells tagged “parameters”; it must have exactly one. "
                    "Correct the tags in JupyterLab under Property Inspector."
                ).format(path=path, count=len(found))
            )
        return cls(path, _title(cells) or path.stem, _parameters(found[0], path))


@dataclass(frozen=True, slots=True)
class Templates:
    """The notebooks of a workbook.

    Parameters
    ----------
    stages : tuple of Template
        Run for each department, in this order.
    company : Template, optional
        Run once, after all departments.
    """

    stages: tuple[Template, ...]
    company: Template | None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read every notebook named like ``10_clarify``; ``00_…`` is for people and is never run.

        Raises
        ------
        BadInput
            There is none, one of them is not usable, or two of them declare a parameter differently.
        """
        paths = [p for p in sorted(folder.glob("*.ipynb")) if _STAGE.match(p.stem)]
        read = [Template.read(p) for p in paths if not p.stem.startswith(_START)]
        stages = tuple(t for t in read if not t.name.endswith(_COMPANY))
        if not stages:
            raise BadInput(
                _("There is no notebook to run in “{folder}”: their names begin with two digits and “_”.").format(
                    folder=folder
                )
            )
        _require_agreement(stages)
        return cls(stages, next((t for t in read if t.name.endswith(_COMPANY)), None))


def parameters_of(templates: tuple[Template, ...]) -> dict[str, Parameter]:
    """Give the parameters that at least one of the templates takes."""
    return dict(chain.from_iterable(t.parameters.items() for t in reversed(templates)))


def source_of(cell: dict[str, Any]) -> str:
    """Give a cell's text; a notebook file may hold it as one string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _require_agreement(templates: tuple[Template, ...]) -> None:
    known = parameters_of(templates)
    for template in templates:
        for name, parameter in template.parameters.items():
            if parameter.types != known[name].types:
                raise BadInput(
                    _(
                        "Parameter “{name}” is {type} in notebook “{path}” and {other} in another: "
                        "give it one type everywhere."
                    ).format(
                        name=name,
                        type=parameter.written_type,
                        path=template.path,
                        other=known[name].written_type,
                    )
                )


def _title(cells: list[dict[str, Any]]) -> str:
    headings = (
        line.removeprefix("# ").strip()
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in source_of(cell).splitlines()
        if line.startswith("# ")
    )
    return next(headings, "")


def _parameters(source: str, path: Path) -> dict[str, Parameter]:
    # Parsed here and not by papermill's `inspect`, which drops `'int | None'` and values with “=” in them.
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadInput(_not_plain(path, source)) from error
    comments = _comments(source)
    parameters: dict[str, Parameter] = {}
    for statement in statements:
        parameter = _parameter(statement, comments)
        if parameter is None:
            raise BadInput(_not_plain(path, ast.get_source_segment(source, statement) or source))
        if parameter.name in parameters:
            raise BadInput(
                _("Notebook “{path}” gives parameter “{name}” twice: keep one of the two.").format(
                    path=path, name=parameter.name
                )
            )
        parameters[parameter.name] = parameter
    return parameters


def _parameter(statement: ast.stmt, comments: dict[int, str]) -> Parameter | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
            types = _annotated(annotation)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            types = None
        case _:
            return None
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        return None
    if type(default) not in _TYPES.values():
        return None
    if types is None and not isinstance(statement, ast.AnnAssign):
        types = tuple(_TYPES.values()) if default is None else (type(default),)
    if types is None:
        return None
    parameter = Parameter(name, types, default, comments.get(statement.end_lineno or 0, ""))
    return parameter if parameter.accepts(default) else None


def _annotated(annotation: ast.expr) -> tuple[type, ...] | None:
    names = {name.strip() for name in ast.unparse(annotation).strip("'\"").split("|")}
    return tuple(kind for name, kind in _TYPES.items() if name in names) if names <= _TYPES.keys() else None


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").strip() for t in tokens if t.type == tokenize.COMMENT}


def _not_plain(path: Path, text: str) -> str:
    return _(
        "Notebook “{path}”: “{text}” in the parameters cell is not a plain value. Write one “name: type = value” "
        "a line, with the types str, int, float, bool, or one of them “| None”."
    ).format(path=path, text=text.strip()[:80])
