"""A new workbook folder: notebooks, parameters and a store, blank or with the worked example."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kpinb import recordbook, workbook
from kpinb.batch.localise import localised
from kpinb.batch.template import source_of
from kpinb.errors import BadInput, NotFound
from kpinb.language import _, use
from kpinb.period import Period
from kpinb.store import create_store

SHIPPED = "_workbook"
"""Folder of the installed package that holds the notebooks and the example's parameters."""

COMPANY = "company"
FIRST_DEPARTMENT = "team"
_WRITTEN_IN = "zh"
_COMPANY_NOTEBOOK = "_company"


@dataclass(frozen=True, slots=True)
class Created:
    """What was made.

    Parameters
    ----------
    folder : Path
        The workbook.
    made : tuple of Path
        Files written, relative to it.
    kept : tuple of Path
        Files that were there with another content and were left as they were.
    loaded : int
        Versions of records saved in the store.
    """

    folder: Path
    made: tuple[Path, ...]
    kept: tuple[Path, ...]
    loaded: int


def create(folder: Path, *, example: bool, language: str, today: date) -> Created:
    """Make a workbook folder, or complete one; nothing that is there is changed.

    Parameters
    ----------
    folder : Path
        Where; it need not exist.
    example : bool
        With the departments, actuals and records of the worked example; else with parameters to start from.
    language : str
        Language of the notebooks' prose and of the remarks in the parameters.
    today : date
        A blank workbook's notebooks open at the month before it.

    Raises
    ------
    BadInput
        The language is not known, the folder is a file, or a file of records in it is not usable.
    StoreUnusable
        The store cannot be made there.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise BadInput(_("“{path}” is a file: name a folder.").format(path=folder))
    source = _source()
    with use(language):  # what is written, not what is said to the person who makes it
        files = list(_files(source, example=example, language=language, today=today)) if folder != source else []
    made: list[Path] = []
    kept: list[Path] = []
    for name, content in files:
        _write(folder / name, content, made if not (folder / name).exists() else kept)
    with create_store(workbook.store_url(workbook.EMBEDDED, folder)) as store:
        books = sorted((folder / "params").glob("**/records/*.yaml")) if example else []
        loaded = recordbook.load(books, store)
    return Created(
        folder, tuple(p.relative_to(folder) for p in made), tuple(p.relative_to(folder) for p in kept), loaded
    )


def _source() -> Path:
    package = Path(__file__).parent
    # In an editable install nothing is shipped inside the package: the project's own folders stand beside it.
    for source in (package / SHIPPED, package.parent):
        if workbook.is_workbook(source):
            return source
    raise NotFound(
        _("The notebooks that kpinb ships are not in “{path}”: install kpinb again.").format(
            path=package / SHIPPED
        )
    )


def _write(path: Path, content: bytes, named_in: list[Path]) -> None:
    if path.exists():
        if path.read_bytes() != content:
            named_in.append(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    named_in.append(path)


def _files(source: Path, *, example: bool, language: str, today: date) -> Iterator[tuple[str, bytes]]:
    for path in sorted((source / "notebooks").glob("*.ipynb")):
        yield f"notebooks/{path.name}", _notebook(path, example=example, language=language, today=today)
    if example:
        for path in sorted((source / "params").rglob("*")):
            name = path.relative_to(source)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix(), path.read_bytes()
    else:
        for department in (FIRST_DEPARTMENT, COMPANY):
            yield f"params/{department}.yaml", _parameters_file(_blank(department, language)).encode()


def _notebook(path: Path, *, example: bool, language: str, today: date) -> bytes:
    if example and language == _WRITTEN_IN:
        return path.read_bytes()
    notebook = localised(json.loads(path.read_text(encoding="utf-8")), language)
    values: dict[str, str] = {"language": language}
    if not example:
        values |= _blank(COMPANY if path.stem.endswith(_COMPANY_NOTEBOOK) else FIRST_DEPARTMENT, language)
        values["period"] = str(Period.month_of(today).shift(-1))
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = _with_defaults(source_of(cell), values)
        if cell["cell_type"] == "code":
            # What the example showed, in Chinese, would be taken for the new workbook's own figures.
            cell.update(outputs=[], execution_count=None)
        cell["source"] = source_of(cell).splitlines(keepends=True)
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _with_defaults(source: str, values: Mapping[str, str]) -> str:
    """Write other values into a parameters cell; its types, remarks and order stay."""
    lines = source.split("\n")
    for statement in ast.parse(source).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in values:
                line = lines[value.lineno - 1].encode()
                written = json.dumps(values[name], ensure_ascii=False).encode()
                lines[value.lineno - 1] = (
                    line[: value.col_offset] + written + line[value.end_col_offset :]
                ).decode()
    return "\n".join(lines)


def _blank(department: str, language: str) -> dict[str, Any]:
    name = _("Our company") if department == COMPANY else _("My department")
    return {"department": department, "department_name": name, "language": language, "facts": "", "notice": ""}


def _parameters_file(values: Mapping[str, str]) -> str:
    remarks = {
        "department": _(
            "Id of the department: lower-case letters, digits, - and _. It names files; do not change it."
        ),
        "department_name": _("Name that readers see."),
        "language": _("Language of its report: zh or en."),
        "facts": _("File of its actuals, such as params/actuals/team.csv; empty while there is none."),
        "notice": _("A line about the data that stands on top of the report; may be empty."),
    }
    opening = (
        _("Parameters of the company's notebook.")
        if values["department"] == COMPANY
        else _("Parameters of one department's notebooks. Copy this file for each further department.")
    )
    lines = [f"# {opening}", ""]
    for key, value in values.items():
        lines += [f"# {remarks[key]}", f"{key}: {json.dumps(value, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
