"""A department's targets by month, beside the year before."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.prioritise.ranking import rank
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import Phased, monthly_targets
from kpinb.language import _, join_sentences
from kpinb.measure import Adding
from kpinb.period import PeriodKind
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats


def phased_targets(book: Book) -> list[tuple[Indicator, Phased, Actuals]]:
    """Give the indicators that have a target this year, most important first, with the target by month."""
    return [entry for entry in _phased(book) if not entry[1].frame["target"].isna().all()]


def _phased(book: Book) -> list[tuple[Indicator, Phased, Actuals]]:
    """Give them with those whose target could not be resolved."""
    by_id = {indicator.id: indicator for indicator in book.records(Indicator)}
    found = []
    for indicator_id in rank(list(by_id.values()))["id"]:
        indicator = by_id[indicator_id]
        actuals = history_of(book, indicator)
        phased = monthly_targets(book, indicator, actuals)
        if phased.problems or not phased.frame["target"].isna().all():
            found.append((indicator, phased, actuals))
    return found


def months_table(book: Book) -> Table:
    """Show what the most important target asks of each month, quarter and year, beside the year before."""
    found = phased_targets(book)
    rows = _rows(book, *found[0]) if found else []
    unit = found[0][0].unit if found else ""
    return Table(
        pd.DataFrame(rows, columns=["name", "target", "before", "change"], dtype=object),
        [
            Column("name", _("Period")),
            Column("target", _("Target"), lambda v: formats.figure(v, unit, places=_places(unit)), numeric=True),
            Column(
                "before", _("Year before"), lambda v: formats.figure(v, unit, places=_places(unit)), numeric=True
            ),
            Column("change", _("Growth"), lambda v: formats.percent(v, signed=True), numeric=True),
        ],
        empty=_("No target for this year has a value yet."),
        caption=formats.with_unit(found[0][0].name, unit) if found else "",
    )


def _places(unit: str) -> int | None:
    # Months are rounded to two decimals when a sum is spread; shown with fewer they would not seem to add up.
    return None if unit == "%" else 2


def _rows(book: Book, indicator: Indicator, phased: Phased, actuals: Actuals) -> list[dict[str, object]]:
    asked = Actuals(dict(zip(book.year.months, phased.frame["target"], strict=True)))
    periods = []
    for quarter in book.year.children(PeriodKind.quarter):
        periods.extend(quarter.months)
        if indicator.over_time is Adding.total:
            periods.append(quarter)
    if indicator.over_time in (Adding.total, Adding.mean):
        periods.append(book.year)
    rows: list[dict[str, object]] = []
    for period in periods:
        target = asked.combined(period.months, indicator.over_time)
        before = actuals.combined([month.year_before for month in period.months], indicator.over_time)
        growth: Decimal | None = target / before - 1 if target is not None and before and before > 0 else None
        rows.append({"name": formats.period(period), "target": target, "before": before, "change": growth})
    return rows


def method_sentences(book: Book) -> Sentences:
    """Say for each indicator how its target came to the months, and what could not be resolved."""
    found = []
    for indicator, phased, _actuals in _phased(book):
        text = _("{name}: {method}").format(name=indicator.name, method=phased.method)
        tone = Tone.warn if phased.problems else Tone.plain
        found.append(Sentence(join_sentences([text, *phased.problems]), tone))
    return Sentences.of(
        found or [Sentence(_("There is no target for this year yet. Add one in the notebook's form."))]
    )
