"""Targets by month as a picture."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.months import phased_targets
from kpinb.decompose.phasing import Phased
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Figure, Sentence, formats
from kpinb.view.theme import COLOURS, WIDTH


def months_chart(book: Book) -> Figure:
    """Draw what the most important target asks of each month, against the year before."""
    found = phased_targets(book)
    if not found:
        return Figure(Sentence(_("No target for this year has a value yet, so there is nothing to draw.")))
    return draw_months(book, *found[0])


def draw_months(book: Book, indicator: Indicator, phased: Phased, actuals: Actuals) -> Figure:
    """Draw one indicator's target by month as bars and the year before as a line."""
    months = book.year.months
    names = {"target": _("target"), "before": _("year before")}
    frame = pd.DataFrame(
        {
            "month": [formats.month_name(month) for month in months],
            "target": [None if v is None else float(v) for v in phased.frame["target"]],
            "before": [None if (v := actuals.of(m.year_before)) is None else float(v) for m in months],
        }
    )
    x = alt.X("month:N", sort=frame["month"].tolist(), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    title = formats.with_unit(indicator.name, indicator.unit)
    y_axis = alt.Axis(format=".0%" if indicator.unit == "%" else ",.2~f")
    y_scale = alt.Scale(zero=indicator.over_time is Adding.total)
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=list(names.values()), range=[COLOURS["target"], COLOURS["history"]]),
    )

    def part(column: str) -> pd.DataFrame:
        shown = frame[["month", column]].rename(columns={column: "value"})
        shown["series"] = names[column]
        return shown

    y = alt.Y("value:Q", title=title, axis=y_axis, scale=y_scale)
    whole = indicator.over_time is Adding.total
    target = alt.Chart(part("target"))
    asked = target.mark_bar(width={"band": 0.7}, opacity=0.5) if whole else target.mark_line(point=True)
    chart = alt.layer(
        asked.encode(x, y, colour),
        alt.Chart(part("before")).mark_line(strokeDash=[5, 4]).encode(x, y, colour),
    ).properties(width=WIDTH - 60, height=250)
    return Figure(_read_months(indicator, phased), chart)


def _read_months(indicator: Indicator, phased: Phased) -> Sentence:
    known = phased.frame.dropna(subset=["target"]).to_dict("records")
    high = max(known, key=lambda row: row["target"])
    low = min(known, key=lambda row: row["target"])
    if high["target"] == low["target"]:
        return Sentence(
            _("{name}: every month is asked for {value}.").format(
                name=indicator.name, value=formats.amount(high["target"], indicator.unit)
            )
        )
    return Sentence(
        _("{name}: {high_month} is asked for most, {high}, and {low_month} for least, {low}.").format(
            name=indicator.name,
            high_month=_month(high["month"]),
            high=formats.amount(high["target"], indicator.unit),
            low_month=_month(low["month"]),
            low=formats.amount(low["target"], indicator.unit),
        )
    )


def _month(first: pd.Timestamp) -> str:
    return formats.period(Period.month_of(first.date()))
