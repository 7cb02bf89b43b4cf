"""Rows of a sheet, long or wide, as single observations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat

from kpinb.errors import BadFacts, BadInput, shown
from kpinb.facts.sheet import Sheet
from kpinb.facts.source import Headers, Role, Source, nearest
from kpinb.language import _
from kpinb.period import Period
from kpinb.records import parse_number

_USUAL: dict[Role, tuple[str, ...]] = {
    "month": ("month", "月份"),
    "indicator": ("indicator", "指标"),
    "value": ("value", "数值"),
    "department": ("department", "部门"),
}
_TAKEN = ("month", "value", "base")


@dataclass(frozen=True, slots=True)
class Observations:
    """One number, or one empty cell, for each month, indicator and place in the dimensions.

    Parameters
    ----------
    months : list of date
        First day of the month.
    indicators : list of str
        Name of the series.
    values : list of Decimal or None
        None where the cell is empty.
    dimensions : dict of str to list of str
        By heading, in the order of the file.
    all_series : list of str
        Every series in the file, also those that only other departments have.
    """

    months: list[date]
    indicators: list[str]
    values: list[Decimal | None]
    dimensions: dict[str, list[str]]
    all_series: list[str]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column is what."""

    headers: Headers | None
    roles: dict[Role, str]
    numbers: list[str]
    dimensions: list[str]


def arrange(sheet: Sheet, source: Source, *, department: str, name: str) -> Observations:
    """Take a department's observations out of a sheet.

    Parameters
    ----------
    sheet : Sheet
        The file's text.
    source : Source
        What its columns mean.
    department, name : str
        Id and display name, either of which a department may have in the file.

    Raises
    ------
    BadFacts
        A column that is needed is not there, a cell is no month or no number, two rows say the same thing, or the
        file has departments and this is none of them.
    """
    layout = _layout(sheet, source)
    column = dict(zip(sheet.headings, sheet.columns, strict=True))
    height, width = len(sheet.rows), len(layout.numbers)

    def spread(role: Role) -> list[str] | None:
        # One text for each observation: by rows from a column, or by headings.
        if layout.headers == role:
            return [heading for heading in layout.numbers for _row in range(height)]
        return column[layout.roles[role]] * width if role in layout.roles else None

    months = _months(sheet, layout, column)
    indicators = spread("indicator") or [source.indicator or ""] * (height * width)
    departments = spread("department")
    _check_filled(sheet, layout, column)
    numbers = [number for heading in layout.numbers for number in _numbers(sheet, heading, column[heading])]
    dimensions = {heading: column[heading] * width for heading in layout.dimensions}
    owners: Iterable[str] = repeat(department)
    if departments is not None:
        owners = _owners(sheet, departments, department, name)
    _check_unique(sheet, layout, list(zip(months, indicators, owners, *dimensions.values(), strict=False)))
    mine = [at for at, owner in zip(range(height * width), owners, strict=False) if owner == department]
    return Observations(
        [months[at] for at in mine],
        [indicators[at] for at in mine],
        [numbers[at] for at in mine],
        {heading: [cells[at] for at in mine] for heading, cells in dimensions.items()},
        list(dict.fromkeys(indicators)),
    )


def _layout(sheet: Sheet, source: Source) -> _Layout:
    for named in [*source.columns.values(), *(source.keep or []), *source.ignore]:
        if named not in sheet.headings:
            raise BadFacts(
                _(
                    "The actuals in {file} have no column “{name}”, which their description names. "
                    "The closest matches: {nearest}."
                ).format(file=sheet.file, name=shown(named), nearest=nearest(sheet.headings, named))
            )
    headings = [heading for heading in sheet.headings if heading not in source.ignore]
    roles = _roles(sheet, source, headings)
    free = [heading for heading in headings if heading not in roles.values()]
    headers = source.headers
    if headers is None and "month" not in roles and any(map(_is_month, free)):
        headers = "month"
    if headers is not None:
        roles.pop("value", None)
    _check_roles(sheet, source, roles, headers)
    free = [heading for heading in headings if heading not in roles.values()]
    if headers is None:
        numbers = [roles["value"]]
    elif source.keep is not None:
        numbers = source.keep
    else:
        numbers = [heading for heading in free if headers != "month" or _is_month(heading)]
    if not numbers:
        raise BadFacts(
            _("The actuals in {file} have no column of numbers: none of their headings is a month.").format(
                file=sheet.file
            )
            if headers == "month"
            else _("The actuals in {file} have no column of numbers.").format(file=sheet.file)
        )
    dimensions = [
        heading for heading in free if heading not in numbers and not (headers == "month" and _is_month(heading))
    ]
    for heading in dimensions:
        if heading in _TAKEN:
            raise BadFacts(
                _(
                    "Actuals {file}: a dimension cannot be headed “{heading}”. Rename the column, or ignore it "
                    "in a description."
                ).format(file=sheet.file, heading=heading)
            )
    return _Layout(headers, roles, numbers, dimensions)


