"""What the process does anyway: limits by the mean moving range, and what a missing month does to them."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb.clarify.quantify.natural_range import natural_range

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 “Individuals Control Charts”: flow rate of ten batches.
FLOW_RATE = ["49.6", "47.6", "49.9", "51.3", "47.8", "51.2", "52.6", "52.4", "53.6", "52.1"]
# README of spc-plotly 0.1.3, a published implementation that scales by 2.66: 38 months of counts.
COUNTS = [
    "2478", "2350", "2485", "2296", "2359", "2567", "3089", "2668", "1788", "2854",
    "2365", "1883", "1959", "1927", "2640", "2626", "2144", "2409", "4412", "3287",
    "3049", "3364", "3078", "2972", "3415", "2753", "3102", "2191", "3693", "4385",
    "4699", "3031", "2659", "3885", "2628", "2621", "3071", "2002",
]  # fmt: skip

numbers = st.decimals(-1000, 1000, places=2)


def decimals(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in texts]


def test_the_handbooks_flow_rates_have_the_handbooks_limits() -> None:
    found = natural_range(decimals(*FLOW_RATE))
    assert (found.points, found.moving_ranges, found.missing) == (10, 9, 0)
    assert found.centre == Decimal("50.81")
    assert found.mean_moving_range is not None
    assert round(found.mean_moving_range, 4) == Decimal("1.8778")
    # The handbook divides by 1.128 instead of multiplying by 2.66, which is the same to three digits.
    assert found.lower == pytest.approx(Decimal("45.8159"), abs=Decimal("0.001"))
    assert found.upper == pytest.approx(Decimal("55.8041"), abs=Decimal("0.001"))
    assert (found.outside, found.provisional) == ((), True)


def test_published_counts_have_the_published_limits_and_points_outside() -> None:
    found = natural_range(decimals(*COUNTS))
    assert found.centre is not None
    assert found.lower is not None
    assert found.upper is not None
    assert float(found.centre) == 2820.6315789473683
    assert float(found.mean_moving_range or 0) == 571.8918918918919
    assert float(found.upper) == pytest.approx(4341.864011379801, abs=1e-9)
    assert float(found.lower) == pytest.approx(1299.3991465149359, abs=1e-9)
    assert [COUNTS[at] for at in found.outside] == ["4412", "4385", "4699"]
    assert not found.provisional


def test_a_missing_month_is_not_zero_and_joins_no_neighbours() -> None:
    found = natural_range(decimals("1", "3", None, "8", "6", None))
    # 1→3 and 8→6 are neighbours, 3→8 are not: with them the mean moving range would be 3 instead of 2.
    assert (found.points, found.missing, found.moving_ranges) == (4, 2, 2)
    assert found.mean_moving_range == 2
    assert (found.lower, found.centre, found.upper) == (Decimal("-0.82"), Decimal("4.5"), Decimal("9.82"))


@pytest.mark.parametrize(
    ("values", "centre", "reason"),
    [
        ([], None, "there are 0 values; at least 2 are needed"),
        ([None, None], None, "there are 0 values; at least 2 are needed"),
        (["7"], "7", "there is only 1 value; at least 2 are needed"),
        (["7", None, "9"], "8", "no two neighbouring values are both there, so there is no moving range"),
    ],
)
def test_too_few_points_give_a_reason_instead_of_limits(
    values: list[str | None], centre: str | None, reason: str
) -> None:
    found = natural_range(decimals(*values))
    assert not found.computable
    assert (found.lower, found.upper, found.mean_moving_range) == (None, None, None)
    assert found.centre == (None if centre is None else Decimal(centre))
    assert found.reason == reason


def test_limits_are_provisional_under_fifteen_points() -> None:
    assert natural_range([1] * 14).provisional
    assert not natural_range([1] * 15).provisional


def test_a_series_that_never_moves_has_limits_of_no_width() -> None:
    found = natural_range([Decimal("0.9")] * 3)
    assert (found.lower, found.upper, found.outside, found.computable) == (
        Decimal("0.9"),
        Decimal("0.9"),
        (),
        True,
    )


@pytest.mark.parametrize("run", [7, 8])
def test_eight_in_a_row_on_one_side_are_a_change_and_seven_are_not(run: int) -> None:
    low = [Decimal(1)] * run
    found = natural_range([*low, Decimal(9), Decimal(1), Decimal(9), Decimal(9), Decimal(9), Decimal(9)])
    assert found.shifted == (tuple(range(8)) if run == 8 else ())


def test_a_gap_or_a_value_on_the_centre_ends_a_run() -> None:
    half = [Decimal(1)] * 4
    high = [Decimal(3)] * 4
    assert natural_range([*half, *half, *high, *high]).shifted == tuple(range(16))
    assert natural_range([*half, None, *half, *high, Decimal(2), *high]).shifted == ()


def test_a_column_of_pandas_is_read_as_it_is() -> None:
    whole = natural_range(pd.Series([1.1, math.nan, 2.2, 2.4]))
    assert whole == natural_range(decimals("1.1", None, "2.2", "2.4"))
    assert natural_range(pd.Series(decimals("1.1", None, "2.2", "2.4"), dtype=object)) == whole


@given(st.lists(numbers | st.none(), max_size=30), numbers)
def test_moving_every_value_moves_the_limits_as_much(values: list[Decimal | None], by: Decimal) -> None:
    here, there = natural_range(values), natural_range([None if v is None else v + by for v in values])
    assert (here.points, here.missing, here.moving_ranges) == (there.points, there.missing, there.moving_ranges)
    assert here.points + here.missing == len(values)
    for a, b in [(here.lower, there.lower), (here.centre, there.centre), (here.upper, there.upper)]:
        assert (a is None) == (b is None)
        assert a is None or b is None or abs(b - a - by) < Decimal("1e-20")


@given(st.lists(numbers, min_size=2, max_size=30))
def test_time_read_backwards_has_the_same_limits(values: list[Decimal]) -> None:
    forwards, backwards = natural_range(values), natural_range(values[::-1])
    assert (forwards.centre, forwards.lower, forwards.upper) == (
        backwards.centre,
        backwards.lower,
        backwards.upper,
    )
