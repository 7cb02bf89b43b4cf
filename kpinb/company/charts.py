"""Departments against their indicators, as a picture."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kpinb.company.overview import Overview
from kpinb.language import _, ngettext
from kpinb.track.charts import STATUS_COLOURS
from kpinb.track.pace import Status
from kpinb.view import Figure, Sentence, formats
from kpinb.view.theme import WIDTH


def department_chart(seen: Overview) -> Figure:
    """Draw every department's indicators as tiles with their attainment, worst department on top.

    A department without any, or that cannot be read, has one tile that says so.
    """
    rows: list[dict[str, object]] = [
        {
            "department": one.department.name,
            "place": 0,
            "text": Status.unknown.label,
            "status": Status.unknown.label,
            "indicator": "",
        }
        for one in seen.departments
        if not one.found
    ]
    rows += [
        {
            "department": one.department.name,
            "place": place,
            "text": _tile(s.indicator.name, s.to_date.reached),
            "status": s.status.label,
            "indicator": s.indicator.name,
        }
        for one in seen.departments
        for place, s in enumerate(one.found[:_TILES])
    ]
    if not rows:
        return Figure(Sentence(_("There is no department, so there is nothing to draw.")))
    frame = pd.DataFrame(rows)
    order = [one.department.name for one in seen.departments]
    y = alt.Y("department:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False))
    x = alt.X("place:O", title=None, axis=None)
    colour = alt.Color(
        "status:N",
        title=None,
        scale=alt.Scale(domain=[s.label for s in STATUS_COLOURS], range=list(STATUS_COLOURS.values())),
    )
    tiles = (
        alt.Chart(frame)
        .mark_rect(opacity=0.28, cornerRadius=3)
        .encode(
            x,
            y,
            colour,
            tooltip=[
                alt.Tooltip("indicator:N", title=_("Indicator")),
                alt.Tooltip("status:N", title=_("Standing")),
            ],
        )
    )
    texts = (
        alt.Chart(frame)
        .mark_text(fontSize=11, lineBreak="\n", lineHeight=14, baseline="middle", dy=-7)
        .encode(x, y, text="text:N")
    )
    columns = int(frame["place"].max()) + 1
    chart = alt.layer(tiles, texts).properties(
        width=min(WIDTH - 100, 130 * columns), height=44 * frame["department"].nunique()
    )
    return Figure(_reading(seen), chart)


_TILES = 6
"""Tiles a row; a department's further indicators are all better than those shown."""


def _tile(name: str, reached: object) -> str:
    short = name if len(name) <= 9 else name[:8] + "…"
    return f"{short}\n{formats.percent(reached, places=0)}"  # type: ignore[arg-type]


def _reading(seen: Overview) -> Sentence:
    every = [s for one in seen.departments for s in one.found]
    fine = sum(s.status is Status.on_track for s in every)
    text = ngettext(
        "{fine} of {count} indicator is on track; each row is a department, its worst indicators on the left.",
        "{fine} of {count} indicators are on track; each row is a department, its worst indicators on the left.",
        len(every),
    )
    return Sentence(text.format(fine=fine, count=len(every)))
