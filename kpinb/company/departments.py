"""The books of all departments, from the parameters that each one's review runs with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kpinb import workbook
from kpinb.book import Book
from kpinb.errors import KpinbError
from kpinb.facts import open_facts
from kpinb.records import parse_identifier
from kpinb.strict_yaml import read_yaml


@dataclass(frozen=True)
class Department:
    """A department as the company sees it.

    Parameters
    ----------
    id, name : str
        Id and display name.
    book : Book or None
        None where it could not be opened.
    problem : str
        Why not, in a sentence.
    """

    id: str
    name: str
    book: Book | None
    problem: str = ""


def departments(book: Book, params: str, *, root: Path | None = None) -> list[Department]:
    """Open the book of every department, for the month and the instant that the company's book has.

    Parameters
    ----------
    book : Book
        The company's.
    params : str
        Folder with one YAML file for each department, relative to the workbook folder.
    root : Path, optional
        Workbook folder; by default the one around the current folder.

    Returns
    -------
    list of Department
        By file name; one whose parameters or actuals cannot be read is there with the reason.
    """
    root = root or workbook.find_root()
    # The same as a review reads: a department left out here would be missing from the company's sums.
    files = sorted(
        path for path in (root / params).glob("*") if path.suffix in {".yaml", ".yml"} and path.is_file()
    )
    return [found for file in files if (found := _department(book, file, root)).id != book.department]


def _department(company: Book, file: Path, root: Path) -> Department:
    try:
        values = read_yaml(file)
        identifier = parse_identifier(str(values.get("department") or file.stem))
    except KpinbError as problem:
        return Department(file.stem, file.stem, None, str(problem))
    name = str(values.get("department_name") or identifier)
    try:
        facts = open_facts(str(values.get("facts") or ""), root=root, department=identifier, name=name)
    except KpinbError as problem:
        return Department(identifier, name, None, str(problem))
    return Department(identifier, name, replace(company, department=identifier, name=name, facts=facts, notice=""))
