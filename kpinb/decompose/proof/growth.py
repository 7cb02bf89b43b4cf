"""Growth against growth: what compounds, what is only the mean of its parts, and a value against its growth.

Growth over the period before compounds: 5 % and then 6 % are 11.3 %. Growth over the same period of the year
before does not add to anything: the whole grows by a mean of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from kpinb.actuals import Actuals
from kpinb.decompose.proof.amounts import Array, half_unit
from kpinb.decompose.proof.compounded import (
    PERIOD_BEFORE,
    Growth,
    figure,
    half_of,
    is_rate,
    often_in,
    percent,
    power,
    rate_of,
    to_type,
)
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.rhythms import rhythms
from kpinb.decompose.proof.sets import Marks, Sets
from kpinb.decompose.proof.tree import NONE, Tree
from kpinb.decompose.proof.wording import PLACES, divided_by, periods, titled, typed
from kpinb.language import _
from kpinb.measure import rounded
from kpinb.period import PeriodKind
from kpinb.view import formats

_CLOSE = 1e-12


def growths(sets: Sets, history: Mapping[str, Actuals]) -> Iterator[Inconsistency]:
    """Compare growths with each other, and a value with the growth that stands beside it."""
    yield from compounding(sets)
    yield from mean_growths(sets)
    yield from rhythms(sets.tree)
    yield from stated_twice(sets.tree, history)


def compounding(sets: Sets) -> Iterator[Inconsistency]:
    """Compare growths over the period before, one after the other, with the growth of the whole."""
    tree = sets.tree
    by_value = is_rate(tree) & tree.value.known
    over_before = ~is_rate(tree) & tree.growth.known & (tree.basis == PERIOD_BEFORE)
    promised = by_value | (~is_rate(tree) & tree.growth.known)
    promised &= tree.every == NONE
    along = sets.along & ~sets.across & (sets.whole | sets.begun) & promised[sets.parent]
    along &= sets.every_row((by_value | over_before) & (_floats(tree, by_value) > -1))
    if not along.any():
        return
    near = _nearly(sets, by_value)
    for one in np.flatnonzero(along & ~(near & sets.whole)).tolist():
        row = int(sets.parent[one])
        asked = Growth.typed(rate_of(tree, row))
        total = Growth(Decimal(0), Decimal(0), Decimal(0))
        for part in sets.members(one).tolist():
            total = Growth.typed(rate_of(tree, part)).repeated(often_in(tree, part)).after(total)
        if sets.begun[one]:
            yield _left(sets, one, asked.value, total.value)
        elif not total.may_be(asked):
            yield _misses(sets, one, asked.value, total.value)


def _floats(tree: Tree, by_value: Marks) -> Array:
    return np.where(by_value, tree.value.floats(), tree.growth.floats())


def _nearly(sets: Sets, by_value: Marks) -> Marks:
    """Say which sets compound to their target as floats, so that they need no closer look."""
    tree = sets.tree
    rates = _floats(tree, by_value)
    usable = (rates > -1) & (tree.every == NONE)
    logs = np.log1p(np.where(usable, rates, 0.0))
    grown = np.expm1(sets.sums(logs))
    return sets.every_row(usable) & (np.abs(grown - rates[sets.parent]) < _CLOSE)  # type: ignore[no-any-return]


def _left(sets: Sets, one: int, asked: Decimal, total: Decimal) -> Inconsistency:
    tree, row, parts = sets.tree, int(sets.parent[one]), sets.members(one).tolist()
    rest = sets.missing(one)
    left = (1 + asked) / (1 + total) - 1
    each = power(1 + left, Fraction(1, len(rest))) - 1
    names = {
        "target": titled(tree, row),
        "parts": divided_by(sets, one),
        "sum": formats.percent(total),
        "value": percent(asked),
        "left": formats.percent(left),
        "periods": periods(rest),
    }
    return Inconsistency(
        Check.left,
        tree.ids[row],
        names["target"],
        asked,
        rounded(total, PLACES),
        "%",
        _(
            "Divided by {parts}, “{target}” compounds to {sum} so far and asks for {value}: {left} is left for "
            "{periods}."
        ).format(**names),
        _("Give {periods} a growth that compounds to {left}: type {number} for each.").format(
            **names, number=typed(to_type(each))
        ),
        tuple(tree.ids[parts]),
    )


def _misses(sets: Sets, one: int, asked: Decimal, total: Decimal) -> Inconsistency:
    tree, row, parts = sets.tree, int(sets.parent[one]), sets.members(one).tolist()
    needed = power(1 + asked, Fraction(1, len(parts))) - 1
    names = {
        "target": titled(tree, row),
        "parts": divided_by(sets, one),
        "sum": formats.percent(total),
        "value": percent(asked),
        "needed": percent(to_type(needed)),
        "number": typed(to_type(needed)),
    }
    return Inconsistency(
        Check.growth,
        tree.ids[row],
        names["target"],
        asked,
        rounded(total, PLACES),
        "%",
        _("Divided by {parts}, “{target}” compounds to {sum} and asks for {value}.").format(**names),
        _("{value} takes {needed} each time, compounded: type {number} for each part.").format(**names),
        tuple(tree.ids[parts]),
    )


def mean_growths(sets: Sets) -> Iterator[Inconsistency]:
    """Find growths over the year before that lie beyond those of all the parts."""
    tree = sets.tree
    usable = tree.growth.known & (tree.basis != PERIOD_BEFORE) & (tree.every == NONE) & ~tree.points.known
    unclear = ~(sets.all_known(tree.whole) & tree.whole.known[sets.parent])
    sure = sets.whole & usable[sets.parent] & sets.every_row(usable) & unclear & ~is_rate(tree)[sets.parent]
    for one in np.flatnonzero(sure).tolist():
        row, parts = int(sets.parent[one]), sets.members(one).tolist()
        asked = tree.growth.decimal(tree.growth.whole[row])
        rates = [tree.growth.decimal(tree.growth.whole[part]) for part in parts]
        if min(rates) <= asked <= max(rates):
            continue
        nearest = min(rates) if min(rates) > asked else max(rates)
        names = {
            "target": titled(tree, row),
            "parts": divided_by(sets, one),
            "least": percent(min(rates)),
            "most": percent(max(rates)),
            "value": percent(asked),
            "number": typed(nearest),
        }
        yield Inconsistency(
            Check.growth,
            tree.ids[row],
            names["target"],
            asked,
            nearest,
            "%",
            _(
                "Divided by {parts}, “{target}” grows by {least} to {most}, each over its own year before: the "
                "whole then grows by something in between, and not by {value}."
            ).format(**names),
            _("Give a part a growth on the other side of {value}, or type {number} for “{target}”.").format(
                **names
            ),
            tuple(tree.ids[parts]),
        )


def stated_twice(tree: Tree, history: Mapping[str, Actuals]) -> Iterator[Inconsistency]:
    """Compare a value with the growth beside it, where the year before is known."""
    both = tree.value.known & tree.growth.known & (tree.every == NONE) & (tree.basis != PERIOD_BEFORE)
    past = np.array([one.id in history for one in tree.indicators], dtype=bool)[tree.indicator]
    for row in np.flatnonzero(both & past & ~tree.above & ~is_rate(tree)).tolist():
        one, period = tree.measure(row), tree.periods[tree.period[row]]
        value, growth = tree.value.at(row), tree.growth.at(row)
        if period.kind is PeriodKind.week or value is None or growth is None:
            continue
        before = history[one.id].combined([month.year_before for month in period.months], one.over_time)
        if before is None or before <= 0:
            continue
        exact = before * (1 + growth)
        spread = abs(before) * half_of(growth) + half_unit(value)
        if abs(exact - value) <= spread:
            continue
        names = {
            "target": titled(tree, row),
            "growth": percent(growth),
            "before": figure(one.unit, rounded(before, 4)),
            "sum": figure(one.unit, rounded(exact, 2)),
            "value": figure(one.unit, value),
            "number": typed(to_type(value / before - 1)),
        }
        yield Inconsistency(
            Check.growth,
            tree.ids[row],
            names["target"],
            rounded(exact, 9),
            value,
            one.unit,
            _(
                "“{target}” asks for {value}, and for a growth of {growth}, which from {before} the year before "
                "is {sum}."
            ).format(**names),
            _("Take one of the two out, or type {number} as its growth.").format(**names),
        )
