"""What is asked for every week or month, against what the whole period asks for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np

from kpinb.decompose.proof.compounded import (
    PERIOD_BEFORE,
    Growth,
    figure,
    often_in,
    percent,
    power,
    rate_of,
    to_type,
)
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.tree import NONE, Tree
from kpinb.decompose.proof.wording import PLACES, titled, typed
from kpinb.decompose.records import Every
from kpinb.language import _
from kpinb.measure import Adding, rounded
from kpinb.view import formats


def rhythms(tree: Tree) -> Iterator[Inconsistency]:
    """Compare what is asked for every month or week with what the whole period asks for."""
    for row in np.flatnonzero((tree.every >= 0) & ~tree.above).tolist():
        whole = _whole_of(tree, row)
        if whole is None:
            continue
        often = often_in(tree, row)
        if tree.points.known[row]:
            yield from _rhythm_of_points(tree, row, whole, often)
        elif tree.growth.known[row]:
            yield from _rhythm_of_growth(tree, row, whole, often)
        elif tree.measure(row).over_time is Adding.total:
            yield from _rhythm_of_values(tree, row, whole, often)


def _whole_of(tree: Tree, row: int) -> int | None:
    """Find the target that a rhythm is to come to: the one above it for the same period, else its twin."""
    same = (tree.indicator == tree.indicator[row]) & (tree.period == tree.period[row]) & (tree.every == NONE)
    parent = int(tree.parent[row])
    if parent >= 0:
        return parent if same[parent] else None
    twins = np.flatnonzero(same & (tree.level == tree.level[row]) & (tree.owner == tree.owner[row]))
    return int(twins[0]) if len(twins) == 1 else None


def _rhythm_of_growth(tree: Tree, row: int, whole: int, often: Fraction) -> Iterator[Inconsistency]:
    if not tree.growth.known[whole] or often == 1:
        return
    rate, asked = Growth.typed(rate_of(tree, row)), Growth.typed(rate_of(tree, whole))
    compounds = tree.basis[row] == PERIOD_BEFORE
    comes_to = rate.repeated(often) if compounds else rate
    if comes_to.may_be(asked):
        return
    needed = to_type(power(1 + asked.value, 1 / often) - 1) if compounds else asked.value
    names = {
        "target": titled(tree, row),
        "whole": titled(tree, whole),
        "rate": percent(rate.value),
        "every": list(Every)[tree.every[row]].label,
        "added": formats.percent(rate.added(often).value),
        "sum": formats.percent(comes_to.value),
        "value": percent(asked.value),
        "needed": percent(needed),
        "number": typed(needed),
    }
    text = (
        _("“{target}”: {rate} {every} is {added} added up and {sum} compounded, while “{whole}” asks for {value}.")
        if compounds
        else _(
            "“{target}”: {rate} {every}, over the same one of the year before, makes the whole grow by {sum}, "
            "while “{whole}” asks for {value}."
        )
    )
    yield Inconsistency(
        Check.growth,
        tree.ids[row],
        names["target"],
        asked.value,
        rounded(comes_to.value, PLACES),
        "%",
        text.format(**names),
        _("{value} takes {needed} {every}: type {number} as the growth of “{target}”.").format(**names),
        (tree.ids[whole],),
    )


def _rhythm_of_points(tree: Tree, row: int, whole: int, often: Fraction) -> Iterator[Inconsistency]:
    promised = tree.points if tree.points.known[whole] else tree.growth
    points, asked = tree.points.at(row), promised.at(whole)
    if points is None or asked is None:
        return
    comes_to = Growth.typed(points).added(often)
    if not comes_to.may_be(Growth.typed(asked)):
        yield _rhythm(tree, row, whole, "%", points, comes_to.value, asked, often)


def _rhythm_of_values(tree: Tree, row: int, whole: int, often: Fraction) -> Iterator[Inconsistency]:
    value = tree.value.at(row)
    if value is None or not tree.whole.known[whole]:
        return
    asked = tree.whole.decimal(tree.whole.whole[whole])
    each = Growth.of(value, Decimal(0) if value == value.to_integral_value() else None)
    comes_to = each.added(often)
    if not comes_to.may_be(Growth.of(asked)):
        yield _rhythm(tree, row, whole, tree.measure(row).unit, value, comes_to.value, asked, often)


def _rhythm(
    tree: Tree, row: int, whole: int, unit: str, each: Decimal, total: Decimal, asked: Decimal, often: Fraction
) -> Inconsistency:
    needed = to_type(asked * often.denominator / often.numerator)
    names = {
        "target": titled(tree, row),
        "whole": titled(tree, whole),
        "rate": figure(unit, each),
        "every": list(Every)[tree.every[row]].label,
        "sum": figure(unit, rounded(total, 4)),
        "value": figure(unit, asked),
        "needed": figure(unit, needed),
        "number": typed(needed),
    }
    return Inconsistency(
        Check.total,
        tree.ids[row],
        names["target"],
        asked,
        rounded(total, PLACES),
        unit,
        _("“{target}”: {rate} {every} comes to {sum}, while “{whole}” asks for {value}.").format(**names),
        _("{value} takes {needed} {every}: type {number} for “{target}”.").format(**names),
        (tree.ids[whole],),
    )
