"""The funnel as a picture."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.decompose.funnel import funnel_of, read_funnel
from kpinb.language import _
from kpinb.view import Figure, formats
from kpinb.view.theme import COLOURS, WIDTH


def funnel_chart(book: Book) -> Figure:
    """Draw the funnel's plan and actual a week."""
    return draw_funnel(funnel_of(book))


def draw_funnel(frame: pd.DataFrame) -> Figure:
    """Draw what `planned_and_actual` returns: a pair of bars for each stage."""
    if frame.empty:
        return Figure(read_funnel(frame))
    names = {"plan": _("planned a week"), "actual": _("actual a week")}
    rows = [
        {
            "stage": row["name"],
            "series": name,
            "value": float(row[column]),
            "text": formats.number(row[column], places=None if column == "plan" else 1),
        }
        for row in frame.to_dict("records")
        for column, name in names.items()
        if row[column] is not None
    ]
    bars = pd.DataFrame(rows)
    y = alt.Y("stage:N", sort=frame["name"].tolist(), title=None, axis=alt.Axis(domain=False, ticks=False))
    offset = alt.YOffset("series:N", sort=list(names.values()))
    x = alt.X("value:Q", title=_("a week"))
    colour = alt.Color(
        "series:N",
        title=None,
        sort=list(names.values()),
        scale=alt.Scale(domain=list(names.values()), range=[COLOURS["history"], COLOURS["actual"]]),
    )
    base = alt.Chart(bars)
    chart = alt.layer(
        base.mark_bar().encode(x, y, colour, offset),
        base.mark_text(align="left", dx=5, fontSize=12).encode(x, y, offset, text="text:N"),
    ).properties(width=WIDTH - 120, height=56 * len(frame))
    return Figure(read_funnel(frame), chart)
