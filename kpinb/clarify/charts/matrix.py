"""The importance–urgency matrix as a picture."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.clarify.charts.names import cut
from kpinb.clarify.prioritise.ranking import HIGH, Class, Quadrant, priority_sentence, rank
from kpinb.clarify.records import Indicator
from kpinb.language import _
from kpinb.view import Figure, Sentence
from kpinb.view.theme import COLOURS

_LINE = HIGH - 0.5
_SCALE = alt.Scale(domain=[0.5, 5.9], zero=False, nice=False)
"""Every layer has it: Vega would widen the axis for a layer without."""
_LABEL = 220
"""Pixels for the names at a point: more would run into a neighbour or over the edge."""
_FAINT = 0.2
"""Opacity of what is not pointed at or chosen."""


def matrix_chart(book: Book) -> Figure:
    """Draw the department's indicators in the importance–urgency matrix."""
    return draw_matrix(rank(book.records(Indicator)))


def draw_matrix(ranked: pd.DataFrame) -> Figure:
    """Draw what `ranking.rank` returns; indicators with the same scores share a point and its label.

    In JupyterLab the point under the mouse, or the class chosen in the legend, stands out from the others; where
    nothing is chosen, as in the report, all are drawn alike.
    """
    if ranked.empty:
        return Figure(Sentence(_("There is no indicator to place in the matrix yet.")))
    points = (
        ranked.groupby(["importance", "urgency", "class_", "quadrant"], sort=True)["name"]
        .agg(lambda names: _(", ").join(names))
        .reset_index()
    )
    # Of many names at one point the tooltip has all.
    points["shown"] = [cut(name, _LABEL, most=1)[0] for name in points["name"]]
    points["quadrant"] = [Quadrant(value).label for value in points["quadrant"]]
    points["class_"] = [Class(value).label for value in points["class_"]]
    corners = [
        _corner(5.85, "right", Quadrant.do_now, Quadrant.delegate),
        _corner(0.6, "left", Quadrant.schedule, Quadrant.batch),
    ]
    x = alt.X(
        "urgency:Q",
        title=_("Urgency"),
        scale=_SCALE,
        axis=alt.Axis(values=[1, 2, 3, 4, 5], format="d", grid=False),
    )
    y = alt.Y(
        "importance:Q",
        title=_("Importance"),
        scale=_SCALE,
        axis=alt.Axis(values=[1, 2, 3, 4, 5], format="d", grid=False),
    )
    colour = alt.Color(
        "class_:N",
        title=None,
        scale=alt.Scale(
            domain=[Class.core.label, Class.supporting.label], range=[COLOURS["actual"], COLOURS["history"]]
        ),
    )
    # Named, since the committed outputs are compared: Altair would count from one chart to the next.
    pointed = alt.selection_point(
        name="pointed", on="pointerover", clear="pointerout", fields=["importance", "urgency"]
    )
    chosen = alt.selection_point(name="chosen", fields=["class_"], bind="legend")
    strong = alt.when(pointed & chosen)
    base = alt.Chart(points)
    dots = (
        base.mark_point(size=160, filled=True)
        .encode(x, y, colour, opacity=strong.then(alt.value(1)).otherwise(alt.value(_FAINT)), tooltip=_tips())
        .properties(name="dots")
        .add_params(pointed, chosen)
    )
    # Neighbours in a row are named above and below by turns, so that long names do not run into each other.
    names = [
        alt.Chart(part)
        .mark_text(dy=18 if below else -14, fontSize=12)
        .encode(x, y, text="shown:N", opacity=strong.then(alt.value(1)).otherwise(alt.value(_FAINT)))
        for below, part in points.groupby(points["urgency"].astype(int) % 2 == 0, sort=True)
    ]
    lines = (
        alt.Chart(pd.DataFrame({"at": [_LINE]}))
        .mark_rule(color="#c3ccd3", strokeDash=[4, 4])
        .encode(alt.X("at:Q", scale=_SCALE)),
        alt.Chart(pd.DataFrame({"at": [_LINE]}))
        .mark_rule(color="#c3ccd3", strokeDash=[4, 4])
        .encode(alt.Y("at:Q", scale=_SCALE)),
    )
    chart = alt.layer(*lines, *corners, *names, dots).properties(height=340)
    return Figure(priority_sentence(ranked), chart)


def _tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=_("Indicator")),
        alt.Tooltip("class_:N", title=_("Class")),
        alt.Tooltip("importance:Q", title=_("Importance")),
        alt.Tooltip("urgency:Q", title=_("Urgency")),
        alt.Tooltip("quadrant:N", title=_("What to do")),
    ]


def _corner(x: float, align: Literal["left", "right"], upper: Quadrant, lower: Quadrant) -> Any:
    """Name the two quadrants on one side of the matrix."""
    names = pd.DataFrame({"x": [x, x], "y": [5.8, 0.6], "text": [upper.label, lower.label]})
    return (
        alt.Chart(names)
        .mark_text(align=align, fontSize=12, color="#5f6b76", fontStyle="italic")
        .encode(alt.X("x:Q", scale=_SCALE), alt.Y("y:Q", scale=_SCALE), text="text:N")
    )
