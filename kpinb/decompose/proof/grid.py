"""Sums across two steps: a team's March and its people's Marches, a person's year and its months."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kpinb.decompose.proof.amounts import Array
from kpinb.decompose.proof.gaps import Gap
from kpinb.decompose.proof.sets import Sets
from kpinb.decompose.proof.tree import KINDS, LEVELS, NONE
from kpinb.language import _
from kpinb.measure import Adding


def grid(sets: Sets) -> Iterator[Gap]:
    """Compare across two steps: a team's March with its people's Marches, a person's year with its months.

    Where a target is divided by time on one side and by the organisation on the other, and either side goes on to
    divide by the other, both ways come to the same parts.
    """
    tree = sets.tree
    usable = sets.whole & sets.adding(Adding.total) & (sets.along != sets.across)
    step = np.full(len(tree), NONE, dtype=np.int64)
    step[sets.rows[usable[sets.number]]] = sets.number[usable[sets.number]]
    middle = np.where(tree.parent >= 0, step[np.maximum(tree.parent, 0)], NONE)
    lower = np.flatnonzero((step >= 0) & (middle >= 0) & tree.whole.known)
    if not len(lower):
        return
    own, upper = step[lower], middle[lower]
    crossing = sets.along[own] != sets.along[upper]
    lower, own, upper = lower[crossing], own[crossing], upper[crossing]
    by_time = sets.along[own]
    # The cell that these parts fill together: of one period on the side of time, of one owner on the other.
    feature = np.where(by_time, tree.period[lower], len(tree.periods) + tree.owner[lower])
    level = np.where(by_time, tree.level[sets.parent[upper]], tree.level[lower])
    apex = sets.parent[upper]
    wide = len(tree.periods) + len(tree.owners)
    key = (apex * len(LEVELS) + level) * wide + feature
    is_apex = np.zeros(len(tree), dtype=bool)
    is_apex[apex] = True
    tops = np.flatnonzero((step >= 0) & is_apex[np.maximum(tree.parent, 0)] & tree.whole.known)
    top_time = sets.along[step[tops]]
    top_feature = np.where(top_time, tree.period[tops], len(tree.periods) + tree.owner[tops])
    top_key = (tree.parent[tops] * len(LEVELS) + tree.level[tops]) * wide + top_feature
    if len(tops):
        yield from _crossings(sets, lower, key, upper, tops, top_key)


def _crossings(sets: Sets, lower: Array, key: Array, upper: Array, tops: Array, top_keys: Array) -> Iterator[Gap]:
    """Add up the parts that meet in one cell and compare them with the target of that cell."""
    tree = sets.tree
    of, cells = pd.factorize(key, sort=True)
    totals = np.zeros(len(cells), dtype=tree.whole.whole.dtype)
    np.add.at(totals, of, tree.whole.whole[lower])
    size = np.bincount(of, minlength=len(cells))
    branches = np.diff(sets.starts)[upper]
    wanted = np.zeros(len(cells), dtype=np.int64)
    wanted[of] = branches
    order = np.argsort(top_keys, kind="stable")
    place = np.searchsorted(top_keys[order], cells)
    place[place == len(order)] = 0
    top = tops[order][place]
    # Twins under one roof are named elsewhere; a cell is compared where it has one target and each branch a part.
    alone = np.bincount(np.searchsorted(cells, top_keys[np.isin(top_keys, cells)]), minlength=len(cells)) == 1
    met = alone & (top_keys[order][place] == cells) & (size == wanted) & (totals != tree.whole.whole[top])
    if not met.any():
        return
    together = np.argsort(of, kind="stable")
    starts = np.r_[0, np.cumsum(size)]
    amounts = tree.whole
    for cell in np.flatnonzero(met).tolist():
        row, parts = int(top[cell]), lower[together[starts[cell] : starts[cell + 1]]].tolist()
        by = _("{level} and {period}").format(
            level=LEVELS[tree.level[parts[0]]].label, period=KINDS[tree.kind[parts[0]]].label
        )
        yield Gap(row, amounts.decimal(amounts.whole[row]), amounts.decimal(totals[cell]), parts, by)
