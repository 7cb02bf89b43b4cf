"""Which segments carry a change: an indicator's actuals by product, region or whatever the file of actuals has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.retrospective.gap import change
from kpinb.track.pace import Standing, standings
from kpinb.view import Column, Table, formats


def segments(parts: Mapping[str, Actuals], months: list[Period]) -> pd.DataFrame:
    """Compare segments of a sum with the year before, the one that lost most on top.

    Parameters
    ----------
    parts : mapping
        Actuals by month for each segment.
    months : list of Period
        Months to compare; all of them over.

    Returns
    -------
    pandas.DataFrame
        One row a segment: `name`, `actual`, `before`, `difference`, `change` (growth). Decimal, or None where a
        month of the segment has no figure; such segments come last.
    """
    before = [month.year_before for month in months]
    rows = []
    for name, actuals in parts.items():
        now, then = actuals.combined(months, Adding.total), actuals.combined(before, Adding.total)
        difference = None if now is None or then is None else now - then
        rows.append(
            {
                "name": name,
                "actual": now,
                "before": then,
                "difference": difference,
                "change": change(now, then, ""),
            }
        )
    rows.sort(key=_most_lost_first)
    return pd.DataFrame(rows, columns=["name", "actual", "before", "difference", "change"], dtype=object)


def _most_lost_first(row: Mapping[str, object]) -> tuple[bool, Decimal, str]:
    difference = row["difference"]
    known = isinstance(difference, Decimal)
    return not known, difference if isinstance(difference, Decimal) else Decimal(0), str(row["name"])


def segment_table(book: Book) -> Table:
    """Show the worst indicator that is a sum by its first dimension, the segment that lost most on top."""
    frame, unit, caption = segments({}, []), "", ""
    if found := _worst_divided(book):
        standing, dimension, parts = found
        frame = segments(parts, standing.to_date.months)
        unit = standing.indicator.unit
        caption = _("{name} by {dimension}").format(
            name=formats.with_unit(standing.indicator.name, unit), dimension=dimension
        )
    return Table(
        frame,
        [
            Column("name", _("Segment")),
            Column("actual", _("Actual to date"), lambda v: formats.figure(v, unit), numeric=True),
            Column("before", _("Year before"), lambda v: formats.figure(v, unit), numeric=True),
            Column("difference", _("Difference"), lambda v: formats.figure(v, unit, signed=True), numeric=True),
            Column("change", _("Change"), lambda v: formats.percent(v, signed=True), numeric=True),
        ],
        empty=_("The actuals are not divided into segments."),
        caption=caption,
    )


def _worst_divided(book: Book) -> tuple[Standing, str, dict[str, Actuals]] | None:
    """Find the worst indicator that adds up over segments, the first dimension that divides it, and its parts."""
    for standing in standings(book):
        divided = standing.indicator.series in book.facts.series() and standing.indicator.over_time is Adding.total
        if divided and standing.to_date.months:
            for dimension in book.facts.dimensions():
                parts = _parts(book, standing, dimension)
                if len(parts) > 1:
                    return standing, dimension, parts
    return None


def _parts(book: Book, standing: Standing, dimension: str) -> dict[str, Actuals]:
    months = standing.to_date.months
    frame = book.facts.by(
        standing.indicator.series, dimension, first=months[0].year_before, last=months[-1], how=Adding.total
    )
    return {
        str(name): Actuals.of_frame(part, fiscal_start=book.period.fiscal_start)
        for name, part in frame.groupby(dimension, sort=True)
    }
