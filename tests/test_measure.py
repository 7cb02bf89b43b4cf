"""Measures: how values add, how far a target is reached, how a total is divided."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb.errors import BadInput
from kpinb.measure import Adding, Direction, attainment, combine, meets, progress, rounded, share_out, shortfall

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1, max_size=40)


def test_a_total_with_a_hole_is_no_total_but_zero_is_a_figure() -> None:
    assert combine([D(1), None, D(3)], Adding.total) is None
    assert combine([D(1), D(0), D(3)], Adding.total) == 4
    assert combine([], Adding.total) is None


def test_the_last_value_counts_whatever_is_missing_before_it() -> None:
    assert combine([None, D(7)], Adding.last) == 7
    assert combine([D(7), None], Adding.last) is None


def test_response_time_is_weighted_with_the_tickets() -> None:
    # 100 tickets at 3 hours and 300 at 1 hour wait 1.5 hours on average, not 2.
    assert combine([D(3), D(1)], Adding.mean, bases=[D(100), D(300)]) == D("1.5")
    assert combine([D(3), D(1)], Adding.mean) == 2
    assert combine([D(3), D(1)], Adding.mean, bases=[D(0), D(0)]) is None
    assert combine([D(3), D(1)], Adding.mean, bases=[D(1), None]) is None


def test_five_and_six_percent_compound_to_eleven_point_three() -> None:
    # The method's quarters: Q1 +5 % and Q2 +6 %.
    assert combine([D("0.05"), D("0.06")], Adding.compound) == D("0.113")


def test_monthly_one_point_seven_percent_compounds_to_more_than_twenty() -> None:
    grown = combine([D("0.017")] * 12, Adding.compound)
    assert grown is not None
    assert round(grown, 3) == D("0.224")


@pytest.mark.parametrize(
    ("value", "start", "target", "direction", "expected"),
    [
        (11500, 10000, 12000, Direction.at_least, "0.75"),  # 15 % of the promised 20 %
        (9500, 10000, 12000, Direction.at_least, "-0.25"),
        (12500, 10000, 12000, Direction.at_least, "1.25"),
        (2, 3, 2, Direction.at_most, "1"),  # response time falls from 3 to 2 hours
        (3, 3, 2, Direction.at_most, "0"),
        (5, 5, 5, Direction.at_least, "1"),
        (4, 5, 5, Direction.at_least, "0"),
    ],
)
def test_progress_runs_from_start_to_target_in_both_directions(
    value: int, start: int, target: int, direction: Direction, expected: str
) -> None:
    assert progress(D(value), D(start), D(target), direction) == D(expected)


def test_overshooting_a_range_is_not_reaching_it() -> None:
    def reached(value: int) -> D:
        return progress(D(value), D(5), D(10), Direction.between, upper=D(20))

    assert reached(15) == 1
    assert reached(5) == 0
    assert reached(25) == 0
    assert reached(22) == D("0.6")


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_progress_is_the_same_measured_upwards_or_downwards(value: D, start: D, target: D) -> None:
    up = progress(value, start, target, Direction.at_least)
    down = progress(-value, -start, -target, Direction.at_most)
    assert up == down


@given(AMOUNTS, AMOUNTS, st.sampled_from([Direction.at_least, Direction.at_most]), st.none() | AMOUNTS)
def test_who_meets_the_target_attains_it_and_who_misses_it_does_not(
    value: D, target: D, direction: Direction, start: D | None
) -> None:
    reached = attainment(value, target, direction, start=start)
    if meets(value, target, direction):
        assert reached is not None
        assert reached >= 1
    else:
        assert reached is None or reached < 1


def test_attainment_where_less_is_better_is_target_over_value() -> None:
    assert attainment(D("2.5"), D(2), Direction.at_most) == D("0.8")
    assert attainment(D(2), D("2.5"), Direction.at_least) == D("0.8")


def test_a_ratio_against_zero_or_a_loss_is_not_computable() -> None:
    assert attainment(D(3), D(0), Direction.at_most) == 0
    assert attainment(D(-150), D(-100), Direction.at_least) is None
    assert attainment(D(-50), D(-100), Direction.at_least) == 1


def test_the_shortfall_of_a_range_is_counted_to_its_nearer_end() -> None:
    assert shortfall(D(25), D(10), Direction.between, upper=D(20)) == 5
    assert shortfall(D(7), D(10), Direction.between, upper=D(20)) == 3


def test_sixty_thirty_ten_divide_the_companys_target() -> None:
    assert share_out(D(12000), [D(60), D(30), D(10)]) == [D(7200), D(3600), D(1200)]


def test_whole_customers_are_divided_by_largest_remainder() -> None:
    # Hamilton's method: 100 by 1 : 1 : 1 leaves one, which goes to the first of equals.
    assert share_out(D(100), [D(1)] * 3, unit=D(1)) == [34, 33, 33]
    assert share_out(D(10), [D("0.55"), D("0.25"), D("0.20")], unit=D(1)) == [6, 2, 2]


@given(AMOUNTS, WEIGHTS, st.sampled_from(["0.01", "1", "0.5", "100"]))
def test_shares_add_up_to_the_total_exactly(total: D, weights: list[D], unit: str) -> None:
    if not any(weights):
        with pytest.raises(BadInput):
            share_out(total, weights, unit=D(unit))
        return
    shares = share_out(total, weights, unit=D(unit))
    assert sum(shares) == total
    whole = sum(weights)
    for position, (share, weight) in enumerate(zip(shares, weights, strict=True)):
        slack = D(unit) * (2 if position == 0 else 1)
        assert abs(share - total * weight / whole) <= slack


def test_a_negative_weight_cannot_divide() -> None:
    with pytest.raises(BadInput):
        share_out(D(1), [D(2), D(-1)])


def test_a_number_of_more_digits_than_arithmetic_usually_keeps_is_rounded_like_any_other() -> None:
    assert rounded(D("1" + "0" * 40 + ".125"), 2) == D("1" + "0" * 40 + ".12")
