"""An indicator computed from its drivers: what the names in its formula mean, and what each month gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kpinb import formula
from kpinb.actuals import Actuals
from kpinb.clarify.records import Indicator
from kpinb.errors import BadInput
from kpinb.formula import Formula, tree
from kpinb.formula.writing import listed, shown, unknown
from kpinb.language import _
from kpinb.period import Period


class Source(StrEnum):
    """Where a driver's figures come from: an indicator, or a series of the file of actuals."""

    indicator = "indicator"
    series = "series"


@dataclass(frozen=True, slots=True)
class Driver:
    """What a name in a formula stands for.

    Parameters
    ----------
    name : str
        As it stands in the formula.
    source : Source
        Whether it is an indicator or a series of the file of actuals.
    key : str
        The indicator's id, or the series.
    title : str
        How it is called to a reader.
    unit : str
        The indicator's unit; empty for a series, whose unit nobody wrote down.
    """

    name: str
    source: Source
    key: str
    title: str
    unit: str


@dataclass(frozen=True)
class Computed:
    """An indicator's actuals as its formula gives them.

    Parameters
    ----------
    actuals : Actuals
        By month; None where the formula has no value.
    reasons : mapping of Period to str
        For each month that has none, why.
    """

    actuals: Actuals
    reasons: Mapping[Period, str]


def find_driver(name: str, indicators: Sequence[Indicator], series: Sequence[str]) -> Driver | None:
    """Say what a name in a formula stands for.

    An indicator's id comes first, then an indicator's name, then a series of the file of actuals; names are
    compared in Unicode's normal form NFC. A series is added up over each month.

    Returns
    -------
    Driver or None
        None where there is nothing of that name, or where several indicators have it.
    """
    called = [i for i in indicators if i.id == name] or [i for i in indicators if _nfc(i.name) == name]
    if called:
        only = called[0]
        return Driver(name, Source.indicator, only.id, only.name, only.unit) if len(called) == 1 else None
    found = next((one for one in series if _nfc(one) == name), None)
    return None if found is None else Driver(name, Source.series, found, found, "")


def drivers_of(read: Formula, indicators: Sequence[Indicator], series: Sequence[str]) -> dict[str, Driver]:
    """Give the drivers of a formula by their names in it, those that are there."""
    found = {name: find_driver(name, indicators, series) for name in read.names}
    return {name: driver for name, driver in found.items() if driver is not None}


def formula_problems(indicator: Indicator, indicators: Sequence[Indicator], series: Sequence[str]) -> list[str]:
    """Say what is wrong with an indicator's formula, a sentence for each.

    First its text, then its names, then whether indicators are computed from one another in a circle, then its
    units: what comes later can only be said once what comes before is right.

    Parameters
    ----------
    indicator : Indicator
        As it stands in the store or in a form; it takes the place of the one with its id among `indicators`.
    indicators : sequence of Indicator
        All those of the department.
    series : sequence of str
        The series of its file of actuals.
    """
    if not indicator.formula:
        return []
    indicators = [indicator, *(other for other in indicators if other.id != indicator.id)]
    try:
        read = formula.parse(indicator.formula)
    except BadInput as problem:
        return [_of(indicator, str(problem))]
    found = _problems_of_names(read, indicators, series)
    alone = not has_series(indicator, series)
    if alone and indicator.base and indicator.base not in series:
        found.append(_("The base “{base}” is no series of the actuals: correct it.").format(base=indicator.base))
    if not found:
        try:
            formula.order(_formulas_below(indicator, indicators, series))
        except formula.CircularFormulas as problem:
            found.append(str(problem))
    if not found:
        found = _unit_check(indicator, read, indicators, series).problems
    return [_of(indicator, problem) for problem in found]


def formula_notes(indicator: Indicator, indicators: Sequence[Indicator], series: Sequence[str]) -> list[str]:
    """Say what could not be checked of a formula that has no problem: units that are not known."""
    if not indicator.formula or formula_problems(indicator, indicators, series):
        return []
    notes = _unit_check(indicator, formula.parse(indicator.formula), indicators, series).unchecked
    return [_of(indicator, note) for note in notes]


