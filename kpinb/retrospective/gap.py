"""Actual against target and history: how large each gap is, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from kpinb.book import Book
from kpinb.language import _
from kpinb.measure import Direction, shortfall
from kpinb.track.pace import Pace, Standing, Status, bound_text, standings
from kpinb.view import Column, Table, Tone, formats
from kpinb.view.table import Row


def gap(pace: Pace, direction: Direction) -> Decimal | None:
    """Give how far the actual lies from its target: below zero where it misses it.

    Beyond the target it is above zero; inside a range it is 0. None where either is missing.
    """
    if pace.actual is None or pace.expected is None:
        return None
    if direction is Direction.between:
        return -shortfall(pace.actual, pace.expected, direction, upper=pace.upper)
    beyond = pace.actual - pace.expected
    return beyond if direction is Direction.at_least else -beyond


def gaps(found: Sequence[Standing]) -> pd.DataFrame:
    """Compare results with target, with the month before and with the year before.

    Returns
    -------
    pandas.DataFrame
        One row a standing, in the given order: `id`, `name`, `unit`, `actual`, `bound` (text), `gap`, `before`
        (the same months of the year before), `change` (growth over them; for the unit ``%`` the difference in
        points), `month`, `month_before`, `month_year_before`, `status`. Numbers are Decimal, or None where a
        month of them is missing.
    """
    rows = []
    for standing in found:
        indicator, actuals, months = standing.indicator, standing.actuals, standing.to_date.months
        how = indicator.over_time
        before = actuals.combined([month.year_before for month in months], how)
        # The month under review; earlier ones do not stand in for it while it is not yet over.
        last = standing.month.months[-1] if standing.month.months else None
        rows.append(
            {
                "id": indicator.id,
                "name": indicator.name,
                "unit": indicator.unit,
                "actual": standing.to_date.actual,
                "bound": bound_text(standing.to_date.expected, standing.to_date.upper, indicator, formats.figure),
                "gap": gap(standing.to_date, indicator.direction),
                "before": before,
                "change": change(standing.to_date.actual, before, indicator.unit),
                "month": actuals.of(last) if last else None,
                "month_before": actuals.of(last.shift(-1)) if last else None,
                "month_year_before": actuals.of(last.year_before) if last else None,
                "status": standing.status,
            }
        )
    columns = ["id", "name", "unit", "actual", "bound", "gap", "before", "change"]
    return pd.DataFrame(
        rows, columns=[*columns, "month", "month_before", "month_year_before", "status"], dtype=object
    )


def change(now: Decimal | None, before: Decimal | None, unit: str) -> Decimal | None:
    """Give the growth of a value, or for shares the difference; None where it cannot be computed."""
    if now is None or before is None:
        return None
    if unit == "%":
        return now - before
    return now / before - 1 if before > 0 else None


def change_text(value: Decimal | None, unit: str) -> str:
    """Write what `change` gives: +11.0%, or for shares +2.1 points."""
    if value is not None and unit == "%":
        return _("{points} points").format(points=formats.number(value * 100, places=1, signed=True))
    return formats.percent(value, signed=True)


def gap_table(book: Book) -> Table:
    """Show actual, target and gap to date, and the changes on the year before, worst first."""
    frame = gaps(standings(book))

    def amounts(column: str, *, signed: bool = False) -> list[str]:
        pairs = zip(frame[column], frame["unit"], strict=True)
        return [
            change_text(v, u) if signed and u == "%" else formats.figure(v, u, signed=signed) for v, u in pairs
        ]

    shown = frame.assign(
        name=[formats.with_unit(n, u) for n, u in zip(frame["name"], frame["unit"], strict=True)],
        actual_text=amounts("actual"),
        gap_text=amounts("gap", signed=True),
        before_text=amounts("before"),
        change_text=[change_text(v, u) for v, u in zip(frame["change"], frame["unit"], strict=True)],
        month_text=amounts("month"),
        month_before_text=amounts("month_before"),
        month_year_before_text=amounts("month_year_before"),
    )
    return Table(
        shown,
        [
            Column("name", _("Indicator")),
            Column("actual_text", _("Actual to date"), numeric=True),
            Column("bound", _("Target to date"), numeric=True),
            Column("gap_text", _("Gap"), numeric=True, tone=_gap_tone),
            Column("before_text", _("Year before"), numeric=True),
            Column("change_text", _("Change"), numeric=True),
            Column("month_text", _("This month"), numeric=True),
            Column("month_before_text", _("Month before"), numeric=True),
            Column("month_year_before_text", _("Same month, year before"), numeric=True),
        ],
        empty=_("No indicator has a target for this year."),
    )


def _gap_tone(row: Row) -> Tone:
    # Within the tolerance a small miss counts as on track; a tick beside a minus would contradict itself.
    if row["status"] is Status.on_track and row["gap"] is not None and row["gap"] < 0:
        return Tone.plain
    tone: Tone = row["status"].tone
    return tone


def gap_by_month(standing: Standing) -> pd.DataFrame:
    """Give the gap of each month that is over.

    Returns
    -------
    pandas.DataFrame
        `month` (Period), `gap` (Decimal or None; below zero where the target is missed).
    """
    targets = standing.phased.frame
    by_first = {
        first: (target, upper)
        for first, target, upper in zip(targets["month"].dt.date, targets["target"], targets["upper"], strict=True)
    }
    rows = []
    for month in standing.to_date.months:
        target, upper = by_first.get(month.first, (None, None))
        single = Pace([month], standing.actuals.of(month), target, upper, None, None, standing.status, [])
        rows.append({"month": month, "gap": gap(single, standing.indicator.direction)})
    return pd.DataFrame(rows, columns=["month", "gap"], dtype=object)
