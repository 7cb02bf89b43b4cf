"""What a criterion came to, what the process does anyway, and what is asked: as one picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.clarify.charts.labels import apart
from kpinb.clarify.prioritise.ranking import rank
from kpinb.clarify.quantify.reading import amount, short_reading
from kpinb.clarify.quantify.running import FEWEST, Running, run_all, run_criterion
from kpinb.clarify.quantify.values import State
from kpinb.clarify.records import Criterion, Indicator, Statistic
from kpinb.errors import NotFound
from kpinb.language import _, join_sentences
from kpinb.measure import Direction
from kpinb.period import Period, PeriodKind
from kpinb.view import Figure, Sentence, formats
from kpinb.view.theme import COLOURS, WIDTH

HEIGHT = 260
_ROOM = 130
"""Pixels to the right of the plot, for the lines' labels."""
_LINE = 16
"""Pixels that a label needs."""
_MANY = 12
"""Of more months than these not every one can be named."""


class _Rule(NamedTuple):
    """A horizontal line with its label."""

    at: float
    text: str
    colour: str
    dash: list[int]
    width: float


def history_chart(book: Book, criterion_id: str = "") -> Figure:
    """Draw a criterion's last 24 months against its natural range and what is asked.

    Parameters
    ----------
    book : Book
    criterion_id : str
        Which one; by default the most important indicator's that has a natural range, or else any value.

    Raises
    ------
    NotFound
        There is no such criterion.
    """
    if criterion_id:
        found = {one.id: one for one in book.records(Criterion)}.get(criterion_id)
        if found is None:
            raise NotFound(_("There is no criterion “{criterion}”.").format(criterion=criterion_id[:80]))
        return draw_history(run_criterion(book, found))
    order = {name: at for at, name in enumerate(rank(book.records(Indicator))["id"])}
    runs = sorted(run_all(book), key=lambda run: order.get(run.criterion.indicator, len(order)))
    if not runs:
        return Figure(Sentence(_("No criterion has been written yet, so there is nothing to draw.")))
    with_range = [run for run in runs if run.natural.computable]
    return draw_history(next(iter(with_range or [run for run in runs if run.known] or runs)))


def draw_history(running: Running, *, sentence: Sentence | None = None, width: int = WIDTH) -> Figure:
    """Draw what `run` gives: values with gaps where they are missing, the natural range, and what is asked.

    Where the windows are too few to show what the process does, single months are drawn instead, and the sentence
    says so.

    Parameters
    ----------
    running : Running
        What `run` gives.
    sentence : Sentence, optional
        What reads the chart; by default a short reading of it all.
    width : int
        Pixels for the plot with the labels beside it.
    """
    drawn = running
    if running.by_month is not None and running.natural.points < FEWEST:
        drawn = running.by_month
    sentence = sentence or short_reading(running)
    if drawn is not running:
        said = join_sentences([sentence.text, _("The chart shows single months.")])
        sentence = Sentence(said, sentence.tone)
    if not drawn.known:
        return Figure(sentence)
    frame, rules = _frame(drawn), _rules(drawn)
    low, high = _domain(drawn, rules)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    x = alt.X(
        "window:N",
        sort=frame["window"].tolist(),
        title=None,
        axis=_axis(list(drawn.values)),
        # Without padding the natural range, drawn window by window, is one band.
        scale=alt.Scale(padding=0),
    )
    y = alt.Y(
        "value:Q",
        title=_title(drawn),
        scale=scale,
        axis=alt.Axis(format=_number_format(drawn, high - low), tickCount=6),
    )
    chart = alt.layer(
        *_band(drawn, x, scale, low),
        *(_line(rule, scale) for rule in rules),
        _labels(rules, scale, (low, high)),
        alt.Chart(frame).mark_line(color=COLOURS["actual"]).encode(x, y),
        _points(frame, x, y),
        _holes(frame, x, low, scale),
    ).properties(width=width - _ROOM, height=HEIGHT)
    return Figure(sentence, chart)


def _frame(running: Running) -> pd.DataFrame:
    # Windows without a value stay in: without them the line would run straight across the gap.
    rows = [
        {
            "window": str(window),
            "name": formats.period(window),
            "value": None if one.value is None else float(one.value),
            "text": amount(running, one.value) if one.value is not None else one.state.label,
            "outside": one.value is not None and not _inside(running, window, one.value),
            "hole": one.state in (State.missing, State.not_computable),
        }
        for window, one in running.values.items()
    ]
    return pd.DataFrame(rows).astype({"value": float})


def _inside(running: Running, window: Period, value: Decimal) -> bool:
    natural = running.natural
    if natural.lower is None or natural.upper is None or window not in running.phase:
        return True
    return natural.lower <= value <= natural.upper


def _axis(windows: Sequence[Period]) -> alt.Axis:
    """Name the windows, of many months the first of each quarter only, and a year's first with its year below."""
    many = len(windows) > _MANY
    named = [w for w in windows if not many or w.kind is not PeriodKind.month or w.number % 3 == 1]
    years = [w.year for w in named]
    texts = {
        str(window): [_short(window), "" if years.index(window.year) != at else _year(window)]
        for at, window in enumerate(named)
    }
    return alt.Axis(
        values=list(texts),
        labelAngle=0,
        labelOverlap=True,
        labelExpr=f"{json.dumps(texts, ensure_ascii=False)}[datum.value]",
        grid=False,
        offset=4,
    )