def _of(indicator: Indicator, problem: str) -> str:
    return _("{name}: {problem}").format(name=indicator.name, problem=problem)


def _problems_of_names(read: Formula, indicators: Sequence[Indicator], series: Sequence[str]) -> list[str]:
    known = drivers_of(read, indicators, series)
    found = []
    for name in read.names:
        alike = [i.id for i in indicators if _nfc(i.name) == name]
        if name not in known and len(alike) > 1:
            found.append(
                _(
                    "“{name}” is the name of several indicators, {ids}: write the id of the one that is meant."
                ).format(name=shown(name), ids=listed(alike))
            )
        elif name not in known:
            every = dict.fromkeys([*(i.id for i in indicators), *(_nfc(i.name) for i in indicators), *series])
            found.append(unknown(name, every))
    return found


def _formulas_below(
    indicator: Indicator, indicators: Sequence[Indicator], series: Sequence[str]
) -> dict[str, Formula]:
    """Give the formulas that an indicator hangs on, its own among them, with indicators called as readers do."""
    by_id = {other.id: other for other in indicators}
    found: dict[str, Formula] = {}
    waiting = [indicator.id]
    seen = set(waiting)
    while waiting:
        one = by_id[waiting.pop()]
        if not one.formula:
            continue
        read = formula.parse(one.formula)
        needed = [d for d in drivers_of(read, indicators, series).values() if d.source is Source.indicator]
        parts = {driver.name: tree.Name(_label(by_id[driver.key], indicators)) for driver in needed}
        found[_label(one, indicators)] = Formula(tree.replaced(read.tree, parts))
        fresh = [driver.key for driver in needed if driver.key not in seen]
        seen.update(fresh)
        waiting += fresh
    return found


def _label(indicator: Indicator, indicators: Sequence[Indicator]) -> str:
    alone = sum(other.name == indicator.name for other in indicators) == 1
    return _nfc(indicator.name) if alone else indicator.id


def _unit_check(
    indicator: Indicator, read: Formula, indicators: Sequence[Indicator], series: Sequence[str]
) -> formula.UnitCheck:
    units = {name: driver.unit for name, driver in drivers_of(read, indicators, series).items()}
    return formula.check_units(read, units, indicator.unit)


def compute_history(
    read: Formula,
    histories: Mapping[str, Actuals],
    months: Sequence[Period],
    bases: Mapping[Period, Decimal | None] | None = None,
) -> Computed:
    """Compute a formula month by month.

    A month in which a driver is missing is missing; one for which the formula has no value, such as a division by
    zero, is missing as well, and the reason is kept. What several months come to is decided by how the indicator
    adds up, not by the formula: the months of a total are added, so that customers × price of a year is the sum
    of the months' products. A ratio or weighted mean is weighted with its base, which gives signed ÷ leads of the
    year where leads are the base.

    Parameters
    ----------
    read : Formula
        What is computed.
    histories : mapping of str to Actuals
        Of each name in the formula.
    months : sequence of Period
        All of them due.
    bases : mapping of Period to Decimal or None, optional
        What the months are weighted with.
    """
    values: dict[Period, Decimal | None] = {}
    reasons: dict[Period, str] = {}
    for month in months:
        try:
            values[month] = read.evaluate({name: histories[name].of(month) for name in read.names})
        except formula.MissingValue:
            values[month] = None
            missing = [name for name in read.names if histories[name].of(month) is None]
            reasons[month] = _("The actuals lack {names}.").format(names=listed(missing))
        except formula.NotComputable as problem:
            values[month] = None
            reasons[month] = str(problem)
    return Computed(Actuals(values, bases or {}), reasons)


def not_computed(months: Sequence[Period], reason: str) -> Computed:
    """Give a history in which every month is missing for one reason."""
    return Computed(Actuals(dict.fromkeys(months)), dict.fromkeys(months, reason))


def has_series(indicator: Indicator, series: Sequence[str]) -> bool:
    """Say whether an indicator's actuals are read from a series of its own, and not computed."""
    return bool(indicator.fact) or indicator.id in series


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
