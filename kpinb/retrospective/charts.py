"""When a gap opened, as a picture."""

from __future__ import annotations

from decimal import Decimal

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.language import _, ngettext
from kpinb.retrospective.gap import gap_by_month
from kpinb.track.pace import Standing, months_list, standings
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH


def gap_chart(book: Book) -> Figure:
    """Draw the monthly gap of the indicator that stands worst."""
    found = standings(book)
    if not found:
        return Figure(Sentence(_("No indicator has a target for this year.")))
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
            "kind": [None if gap is None else names[gap < 0] for gap in frame["gap"]],
        }
    )
    unit = _("points") if indicator.unit == "%" else indicator.unit
    title = _("Gap of {name} ({unit})").format(name=indicator.name, unit=unit) if unit else indicator.name
    chart = (
        alt.Chart(bars)
        .mark_bar(width={"band": 0.7})
        .encode(
            alt.X(
                "month:N", sort=bars["month"].tolist(), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
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
    """Say in how many months the target was missed, and since when without a break.

    A month without a gap, for want of a figure or a target, is neither: it is counted by itself and ends a run.
    """
    gaps: list[Decimal | None] = frame["gap"].tolist()
    known = [gap for gap in gaps if gap is not None]
    missed = sum(gap < 0 for gap in known)
    text, tone = _counted(standing.indicator.name, missed, len(known))
    if missed and gaps[-1] is not None and gaps[-1] >= 0:
        text = _("{sentence}, but not in the last one").format(sentence=text)
    elif missed and gaps[-1] is not None:
        run = next((n for n, gap in enumerate(reversed(gaps)) if gap is None or gap >= 0), len(gaps))
        since = formats.period(frame["month"].iloc[len(gaps) - run])
        text, tone = _("{sentence}, and in every one since {since}").format(sentence=text, since=since), Tone.bad
    unknown = [month for month, gap in zip(frame["month"], gaps, strict=True) if gap is None]
    if not unknown:
        return Sentence(_("{sentence}.").format(sentence=text), tone)
    return Sentence(
        _("{sentence}. Not known, and not counted: {months}.").format(sentence=text, months=months_list(unknown)),
        Tone.unknown if tone is Tone.good else tone,
    )


def _counted(name: str, missed: int, count: int) -> tuple[str, Tone]:
    if missed:
        text = ngettext(
            "{name} missed its target in {missed} of {count} month",
            "{name} missed its target in {missed} of {count} months",
            count,
        )
        return text.format(name=name, missed=missed, count=count), Tone.plain
    text = ngettext(
        "{name} met its target in {count} month", "{name} met its target in each of {count} months", count
    )
    return text.format(name=name, count=count), Tone.good
