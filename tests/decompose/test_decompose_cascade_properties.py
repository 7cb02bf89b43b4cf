"""What holds for every division: exact sums, held values untouched, fair shares, one result whatever the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal as D
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from kpinb.decompose.dividing.apportion import apportion_groups, whole_array
from kpinb.decompose.dividing.cascade import cascade, cascade_tree
from kpinb.decompose.dividing.holds import HoldsTooLarge, HoldsTooSmall
from kpinb.decompose.dividing.push import Onto, push
from kpinb.decompose.dividing.ratio import cascade_ratio
from kpinb.decompose.dividing.rules import by_weights
from kpinb.decompose.dividing.tiers import Tier, cascade_tiers
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.measure import EXACT, apportion

AMOUNTS = st.decimals(-(10**9), 10**9, places=2) | st.integers(-200, 200).map(D)
WEIGHTS = st.lists(st.integers(0, 20).map(D) | st.decimals(0, 10**6, places=4), min_size=1, max_size=8).filter(any)
UNITS = st.sampled_from([D(1), D("0.01"), D(10000), D("0.05"), D(7), None])
HOLDS = st.dictionaries(st.integers(0, 7), st.decimals(-50, 10**4, places=2) | st.just(D(0)), max_size=4)


def exact_sum(values: Sequence[D]) -> D:
    total = D(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def named(weights: Sequence[D]) -> dict[int, D]:
    return dict(enumerate(weights))


def known(holds: Mapping[int, D], weights: Sequence[Any]) -> dict[int, D]:
    return {member: value for member, value in holds.items() if member < len(weights)}


@given(AMOUNTS, WEIGHTS, HOLDS, UNITS)
def test_parts_add_up_exactly_or_the_holds_are_refused_with_the_amount(
    total: D, weights: list[D], holds: dict[int, D], unit: D | None
) -> None:
    holds = known(holds, weights)
    rest = total - sum(holds.values(), D(0))
    someone = any(weight for member, weight in named(weights).items() if member not in holds)
    try:
        frame = cascade(total, named(weights), holds=holds, unit=unit)
    except HoldsTooLarge as refused:
        assert refused.over == (-rest if total >= 0 else rest) > 0
        return
    except HoldsTooSmall as refused:
        assert not someone
        assert refused.short == (rest if total >= 0 else -rest) > 0
        return
    assert exact_sum(frame["value"]) == total
    assert {member: frame["value"][member] for member in holds} == holds
    assert frame["held"].tolist() == [member in holds for member in range(len(weights))]


@given(AMOUNTS, WEIGHTS, HOLDS, UNITS.filter(bool))
def test_no_part_is_a_unit_away_from_its_exact_share_or_of_the_wrong_sign(
    total: D, weights: list[D], holds: dict[int, D], unit: D
) -> None:
    holds = known(holds, weights)
    try:
        frame = cascade(total, named(weights), holds=holds, unit=unit)
    except (HoldsTooLarge, HoldsTooSmall):
        reject()
    rest = Fraction(total) - sum(map(Fraction, holds.values()))
    free = {m: (Fraction(w), Fraction(frame["value"][m])) for m, w in named(weights).items() if m not in holds}
    whole = sum(weight for weight, _value in free.values())
    for weight, value in free.values():
        assert (value >= 0) if total >= 0 else (value <= 0)
        assert abs(value - (rest * weight / whole if whole else 0)) < unit
        assert weight or not value
    broken = [m for m, (_weight, value) in free.items() if value % Fraction(unit)]
    largest = max((weight for weight, _value in free.values()), default=0)
    assert broken in ([], [next((m for m, (weight, _v) in free.items() if weight == largest), None)])


@given(AMOUNTS.filter(bool), WEIGHTS, HOLDS, UNITS)
def test_a_negative_total_is_the_mirror_image(
    total: D, weights: list[D], holds: dict[int, D], unit: D | None
) -> None:
    holds = known(holds, weights)
    outcomes = []
    for sign in (1, -1):
        try:
            mirrored = {member: sign * value for member, value in holds.items()}
            frame = cascade(sign * total, named(weights), holds=mirrored, unit=unit)
            outcomes.append([sign * value for value in frame["value"]])
        except HoldsTooLarge as refused:
            outcomes.append([refused.over])
        except HoldsTooSmall as refused:
            outcomes.append([-refused.short])
    assert outcomes[0] == outcomes[1]


def largest_remainder(amount: int, weights: Sequence[int], step: int) -> list[int]:
    """The rule in fractions and prose, the slow way: the reference."""
    sign = -1 if amount < 0 else 1
    size, whole = abs(amount), sum(weights)
    if not whole:
        return [0] * len(weights)
    beyond = size % step
    largest = weights.index(max(weights))
    quotas = [Fraction(size * weight, whole * step) for weight in weights]
    quotas[largest] -= Fraction(beyond, step)
    parts = [floor(quota) for quota in quotas]
    while sum(parts) < size // step:
        lost = [quota - part for quota, part in zip(quotas, parts, strict=True)]
        parts[lost.index(max(lost))] += 1
    parts = [part * step for part in parts]
    parts[largest] += beyond
    return [sign * part for part in parts]


SIZES = st.sampled_from([3, 100, 10**6, 2**40, 2**52, 2**60, 2**66])


@st.composite
def families(draw: st.DrawFn) -> tuple[list[int], list[list[int]], int]:
    most, heaviest = draw(SIZES), draw(SIZES)
    weights = draw(st.lists(st.lists(st.integers(0, heaviest), min_size=1, max_size=6), min_size=1, max_size=5))
    amounts = [draw(st.integers(-most, most)) if any(family) else 0 for family in weights]
    return amounts, weights, draw(st.sampled_from([1, 2, 7, 100, 10**6]))


@given(families())
@settings(max_examples=400)
def test_many_groups_at_once_are_divided_as_each_alone_and_as_the_reference(
    case: tuple[list[int], list[list[int]], int],
) -> None:
    amounts, weights, step = case
    expected = [largest_remainder(a, family, step) for a, family in zip(amounts, weights, strict=True)]
    assert [apportion(a, family, step) for a, family in zip(amounts, weights, strict=True)] == expected
    flat = [weight for family in weights for weight in family]
    starts = np.cumsum([0, *map(len, weights[:-1])])
    found = apportion_groups(
        whole_array(amounts, max(map(abs, amounts))), whole_array(flat, sum(flat)), starts, step
    )
    assert found.tolist() == [part for family in expected for part in family]


@given(
    st.sampled_from([9, 2**20]).flatmap(lambda most: st.lists(st.integers(1, most), min_size=2, max_size=6)),
    st.integers(2**20, 2**28) | st.integers(2**40, 2**44),
    st.integers(-50, 50),
    st.sampled_from([1, 3, 1000]),
)
@example([53, 60, 9], 7796998109819, 2, 1)  # the first quota is estimated one too low
@settings(max_examples=500)
def test_quotas_that_are_whole_or_nearly_so_are_not_misjudged_by_floating_point(
    weights: list[int], multiple: int, beside: int, step: int
) -> None:
    amount = sum(weights) * multiple * step + beside
    found = apportion_groups(np.array([amount]), np.array(weights), np.array([0]), step)
    assert found.tolist() == largest_remainder(amount, weights, step)


@given(
    st.lists(st.integers(2**56, 2**59), min_size=2, max_size=6),
    st.integers(0, 2**61),
    st.sampled_from([1, 2**12, 2**20]),
)
def test_divisors_that_do_not_fit_into_64_bits_are_not_cut(weights: list[int], amount: int, step: int) -> None:
    found = apportion_groups(np.array([amount]), np.array(weights), np.array([0]), step)
    assert found.tolist() == largest_remainder(amount, weights, step)


NAMES = ["a", "b", "c", "d"]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a hierarchy of three levels, weights for each, and holds anywhere in it."""
    paths = st.tuples(*[st.sampled_from(NAMES)] * 3)
    leaves = draw(st.lists(paths, min_size=1, max_size=14, unique=True))
    weights = [
        {name: draw(st.integers(1, 9)) for name in dict.fromkeys(path[level] for path in leaves)}
        for level in range(3)
    ]
    nodes = sorted({path[:depth] for path in leaves for depth in (1, 2, 3)})
    holds = draw(st.dictionaries(st.sampled_from(nodes), st.integers(0, 30).map(D), max_size=3))
    return {
        "leaves": leaves,
        "weights": weights,
        "holds": holds,
        "total": draw(st.integers(0, 1000).map(D) | st.decimals(0, 1000, places=1)),
        "unit": draw(st.sampled_from([D(1), D("0.1"), D(5)])),
    }


