"""指标溯源 as a picture: goals on goals at the left, the indicators that hang on them at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from scipy.optimize import isotonic_regression

from kpinb.book import Book
from kpinb.clarify.agreement import Standing, State, states
from kpinb.clarify.charts.names import cut
from kpinb.clarify.records import BusinessGoal
from kpinb.clarify.trace import GoalNode, GoalTree, goal_tree, tree_sentence
from kpinb.language import _
from kpinb.view import Figure
from kpinb.view.theme import COLOURS

_WIDE = 344
"""Pixels in all: what a phone shows, for names do not get narrower with a picture."""
_BOX_END, _MARK = 164, 206
"""Pixels from the left: where the boxes of the goals end, and where the indicators stand."""
_TEXT = 14
"""Pixels from a mark to its name."""
_LINES = 3
"""A name is cut into so many lines at most."""
_INDENT, _DEEPEST = 14, 4
_LINE, _AIR = 15, 10
_INK, _QUIET, _EDGE, _BOX = "#1b1b1b", "#5f6b76", "#b4bec6", "#eef1f4"
_SHAPES = {Standing.draft: "circle", Standing.clarified: "triangle-up", Standing.agreed: "square"}
_COLOURS = {Standing.draft: "unknown", Standing.clarified: "warn", Standing.agreed: "good"}


def goals_chart(book: Book) -> Figure:
    """Draw which business goals the department's indicators serve, and how far each indicator is."""
    return draw_goals(states(book), book.shared(BusinessGoal))


def draw_goals(found: Sequence[State], goals: Sequence[BusinessGoal]) -> Figure:
    """Draw the tree of goals and what hangs on it.

    Parameters
    ----------
    found : sequence of State
        What `agreement.states` returns.
    goals : sequence of BusinessGoal
        All there are; those without an indicator are drawn, too.
    """
    indicators = [state.indicator for state in found]
    tree = goal_tree(indicators, goals)
    sentence = tree_sentence(indicators, tree)
    if not found and not tree.nodes:
        return Figure(sentence)
    goal_rows, leaves, height = _place(tree, found)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, _WIDE], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    layers = [
        *_threads(_links(tree, goal_rows, leaves), x, y),
        *_rules(_elbows(goal_rows), x, y),
        *_boxes(goal_rows, x, y),
        *_marks(leaves, x, y),
        *_words(_lines(goal_rows.values(), leaves), x, y),
    ]
    return Figure(sentence, alt.layer(*layers).properties(width=_WIDE, height=height))


@dataclass(frozen=True)
class _Row:
    """A goal or an indicator with its place: the middle of it, its left end, and its name cut into lines."""

    y: float
    x: float
    lines: list[str]
    node: GoalNode | None = None
    state: State | None = None


def _place(tree: GoalTree, found: Sequence[State]) -> tuple[dict[str, _Row], list[_Row], int]:
    """Give each goal and each indicator a height of its own, so that no name can lie on another."""
    order = {node.id: place for place, node in enumerate(tree.nodes)}
    # An indicator stands beside its goals: then the fewest threads cross. Those without any come last.
    sorted_states = sorted(found, key=lambda state: _middle([order[g] for g in tree.hangs[state.indicator.id]]))
    leaves: list[_Row] = []
    y = 1.5 * _LINE
    for state in sorted_states:
        lines = cut(state.indicator.name, _WIDE - _MARK - _TEXT, most=_LINES)
        tall = (len(lines) + bool(state.indicator.issuer)) * _LINE + _AIR
        leaves.append(_Row(y + tall / 2, _MARK, lines, state=state))
        y += tall
    goal_rows, end = _goal_rows(tree, leaves, y)
    return goal_rows, leaves, round(end)


def _middle(places: Sequence[int]) -> float:
    return sum(places) / len(places) if places else float("inf")