def _short(window: Period) -> str:
    if window.kind is PeriodKind.year:
        return str(window.year)
    return f"Q{window.number}" if window.kind is PeriodKind.quarter else formats.month_name(window)


def _year(window: Period) -> str:
    return "" if window.kind is PeriodKind.year else str(window.year)


def _title(running: Running) -> str:
    name = running.name
    if running.criterion.statistic is Statistic.growth:
        name = _("{name}: {text}").format(name=name, text=running.criterion.statistic.label)
    return formats.with_unit(name, running.unit)


def _rules(running: Running) -> list[_Rule]:
    criterion, natural = running.criterion, running.natural
    asked = [criterion.threshold] if criterion.upper is None else [criterion.threshold, criterion.upper]
    directions = [criterion.direction]
    if criterion.direction is Direction.between:
        directions = [Direction.at_least, Direction.at_most]
    # The unit stands on the axis.
    texts = [
        formats.bound(at, None, direction, running.unit, formats.figure)
        for at, direction in zip(asked, directions, strict=True)
    ]
    rules = [
        _Rule(float(at), _("asked {bound}").format(bound=text), COLOURS["target"], [], 2)
        for at, text in zip(asked, texts, strict=True)
    ]
    if natural.computable:
        named = [
            (natural.upper, _("upper limit {value}")),
            (natural.centre, _("mean {value}")),
            (natural.lower, _("lower limit {value}")),
        ]
        rules += [
            _Rule(float(at), text.format(value=formats.figure(at, running.unit)), "#5f6b76", [2, 3], 1)
            for at, text in named
            if at is not None and not _is_no_limit(running, at)
        ]
    return rules


def _is_no_limit(running: Running, limit: Decimal) -> bool:
    """Say whether a limit lies below zero, where no value has been."""
    return limit < 0 <= min(running.known.values())


def _domain(running: Running, rules: Sequence[_Rule]) -> tuple[float, float]:
    values = [*map(float, running.known.values()), *(rule.at for rule in rules)]
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return (max(low - pad, 0.0) if low >= 0 else low - pad), high + pad


def _band(running: Running, x: alt.X, scale: alt.Scale, bottom: float) -> list[Any]:
    natural = running.natural
    if natural.lower is None or natural.upper is None:
        return []
    limits = {"low": max(float(natural.lower), bottom), "high": float(natural.upper)}
    windows = [w for w in running.values if running.since is None or running.since.first <= w.first]
    return [
        alt.Chart(pd.DataFrame([{"window": str(window), **limits} for window in windows]))
        .mark_rect(color=COLOURS["history"], opacity=0.22)
        .encode(x, alt.Y("low:Q", scale=scale), alt.Y2("high:Q"))
    ]


def _line(rule: _Rule, scale: alt.Scale) -> Any:
    return (
        alt.Chart(pd.DataFrame({"at": [rule.at]}))
        .mark_rule(color=rule.colour, strokeWidth=rule.width, strokeDash=rule.dash or [1, 0])
        .encode(alt.Y("at:Q", scale=scale))
    )


def _labels(rules: Sequence[_Rule], scale: alt.Scale, domain: tuple[float, float]) -> Any:
    placed = apart([rule.at for rule in rules], (domain[1] - domain[0]) * _LINE / HEIGHT)
    frame = pd.DataFrame(
        {
            "at": placed,
            "text": [rule.text for rule in rules],
            "colour": [rule.colour for rule in rules],
        }
    )
    return (
        alt.Chart(frame)
        .mark_text(align="left", baseline="middle", dx=6, fontSize=12)
        .encode(
            x=alt.value("width"),
            y=alt.Y("at:Q", scale=scale),
            text="text:N",
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    )


def _points(frame: pd.DataFrame, x: alt.X, y: alt.Y) -> Any:
    return (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=1)
        .encode(
            x,
            y,
            color=alt.condition("datum.outside", alt.value(COLOURS["warn"]), alt.value(COLOURS["actual"])),
            size=alt.condition("datum.outside", alt.value(110), alt.value(45)),
            tooltip=[alt.Tooltip("name:N", title=_("Window")), alt.Tooltip("text:N", title=_("Value"))],
        )
    )


def _holes(frame: pd.DataFrame, x: alt.X, low: float, scale: alt.Scale) -> Any:
    """Mark on the axis which windows have no value though they are over."""
    return (
        alt.Chart(frame[frame["hole"]].assign(at=low, mark="?"))
        .mark_text(baseline="bottom", fontSize=15, fontWeight="bold", color="#5f6b76")
        .encode(x, alt.Y("at:Q", scale=scale), text="mark:N", tooltip=["name:N", "text:N"])
    )


def _number_format(running: Running, span: float) -> str:
    if running.unit == "%":
        # Six ticks within five percent points need a decimal.
        return ".0%" if span > 0.05 else ".1%"
    return ",.2~f"
