"""When a gap opened, as a picture."""

from __future__ import annotations

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.language import _
from kpinb.retrospective.gap import gap_by_month
from kpinb.track.pace import Standing, standings
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH


def gap_chart(book: Book) -> Figure:
    """Draw the monthly gap of the indicator that stands worst."""
    found = standings(book)
    if not found:
        return Figure(Sentence(_("No indicator has a target for this year, so there is no gap to draw.")))
    return draw_gap(found[0])


def draw_gap(standing: Standing) -> Figure:
    """Draw each month's gap as a bar, below the line where the target was missed."""
    indicator = standing.indicator
    frame = gap_by_month(standing)
    known = frame.dropna()
    if known.empty:
        return Figure(
            Sentence(_("{name} has no month with both a figure and a target.").format(name=indicator.name))
        )
    names = {True: _("target missed"), False: _("target met")}
    scale = 100 if indicator.unit == "%" else 1
    bars = pd.DataFrame(
        {
            "month": [formats.month_name(month) for month in frame["month"]],
            "gap": [None if gap is None else float(gap) * scale for gap in frame["gap"]],
            "kind": [names[gap is not None and gap < 0] for gap in frame["gap"]],
        }
    )
    unit = _("points") if indicator.unit == "%" else indicator.unit
    title = _("Gap of {name} ({unit})").format(name=indicator.name, unit=unit) if unit else indicator.name
    chart = (
        alt.Chart(bars)
        .mark_bar(size=26)
        .encode(
            alt.X("month:N", sort=bars["month"].tolist(), title=None, axis=alt.Axis(labelAngle=0)),
            alt.Y("gap:Q", title=title),
            alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=[COLOURS["bad"], COLOURS["good"]]),
            ),
        )
        .properties(width=WIDTH - 60, height=220)
    )
    return Figure(_reading(standing, frame), chart)


def _reading(standing: Standing, frame: pd.DataFrame) -> Sentence:
    """Say in how many months the target was missed, and since when without a break."""
    missed = [gap is not None and gap < 0 for gap in frame["gap"]]
    name, count = standing.indicator.name, len(missed)
    if not any(missed):
        return Sentence(
            _("{name} met its target in each of {count} months.").format(name=name, count=count), Tone.good
        )
    text = _("{name} missed its target in {missed} of {count} months").format(
        name=name, missed=sum(missed), count=count
    )
    if not missed[-1]:
        return Sentence(_("{sentence}, but not in the last one.").format(sentence=text))
    run = next((n for n, hit in enumerate(reversed(missed)) if not hit), count)
    since = formats.period(frame["month"].iloc[count - run])
    return Sentence(_("{sentence}, and in every one since {since}.").format(sentence=text, since=since), Tone.bad)
