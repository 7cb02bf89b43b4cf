"""What a year's target asks of the drivers that the indicator is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb import formula
from kpinb.book import Book
from kpinb.clarify.drivers.computing import Driver, Source, formula_problems
from kpinb.clarify.drivers.expanded import called, expanded
from kpinb.clarify.drivers.tree import with_formula
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Indicator
from kpinb.decompose.drivers.solving import Solved, solve_driver
from kpinb.decompose.drivers.spreading import Movability, Spread, beyond_sentence, movability, spread_change
from kpinb.decompose.phasing import resolve
from kpinb.decompose.records import Level, Target
from kpinb.formula import Formula
from kpinb.formula.writing import listed
from kpinb.language import _, join_sentences
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

CLOSE = Decimal("0.05")
"""A formula speaks for a whole year where, over the year before, it is off by no more than this share."""


@dataclass(frozen=True)
class DriverTargets:
    """What a year's target asks of each driver.

    Parameters
    ----------
    indicator : Indicator
        What has the target.
    year : Period
        Of the target; the drivers' figures are those of the year before.
    target : Decimal
        In the indicator's unit.
    before : Decimal or None
        What the formula gives with the drivers of the year before.
    drivers : mapping of str to Driver
        By their names in the formula.
    now : mapping of str to Decimal or None
        Each driver's figure over the year before.
    moves : mapping of str to Movability or None
        How far each has moved from one year to the next.
    alone : list of Solved
        What each driver must be, the others staying as they were.
    together : Spread or None
        The change divided among all of them; None where it cannot be computed.
    problem : str
        Why nothing can be computed; empty where it can.
    """

    indicator: Indicator
    year: Period
    target: Decimal
    before: Decimal | None
    drivers: Mapping[str, Driver]
    now: Mapping[str, Decimal | None]
    moves: Mapping[str, Movability | None]
    alone: list[Solved]
    together: Spread | None
    problem: str


def driver_targets(book: Book) -> DriverTargets | None:
    """Work out what the first target of the year for an indicator with a formula asks of its drivers.

    The drivers' figures are those of the year before: a series added up, an indicator combined as it says. A
    driver that is computed itself is replaced by its own drivers.

    Returns
    -------
    DriverTargets or None
        None where no indicator with a formula has a target for the year under review.
    """
    histories = Histories(book)
    for indicator in with_formula(histories):
        target = _year_target(book, histories, indicator)
        if target is not None and not formula_problems(indicator, histories.indicators, histories.series):
            return _work_out(book, histories, indicator, target)
    return None


def _year_target(book: Book, histories: Histories, indicator: Indicator) -> Decimal | None:
    level = Level.company if book.department == book.company else Level.department
    for target in book.records(Target):
        whole_year = target.period == str(book.year) and target.every is None
        if target.indicator == indicator.id and target.level is level and whole_year:
            value = resolve(target, book.year, indicator.over_time, histories.of(indicator))
            if value is not None:
                return value
    return None


def _work_out(book: Book, histories: Histories, indicator: Indicator, target: Decimal) -> DriverTargets:
    read, drivers = called(expanded(indicator, histories), histories)
    months = book.year.shift(-1).months
    by_id = {other.id: other for other in histories.indicators}
    how = {
        name: Adding.total if driver.source is Source.series else by_id[driver.key].over_time
        for name, driver in drivers.items()
    }
    past = {name: histories.of_driver(driver) for name, driver in drivers.items()}
    now = {name: past[name].combined(months, how[name]) for name in drivers}
    moves = {name: movability(past[name], how[name]) for name in drivers}
    before, problem = _year_before(read, now, histories.of(indicator).combined(months, indicator.over_time))
    known = {name: value for name, value in now.items() if value is not None}
    return DriverTargets(
        indicator,
        book.year,
        target,
        before,
        drivers,
        now,
        moves,
        [] if problem else [solve_driver(read, now, target, name) for name in read.names],
        None if problem else spread_change(read, known, target, moves),
        problem,
    )


def _year_before(
    read: Formula, now: Mapping[str, Decimal | None], actual: Decimal | None
) -> tuple[Decimal | None, str]:
    """Give what the formula comes to over the year before, or why it does not speak for a year."""
    missing = [name for name in read.names if now[name] is None]
    if missing:
        return None, _("The year before is not complete: {names} cannot be added up.").format(
            names=listed(missing)
        )
    try:
        before = read.evaluate(now)
    except formula.NotComputable as problem:
        return None, str(problem)
    if actual is not None and abs(before - actual) > CLOSE * abs(actual):
        return before, _(
            "Over the whole year before, the formula gives {computed} and the actual is {actual}, so it cannot "
            "divide a year's target. A price or a rate must be an indicator whose months are a mean."
        ).format(computed=formats.number(before), actual=formats.number(actual))
    return before, ""


def driver_target_table(book: Book) -> Table:
    """Show for each driver its year before, what it must be alone, and what all must be together."""
    found = driver_targets(book)
    rows: list[dict[str, object]] = []
    if found is not None and not found.problem:
        rows = [_row(found, solved) for solved in found.alone]
    columns = ["name", "now", "alone", "alone_change", "together", "change", "typical"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("name", _("Driver")),
            Column("now", _("Year before"), numeric=True),
            Column("alone", _("If it alone changes"), numeric=True),
            Column("alone_change", _("Change"), lambda v: formats.percent(v, signed=True), numeric=True),
            Column("together", _("If all change"), numeric=True),
            Column("change", _("Change"), lambda v: formats.percent(v, signed=True), numeric=True),
            Column("typical", _("Moves in a typical year by"), formats.percent, numeric=True),
        ],
        empty=_("No target of this year can be divided among drivers."),
        caption="" if found is None else _asked(found),
    )


def _row(found: DriverTargets, solved: Solved) -> dict[str, object]:
    driver, now = found.drivers[solved.driver], found.now[solved.driver]
    moves = found.moves[solved.driver]
    together = _together(found).get(solved.driver)
    return {
        "name": driver.title,
        "now": formats.amount(now, driver.unit),
        "alone": formats.amount(solved.value, driver.unit),
        "alone_change": _relative(now, solved.value),
        "together": formats.amount(None if together is None else together["target"], driver.unit),
        "change": None if together is None else together["change"],
        "typical": None if moves is None else moves.typical,
    }


def _together(found: DriverTargets) -> dict[str, dict[str, Any]]:
    rows = [] if found.together is None else found.together.frame.to_dict("records")
    return {row["driver"]: {str(column): value for column, value in row.items()} for row in rows}


def _relative(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return then / now - 1 if then is not None and now is not None and now > 0 else None


def driver_target_sentences(book: Book) -> Sentences:
    """Say what the year's target asks of one driver alone, of all together, and what has never been done."""
    found = driver_targets(book)
    if found is None:
        return Sentences.of([Sentence(_("No indicator that has a formula has a target for this year."))])
    if found.problem:
        return Sentences.of([Sentence(join_sentences([_asked(found), found.problem]), Tone.unknown)])
    return Sentences.of([_alone(found), *_reasons(found), *_all_together(found)])


