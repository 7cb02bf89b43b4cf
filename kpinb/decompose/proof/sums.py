"""Parts against the whole, where they are added up: to the last decimal.

Both sides are typed or were divided exactly, so a target that is off by a cent does not add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from kpinb.decompose.proof.amounts import Amounts, Array
from kpinb.decompose.proof.gaps import Gap, explained, gap_fault
from kpinb.decompose.proof.grid import grid
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import Sets
from kpinb.decompose.proof.tree import NONE
from kpinb.decompose.proof.wording import divided_by, figures, periods, titled, typed
from kpinb.language import _
from kpinb.measure import Adding


def sums(sets: Sets) -> Iterator[Inconsistency]:
    """Compare each target that is a sum with the sum of its parts."""
    tree = sets.tree
    added = sets.adding(Adding.total)
    pointed = _points(sets)
    for one in np.flatnonzero(sets.whole & added & pointed).tolist():
        if fault := _points_fault(sets, one):
            yield fault
    whole = sets.whole & added & ~pointed
    yield from explained(tree, [*_gaps(sets, tree.whole, whole), *grid(sets)])
    yield from (gap_fault(tree, gap, _("at the upper end")) for gap in _gaps(sets, tree.upper, whole))
    for one in np.flatnonzero(sets.begun & added).tolist():
        if fault := _points_fault(sets, one) if pointed[one] else _left(sets, one):
            yield fault


def _points(sets: Sets) -> Array:
    """Say which sets are parts of one growth: as values each would count the year before once more."""
    tree = sets.tree
    promised = tree.growth.known | tree.points.known
    once = tree.every == NONE
    pointed: Array = sets.every_row(tree.points.known & once) & (promised & once)[sets.parent]
    return pointed


def _points_fault(sets: Sets, one: int) -> Inconsistency | None:
    """Compare parts of a growth, in points of the year before, with the growth itself."""
    tree, row, parts = sets.tree, int(sets.parent[one]), sets.members(one).tolist()
    promised = tree.points.at(row) if tree.points.known[row] else tree.growth.at(row)
    total = sum((tree.points.at(part) or Decimal(0) for part in parts), Decimal(0))
    if promised is None or (sets.whole[one] and total == promised):
        return None
    value, added, difference = figures("%", promised, total, abs(promised - total))
    names = {"target": titled(tree, row), "parts": divided_by(sets, one), "sum": added, "value": value}
    if sets.begun[one]:
        rest = sets.missing(one)
        sentence = _(
            "Divided by {parts}, “{target}” has {sum} so far, added as parts of one growth, and asks for {value}: "
            "{difference} is left for {periods}."
        ).format(**names, difference=difference, periods=periods(rest))
        mend = _("Give {periods} targets whose parts of the growth add up to {number}.").format(
            periods=periods(rest), number=typed(promised - total)
        )
        check = Check.left
    else:
        sentence = _(
            "Divided by {parts}, “{target}” comes to {sum}, added as parts of one growth, and asks for {value}."
        ).format(**names)
        mend = _("Change the parts by {difference} in all, or type {number} as the growth of “{target}”.").format(
            difference=figures("%", promised - total)[0], number=typed(total), target=names["target"]
        )
        check = Check.total
    return Inconsistency(
        check, tree.ids[row], names["target"], promised, total, "%", sentence, mend, tuple(tree.ids[parts])
    )


def _gaps(sets: Sets, amounts: Amounts, among: Array) -> Iterator[Gap]:
    """Find the sets that do not come to their target."""
    among = among & amounts.known[sets.parent] & sets.all_known(amounts)
    if not among.any():
        return
    totals = sets.sums(amounts.whole)
    for one in np.flatnonzero(among & (totals != amounts.whole[sets.parent])).tolist():
        row = int(sets.parent[one])
        yield Gap(
            row,
            amounts.decimal(amounts.whole[row]),
            amounts.decimal(totals[one]),
            sets.members(one).tolist(),
            divided_by(sets, one),
        )


def _left(sets: Sets, one: int) -> Inconsistency | None:
    """Say what the parts given leave for the periods that have no target."""
    tree, row, parts = sets.tree, int(sets.parent[one]), sets.members(one).tolist()
    amounts = tree.whole
    if not (amounts.known[row] and amounts.known[parts].all()):
        return None
    value = amounts.decimal(amounts.whole[row])
    total = amounts.decimal(sum(amounts.whole[parts].tolist()))
    unit = tree.measure(row).unit
    shown, added, left = figures(unit, value, total, value - total)
    rest = periods(sets.missing(one))
    return Inconsistency(
        Check.left,
        tree.ids[row],
        titled(tree, row),
        value,
        total,
        unit,
        _(
            "Divided by {parts}, “{target}” has {sum} so far and asks for {value}: {left} is left for {periods}."
        ).format(
            parts=divided_by(sets, one), target=titled(tree, row), sum=added, value=shown, left=left, periods=rest
        ),
        _("Give {periods} targets that add up to {number}.").format(periods=rest, number=typed(value - total)),
        tuple(tree.ids[parts]),
    )
