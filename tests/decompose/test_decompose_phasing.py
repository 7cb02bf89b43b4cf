"""What a year's target asks of each month: sums exact, rates not added, every method named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import MONTHS_2025, actuals, months_of, spread, target, year_of

from kpinb.decompose.phasing import resolve, whole_targets
from kpinb.measure import Adding, combine
from kpinb.period import Period, PeriodKind

YEAR = Period.parse("2026")
PAST = actuals(year_of(MONTHS_2025, 2025))
NOTHING = actuals()


def quarters(months: list[Decimal]) -> list[Decimal]:
    return [sum(months[n : n + 3], Decimal(0)) for n in (0, 3, 6, 9)]


def test_the_methods_quarters_add_five_and_six_points_and_the_year_comes_to_twenty_percent() -> None:
    parts = {"2026-Q1": "0.05", "2026-Q2": "0.06", "2026-Q3": "0.05", "2026-Q4": "0.04"}
    phased = spread(
        [target("2026", growth="0.2"), *(target(period, points=points) for period, points in parts.items())], PAST
    )
    # 1000 last year, by quarter 230, 250, 270, 250; a point is one hundredth of the whole year before.
    assert quarters(months_of(phased)) == [Decimal(280), Decimal(310), Decimal(320), Decimal(290)]
    assert sum(months_of(phased)) == 1200
    assert months_of(phased, "grows") == [True] * 12
    assert phased.problems == []


def test_a_quarters_own_value_stands_and_the_rest_of_the_year_carries_the_rest() -> None:
    phased = spread([target("2026", value="1200"), target("2026-Q1", value="100")], PAST)
    assert quarters(months_of(phased))[0] == 100
    assert sum(months_of(phased)) == 1200
    # The nine months share 1100 as they shared 770 last year: April had 70 of them.
    assert months_of(phased)[3] == Decimal("100.00")


def test_a_month_inside_a_quarter_inside_a_year_is_taken_out_once() -> None:
    targets = [target("2026", value="1200"), target("2026-Q1", value="300"), target("2026-02", value="10")]
    months = months_of(spread(targets, NOTHING))
    assert months[1] == 10
    assert months[0] + months[2] == 290
    assert sum(months) == 1200


def test_seasonality_is_the_median_share_of_the_complete_years_before_and_says_which() -> None:
    flat = year_of([10] * 12, 2024)
    steep = year_of([20] * 6 + [0.5] * 6, 2025)
    phased = spread([target("2026", value="1200")], actuals(flat, steep))
    assert "2024, 2025" in phased.method
    # January had 1/12 of 2024 and 20/123 of 2025.
    assert months_of(phased)[0] == pytest.approx(
        Decimal(1200) * (Decimal(1) / 12 + Decimal(20) / 123) / 2, abs=Decimal("0.01")
    )
    assert sum(months_of(phased)) == 1200
    assert "on average in 2024, 2025" in phased.method, "of two the median is the mean"


def test_one_extraordinary_year_of_three_does_not_move_the_season() -> None:
    flat = [year_of([10] * 12, year) for year in (2023, 2025)]
    phased = spread([target("2026", value="1200")], actuals(*flat, year_of([1000] + [1] * 11, 2024)))
    assert months_of(phased) == [100] * 12
    assert phased.method.endswith("the median of those in 2023, 2024, 2025.")


def test_a_month_without_sales_last_year_is_asked_for_nothing_unless_nothing_else_is_left() -> None:
    past = actuals(year_of([0, 0, 0, *[10] * 9], 2025))
    assert months_of(spread([target("2026", value="90")], past)) == [0, 0, 0, *[10] * 9]
    assert months_of(spread([target("2026-Q1", value="90")], past))[:3] == [30, 30, 30]


@pytest.mark.parametrize("hole", [None, -5])
def test_without_a_complete_year_before_a_sum_is_spread_evenly_and_the_method_says_so(hole: object) -> None:
    phased = spread([target("2026", value="100")], actuals(year_of([hole, *MONTHS_2025[1:]], 2025)))
    assert sorted(set(months_of(phased))) == [Decimal("8.333"), Decimal("8.334")]
    assert sum(months_of(phased)) == 100
    assert "no complete year" in phased.method


def test_even_phasing_ignores_the_seasonality() -> None:
    phased = spread([target("2026", value="416", phasing="even")], PAST)
    assert max(months_of(phased)) - min(months_of(phased)) <= Decimal("0.01")
    assert sum(months_of(phased)) == 416
    assert "equal part" in phased.method


def test_a_growth_needs_a_complete_year_before_and_says_what_to_do() -> None:
    phased = spread([target("2026", growth="0.2")], actuals(year_of([*MONTHS_2025[:11], None], 2025)))
    assert months_of(phased) == [None] * 12
    assert "2026" in phased.problems[0]
    assert "Give the value itself" in phased.problems[0]


@pytest.mark.parametrize("before", [[-10] * 12, [0] * 12])
def test_twenty_percent_more_than_a_loss_or_than_nothing_is_no_target(before: list[int]) -> None:
    # Taken literally it would be a larger loss, or zero, which anything meets.
    past = actuals(year_of(before, 2025))
    phased = spread([target("2026", growth="0.2")], past)
    assert months_of(phased) == [None] * 12
    assert len(phased.problems) == 1


def test_a_quarter_that_adds_nothing_is_asked_for_last_years_value() -> None:
    assert resolve(target("2026-Q1", points="0"), YEAR, Adding.total, PAST) == 230


def test_a_value_wins_over_the_growth_it_stands_for() -> None:
    one = target("2026", value="1250", growth="0.2")
    assert resolve(one, YEAR, Adding.total, PAST) == 1250
    assert months_of(spread([one], PAST), "grows") == [True] * 12


def test_a_quarters_own_value_does_not_take_back_the_years_promise_of_growth() -> None:
    phased = spread([target("2026", growth="0.2"), target("2026-Q4", value="300")], PAST)
    assert months_of(phased, "grows") == [True] * 12
    control = spread([target("2026", value="1200"), target("2026-Q4", growth="0.1")], PAST)
    assert months_of(control, "grows") == [False] * 9 + [True] * 3


def test_two_targets_for_one_period_are_named_both() -> None:
    phased = spread([target("2026", "first", value="1200"), target("2026", "second", value="1300")], PAST)
    assert "first" in phased.problems[0]
    assert "second" in phased.problems[0]


def test_a_weeks_target_does_not_become_its_months_target() -> None:
    # 8 signed customers every week are not 8 in the month.
    week = target("2026-W05", value="8")
    phased = spread([target("2026", value="416", phasing="even"), week], PAST)
    assert months_of(phased)[0] == months_of(spread([target("2026", value="416", phasing="even")], PAST))[0]
    only = spread([week], PAST)
    assert months_of(only) == [None] * 12
    assert "Only weeks" in only.problems[0]
    assert resolve(target("2026-W05", growth="0.1"), YEAR, Adding.total, PAST) is None


def test_employment_two_percent_above_its_average_keeps_its_season_and_its_mean() -> None:
    before = [101, 102, 103, 104, 105, 107, 109, 108, 106, 105, 104, 103]
    mean = Decimal(sum(before)) / 12
    one = target("2026", growth="0.02")
    past = actuals(year_of(before, 2025))
    months = months_of(spread([one], past, Adding.mean))
    asked = resolve(one, YEAR, Adding.mean, past)
    assert asked == pytest.approx(mean * Decimal("1.02"), abs=Decimal("1e-9"))
    assert combine(months, Adding.mean) == asked
    assert months.index(max(months)) == 6
    assert months[6] == pytest.approx(Decimal(109) * Decimal("1.02"), abs=Decimal("0.02"))


def test_the_mean_of_a_share_is_phased_finely_enough_for_a_share() -> None:
    # In hundredths, 90 % would be 0.90 in one month and 0.91 in the next: whole points.
    before = [
        Decimal("0.80"),
        Decimal("0.81"),
        Decimal("0.82"),
        Decimal("0.83"),
        Decimal("0.84"),
        Decimal("0.85"),
    ] * 2
    months = months_of(spread([target("2026", value="0.9")], actuals(year_of(before, 2025)), Adding.mean))
    assert combine(months, Adding.mean) == Decimal("0.9")
    assert months[0] == pytest.approx(Decimal("0.9") * Decimal("0.80") / Decimal("0.825"), abs=Decimal("0.0001"))


def test_a_mean_with_a_quarter_of_its_own_still_has_the_years_mean() -> None:
    months = months_of(spread([target("2026", value="2"), target("2026-Q1", value="2.5")], NOTHING, Adding.mean))
    assert months[:3] == [Decimal("2.5")] * 3
    assert combine(months, Adding.mean) == 2


@pytest.mark.parametrize(("how", "weighted"), [(Adding.ratio, True), (Adding.mean, True)])
def test_a_rate_is_asked_of_every_month_alike(how: Adding, weighted: bool) -> None:  # noqa: FBT001 - a parameter
    phased = spread([target("2026", value="0.95")], PAST, how, weighted=weighted)
    assert months_of(phased) == [Decimal("0.95")] * 12
    assert "cannot be added" in phased.method
    # Nor is what one quarter may do worse made up by the others: their tickets are not known beforehand.
    held = spread([target("2026", value="0.95"), target("2026-Q1", value="0.9")], PAST, how, weighted=weighted)
    assert months_of(held) == [Decimal("0.9")] * 3 + [Decimal("0.95")] * 9


def test_a_sum_with_a_base_for_its_teams_is_still_a_sum() -> None:
    phased = spread([target("2026", value="1200")], PAST, Adding.total, weighted=True)
    assert sum(months_of(phased)) == 1200
    assert "its share of the period" in phased.method


def test_a_level_goes_in_a_straight_line_from_last_december() -> None:
    past = actuals(year_of([None] * 11 + [100], 2025), year_of([250] * 9, 2026))
    assert months_of(spread([target("2026", value="160")], past, Adding.last)) == [
        Decimal(100 + 5 * n) for n in range(1, 13)
    ]
    with_march = [target("2026", value="160"), target("2026-Q1", value="130")]
    phased = spread(with_march, past, Adding.last)
    # The line bends at the quarter's target, whatever this year's actuals are.
    assert months_of(phased)[:4] == [Decimal(110), Decimal(120), Decimal(130), Decimal(130) + Decimal(30) / 9]
    assert months_of(phased)[-1] == 160
    assert "straight line" in phased.method


def test_a_level_without_a_last_december_is_asked_for_the_target_and_the_method_says_so() -> None:
    phased = spread([target("2026", value="160")], NOTHING, Adding.last)
    assert months_of(phased) == [Decimal(160)] * 12
    assert "no last value" in phased.method


def test_growth_that_compounds_leaves_seven_point_eight_percent_for_the_second_half() -> None:
    targets = [target("2026", value="0.2"), target("2026-Q1", value="0.05"), target("2026-Q2", value="0.06")]
    months = months_of(spread(targets, NOTHING, Adding.compound))
    assert combine(months[:6], Adding.compound) == pytest.approx(Decimal("0.113"), abs=Decimal("1e-20"))
    assert combine(months[6:], Adding.compound) == pytest.approx(Decimal("0.0782"), abs=Decimal("0.0001"))
    assert combine(months, Adding.compound) == pytest.approx(Decimal("0.2"), abs=Decimal("1e-20"))
    alone = months_of(spread(targets[:1], NOTHING, Adding.compound))
    assert alone[0] == pytest.approx(Decimal("0.0153"), abs=Decimal("0.00005"))


def test_a_fall_by_more_than_everything_is_a_problem_and_no_crash() -> None:
    phased = spread([target("2026", value="-1.5")], NOTHING, Adding.compound)
    assert months_of(phased) == [None] * 12
    assert "-150%" in phased.problems[0].replace("\N{MINUS SIGN}", "-")


def test_both_ends_of_a_range_are_spread() -> None:
    phased = spread([target("2026", value="1200", upper="1320")], PAST)
    assert sum(months_of(phased)) == 1200
    assert sum(months_of(phased, "upper")) == 1320
    assert all(low <= high for low, high in zip(months_of(phased), months_of(phased, "upper"), strict=True))
    assert months_of(spread([target("2026", value="1200")], PAST), "upper") == [None] * 12


def test_a_loss_that_is_allowed_is_spread_too() -> None:
    assert sum(months_of(spread([target("2026", value="-120.5")], PAST))) == Decimal("-120.5")


def test_the_year_that_begins_in_april_ends_in_march() -> None:
    past = actuals(year_of(MONTHS_2025, 2025, start=4))
    phased = spread([target("2026", growth="0.2"), target("2026-Q4", value="300")], past, start=4)
    assert [f"{month:%Y-%m}" for month in phased.frame["month"]][::11] == ["2026-04", "2027-03"]
    assert sum(months_of(phased)) == 1200
    assert sum(months_of(phased)[9:]) == 300


def test_another_years_target_asks_nothing_of_this_one() -> None:
    phased = spread([target("2025", value="1000"), target("2027-Q1", value="5")], PAST)
    assert months_of(phased) == [None] * 12
    assert phased.problems == []


amounts = st.decimals(min_value=-(10**7), max_value=10**7, places=3)
history = st.one_of(st.just([]), st.lists(st.integers(min_value=1, max_value=10**6), min_size=12, max_size=12))


@given(
    year=amounts,
    held=st.dictionaries(st.sampled_from(["Q1", "Q2", "Q3", "Q4", "02", "11"]), amounts, max_size=5),
    before=history,
    even=st.booleans(),
)
def test_months_add_up_to_every_target_that_is_held(
    year: Decimal,
    held: dict[str, Decimal],
    before: list[int],
    even: bool,  # noqa: FBT001 - drawn
) -> None:
    phasing = "even" if even else "seasonal"
    targets = [target("2026", value=year, phasing=phasing)]
    targets += [target(f"2026-{part}", value=value, phasing=phasing) for part, value in held.items()]
    asked = dict(zip(YEAR.months, months_of(spread(targets, actuals(year_of(before, 2025)))), strict=True))
    filled = {part for part in held if part.startswith("Q")}
    for part, value in held.items():
        assert sum(asked[m] for m in Period.parse(f"2026-{part}").months) == value
    if len(filled) < 4:
        assert sum(asked.values()) == year
    else:
        assert sum(asked.values()) == sum(held[part] for part in filled)


@given(year=amounts, held=st.dictionaries(st.sampled_from(["Q1", "Q2", "Q3"]), amounts), before=history)
def test_the_mean_of_the_months_is_every_target_that_is_held(
    year: Decimal, held: dict[str, Decimal], before: list[int]
) -> None:
    targets = [target("2026", value=year), *(target(f"2026-{part}", value=v) for part, v in held.items())]
    months = months_of(spread(targets, actuals(year_of(before, 2025)), Adding.mean))
    assert combine(months, Adding.mean) == pytest.approx(year, abs=Decimal("1e-15"))
    for quarter, part in zip(YEAR.children(PeriodKind.quarter), range(0, 12, 3), strict=True):
        if (value := held.get(str(quarter)[5:])) is not None:
            assert sum(months[part : part + 3]) == 3 * value


def test_parts_that_contradict_their_whole_are_named_and_nothing_is_graded_by_them() -> None:
    past = actuals(year_of(MONTHS_2025, 2025))
    more = spread([target("2026", value="100"), target("2026-Q4", value="120")], past)
    assert any("120" in problem and "100" in problem for problem in more.problems)
    quarters = [target(f"2026-Q{n}", value="10") for n in range(1, 5)]
    filled = spread([target("2026", value="100"), *quarters], past)
    assert any("40" in problem for problem in filled.problems)
    exact = spread([target("2026", value="40"), *quarters], past)
    assert exact.problems == []


def test_a_growth_over_the_period_before_is_counted_from_there() -> None:
    # The fourth quarter of 2025 had 250, its first 230.
    first = spread([target("2026-Q1", growth="0.1", basis="period_before")], PAST)
    assert sum(months_of(first)[:3]) == 275
    later = spread([target("2026-Q3", growth="0.1", basis="period_before")], PAST)
    assert months_of(later) == [None] * 12
    (problem,) = later.problems
    assert problem.startswith("The target 2026-Q3 is a growth over the period before, whose actuals are not")


def test_eight_every_week_are_four_hundred_and_sixteen_a_year() -> None:
    weekly = target("2026", value="8", every="week", phasing="even")
    (whole,) = whole_targets([weekly], Adding.total)
    assert (whole.value, whole.every) == (416, None)
    assert sum(months_of(spread([whole], NOTHING))) == 416
    (rate,) = whole_targets([target("2026", value="0.95", every="month")], Adding.ratio)
    assert rate.value == Decimal("0.95")


def test_a_rhythm_beside_the_years_target_is_no_second_target() -> None:
    year = target("2026", "year", growth="0.2")
    monthly = target("2026", "monthly", growth="0.017", basis="period_before", every="month")
    assert whole_targets([monthly, year], Adding.total) == [year]
    assert whole_targets([monthly], Adding.total) == []
    assert spread(whole_targets([monthly, year], Adding.total), PAST).problems == []