def _asked(found: DriverTargets) -> str:
    unit = found.indicator.unit
    return _("{name} is to come to {target} in {year}, after {before} the year before.").format(
        name=found.indicator.name,
        target=formats.amount(found.target, unit),
        year=formats.period(found.year),
        before=formats.amount(found.before, unit),
    )


def _alone(found: DriverTargets) -> Sentence:
    ways = [_way(found, solved.driver, solved.value) for solved in found.alone if _possible(found, solved)]
    if not ways:
        text = _("No driver can bring that alone, as long as the others stay as they were.")
        return Sentence(join_sentences([_asked(found), text]), Tone.warn)
    text = _("If only one driver changes: {ways}.").format(ways=_(", or ").join(ways))
    return Sentence(join_sentences([_asked(found), text]))


def _possible(found: DriverTargets, solved: Solved) -> bool:
    """Say whether a solution can be: what is counted or paid does not turn negative."""
    now = found.now[solved.driver]
    return solved.value is not None and (solved.value >= 0 or (now is not None and now < 0))


def _way(found: DriverTargets, name: str, value: Decimal | None) -> str:
    driver, now = found.drivers[name], found.now[name]
    change = _relative(now, value)
    values = {
        "driver": driver.title,
        "now": formats.amount(now, driver.unit),
        "value": formats.amount(value, driver.unit),
    }
    if change is None:
        return _("{driver} from {now} to {value}").format(**values)
    return _("{driver} from {now} to {value} ({change})").format(
        **values, change=formats.percent(change, signed=True)
    )


def _reasons(found: DriverTargets) -> list[Sentence]:
    """Say of each driver why it cannot bring the target alone, or that there is more than one way."""
    said = []
    for solved in found.alone:
        if solved.reason:
            said.append(Sentence(solved.reason, Tone.plain if solved.value is not None else Tone.warn))
        elif not _possible(found, solved):
            text = _("{driver} alone cannot bring it: it would have to fall to {value}.").format(
                driver=found.drivers[solved.driver].title,
                value=formats.amount(solved.value, found.drivers[solved.driver].unit),
            )
            said.append(Sentence(text, Tone.warn))
    return said


def _all_together(found: DriverTargets) -> list[Sentence]:
    together = found.together
    if together is None:
        return []
    said = [Sentence(problem, Tone.unknown) for problem in together.problems]
    moving = {name: row for name, row in _together(found).items() if row["share"]}
    if together.factor is None or not moving:
        return said
    ways = _(", ").join(_way(found, name, row["target"]) for name, row in moving.items())
    text = _(
        "If all change in proportion to what each has moved in a typical year: {ways}. That is {factor} times a "
        "typical year's movement."
    ).format(ways=ways, factor=formats.number(together.factor, places=1))
    said.insert(0, Sentence(text))
    for name, row in moving.items():
        moves = found.moves[name]
        if row["beyond"] and moves is not None:
            title = found.drivers[name].title
            said.append(Sentence(beyond_sentence(title, row["change"], moves), Tone.warn))
    return said
