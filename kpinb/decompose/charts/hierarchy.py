"""The hierarchy of targets as a picture: what does not hold is red, dashed and crossed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.decompose.hierarchy import Step, asked, steps_of
from kpinb.decompose.proof import Check, Inconsistency
from kpinb.decompose.proof.shown import proof_of
from kpinb.language import _, join_sentences, ngettext
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH

MOST = 60
"""How many nodes a picture has at most."""
ROW = 36
INDENT = 26
WIDEST = 84
"""How wide a name is at most, in letters; a Chinese character is two."""

_SAME_FAULT = (Check.owner, Check.task, Check.twins, Check.rate, Check.parent, Check.period)
"""Checks whose other targets have the fault themselves."""


@dataclass(frozen=True)
class _Node:
    """One target, or several that stand in one line.

    Parameters
    ----------
    id, parent : str
        Ids; the parent's is empty at the top.
    depth : int
        How far it is indented.
    name, below : str
        The two lines of its label.
    broken, loose : bool
        Whether it does not hold itself, and whether what ties it to the target above does not.
    """

    id: str
    parent: str
    depth: int
    name: str
    below: str
    broken: bool
    loose: bool


def hierarchy_chart(book: Book) -> Figure:
    """Draw the department's hierarchy of targets with what the proof finds in it."""
    return draw_hierarchy(steps_of(book), proof_of(book))


def draw_hierarchy(steps: Sequence[Step], found: Sequence[Inconsistency]) -> Figure:
    """Draw targets as a tree, a line for each, values under names.

    Of more than 60, the months below one target are drawn as one; of those that hold, the last are left out if
    that is not enough. The sentence says so.

    Parameters
    ----------
    steps : sequence of Step
        In reading order, as from `hierarchy`.
    found : sequence of Inconsistency
        As from `prove`, of the same targets.
    """
    if not steps:
        return Figure(Sentence(_("There is no target for this year yet, so there is nothing to draw.")))
    nodes = [_node(step, found) for step in steps]
    notes = []
    if len(nodes) > MOST:
        nodes = _gathered(steps, nodes)
        notes.append(_("The months of one target are drawn as one."))
    if len(nodes) > MOST:
        whole, nodes = len(nodes), _cut(nodes)
        notes.append(_left_out(whole - len(nodes)))
    sentence = join_sentences([_reading(len(steps), len(found)), *notes])
    return Figure(Sentence(sentence, Tone.warn if found else Tone.good), _draw(nodes))


def _reading(count: int, faults: int) -> str:
    targets = ngettext("{count} target", "{count} targets", count).format(count=formats.number(count))
    if not faults:
        return _("{targets}: each holds by itself and with the one above it.").format(targets=targets)
    return ngettext(
        "{targets}, and {count} point that does not hold: a red cross marks the target, a red dashed line what "
        "does not fit together.",
        "{targets}, and {count} points that do not hold: a red cross marks the target, a red dashed line what "
        "does not fit together.",
        faults,
    ).format(targets=targets, count=formats.number(faults))


def _left_out(count: int) -> str:
    return ngettext(
        "{count} line that holds is left out.", "{count} lines, the last of those that hold, are left out.", count
    ).format(count=formats.number(count))


def _node(step: Step, found: Sequence[Inconsistency]) -> _Node:
    target = step.target
    broken = loose = False
    for fault in found:
        about = {fault.target, *fault.others}
        if target.id in about:
            broken |= target.id == fault.target or fault.check in _SAME_FAULT
            loose |= target.parent in about
    period = formats.period(Period.parse(target.period))
    whose = target.owner or target.level.label
    return _Node(
        id=target.id,
        parent=target.parent or "",
        depth=step.depth,
        name=_shortened(step.name),
        below=_shortened(" · ".join([asked(step), period, whose])),
        broken=broken,
        loose=loose,
    )


def _shortened(text: str) -> str:
    width = 0
    for place, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > WIDEST:
            return f"{text[:place]}…"
    return text


def _gathered(steps: Sequence[Step], nodes: Sequence[_Node]) -> list[_Node]:
    """Draw the months below one target, of one level, as one node."""
    divided = {step.target.parent for step in steps}
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, step in enumerate(steps):
        target = step.target
        if target.parent and target.id not in divided and Period.parse(target.period).kind is PeriodKind.month:
            families[target.parent, target.level].append(place)
    kept = dict(enumerate(nodes))
    for places in families.values():
        if len(places) > 1:
            kept[places[0]] = _one_for([nodes[place] for place in places], [steps[place] for place in places])
            for place in places[1:]:
                del kept[place]
    return list(kept.values())