def _roles(sheet: Sheet, source: Source, headings: list[str]) -> dict[Role, str]:
    roles: dict[Role, str] = {}
    for role, usual in _USUAL.items():
        if role == source.headers:
            continue
        found = [source.columns[role]] if role in source.columns else [h for h in headings if h in usual]
        if len(found) > 1:
            raise BadFacts(
                _("Actuals {file}: “{one}” and “{other}” mean the same. Rename or ignore one of them.").format(
                    file=sheet.file, one=found[0], other=found[1]
                )
            )
        if found:
            roles[role] = found[0]
    return roles


def _check_roles(sheet: Sheet, source: Source, roles: dict[Role, str], headers: Headers | None) -> None:
    if headers is not None and (headers in source.columns or "value" in source.columns):
        raise BadFacts(
            _(
                "Description of actuals {file}: where the headings are the {headers}, columns cannot name one for "
                "it, nor one for the value."
            ).format(file=sheet.file, headers=headers)
        )
    if headers is None and source.keep is not None:
        raise BadFacts(
            _(
                "Description of actuals {file}: keep chooses among the headings of a wide file; say what they are "
                "with headers."
            ).format(file=sheet.file)
        )
    if source.indicator is not None and ("indicator" in roles or headers == "indicator"):
        raise BadFacts(
            _(
                "Description of actuals {file}: the file names its indicators itself, so there cannot be an "
                "indicator for all of it. Take one of the two away."
            ).format(file=sheet.file)
        )
    needed: list[Role] = ["month", "indicator", "value"]
    for role in needed:
        there = role in roles or role == headers
        if there or (role == "value" and headers) or (role == "indicator" and source.indicator is not None):
            continue
        raise BadFacts(
            _(
                "The actuals in {file} have no column “{role}”. Their columns are: {columns}. Rename one of them "
                "to this, or say in a description which one it is."
            ).format(
                file=sheet.file, role=role, columns=_(", ").join(shown(heading) for heading in sheet.headings)
            )
        )


def _is_month(text: str) -> bool:
    try:
        Period.parse_month(text)
    except BadInput:
        return False
    return True


def _months(sheet: Sheet, layout: _Layout, column: dict[str, list[str]]) -> list[date]:
    if layout.headers == "month":
        texts = [heading for heading in layout.numbers for _row in sheet.rows]
    else:
        texts = column[layout.roles["month"]] * len(layout.numbers)
    known: dict[str, date] = {}
    for text in dict.fromkeys(texts):
        try:
            known[text] = Period.parse_month(text).first
        except BadInput as problem:
            if layout.headers == "month":
                raise BadFacts(
                    _("Actuals {file}, heading: {reason}").format(file=sheet.file, reason=problem)
                ) from problem
            raise sheet.rejected(
                texts.index(text),
                layout.roles["month"],
                text,
                _("this is not a month. Write it as 2026-10."),
            ) from problem
    return [known[text] for text in texts]


def _check_filled(sheet: Sheet, layout: _Layout, column: dict[str, list[str]]) -> None:
    for role in ("indicator", "department"):
        cells = column[layout.roles[role]] if role in layout.roles else []
        if "" in cells:
            raise sheet.rejected(
                cells.index(""), layout.roles[role], "", _("this cell must not be empty. Fill it in.")
            )


def _numbers(sheet: Sheet, heading: str, cells: list[str]) -> list[Decimal | None]:
    known: dict[str, Decimal | None] = {"": None}
    for text in dict.fromkeys(cells):
        if text:
            try:
                known[text] = parse_number(text)
            except BadInput as problem:
                raise sheet.rejected(
                    cells.index(text),
                    heading,
                    text,
                    _(
                        "this is not a number. Write digits and at most one decimal point, such as 1234.5, with "
                        "at most 18 digits before it and 9 after it; leave the cell empty where a number is "
                        "missing."
                    ),
                ) from problem
    return [known[text] for text in cells]


def _owners(sheet: Sheet, departments: list[str], department: str, name: str) -> list[str]:
    """Give each row its department, under one word where the file uses both id and name."""
    there = dict.fromkeys(departments)
    if there and not {department, name} & there.keys():
        raise BadFacts(
            _(
                "The actuals in {file} have no department “{department}” or “{name}”. The closest matches: "
                "{nearest}."
            ).format(file=sheet.file, department=department, name=name, nearest=nearest(there, department, name))
        )
    return [department if text == name else text for text in departments]


def _check_unique(sheet: Sheet, layout: _Layout, keys: list[tuple[object, ...]]) -> None:
    if len(set(keys)) == len(keys):
        return
    height = len(sheet.rows)
    first: dict[tuple[object, ...], int] = {}
    for at, key in enumerate(keys):
        if key in first:
            before = first[key]
            raise BadFacts(
                _(
                    "Actuals {file}: row {row}, column “{column}” and row {other}, column “{other_column}” both "
                    "give {indicator} for {month}. Keep one of them."
                ).format(
                    file=sheet.file,
                    row=sheet.rows[before % height],
                    column=shown(layout.numbers[before // height]),
                    other=sheet.rows[at % height],
                    other_column=shown(layout.numbers[at // height]),
                    indicator=shown(str(key[1])),
                    month=str(key[0])[:7],
                )
            )
        first[key] = at
