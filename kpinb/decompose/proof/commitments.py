"""What is asked from above against what is committed from below, and the tiers in their order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from kpinb.decompose.proof.amounts import Amounts
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import Marks, Sets
from kpinb.decompose.proof.tree import Tree
from kpinb.decompose.proof.wording import divided_by, figures, titled, typed
from kpinb.decompose.records import Target
from kpinb.language import _
from kpinb.measure import Adding, Direction, meets
from kpinb.records import label
from kpinb.view import formats


def commitments(sets: Sets) -> Iterator[Inconsistency]:
    """Find targets to which less is committed than is asked for; to a target at most, more.

    Where all parts of a sum say what they commit to, their sum is compared with the target above them and not each
    of them with its own, since one may make up for another; but not where the target above says it itself.
    """
    tree = sets.tree
    together = sets.whole & sets.adding(Adding.total) & sets.all_known(tree.promised)
    together &= tree.whole.known[sets.parent] & ~tree.committed.known[sets.parent]
    totals = sets.sums(tree.promised.whole)
    judged = np.zeros(len(tree), dtype=bool)
    for one in np.flatnonzero(together).tolist():
        row, parts = int(sets.parent[one]), sets.members(one)
        judged[parts] = True
        asked, committed = tree.whole.decimal(tree.whole.whole[row]), tree.promised.decimal(totals[one])
        if _short(tree, row, asked, committed):
            yield _together(sets, one, asked, committed)
    for row in np.flatnonzero(tree.committed.known & tree.value.known & ~judged & ~tree.above).tolist():
        value, own = tree.value.at(row), tree.committed.at(row)
        if value is not None and own is not None and _short(tree, row, value, own):
            yield _alone(tree, row, value, own)


def _short(tree: Tree, row: int, asked: Decimal, committed: Decimal) -> bool:
    return not meets(committed, asked, tree.measure(row).direction, upper=tree.upper.at(row))


def _together(sets: Sets, one: int, asked: Decimal, total: Decimal) -> Inconsistency:
    tree, row, parts = sets.tree, int(sets.parent[one]), sets.members(one).tolist()
    unit = tree.measure(row).unit
    value, committed, gap = figures(unit, asked, total, abs(asked - total))
    names = {
        "target": titled(tree, row),
        "parts": divided_by(sets, one),
        "count": formats.number(len(parts)),
        "committed": committed,
        "value": value,
        "gap": gap,
        "number": typed(tree.typed_for(row, total)),
    }
    return Inconsistency(
        Check.commitment,
        tree.ids[row],
        names["target"],
        asked,
        total,
        unit,
        _(
            "From above, “{target}” asks for {value}; from below, its {count} parts by {parts} commit to "
            "{committed}: the gap is {gap}."
        ).format(**names),
        _(
            "Agree on the {gap} with those who carry the parts; or ask each part for what it commits to, and type "
            "{number} as the value of “{target}”."
        ).format(**names),
        tuple(tree.ids[parts]),
    )


def _alone(tree: Tree, row: int, asked: Decimal, committed: Decimal) -> Inconsistency:
    unit = tree.measure(row).unit
    value, promised, gap = figures(unit, asked, committed, abs(asked - committed))
    names = {
        "target": titled(tree, row),
        "committed": promised,
        "value": value,
        "gap": gap,
        "number": typed(committed),
        "asked": typed(asked),
    }
    return Inconsistency(
        Check.commitment,
        tree.ids[row],
        names["target"],
        asked,
        committed,
        unit,
        _(
            "From above, “{target}” asks for {value}; from below, {committed} is committed: the gap is {gap}."
        ).format(**names),
        _(
            "Agree on the {gap}: type {asked} as what is committed, or {number} as the value and place the rest "
            "elsewhere."
        ).format(**names),
    )


def tiers(tree: Tree) -> Iterator[Inconsistency]:
    """Find tiers that do not go on in their target's direction: at least 100, 110, 120; at most 2, 1.8, 1.5."""
    steps = [("value", "stretch"), ("stretch", "challenge"), ("value", "challenge")]
    for lower, higher in steps:
        low, high = getattr(tree, lower), getattr(tree, higher)
        both = low.known & high.known & ~tree.above
        if (lower, higher) == ("value", "challenge"):
            both = both & ~tree.stretch.known
        for row in np.flatnonzero(both & _wrong_way(tree, low, high)).tolist():
            yield _tier_fault(tree, row, lower, higher)


def _wrong_way(tree: Tree, low: Amounts, high: Amounts) -> Marks:
    places = max(low.places, high.places)
    before, after = low.with_places(places), high.with_places(places)
    falling = tree.of_measure("direction", Direction.at_most)
    rising = tree.of_measure("direction", Direction.at_least)
    return (rising & (after < before)) | (falling & (after > before))


def _tier_fault(tree: Tree, row: int, lower: str, higher: str) -> Inconsistency:
    unit = tree.measure(row).unit
    low, high = (amounts.decimal(amounts.whole[row]) for amounts in (getattr(tree, lower), getattr(tree, higher)))
    first, second = figures(unit, low, high)
    names = {
        "target": titled(tree, row),
        "lower": label(Target, lower),
        "higher": label(Target, higher),
        "first": first,
        "second": second,
        "number": typed(low),
    }
    falling = tree.measure(row).direction is Direction.at_most
    return Inconsistency(
        Check.tiers,
        tree.ids[row],
        names["target"],
        low,
        high,
        unit,
        _("The tiers of “{target}” are out of order: {lower} is {first} and {higher} is {second}.").format(
            **names
        ),
        (
            _("Type {number} or less as its {higher}.") if falling else _("Type {number} or more as its {higher}.")
        ).format(**names),
    )