def _one_for(nodes: Sequence[_Node], family: Sequence[Step]) -> _Node:
    values = [step.value for step in family]
    known = [value for value in values if value is not None]
    one = family[0].indicator
    broken = sum(node.broken for node in nodes)
    parts = []
    if one is not None and one.over_time is one.over_teams is Adding.total and len(known) == len(values):
        parts.append(_("together {value}").format(value=formats.amount(sum(known, Decimal(0)), one.unit)))
    if broken:
        parts.append(
            ngettext("{count} does not hold", "{count} do not hold", broken).format(count=formats.number(broken))
        )
    return replace(
        nodes[0],
        name=_("{count} months, {level}").format(
            count=formats.number(len(family)), level=family[0].target.level.label
        ),
        below=" · ".join(parts),
        broken=broken > 0,
        loose=any(node.loose for node in nodes),
    )


def _cut(nodes: Sequence[_Node]) -> list[_Node]:
    """Keep what does not hold, with what stands above it, and fill up from the beginning."""
    by_id = {node.id: node for node in nodes}
    chosen: dict[str, None] = {}

    def choose(node: _Node) -> None:
        line = [node]
        while (above := by_id.get(line[-1].parent)) is not None and above not in line:
            line.append(above)
        fresh = [each.id for each in line if each.id not in chosen]
        if len(chosen) + len(fresh) <= MOST:
            chosen.update(dict.fromkeys(fresh))

    for node in sorted(nodes, key=lambda node: not (node.broken or node.loose)):
        choose(node)
    return [node for node in nodes if node.id in chosen]


def _draw(nodes: Sequence[_Node]) -> Any:
    states = [_("holds"), _("does not hold")]
    row = {node.id: place for place, node in enumerate(nodes)}
    frame = pd.DataFrame(
        {
            "x": [node.depth * INDENT for node in nodes],
            "y": list(range(len(nodes))),
            "name": [node.name for node in nodes],
            "below": [node.below for node in nodes],
            "state": [states[node.broken] for node in nodes],
        }
    )
    tied = sorted((n for n in nodes if row.get(n.parent, len(nodes)) < row[n.id]), key=lambda node: node.loose)
    branches = [
        {"x": (n.depth - 1) * INDENT, "x2": n.depth * INDENT, "y": row[n.id], "state": states[n.loose]}
        for n in tied
    ]
    # One trunk for each state, down to its last branch: dashes of several would fill each other's gaps.
    ends = {(n.loose, n.parent): (n.depth, row[n.id]) for n in tied}
    trunks = [
        {"x": (depth - 1) * INDENT, "y": row[parent], "y2": end, "state": states[loose]}
        for (loose, parent), (depth, end) in ends.items()
    ]
    across = alt.Scale(domain=[-INDENT / 2, WIDTH - INDENT / 2], nice=False, zero=False)
    down = alt.Scale(domain=[-0.6, len(nodes) - 0.4], nice=False, zero=False, reverse=True)
    x, y = alt.X("x:Q", scale=across, axis=None), alt.Y("y:Q", scale=down, axis=None)
    hues = alt.Scale(domain=states, range=[COLOURS["target"], COLOURS["bad"]])
    colour = alt.Color("state:N", scale=hues, legend=None)
    dash = alt.StrokeDash("state:N", scale=alt.Scale(domain=states, range=[[1, 0], [5, 3]]), legend=None)
    width = alt.StrokeWidth("state:N", scale=alt.Scale(domain=states, range=[1.2, 2.6]), legend=None)
    shape = alt.Shape("state:N", scale=alt.Scale(domain=states, range=["circle", "cross"]), legend=None)
    points = alt.Chart(frame)
    layers = [
        points.mark_point(size=110, filled=True, opacity=1).encode(x, y, colour, shape),
        points.mark_text(align="left", baseline="bottom", dx=11, dy=2, fontSize=12).encode(x, y, text="name:N"),
        points.mark_text(align="left", baseline="top", dx=11, dy=3, fontSize=11, color="#5f6b76").encode(
            x, y, text="below:N"
        ),
    ]
    if tied:
        lines = [
            alt.Chart(pd.DataFrame(trunks)).mark_rule().encode(x, y, colour, dash, width, y2="y2:Q"),
            alt.Chart(pd.DataFrame(branches)).mark_rule().encode(x, y, colour, dash, width, x2="x2:Q"),
        ]
        layers = [*lines, *layers]
    return alt.layer(*layers).properties(width=WIDTH, height=ROW * len(nodes))
