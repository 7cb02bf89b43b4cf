"""What cannot be added: the last of the parts of a level, and the parts of a mean or a ratio.

The last of the parts of a level is the level itself. What a mean or a ratio is weighted with is not known
beforehand; but it never lies beyond all its parts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kpinb.decompose.proof.amounts import Array
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import Sets
from kpinb.decompose.proof.wording import divided_by, figures, titled, typed
from kpinb.language import _
from kpinb.measure import Adding


def lasts(sets: Sets) -> Iterator[Inconsistency]:
    """Compare each level with the last of its parts, which is the same moment."""
    tree = sets.tree
    along = sets.adding(Adding.last) & sets.along & ~sets.across
    of = along[sets.number]
    rows, up = sets.rows[of], sets.parent[sets.number][of]
    differ = (tree.last[rows] == tree.last[up]) & tree.whole.known[rows] & tree.whole.known[up]
    differ &= tree.whole.whole[rows] != tree.whole.whole[up]
    for row, parent in zip(rows[differ].tolist(), up[differ].tolist(), strict=True):
        found, expected = tree.whole.decimal(tree.whole.whole[row]), tree.whole.decimal(tree.whole.whole[parent])
        unit = tree.measure(parent).unit
        part, whole = figures(unit, found, expected)
        yield Inconsistency(
            Check.last,
            tree.ids[parent],
            titled(tree, parent),
            expected,
            found,
            unit,
            _(
                "“{part}” ends with “{target}”, and both are the level at that moment: the part says {found}, the "
                "whole {value}."
            ).format(part=titled(tree, row), target=titled(tree, parent), found=part, value=whole),
            _("Give both the same value: type {number} for “{target}”.").format(
                number=typed(expected), target=titled(tree, row)
            ),
            (tree.ids[row],),
        )


def means(sets: Sets) -> Iterator[Inconsistency]:
    """Find means and ratios that lie beyond all their parts."""
    tree = sets.tree
    known = sets.whole & sets.adding(Adding.mean, Adding.ratio)
    known &= sets.all_known(tree.whole) & tree.whole.known[sets.parent]
    if not known.any():
        return
    counts = tree.whole.whole
    low, high = _extremes(sets, counts)
    beyond = known & ((low > counts[sets.parent]) | (high < counts[sets.parent]))
    for one in np.flatnonzero(beyond).tolist():
        row, parts = int(sets.parent[one]), sets.members(one).tolist()
        ends = [tree.whole.decimal(low[one]), tree.whole.decimal(high[one])]
        value = tree.whole.decimal(counts[row])
        nearest = ends[0] if ends[0] > value else ends[1]
        unit = tree.measure(row).unit
        shown, least, most = figures(unit, value, *ends)
        text = (
            _("Divided by {parts}, “{target}” asks for {least} to {most}: no mean of these is {value}.")
            if ends[0] != ends[1]
            else _("Divided by {parts}, “{target}” asks for {least} of each: no mean of these is {value}.")
        )
        yield Inconsistency(
            Check.mean,
            tree.ids[row],
            titled(tree, row),
            nearest,
            value,
            unit,
            text.format(
                parts=divided_by(sets, int(one)), target=titled(tree, row), least=least, most=most, value=shown
            ),
            _("Give a part a value on the other side of {value}, or type {number} for “{target}”.").format(
                value=shown, number=typed(nearest), target=titled(tree, row)
            ),
            tuple(tree.ids[parts]),
        )


def _extremes(sets: Sets, counts: Array) -> tuple[Array, Array]:
    first = counts[sets.rows[sets.starts[:-1]]]
    low, high = first.copy(), first.copy()
    np.minimum.at(low, sets.number, counts[sets.rows])
    np.maximum.at(high, sets.number, counts[sets.rows])
    return low, high
