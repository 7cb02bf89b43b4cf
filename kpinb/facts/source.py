"""Where a file of actuals is, and what its columns mean."""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kpinb.errors import BadFacts, BadInput, shown
from kpinb.language import _, join_sentences
from kpinb.records import problems
from kpinb.strict_yaml import read_yaml

Role = Literal["month", "indicator", "value", "department"]
Headers = Literal["month", "indicator", "department"]
Encoding = Literal["utf-8", "utf-16", "gb18030", "big5", "windows-1252"]

PATH = 300
"""Characters of a path that a message repeats: enough to find the file, too few to fill a screen."""

READABLE = (".csv", ".csv.gz", ".parquet")
_PACKAGE = "package:"


class Source(BaseModel):
    """What a file of actuals holds; the keys of a description in YAML.

    Attributes
    ----------
    path : str
        The data file, from the workbook's folder or ``package:name/path``.
    encoding : str, optional
        Only for what is not found by itself: UTF-8, UTF-16 with a byte order mark, and GB18030 are.
    columns : dict
        Heading of the column that has the role ``month``, ``indicator``, ``value`` or ``department``, where it is
        not the usual one.
    headers : {"month", "indicator", "department"}, optional
        What the headings of a wide file are.
    keep : list of str, optional
        The headings of a wide file to take; all if left out.
    indicator : str, optional
        Name of the series in a file that holds only one.
    ignore : list of str
        Columns that mean nothing here. Every column without a meaning is a dimension otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    path: str = Field(min_length=1)
    encoding: Encoding | None = None
    columns: dict[Role, str] = Field(default_factory=dict)
    headers: Headers | None = None
    keep: list[str] | None = None
    indicator: str | None = Field(None, min_length=1)
    ignore: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Located:
    """A data file that may be read.

    Parameters
    ----------
    path : Path
        Where it is.
    source : Source
        What it holds.
    description : bytes
        The description it was found by; empty if it was named itself.
    """

    path: Path
    source: Source
    description: bytes = b""

    @property
    def shown(self) -> str:
        """The file as a person wrote it."""
        return self.source.path

    def read(self) -> bytes:
        """Read the file's bytes.

        Raises
        ------
        BadFacts
            It cannot be read.
        """
        try:
            return self.path.read_bytes()
        except OSError as problem:
            raise BadFacts(
                _("Actuals {file} cannot be read: {reason}.").format(
                    file=self.shown, reason=problem.strerror or problem
                )
            ) from problem

    def digest(self, data: bytes) -> str:
        """Give the SHA-256 of the file's bytes, after those of its description if it has one."""
        return hashlib.sha256(self.description + data).hexdigest()


def locate(path_text: str, *, root: Path) -> Located:
    """Find the file that a department's parameters name.

    Parameters
    ----------
    path_text : str
        A data file or description inside `root`, or ``package:name/path``: a data file that comes with an
        installed Python package.
    root : Path
        The workbook's folder.

    Raises
    ------
    BadFacts
        There is no such file, it lies outside the folder (links followed), or its description is wrong.
    """
    path = _resolve(path_text, root)
    if path.suffix.lower() not in (".yaml", ".yml"):
        _check_readable(path_text)
        return Located(path, Source(path=path_text))
    source = _described(path, path_text)
    _check_readable(source.path)
    return Located(_resolve(source.path, root), source, path.read_bytes())


def _described(path: Path, path_text: str) -> Source:
    try:
        return Source.model_validate(read_yaml(path))
    except ValidationError as error:
        known = _(", ").join(Source.model_fields)
        raise BadFacts(
            _("Description of actuals {file}: {problems} The keys are: {known}.").format(
                file=path_text,
                problems=join_sentences(
                    _("{field}: {problem}").format(field=shown(name), problem=text)
                    for name, text in problems(error)
                ),
                known=known,
            )
        ) from error
    except BadFacts:
        raise
    except BadInput as problem:
        raise BadFacts(str(problem)) from problem


def _check_readable(path_text: str) -> None:
    if not path_text.lower().endswith(READABLE):
        raise BadFacts(
            _("Actuals {file} cannot be read: save them as one of {known}.").format(
                file=shown(path_text, most=PATH), known=_(", ").join(READABLE)
            )
        )


def _resolve(path_text: str, root: Path) -> Path:
    folder, inside = root, path_text
    if path_text.startswith(_PACKAGE):
        package, _slash, inside = path_text.removeprefix(_PACKAGE).partition("/")
        folder = _package_folder(package, path_text)
    try:
        folder = folder.resolve()
        path = (folder / PurePosixPath(inside)).resolve()
        there = path.is_file()
    except (OSError, ValueError, RuntimeError) as problem:  # too long, a NUL, a circle of links
        raise BadFacts(
            _("Actuals {file} cannot be found: this is not a valid path.").format(file=shown(path_text, most=PATH))
        ) from problem
    if not path.is_relative_to(folder):
        raise BadFacts(
            _("Actuals {file} lie outside {folder}. Put the file into that folder.").format(
                file=shown(path_text, most=PATH), folder=folder
            )
        )
    if not there:
        raise BadFacts(
            _("There is no file of actuals {file} in {folder}. Put it there, or correct its name.").format(
                file=shown(path_text, most=PATH), folder=folder
            )
        )
    return path


def _package_folder(package: str, path_text: str) -> Path:
    # Only looked up, not imported: naming a file must not run a package's code.
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        raise BadFacts(
            _(
                "Actuals {file} come with the Python package “{package}”, which is not installed. Install it; "
                "the examples' packages come with pip install 'kpinb[examples]'."
            ).format(file=shown(path_text, most=PATH), package=shown(package))
        )
    return Path(spec.submodule_search_locations[0])


def nearest(known: Iterable[str], *texts: str) -> str:
    """List the names that are most like a text, or else the first few there are."""
    names = list(known)
    close = [name for text in texts for name in difflib.get_close_matches(text, names, n=3, cutoff=0.5)]
    return _(", ").join(shown(name) for name in dict.fromkeys(close or names[:8])) or "–"