LEVELS = ["one", "two", "three"]


def divided(case: Mapping[str, Any], leaves: Sequence[tuple[str, ...]], holds: Sequence[Any]) -> dict[Any, Any]:
    frame = cascade_tree(
        case["total"],
        pd.DataFrame(leaves, columns=LEVELS),
        dict(zip(LEVELS, case["weights"], strict=True)),
        holds=pd.DataFrame(
            [(*path, *[""] * (3 - len(path)), value) for path, value in holds], columns=[*LEVELS, "value"]
        ),
        unit=case["unit"],
    )
    return {
        tuple(name for name in row[:3] if name): (row.held, row.value) for row in frame.itertuples(index=False)
    }


def level_by_level(case: Mapping[str, Any]) -> dict[Any, Any]:
    """Divide with `cascade` alone, one node after the other."""
    parts: dict[Any, list[Any]] = {}
    for path in case["leaves"]:
        for depth in range(3):
            family = parts.setdefault(path[:depth], [])
            if path[: depth + 1] not in family:
                family.append(path[: depth + 1])

    def fixed(node: tuple[str, ...]) -> D | None:
        if node in case["holds"]:
            return case["holds"][node]  # type: ignore[no-any-return]
        below = [fixed(part) for part in parts.get(node, [])]
        return sum(below, D(0)) if below and None not in below else None  # type: ignore[arg-type]

    found = {(): (fixed(()) is not None, case["total"])}
    for depth in range(3):
        for node in [node for node in found if len(node) == depth]:
            weights = case["weights"][depth]
            family = sorted(parts[node], key=lambda part: list(weights).index(part[-1]))
            holds = {part: value for part in family if (value := fixed(part)) is not None}
            shares = {part: weights[part[-1]] for part in family}
            frame = cascade(found[node][1], shares, holds=holds, unit=case["unit"])
            for part, held, value in zip(frame["member"], frame["held"], frame["value"], strict=True):
                found[part] = (held, value)
    return found


