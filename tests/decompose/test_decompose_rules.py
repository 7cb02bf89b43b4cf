"""Ways to divide a target: where each part's weight comes from, and what is refused."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from stories import MONTHS_2025, actuals, year_of

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.growth import compound_rate, growing_by_amount, growing_by_rate
from kpinb.decompose.dividing.rules import (
    Split,
    by_base,
    by_indicator,
    by_last_year,
    by_seasonality,
    by_weights,
    even,
)
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.period import Period, PeriodKind

YEAR = Period.parse("2026")
MONTHS = YEAR.months
QUARTERS = YEAR.children(PeriodKind.quarter)


def test_each_way_says_which_rule_it_is_and_how_it_divides() -> None:
    three = {"a": 60, "b": 30, "c": 10}
    splits = [even(["a", "b", "c"]), by_weights(three), by_last_year(three), by_base(three)]
    assert [(split.rule, split.method) for split in [*splits, by_indicator("headcount", three)]] == [
        (Rule.even, "Every part gets the same."),
        (Rule.weights, "Divided in proportion to the weights given."),
        (Rule.last_year, "Divided as last year's actuals were."),
        (Rule.base, "A ratio is not divided: its numerator is, in proportion to the bases."),
        (Rule.indicator, "Divided in proportion to headcount."),
    ]
    assert by_weights(three).members == ("a", "b", "c")
    assert by_weights(three).weights == (60, 30, 10)


def test_a_department_without_last_years_actual_has_no_share_to_repeat() -> None:
    with pytest.raises(BadInput, match=r"“b” has no weight.*missing is not zero"):
        by_last_year({"a": D(100), "b": None})
    with pytest.raises(BadInput, match="“b” is −5, below zero"):
        by_last_year({"a": D(100), "b": D(-5)})


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="“a” is named twice"):
        even(["a", "b", "a"])


def test_one_complete_year_is_repeated_and_named() -> None:
    split = by_seasonality(MONTHS, actuals(year_of(MONTHS_2025, 2025)))
    assert split.method == "Divided as 2025 was, the only complete year there is."
    assert cascade(1200, split, unit=1)["value"].tolist() == [D(n) * 12 / 10 for n in MONTHS_2025]


def test_an_extraordinary_year_does_not_move_the_median_season() -> None:
    usual = [10] * 11 + [40]
    past = actuals(year_of(usual, 2023), year_of([n * 3 for n in usual], 2024), year_of([500] + [1] * 11, 2025))
    split = by_seasonality(MONTHS, past)
    assert split.method == "Divided by seasonality: the median of each period's shares in 2023, 2024, 2025."
    assert cascade(1500, split, unit=1)["value"].tolist() == [*[100] * 11, 400]


def test_of_two_years_the_season_lies_between() -> None:
    # January had 1/12 and 2/13; made to add up to 1 again.
    past = actuals(year_of([1] * 12, 2024), year_of([2] + [1] * 11, 2025))
    january = (D(1) / 12 + D(2) / 13) / 2
    others = (D(1) / 12 + D(1) / 13) / 2
    assert by_seasonality(MONTHS, past).weights[0] == pytest.approx(
        january / (january + 11 * others), abs=D("1e-12")
    )


def test_quarters_have_the_season_of_their_months() -> None:
    split = by_seasonality(QUARTERS, actuals(year_of(MONTHS_2025, 2025)))
    assert cascade(1000, split, unit=1)["value"].tolist() == [230, 250, 270, 250]


def test_part_of_a_year_has_the_season_of_that_part_and_a_fiscal_year_its_own() -> None:
    split = by_seasonality(MONTHS[:2], actuals(year_of(MONTHS_2025, 2025)))
    assert cascade(70, split, unit=1)["value"].tolist() == [40, 30]
    fiscal = Period.parse("2026", fiscal_start=4).months
    split = by_seasonality(fiscal, actuals(year_of(MONTHS_2025, 2025, start=4)))
    assert cascade(1000, split, unit=1)["value"].tolist() == MONTHS_2025


def test_a_month_that_was_zero_every_year_stays_zero() -> None:
    split = by_seasonality(MONTHS, actuals(year_of([0, *[1] * 11], 2025)))
    assert cascade(D(12), split, unit=1)["value"].tolist() == [0, 2, *[1] * 10]


@pytest.mark.parametrize("hole", [None, -5])
def test_without_a_complete_year_there_is_no_season(hole: int | None) -> None:
    with pytest.raises(BadInput, match=r"There is no complete year before 2026.*Divide evenly or by weights"):
        by_seasonality(MONTHS, actuals(year_of([hole, *MONTHS_2025[1:]], 2025)))
    with pytest.raises(BadInput, match="no complete year"):
        by_seasonality(MONTHS, actuals())


def test_months_say_nothing_about_the_season_of_a_week() -> None:
    with pytest.raises(BadInput, match="season of a week"):
        by_seasonality(YEAR.children(PeriodKind.week), actuals(year_of(MONTHS_2025, 2025)))


def test_the_same_amount_more_every_month_comes_to_the_total() -> None:
    # From 100, ten more each month: 110, 120 … 220 come to 1980.
    split = growing_by_amount(D(1980), MONTHS, D(100))
    assert split.rule is Rule.growth_simple
    assert split.method == "+10 a month, the same amount each time, from the last actual of 100."
    assert cascade(D(1980), split, unit=1)["value"].tolist() == [100 + 10 * n for n in range(1, 13)]


def test_the_same_amount_less_is_a_fall_and_stops_above_zero() -> None:
    split = growing_by_amount(D(540), QUARTERS, D(160))
    assert split.method == "−10 a quarter, the same amount each time, from the last actual of 160."
    assert cascade(D(540), split, unit=1)["value"].tolist() == [150, 140, 130, 120]
    with pytest.raises(BadInput, match="comes to 40 only if Q3 2026 falls below zero"):
        growing_by_amount(D(40), QUARTERS, D(100))


def test_the_methods_twenty_percent_needs_one_point_five_three_a_month_compounded() -> None:
    months = [D(1000) * D("1.2") ** (D(n) / 12) for n in range(1, 13)]
    split = growing_by_rate(sum(months), MONTHS, D(1000))
    assert split.rule is Rule.growth_compound
    assert split.method == "+1.53% a month, compounded, from the last actual of 1,000."
    divided = cascade(sum(months), split)["value"].tolist()
    assert sum(divided) == sum(months)
    assert divided[-1] == pytest.approx(D(1200), abs=D("0.001"))
    assert divided == pytest.approx(months, abs=D("0.001"))


def test_the_methods_one_point_seven_a_month_is_twenty_two_point_four_a_year() -> None:
    assert round(float(1 + compound_rate(sum(1.017**n for n in range(1, 13)), 12)) ** 12, 3) == 1.224


@pytest.mark.parametrize("multiple", [1e-12, 0.5, 1, 4, 12, 1e3, 1e15])
@pytest.mark.parametrize("count", [1, 4, 12, 53])
def test_a_rate_is_found_whatever_the_total(multiple: float, count: int) -> None:
    rate = float(compound_rate(multiple, count))
    assert sum((1 + rate) ** n for n in range(1, count + 1)) == pytest.approx(multiple, rel=1e-3)
    assert rate > -1


@pytest.mark.parametrize("grow", [growing_by_amount, growing_by_rate])
def test_growth_without_something_to_grow_from_is_refused(grow: type[Split]) -> None:
    with pytest.raises(BadInput, match="an actual of the month before it"):
        grow(D(100), MONTHS, None)
    with pytest.raises(BadInput, match="an actual of the month before it"):
        grow(D(100), MONTHS, D(-5))
    with pytest.raises(BadInput, match="Nothing grows to a total of 0"):
        grow(D(0), MONTHS, D(10))
    with pytest.raises(BadInput, match="nothing to divide among"):
        grow(D(10), [], D(10))


def test_from_zero_an_amount_leads_away_and_a_rate_does_not() -> None:
    assert cascade(10, growing_by_amount(D(10), QUARTERS, D(0)), unit=1)["value"].tolist() == [1, 2, 3, 4]
    with pytest.raises(BadInput, match="no rate leads away from zero"):
        growing_by_rate(D(10), QUARTERS, D(0))
