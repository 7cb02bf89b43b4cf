"""The tree of an indicator's drivers as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.clarify.charts.names import cut
from kpinb.clarify.drivers.tree import Branch, Kind, ends, month_shown, tree_of, with_formula
from kpinb.clarify.history import Histories
from kpinb.language import _, ngettext
from kpinb.period import Period
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH

MOST = 12
"""Drivers at the ends of the tree; with more, no name would be readable, and the table shows them."""

_ROW = 72
_BOX = 60
_GAP = 52
_NARROWEST = 96
_WIDEST = 146
"""An indicator and its drivers, side by side, are as wide as a phone."""
_LINE = 15
_LINES = "#c3ccd3"
_INK = "#5f6b76"


def driver_chart(book: Book, indicator_id: str = "") -> Figure:
    """Draw what an indicator is computed from; without an id, the most important one that has a formula."""
    histories = Histories(book)
    for indicator in with_formula(histories):
        if indicator_id in ("", indicator.id) and (tree := tree_of(histories, indicator)):
            return draw_drivers(tree, month_shown(histories, indicator))
    return Figure(Sentence(_("No indicator has a formula that can be computed, so there is no tree to draw.")))


def draw_drivers(tree: Sequence[Branch], month: Period | None) -> Figure:
    """Draw a tree of drivers from left to right: each in a box with its figure, its sign on the way to it."""
    rows = _rows(tree)
    lowest = len(ends(tree))
    sentence = _read(tree, month)
    if lowest > MOST:
        text = _("It has {count} drivers, too many for a picture: the table shows them.").format(count=lowest)
        return Figure(Sentence(_("{sentence} {more}").format(sentence=sentence.text, more=text), sentence.tone))
    columns = max(branch.depth for branch in tree) + 1
    box = min(_WIDEST, max(_NARROWEST, (WIDTH - _GAP * (columns - 1)) // columns))
    width = columns * box + _GAP * (columns - 1)
    height = _ROW * lowest
    frame = _boxes(tree, rows, box)
    x = alt.X("left:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    y = alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    chart = alt.layer(_ways(frame, x, y), *_signs(frame, x, y), *_nodes(frame, x, y, box))
    return Figure(sentence, chart.properties(width=width, height=height))


def _rows(tree: Sequence[Branch]) -> dict[int, float]:
    """Give each place its row: ends one below the other, what is computed in the middle of its parts."""
    rows = {branch.number: float(row) for row, branch in enumerate(ends(tree))}
    for branch in reversed(tree):
        if branch.number not in rows:
            below = [rows[other.number] for other in tree if other.parent == branch.number]
            rows[branch.number] = (below[0] + below[-1]) / 2
    return rows


def _boxes(tree: Sequence[Branch], rows: dict[int, float], box: int) -> pd.DataFrame:
    by_number = {branch.number: branch for branch in tree}
    places = []
    for branch in tree:
        above = by_number[branch.parent] if branch.parent is not None else None
        left = branch.depth * (box + _GAP)
        middle = rows[branch.number] * _ROW + _ROW / 2
        places.append(
            {
                "left": left,
                "right": left + box,
                "centre": left + box / 2,
                "middle": middle,
                "top": middle - _BOX / 2,
                "bottom": middle + _BOX / 2,
                "whole": branch.name,
                "lines": cut(branch.name, box - 14),
                "value": "" if branch.kind is Kind.number else formats.amount(branch.value, branch.unit),
                "sign": branch.sign,
                "kind": branch.kind.label,
                "from": None if above is None else rows[above.number] * _ROW + _ROW / 2,
            }
        )
    return pd.DataFrame(places)


def _ways(frame: pd.DataFrame, x: alt.X, y: alt.Y) -> Any:
    """Draw the way from each box to those that it is computed from, in two bends."""
    points = []
    for number, place in enumerate(frame.to_dict("records")):
        if place["from"] is None or place["from"] != place["from"]:
            continue
        bend = place["left"] - _GAP * 0.6
        corners = [
            (place["left"] - _GAP, place["from"]),
            (bend, place["from"]),
            (bend, place["middle"]),
            (place["left"], place["middle"]),
        ]
        points += [{"way": number, "step": n, "left": a, "top": b} for n, (a, b) in enumerate(corners)]
    return (
        alt.Chart(pd.DataFrame(points, columns=["way", "step", "left", "top"]))
        .mark_line(color=_LINES, strokeWidth=1.5)
        .encode(x, y, detail="way:N", order="step:Q")
    )


def _signs(frame: pd.DataFrame, x: alt.X, y: alt.Y) -> list[Any]:
    """Write the sign of each part on the way to it, on white so that the line does not strike it out."""
    signed = frame[frame["sign"] != ""][["left", "middle", "sign"]].rename(columns={"middle": "top"})
    before = -_GAP * 0.3
    base = alt.Chart(signed)
    return [
        base.mark_point(size=420, filled=True, color="white", opacity=1, xOffset=before).encode(x, y),
        base.mark_text(fontSize=13, fontWeight="bold", dx=before).encode(x, y, text="sign:N"),
    ]


def _nodes(frame: pd.DataFrame, x: alt.X, y: alt.Y, box: int) -> list[Any]:
    kinds = [kind.label for kind in Kind if kind.label in set(frame["kind"])]
    colours = {
        Kind.computed.label: _INK,
        Kind.measured.label: COLOURS["actual"],
        Kind.number.label: _LINES,
    }
    stroke = alt.Stroke(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds]),
        legend=alt.Legend(symbolType="square", symbolFillColor="white", symbolStrokeWidth=2, labelLimit=260),
    )
    tooltip = [alt.Tooltip("whole:N", title=_("Driver")), alt.Tooltip("value:N", title=_("Value"))]
    boxes = alt.Chart(frame[["left", "right", "top", "bottom", "kind", "whole", "value"]])
    drawn = boxes.mark_rect(fill="white", strokeWidth=2, cornerRadius=4).encode(
        x, y, x2="right:Q", y2="bottom:Q", stroke=stroke, tooltip=tooltip
    )
    texts = [
        alt.Chart(pd.DataFrame(rows, columns=["left", "top", column]))
        .mark_text(fontSize=12, fontWeight=weight, limit=box - 8)  # type: ignore[arg-type]
        .encode(x, y, text=f"{column}:N")
        for column, weight, rows in (("name", "normal", _named(frame)), ("value", "bold", _valued(frame)))
    ]
    return [drawn, *texts]


def _named(frame: pd.DataFrame) -> list[tuple[float, float, str]]:
    """Give the lines of each name, above the middle of its box where a value stands below it."""
    return [
        (place["centre"], _first_line(place) + at * _LINE, line)
        for place in frame.to_dict("records")
        for at, line in enumerate(place["lines"])
    ]


def _valued(frame: pd.DataFrame) -> list[tuple[float, float, str]]:
    return [
        (place["centre"], _first_line(place) + len(place["lines"]) * _LINE + 2, place["value"])
        for place in frame.to_dict("records")
        if place["value"]
    ]


def _first_line(place: Any) -> float:
    lines = len(place["lines"]) + bool(place["value"])
    return float(place["middle"] - (lines - 1) * _LINE / 2)


def _read(tree: Sequence[Branch], month: Period | None) -> Sentence:
    root = tree[0]
    # A driver may stand in the tree more than once.
    measured = list({branch.name: branch for branch in ends(tree) if branch.kind is not Kind.number}.values())
    if month is None or root.value is None:
        text = ngettext(
            "{name} hangs on {count} driver, {drivers}; there is no month yet in which all of them are known.",
            "{name} hangs on {count} drivers, {drivers}; there is no month yet in which all of them are known.",
            len(measured),
        )
        tone = Tone.unknown
    else:
        text = ngettext(
            "{name} hangs on {count} driver, {drivers}; for {month} the formula gives {value}.",
            "{name} hangs on {count} drivers, {drivers}; for {month} the formula gives {value}.",
            len(measured),
        )
        tone = Tone.plain
    named = (
        _("{name} ({value})").format(name=b.name, value=formats.amount(b.value, b.unit)) for b in measured[:MOST]
    )
    return Sentence(
        text.format(
            name=root.name,
            count=len(measured),
            drivers=_(", ").join(named) or formats.NOTHING,
            month="" if month is None else formats.period(month),
            value=formats.amount(root.value, root.unit),
        ),
        tone,
    )
