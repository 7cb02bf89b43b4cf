"""The parameters files of a workbook, one a department, checked before anything runs."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpinb.batch.template import Parameter, Scalar, Template, Templates, parameters_of
from kpinb.errors import BadInput, BadParameters, shown
from kpinb.language import LANGUAGES, _, join_sentences
from kpinb.records import parse_identifier
from kpinb.strict_yaml import read_yaml

COMPANY = "company"
"""Stem of the parameters file that belongs to the company's notebook."""

OF_THE_BATCH = ("period", "as_of")
"""Parameters that the review sets for all departments alike."""

NEEDED = ("department", "department_name", "facts", "notice")
"""Parameters whose default in a template is the worked example's: left out, they would show its figures."""


@dataclass(frozen=True, slots=True)
class DepartmentParameters:
    """What one parameters file says.

    Parameters
    ----------
    id, name : str
        The department; the name is for readers.
    language : str
        ``zh`` or ``en``: of its report.
    path : Path
        The file.
    values : dict
        Values by parameter, of the types that the templates ask for.
    """

    id: str
    name: str
    language: str
    path: Path
    values: dict[str, Scalar]

    @property
    def is_company(self) -> bool:
        """Whether the file belongs to the company's notebook."""
        return self.path.stem == COMPANY

    def given_to(self, template: Template, **of_the_batch: Scalar) -> dict[str, Scalar]:
        """Give the values that a template takes, with those that the review sets.

        A template is never given a name that it does not declare: papermill would write it into the notebook as
        code.
        """
        return {name: v for name, v in {**self.values, **of_the_batch}.items() if name in template.parameters}


@dataclass(frozen=True, slots=True)
class Refused:
    """A parameters file that cannot be used.

    Parameters
    ----------
    id : str
        The department, by the file's name; empty where that cannot be an id.
    path : Path
        The file.
    reason : str
        Everything that is wrong with it, in sentences.
    """

    id: str
    path: Path
    reason: str


def load(folder: Path, templates: Templates) -> tuple[list[DepartmentParameters], list[Refused]]:
    """Read every parameters file of a folder.

    Parameters
    ----------
    folder : Path
        Its ``.yaml`` and ``.yml`` files are read; folders in it are not.
    templates : Templates
        What the parameters are for.

    Returns
    -------
    list of DepartmentParameters
        The usable ones by file name, the company's last.
    list of Refused
        The others, by file name.

    Raises
    ------
    BadParameters
        There is no such folder, or no parameters file of a department in it.
    """
    paths = [p for p in sorted(folder.glob("*")) if p.suffix in {".yaml", ".yml"} and p.is_file()]
    if not any(p.stem != COMPANY for p in paths):
        raise BadParameters(
            _(
                "There is no parameters file in “{folder}”: it needs one for each department, such as sales.yaml."
            ).format(folder=folder)
        )
    read: list[DepartmentParameters] = []
    refused: list[Refused] = []
    for path in paths:
        try:
            read.append(read_department(path, templates))
        except BadInput as problem:
            refused.append(Refused(_stem_as_id(path), path, str(problem)))
    usable, repeated = _unique(read)
    usable.sort(key=lambda one: (one.is_company, one.path.name))
    return usable, sorted([*refused, *repeated], key=lambda one: one.path.name)


def read_department(path: Path, templates: Templates) -> DepartmentParameters:
    """Read one parameters file.

    Raises
    ------
    BadParameters
        The message says everything that is wrong with it, one sentence a parameter.
    """
    known = _known(path, templates)
    try:
        values = read_yaml(path)
    except BadInput as problem:
        raise BadParameters(str(problem)) from problem
    problems = [*_missing(values, known), *_wrong(values, known), *_unusable(values)]
    if problems:
        raise BadParameters(
            _("Parameters file “{path}”: {problems}").format(path=path, problems=join_sentences(problems))
        )
    department = values["department"]
    name = values.get("department_name", department)
    code = values.get("language", known["language"].default if "language" in known else "zh")
    return DepartmentParameters(department, name, str(code), path, values)


def _known(path: Path, templates: Templates) -> dict[str, Parameter]:
    if path.stem == COMPANY and templates.company is not None:
        return templates.company.parameters
    return parameters_of(templates.stages)


def _missing(values: Mapping[str, Any], known: Mapping[str, Parameter]) -> Iterable[str]:
    for name in NEEDED:
        if name not in values and (name in known or name == "department"):
            near = difflib.get_close_matches(name, [v for v in values if v not in known], n=1)
            if not near:  # else the unknown name's own sentence says it
                yield _("“{name}” is missing.").format(name=name)


def _wrong(values: Mapping[str, Any], known: Mapping[str, Parameter]) -> Iterable[str]:
    for name, value in values.items():
        if name in OF_THE_BATCH:
            yield _("“{name}” is set by the review itself: remove it.").format(name=name)
        elif not name.isidentifier():
            yield _("“{name}” cannot be the name of a parameter: remove it.").format(name=shown(name))
        elif name not in known:
            yield _unknown(name, known)
        elif not known[name].accepts(value):
            yield _wrong_type(known[name], value)


def _unknown(name: str, known: Mapping[str, Parameter]) -> str:
    near = difflib.get_close_matches(name, [k for k in known if k not in OF_THE_BATCH], n=1, cutoff=0.5)
    if near:
        return _("“{name}” is not known; did you mean “{near}”?").format(name=shown(name), near=near[0])
    return _("“{name}” is not known. Choose from: {known}.").format(
        name=shown(name), known=_(", ").join(k for k in known if k not in OF_THE_BATCH)
    )


def _wrong_type(parameter: Parameter, value: object) -> str:
    if str in parameter.types and isinstance(value, int | float | None):
        return _('“{name}” must be text, and {value} is not: put it in quotes, as in {name}: "{value}".').format(
            name=parameter.name, value="" if value is None else str(value).lower()
        )
    return _("“{name}” must be of type {type}, and “{value}” is not.").format(
        name=parameter.name, type=parameter.written_type, value=shown(str(value))
    )


def _unusable(values: Mapping[str, Any]) -> Iterable[str]:
    department, name, code = (values.get(key) for key in ("department", "department_name", "language"))
    if isinstance(department, str):
        try:
            parse_identifier(department)
        except BadInput as problem:
            yield str(problem)
    if isinstance(name, str) and not (name.strip() and name.isprintable()):
        yield _("“department_name” must be one line that is not empty.")
    if isinstance(code, str) and code not in LANGUAGES:
        yield _("“language” is “{code}”; choose one of: {known}.").format(
            code=shown(code), known=_(", ").join(LANGUAGES)
        )


def _unique(read: Iterable[DepartmentParameters]) -> tuple[list[DepartmentParameters], list[Refused]]:
    # None of those that share an id is used: which of them is meant, only a person knows.
    by_id: dict[str, list[DepartmentParameters]] = defaultdict(list)
    for one in read:
        by_id[one.id].append(one)
    usable = [same[0] for same in by_id.values() if len(same) == 1]
    refused = [
        Refused(
            one.id,
            one.path,
            _("Parameters file “{path}”: department “{id}” is also in {others}. Give each its own id.").format(
                path=one.path, id=one.id, others=_(", ").join(o.path.name for o in same if o is not one)
            ),
        )
        for same in by_id.values()
        if len(same) > 1
        for one in same
    ]
    return usable, refused


def _stem_as_id(path: Path) -> str:
    # A file may be named anything; what is no id must never become a path.
    try:
        return parse_identifier(path.stem)
    except BadInput:
        return ""
