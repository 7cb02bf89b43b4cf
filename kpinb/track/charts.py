"""Pace as pictures: every indicator's attainment, and one indicator's months against its target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.language import _
from kpinb.track.pace import Standing, Status, standing_sentence, standings
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH

_SHOWN = (Decimal("-0.5"), Decimal("1.5"))
"""Bars end here, so that one extreme does not flatten the others; the label says the true figure."""

_LABEL = 0.55
"""Room for the labels, on the scale of attainment."""

STATUS_COLOURS = {
    Status.off: COLOURS["bad"],
    Status.lagging: COLOURS["warn"],
    Status.unknown: COLOURS["unknown"],
    Status.on_track: COLOURS["good"],
}


def attainment_chart(book: Book) -> Figure:
    """Draw the attainment of every indicator of the department."""
    return draw_attainment(standings(book))


def draw_attainment(found: Sequence[Standing]) -> Figure:
    """Draw attainment as bars against 100 %, worst on top; an unknown one has its word and no bar."""
    if not found:
        return Figure(Sentence(_("No indicator has a target for this year.")))
    rows = [
        {
            "name": s.indicator.name,
            "reached": None
            if s.to_date.reached is None
            else float(min(max(s.to_date.reached, _SHOWN[0]), _SHOWN[1])),
            "status": s.status.label,
            "text": " ".join(
                filter(
                    None,
                    [
                        formats.percent(s.to_date.reached, places=0) if s.to_date.reached is not None else "",
                        s.status.label,
                    ],
                )
            ),
        }
        for s in found
    ]
    frame = pd.DataFrame(rows)
    order = [s.indicator.name for s in found]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=200, domain=False, ticks=False))
    colour = alt.Color(
        "status:N",
        title=None,
        legend=None,
        scale=alt.Scale(domain=[s.label for s in STATUS_COLOURS], range=list(STATUS_COLOURS.values())),
    )
    reached = frame["reached"].dropna()
    low, high = min([0.0, *reached]), max([1.0, *reached]) + _LABEL
    scale = alt.Scale(domain=[low, high], nice=False)
    ticks = alt.Axis(format="%", values=[-0.5, 0, 0.5, 1, 1.5])
    x = alt.X("reached:Q", title=_("Attainment"), scale=scale, axis=ticks)
    bars = alt.Chart(frame).mark_bar(height={"band": 0.62}).encode(x, y, colour)
    # All labels end at the right edge, clear of the bars and of the line at 100 %.
    labels = (
        alt.Chart(frame.assign(edge=high))
        .mark_text(align="right", fontSize=12)
        .encode(alt.X("edge:Q", scale=scale), y, text="text:N")
    )
    line = (
        alt.Chart(pd.DataFrame({"x": [1.0]})).mark_rule(color=COLOURS["target"], strokeWidth=1.5).encode(x="x:Q")
    )
    chart = alt.layer(bars, line, labels).properties(width=WIDTH - 160, height=max(70, 38 * len(rows)))
    return Figure(_reading(found), chart)


def _reading(found: Sequence[Standing]) -> Sentence:
    worst = found[0]
    if worst.status is Status.on_track:
        return Sentence(_("Every indicator is on track to date."), Tone.good)
    if worst.to_date.reached is None:
        return Sentence(
            _("{name} cannot be graded; see the reason below.").format(name=worst.indicator.name),
            worst.status.tone,
        )
    return Sentence(
        _(
            "{name} needs attention first: {reached} of what was asked to date (the line stands at {whole})."
        ).format(
            name=worst.indicator.name,
            reached=formats.percent(worst.to_date.reached, places=0),
            whole=formats.percent(Decimal(1), places=0),
        ),
        worst.status.tone,
    )


def months_chart(book: Book) -> Figure:
    """Draw the months of the indicator that stands worst against its target and the year before."""
    found = standings(book)
    if not found:
        return Figure(Sentence(_("No indicator has a target for this year.")))
    return draw_months(found[0])


def draw_months(standing: Standing) -> Figure:
    """Draw actual, target and the year before by month; a month without a figure stays empty."""
    frame = months_frame(standing)
    names = {"actual": _("actual"), "target": _("target"), "before": _("year before")}
    order = [formats.month_name(month) for month in frame["month"]]
    frame["name"] = order
    x = alt.X("name:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    title = formats.with_unit(standing.indicator.name, standing.indicator.unit)
    is_share = standing.indicator.unit == "%"
    y_axis = alt.Axis(format=".0%" if is_share else ",.2~f")
    zero = standing.indicator.over_time.value == "total"
    y_scale = alt.Scale(zero=zero)
    colour = alt.Color(
        "series:N",
        title=None,
        sort=list(names.values()),
        scale=alt.Scale(
            domain=list(names.values()), range=[COLOURS["actual"], COLOURS["target"], COLOURS["history"]]
        ),
    )

    def layer(column: str, mark: Any) -> Any:
        # Months without a figure stay in: without them a line would run straight across the gap.
        part = frame[["name", column]].rename(columns={column: "value"})
        part["series"] = names[column]
        return mark(alt.Chart(part)).encode(x, alt.Y("value:Q", title=title, axis=y_axis, scale=y_scale), colour)

    chart = alt.layer(
        layer("before", lambda c: c.mark_line(strokeDash=[5, 4], point=False)),
        layer("target", lambda c: c.mark_tick(thickness=3, size=24)),
        layer("actual", lambda c: c.mark_line(point=True)),
    ).properties(width=WIDTH - 60, height=260)
    return Figure(Sentence(standing_sentence(standing), standing.status.tone), chart)


def months_frame(standing: Standing) -> pd.DataFrame:
    """Give a year by month: `month` (Period), `actual`, `target`, `before` (float; NaN where there is none)."""
    year = standing.to_date.months[0].fiscal_year if standing.to_date.months else None
    months = year.months if year else []
    targets = dict(zip(standing.phased.frame["month"].dt.date, standing.phased.frame["target"], strict=True))

    def plain(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    columns = {
        "actual": [
            plain(standing.actuals.of(m)) if m.first <= standing.to_date.months[-1].first else None for m in months
        ],
        "target": [plain(targets.get(m.first)) for m in months],
        "before": [plain(standing.actuals.of(m.year_before)) for m in months],
    }
    # float, said for each: a column without any figure would become one of objects, which cannot be compared
    floats = {name: pd.Series(values, dtype=float) for name, values in columns.items()}
    return pd.DataFrame({"month": pd.Series(months, dtype=object), **floats})