@given(trees(), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_a_tree_is_divided_as_its_nodes_one_by_one_whatever_the_order_of_leaves_and_holds(
    case: dict[str, Any], random: Any
) -> None:
    leaves, holds = list(case["leaves"]), list(case["holds"].items())
    random.shuffle(leaves)
    random.shuffle(holds)
    try:
        expected = level_by_level(case)
    except (HoldsTooLarge, HoldsTooSmall) as refused:
        try:
            divided(case, leaves, holds)
        except type(refused):
            return
        raise AssertionError("the tree was divided although a node of it cannot be") from refused
    found = divided(case, leaves, holds)
    assert found == expected
    assert exact_sum([found[leaf][1] for leaf in leaves]) == case["total"]


@given(trees(), st.randoms(use_true_random=False))
def test_an_even_tree_gives_each_name_the_same_whatever_the_order_of_leaves(
    case: dict[str, Any], random: Any
) -> None:
    rules = dict.fromkeys(LEVELS, Rule.even)
    shuffled = list(case["leaves"])
    random.shuffle(shuffled)
    found = []
    for leaves in (case["leaves"], shuffled):
        frame = cascade_tree(case["total"], pd.DataFrame(leaves, columns=LEVELS), rules, unit=case["unit"])
        found.append({row[:3]: row.value for row in frame.itertuples(index=False)})
    assert found[0] == found[1]


@given(trees())
def test_a_node_stands_before_its_parts_and_is_their_sum(case: dict[str, Any]) -> None:
    frame = cascade_tree(
        case["total"],
        pd.DataFrame(case["leaves"], columns=LEVELS),
        dict(zip(LEVELS, case["weights"], strict=True)),
        unit=case["unit"],
    )
    above: list[Any] = []
    sums: dict[int, D] = {}
    for place, row in enumerate(frame.itertuples(index=False)):
        path = tuple(name for name in row[:3] if name)
        above = [*above[: row.depth], (place, path)]
        assert len(above) == row.depth + 1
        if row.depth:
            parent, parents_path = above[-2]
            assert path[:-1] == parents_path
            sums[parent] = EXACT.add(sums.get(parent, D(0)), row.value)
    assert sums == {place: frame["value"][place] for place in sums}
    assert len(sums) == (frame["depth"] < 3).sum()


@given(WEIGHTS, st.data())
def test_a_ratio_comes_out_exactly_and_no_part_exceeds_the_highest(bases: list[D], data: st.DataObject) -> None:
    ratio = data.draw(st.decimals(0, 1, places=3))
    holds = known(data.draw(st.dictionaries(st.integers(0, 7), st.decimals(0, 1, places=2), max_size=3)), bases)
    try:
        frame = cascade_ratio(ratio, named(bases), holds=holds, highest=1)
    except (HoldsTooLarge, HoldsTooSmall):
        assert holds
        return
    assert exact_sum(frame["numerator"]) == EXACT.multiply(ratio, exact_sum(bases))
    for member, base, _held, numerator, value in frame.itertuples(index=False):
        assert value == holds.get(member, None if not base else numerator / base)
        assert value is None or 0 <= value <= 1 + D("1e-4")
        if not holds and base:
            assert value == ratio


@given(AMOUNTS.filter(lambda amount: amount >= 0), WEIGHTS, st.data())
def test_a_push_onto_the_siblings_keeps_the_total_and_one_onto_the_parent_the_siblings(
    total: D, weights: list[D], data: st.DataObject
) -> None:
    frame = cascade(total, named(weights), unit=D("0.01"))
    member = data.draw(st.integers(0, len(weights) - 1))
    value = data.draw(st.decimals(0, total, places=2)) if total else D(0)
    up = push(frame, member, value, onto=Onto.parent)
    assert up.total == EXACT.add(EXACT.subtract(total, frame["value"][member]), value)
    assert up.frame["value"].drop(member).tolist() == frame["value"].drop(member).tolist()
    try:
        pushed = push(frame, member, value, onto=Onto.siblings)
    except (HoldsTooSmall, BadInput):
        others = [weight for other, weight in named(weights).items() if other != member]
        assert not any(others)
        return
    assert exact_sum(pushed.frame["value"]) == pushed.total == total
    assert pushed.frame["value"][member] == value


@given(
    st.lists(
        st.integers(-300, 300).map(D) | st.decimals(-300, 300, places=2), min_size=2, max_size=3, unique=True
    ),
    WEIGHTS,
    st.sampled_from([D(1), D("0.01"), None]),
)
def test_no_tier_of_anybody_lies_short_of_the_one_before(
    totals: list[D], weights: list[D], unit: D | None
) -> None:
    tiers = dict(zip(Tier, sorted(totals), strict=False))
    frame = cascade_tiers(tiers, by_weights(named(weights)), unit=unit)
    assert {tier: exact_sum(frame[tier.value]) for tier in tiers} == tiers
    for near, far in zip(list(tiers), list(tiers)[1:], strict=False):
        assert (frame[far.value] >= frame[near.value]).all()