def _goal_rows(tree: GoalTree, leaves: Sequence[_Row], end: float) -> tuple[dict[str, _Row], float]:
    if not tree.nodes:
        return {}, end
    lefts = [_INDENT * min(node.depth, _DEEPEST) for node in tree.nodes]
    names = [
        node.name if node.known else _("“{goal}” is not written down").format(goal=node.id) for node in tree.nodes
    ]
    lines = [cut(name, _BOX_END - left - 16, most=_LINES) for name, left in zip(names, lefts, strict=True)]
    step = max(len(one) for one in lines) * _LINE + 2 * _AIR
    wanted = [
        _middle_of([leaf.y for leaf in leaves if leaf.state and node.id in tree.hangs[leaf.state.indicator.id]])
        for node in tree.nodes
    ]
    top = 1.5 * _LINE + step / 2
    ys = _spaced(wanted, step, top, max(top, end - step / 2))
    rows = {
        node.id: _Row(y, left, one, node=node)
        for node, y, left, one in zip(tree.nodes, ys, lefts, lines, strict=True)
    }
    return rows, max(end, ys[-1] + step / 2)


def _middle_of(heights: Sequence[float]) -> float | None:
    return sum(heights) / len(heights) if heights else None


def _spaced(wanted: Sequence[float | None], step: float, top: float, bottom: float) -> list[float]:
    """Bring goals as near to their indicators as their order and a distance between them allow.

    Least squares under order: what is wanted, less the distance kept above each, must not fall (isotonic
    regression). A goal without an indicator of its own follows the one above it.
    """
    filled: list[float] = []
    for height in wanted:
        filled.append(height if height is not None else (filled[-1] + step if filled else top))
    floors = [place * step for place in range(len(filled))]
    free = isotonic_regression([height - floor for height, floor in zip(filled, floors, strict=True)]).x
    highest = max(top, bottom - floors[-1])
    return [min(max(float(height), top), highest) + floor for height, floor in zip(free, floors, strict=True)]


def _links(tree: GoalTree, goal_rows: dict[str, _Row], leaves: Sequence[_Row]) -> list[dict[str, Any]]:
    """Give the points of a thread from each goal to each of its indicators."""
    points: list[dict[str, Any]] = []
    for leaf in leaves:
        assert leaf.state is not None  # noqa: S101 - a leaf is made of one
        for goal in tree.hangs[leaf.state.indicator.id]:
            start, thread = goal_rows[goal].y, f"{goal} {leaf.state.indicator.id}"
            path = [(_BOX_END, start), (_BOX_END + 16, start), (_MARK - 22, leaf.y), (_MARK - 8, leaf.y)]
            points.extend({"thread": thread, "step": n, "x": x, "y": y} for n, (x, y) in enumerate(path))
    return points


