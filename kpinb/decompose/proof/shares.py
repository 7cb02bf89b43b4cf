"""Shares against the whole, and each share against the value it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from kpinb.decompose.proof.amounts import half_unit
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.tree import KINDS, LEVELS, Tree
from kpinb.decompose.proof.wording import PLACES, figures, titled, typed
from kpinb.language import _
from kpinb.measure import Adding, rounded

_CLOSE = 1e-9


def shares(tree: Tree) -> Iterator[Inconsistency]:
    """Compare the shares of one target, for each period and level, with 100 %: to the last decimal."""
    rows = np.flatnonzero(tree.share.known & (tree.parent >= 0) & ~tree.above)
    rows = rows[~tree.above[tree.parent[rows]]]
    if not len(rows):
        return
    key = (tree.parent[rows] * len(tree.periods) + tree.period[rows]) * len(LEVELS) + tree.level[rows]
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    totals = np.add.reduceat(tree.share.whole[rows], starts)
    ends = np.r_[starts[1:], len(rows)]
    for one in np.flatnonzero(totals != 10**tree.share.places).tolist():
        yield _shares_fault(tree, rows[starts[one] : ends[one]].tolist(), tree.share.decimal(totals[one]))


def _shares_fault(tree: Tree, parts: list[int], total: Decimal) -> Inconsistency:
    row, last = int(tree.parent[parts[0]]), parts[-1]
    by = str(LEVELS[tree.level[last]].label)
    if tree.level[last] == tree.level[row]:
        by = str(KINDS[tree.kind[last]].label)
    fitting = (tree.share.at(last) or Decimal(0)) + 1 - total
    added, whole, difference = figures("%", total, Decimal(1), 1 - total)
    names = {
        "target": titled(tree, row),
        "parts": by,
        "sum": added,
        "whole": whole,
        "difference": difference,
        "part": titled(tree, last),
        "number": typed(fitting),
    }
    mend = (
        _("Change the shares by {difference} in all; if only that of “{part}” is wrong, type {number}.")
        if 0 <= fitting <= 1
        else _("Change the shares by {difference} in all.")
    )
    return Inconsistency(
        Check.shares,
        tree.ids[row],
        names["target"],
        Decimal(1),
        total,
        "%",
        _("The shares of “{target}” by {parts} come to {sum} and not to {whole}.").format(**names),
        mend.format(**names),
        tuple(tree.ids[parts]),
    )


def values_of_shares(tree: Tree) -> Iterator[Inconsistency]:
    """Compare each value with its share of the target above for the same period, rounded to the value's unit."""
    part = tree.share.known & tree.value.known & (tree.parent >= 0) & ~tree.above
    part &= tree.of_measure("over_teams", Adding.total)
    rows = np.flatnonzero(part)
    up = tree.parent[rows]
    same = (tree.period[up] == tree.period[rows]) & (tree.indicator[up] == tree.indicator[rows])
    same &= tree.whole.known[up] & tree.whole.known[rows]
    rows, up = rows[same], up[same]
    due = tree.share.floats()[rows] * tree.whole.floats()[up]
    value = tree.whole.floats()[rows]
    off = np.abs(due - value) > _CLOSE * np.maximum(np.abs(due), np.abs(value))
    for row, parent in zip(rows[off].tolist(), up[off].tolist(), strict=True):
        if fault := _share_fault(tree, row, parent):
            yield fault


def _share_fault(tree: Tree, row: int, parent: int) -> Inconsistency | None:
    share, stated = tree.share.at(row), tree.value.at(row)
    if share is None or stated is None:
        return None
    above, value = tree.whole.decimal(tree.whole.whole[parent]), tree.whole.decimal(tree.whole.whole[row])
    due = share * above
    if abs(due - value) <= half_unit(stated):
        return None
    unit, ratio = tree.measure(row).unit, _ratio(value, above, half_unit(stated))
    expected, found, whole = figures(unit, due, value, above)
    names = {
        "target": titled(tree, row),
        "whole": titled(tree, parent),
        "share": figures("%", share)[0],
        "above": whole,
        "due": expected,
        "value": found,
        "number": typed(tree.typed_for(row, due)),
        "ratio": "" if ratio is None else typed(ratio),
    }
    mend = (
        _("Type {number} as the value of “{target}”, or {ratio} as its share.")
        if ratio is not None
        else _("Type {number} as the value of “{target}”.")
    )
    return Inconsistency(
        Check.share,
        tree.ids[row],
        names["target"],
        due,
        value,
        unit,
        _("“{target}” is {share} of “{whole}”, which makes {due} of {above}; its value is {value}.").format(
            **names
        ),
        mend.format(**names),
        (tree.ids[parent],),
    )


def _ratio(value: Decimal, above: Decimal, half: Decimal) -> Decimal | None:
    """Give the share that a value has, with four decimal places or as many as it takes; None where none can be."""
    if not above or not 0 <= value / above <= 1:
        return None
    ratios = (rounded(value / above, places) for places in range(4, PLACES + 1))
    return next((ratio for ratio in ratios if abs(ratio * above - value) <= half), None)