def _threads(points: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[Any]:
    if not points:
        return []
    line = alt.Chart(pd.DataFrame(points)).mark_line(interpolate="basis", color=_EDGE, strokeWidth=1.5)
    return [line.encode(x, y, detail="thread:N", order="step:Q")]


def _elbows(goal_rows: dict[str, _Row]) -> list[dict[str, float]]:
    """Give the lines that lead from a goal down to those that serve it."""
    found = []
    for row in goal_rows.values():
        above = goal_rows.get(row.node.parent) if row.node and row.node.parent else None
        if above is not None and row.x > above.x:
            x = above.x + _INDENT / 2
            found.append({"x": x, "x2": x, "y": above.y + _half(above), "y2": row.y})
            found.append({"x": x, "x2": row.x, "y": row.y, "y2": row.y})
    return found


def _rules(elbows: list[dict[str, float]], x: alt.X, y: alt.Y) -> list[Any]:
    if not elbows:
        return []
    return [alt.Chart(pd.DataFrame(elbows)).mark_rule(color=_EDGE, strokeWidth=1.5).encode(x, y, x2="x2", y2="y2")]


def _half(row: _Row) -> float:
    return (len(row.lines) * _LINE + _AIR) / 2


def _boxes(goal_rows: dict[str, _Row], x: alt.X, y: alt.Y) -> list[Any]:
    layers = []
    for known in (True, False):
        rows = [
            {
                "x": row.x,
                "x2": _BOX_END,
                "y": row.y - _half(row),
                "y2": row.y + _half(row),
                "name": row.node.name,
                "purpose": row.node.purpose or "–",
            }
            for row in goal_rows.values()
            if row.node and row.node.known is known
        ]
        if rows:
            look: Any = (
                {"fill": _BOX} if known else {"fill": "white", "stroke": COLOURS["bad"], "strokeDash": [4, 3]}
            )
            tips = [alt.Tooltip("name:N", title=_("Business goal")), alt.Tooltip("purpose:N", title=_("Purpose"))]
            box = alt.Chart(pd.DataFrame(rows)).mark_rect(cornerRadius=4, **look)
            layers.append(box.encode(x, y, x2="x2", y2="y2", tooltip=tips))
    return layers


def _marks(leaves: Sequence[_Row], x: alt.X, y: alt.Y) -> list[Any]:
    if not leaves:
        return []
    rows = [
        {
            "x": leaf.x,
            "y": leaf.y,
            "name": leaf.state.indicator.name,
            "issuer": leaf.state.indicator.issuer or "–",
            "purpose": leaf.state.indicator.purpose or "–",
            "standing": leaf.state.standing.label,
        }
        for leaf in leaves
        if leaf.state
    ]
    domain = [standing.label for standing in Standing]
    legend = alt.Legend(orient="top", symbolSize=110)
    tips = [
        alt.Tooltip("name:N", title=_("Indicator")),
        alt.Tooltip("issuer:N", title=_("Issuer")),
        alt.Tooltip("standing:N", title=_("Standing")),
        alt.Tooltip("purpose:N", title=_("Purpose")),
    ]
    marks = alt.Chart(pd.DataFrame(rows)).mark_point(size=120, filled=True, opacity=1)
    colours = alt.Scale(domain=domain, range=[COLOURS[_COLOURS[standing]] for standing in Standing])
    shapes = alt.Scale(domain=domain, range=[_SHAPES[standing] for standing in Standing])
    return [
        marks.encode(
            x,
            y,
            color=alt.Color("standing:N", title=None, scale=colours, legend=legend),
            shape=alt.Shape("standing:N", title=None, scale=shapes, legend=legend),
            tooltip=tips,
        )
    ]


def _lines(goal_rows: Iterable[_Row], leaves: Sequence[_Row]) -> list[dict[str, Any]]:
    """Give every line of text with its place; Vega does not centre several lines alike in all its versions."""
    heads = [(8.0 - _TEXT, _("Business goals")), (float(_MARK - _TEXT), _("Indicators, issuers"))]
    found = [{"x": x, "y": _LINE / 2, "text": text, "ink": _QUIET} for x, text in heads]
    for row in goal_rows:
        found.extend(_stacked(row, 8 - _TEXT, [(line, _INK) for line in row.lines]))
    for leaf in leaves:
        issuer = leaf.state.indicator.issuer if leaf.state else ""
        below = [(cut(issuer, _WIDE - _MARK - _TEXT, most=1)[0], _QUIET)] if issuer else []
        found.extend(_stacked(leaf, 0, [*((line, _INK) for line in leaf.lines), *below]))
    return found


def _stacked(row: _Row, dx: float, lines: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    top = row.y - (len(lines) - 1) * _LINE / 2
    return [
        {"x": row.x + dx, "y": top + place * _LINE, "text": text, "ink": ink}
        for place, (text, ink) in enumerate(lines)
    ]


def _words(lines: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[Any]:
    text = alt.Chart(pd.DataFrame(lines)).mark_text(align="left", baseline="middle", dx=_TEXT, fontSize=12)
    return [text.encode(x, y, text="text:N", color=alt.Color("ink:N", scale=None, legend=None))]
