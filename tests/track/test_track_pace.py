"""Attainment to date: fifteen percent of a promised twenty, a response time, a hole, a month not yet over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import MONTHS_2025, Workbook, actuals, indicator, noon, stand, target, year_of

from kpinb import language, track
from kpinb.actuals import Actuals
from kpinb.period import Period
from kpinb.track.pace import (
    Standing,
    Status,
    months_list,
    pace_frame,
    standing_sentence,
    standings,
    status,
    worst_first,
)
from kpinb.view import Tone

LAST_YEAR = year_of(MONTHS_2025, 2025)
TWENTY = target("2026", growth="0.2")
REVENUE = indicator(unit="万元", importance=5, owner="销售部经理")


def grown(rate: str, months: int = 10) -> dict[Period, Decimal]:
    return dict(zip(year_of([0] * months), [Decimal(v) * Decimal(rate) for v in MONTHS_2025], strict=False))


def graded(one: Standing) -> tuple[Status, Decimal | None]:
    return one.status, one.to_date.reached


def test_fifteen_percent_of_a_promised_twenty_is_seventy_five_percent_and_lags() -> None:
    found = stand(REVENUE, [TWENTY], actuals(LAST_YEAR, grown("1.15")), "2026-10")
    assert graded(found) == (Status.lagging, Decimal("0.75"))
    assert (found.to_date.growth, found.to_date.promised) == (Decimal("0.15"), Decimal("0.2"))
    assert standing_sentence(found) == (
        "revenue, January 2026 to October 2026: 954.5\N{NO-BREAK SPACE}万元, +15% on the year before, where the "
        "target asks for 996\N{NO-BREAK SPACE}万元, +20%: 75% of the promised change, lagging."
    )


def test_a_hair_less_is_off() -> None:
    found = stand(REVENUE, [TWENTY], actuals(LAST_YEAR, grown("1.1498")), "2026-10")
    assert graded(found) == (Status.off, Decimal("0.749"))


@pytest.mark.parametrize(
    ("reached", "grade"),
    [("0.95", "on_track"), ("0.9499", "lagging"), ("0.75", "lagging"), ("0.7499", "off"), ("-3", "off")],
)
def test_the_thresholds_belong_to_the_better_grade(reached: str, grade: str) -> None:
    assert status(Decimal(reached), met=False) == grade


def test_what_meets_its_target_is_on_track_and_a_miss_without_a_ratio_is_off() -> None:
    assert status(None, met=True) is Status.on_track
    assert status(None, met=False) is Status.off


def test_a_response_time_of_two_and_a_half_hours_is_eighty_percent_of_two() -> None:
    hours = indicator(unit="hours", direction="at_most", over_time="mean")
    lagging = stand(hours, [target("2026", value="2")], actuals(year_of(["2.5"])), "2026-01")
    assert graded(lagging) == (Status.lagging, Decimal("0.8"))
    assert "where the target is ≤ 2\N{NO-BREAK SPACE}hours, lagging" in standing_sentence(lagging)
    # A falling figure that beats its target is green, not red.
    green = stand(hours, [target("2026", value="2")], actuals(year_of(["2.5", "1.5", "1.4"])), "2026-03")
    assert graded(green) == (Status.on_track, Decimal(2) / Decimal("1.8"))
    assert stand(hours, [target("2026", value="2")], actuals(year_of([0])), "2026-01").status is Status.on_track


def test_complaints_that_are_to_fall_by_ten_percent_and_fall_by_five_are_half_way() -> None:
    complaints = indicator("complaints", direction="at_most")
    fewer = target("2026", growth="-0.1")
    half = stand(complaints, [fewer], actuals(year_of([100] * 12, 2025), year_of([95] * 4)), "2026-04")
    assert graded(half) == (Status.off, Decimal("0.5"))
    assert "50% of the promised change" in standing_sentence(half)
    more = stand(complaints, [fewer], actuals(year_of([100] * 12, 2025), year_of([120] * 4)), "2026-04")
    assert graded(more) == (Status.off, Decimal(-2))
    assert "moved away from its target" in standing_sentence(more)


def test_a_fall_that_is_allowed_is_no_promised_change() -> None:
    # At least 95 % of last year: last year meets that, so attainment is actual ÷ target and no change.
    found = stand(REVENUE, [target("2026", growth="-0.05")], actuals(LAST_YEAR, grown("0.9")), "2026-10")
    assert found.to_date.reached == pytest.approx(Decimal("0.9") / Decimal("0.95"), abs=Decimal("0.0001"))
    assert "promised" not in standing_sentence(found)
    assert "≥" in standing_sentence(found)


@pytest.mark.parametrize("hole", [None, "absent"])
def test_a_month_without_a_figure_makes_it_unknown_and_is_named(hole: str | None) -> None:
    this_year: dict[Period, Decimal | None] = dict(grown("1.3"))
    march = Period.parse("2026-03")
    if hole:
        del this_year[march]
    else:
        this_year[march] = None
    found = stand(REVENUE, [TWENTY], actuals(LAST_YEAR, this_year), "2026-10")
    assert graded(found) == (Status.unknown, None)
    assert found.to_date.actual is None
    assert found.to_date.missing == [march]
    assert "unknown, because March 2026 has no figure" in standing_sentence(found)
    assert found.status.tone is Tone.unknown
    assert found.month.status is Status.on_track


def test_zero_is_a_figure_and_counts() -> None:
    found = stand(
        REVENUE, [TWENTY], actuals(LAST_YEAR, {**grown("1.2"), Period.parse("2026-03"): Decimal(0)}), "2026-10"
    )
    assert found.to_date.missing == []
    assert found.to_date.actual == Decimal(996) - 108
    assert found.status is Status.off


def test_a_hole_in_last_year_does_not_turn_a_lagging_growth_into_a_green_ratio() -> None:
    # 1150 of 1200 is 96 %: green. 15 % of a promised 20 % is 75 %. With a hole in last year neither may be said.
    holed = {**LAST_YEAR, Period.parse("2025-05"): None}
    both = target("2026", value="1200", growth="0.2", phasing="even")
    known = stand(REVENUE, [both], actuals(LAST_YEAR, grown("1.15", 12)), "2026-12")
    assert graded(known) == (Status.lagging, Decimal("0.75"))
    found = stand(REVENUE, [both], actuals(holed, grown("1.15", 12)), "2026-12")
    assert graded(found) == (Status.unknown, None)
    assert "May 2025 has no figure" in standing_sentence(found)


def test_a_month_s_own_target_does_not_change_what_the_year_is_graded_by() -> None:
    october = target("2026-10", value="96")
    found = stand(REVENUE, [TWENTY, october], actuals(LAST_YEAR, grown("1.15")), "2026-10")
    assert found.to_date.reached == pytest.approx(Decimal("0.75"), abs=Decimal("0.001"))


def test_last_year_s_rate_is_weighted_with_last_year_s_base() -> None:
    # Few customers in a bad January 2025, many in 2026: this year's weights would make last year look worse.
    order = indicator("order", over_time="mean", base="customers")
    past = Actuals(
        {**year_of([10] + [20] * 11, 2025), **year_of([12, 22])},
        {**year_of([1] + [99] * 11, 2025), **year_of([99, 1])},
    )
    found = stand(order, [target("2026", growth="0.2")], past, "2026-02")
    assert found.to_date.start == (Decimal(10) + 20 * 99) / 100
    assert found.to_date.actual == (Decimal(12) * 99 + 22) / 100


def test_a_range_is_kept_inside_and_missed_on_both_sides() -> None:
    stock = indicator("stock", direction="between", over_time="mean")
    span = target("2026", value="5", upper="8")
    inside, below, above = (
        stand(stock, [span], actuals(year_of([value])), "2026-01") for value in ("8", "4", "10")
    )
    assert graded(inside) == (Status.on_track, Decimal(1))
    assert graded(below) == (Status.lagging, Decimal("0.8"))
    assert graded(above) == (Status.lagging, Decimal("0.8"))
    assert "5 to 8" in standing_sentence(above)


def test_a_range_for_a_sum_has_both_ends_to_date() -> None:
    output = indicator("output", direction="between")
    found = stand(output, [target("2026", value="1200", upper="1320")], actuals(year_of([120] * 3)), "2026-03")
    assert (found.to_date.expected, found.to_date.upper) == (300, 330)
    # Held against the year's 1320 in every month it would have passed.
    assert graded(found) == (Status.lagging, Decimal(330) / 360)


def test_a_loss_that_is_allowed_is_met_by_a_smaller_one_and_missed_by_a_larger() -> None:
    profit = indicator("profit")
    allowed = target("2026", value="-120")
    assert stand(profit, [allowed], actuals(year_of([-5])), "2026-01").status is Status.on_track
    assert graded(stand(profit, [allowed], actuals(year_of([-15])), "2026-01")) == (Status.off, None)


def test_a_level_counts_its_last_month_only() -> None:
    staff = indicator("staff", over_time="last")
    hired = actuals(year_of([None] * 11 + [100], 2025), year_of([None, None, 130]))
    found = stand(staff, [target("2026", value="160")], hired, "2026-03")
    assert (found.to_date.expected, found.to_date.actual, found.to_date.missing) == (115, 130, [])
    hole = stand(staff, [target("2026", value="160")], actuals(year_of([1, 2, None])), "2026-03")
    assert hole.to_date.missing == [Period.parse("2026-03")]


def test_months_before_the_first_target_have_no_complete_target() -> None:
    found = stand(REVENUE, [target("2026-Q4", value="300")], actuals(grown("1.2")), "2026-10")
    assert found.status is Status.unknown
    assert "no complete target" in standing_sentence(found)
    assert found.month.status is Status.on_track


def test_runs_of_months_are_named_by_their_ends() -> None:
    months = Period.parse("2026").months
    assert months_list([months[0], months[1], months[2], months[4]]) == "January 2026 to March 2026, May 2026"


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=12, max_size=12),
    st.integers(min_value=1, max_value=12),
)
def test_unknown_is_exactly_what_has_a_hole_to_date(values: list[int | None], upto: int) -> None:
    found = stand(REVENUE, [target("2026", value="1200")], actuals(year_of(values)), f"2026-{upto:02}")
    holes = [n for n, value in enumerate(values[:upto], start=1) if value is None]
    assert [month.number for month in found.to_date.missing] == holes
    assert (found.status is Status.unknown) == bool(holes)
    if not holes:
        assert found.to_date.actual == sum(v for v in values[:upto] if v is not None)


def revenue_book(workbook: Workbook, rate: str = "1.15", **opening: object) -> object:
    workbook.save("sales", REVENUE, TWENTY)
    this_year: dict[Period, object] = {**grown(rate), Period.parse("2026-11"): None}
    facts = workbook.write_actuals("sales", revenue={**LAST_YEAR, **this_year})
    return workbook.book(facts=facts, **opening)  # type: ignore[arg-type]


def test_the_book_tells_the_same_story(workbook: Workbook) -> None:
    book = revenue_book(workbook)
    (found,) = standings(book)
    assert graded(found) == (Status.lagging, Decimal("0.75"))
    assert found.month.actual == Decimal(80) * Decimal("1.15")
    first, second = track.bottom_line(book)
    assert (first.text, first.tone) == ("0 of 1 indicator is on track.", Tone.warn)
    assert "75% of the promised change" in second.text
    (row,) = track.pace_table(book).texts()
    assert row[-2:] == ["75%", "lagging"]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_both_languages_write_it(workbook: Workbook, code: str) -> None:
    book = revenue_book(workbook)
    with language.use(code):
        assert len(track.bottom_line(book)) == 2
        assert "75%" in track.pace_table(book).as_text()
        assert "95%" in track.method_sentence().text


def test_in_the_middle_of_october_only_september_is_over(workbook: Workbook) -> None:
    shanghai = timezone(timedelta(hours=8))
    book = revenue_book(workbook, as_of=datetime(2026, 10, 31, 12, tzinfo=shanghai) - timedelta(days=15))
    (found,) = standings(book)
    assert [str(month) for month in found.to_date.months][-1] == "2026-09"
    assert found.to_date.reached == Decimal("0.75")
    # October is not yet due: neither unknown nor zero, and September does not stand in for it.
    assert found.month.months == []
    frame = pace_frame([found])
    assert frame["month_status"][0] is None
    row = track.pace_table(book).texts()[0]
    assert row.count("–") == 3
    evening = workbook.book(facts="sales.csv", as_of=datetime(2026, 10, 31, 0, 30, tzinfo=shanghai))
    assert [str(m) for m in standings(evening)[0].month.months] == ["2026-10"]


def test_in_january_nothing_is_due_and_nothing_is_red(workbook: Workbook) -> None:
    book = revenue_book(workbook, period="2026-01", on=noon(2026, 1, 20))
    (found,) = standings(book)
    assert found.status is Status.unknown
    assert found.to_date.missing == []
    assert "no month of the year is over yet" in standing_sentence(found)
    assert track.pace_table(book).texts()[0].count("–") >= 5


def test_november_without_a_row_is_unknown_once_it_is_over(workbook: Workbook) -> None:
    book = revenue_book(workbook, period="2026-11")
    (found,) = standings(book)
    assert found.to_date.missing == [Period.parse("2026-11")]
    assert "November 2026 has no figure" in track.bottom_line(book).items[1].text


def test_two_targets_for_the_year_are_not_graded_by_one_of_them(workbook: Workbook) -> None:
    workbook.save("sales", REVENUE, TWENTY, target("2026", "another", value="1"))
    facts = workbook.write_actuals("sales", revenue={**LAST_YEAR, **grown("1.15")})
    (found,) = standings(workbook.book(facts=facts))
    assert graded(found) == (Status.unknown, None)
    assert "two targets for 2026" in standing_sentence(found)


def test_an_indicator_without_a_target_is_left_out_and_one_that_cannot_be_resolved_is_not(
    workbook: Workbook,
) -> None:
    workbook.save("sales", REVENUE, indicator("for-information"), TWENTY)
    facts = workbook.write_actuals("sales", revenue=grown("1.15"), **{"for-information": grown("1")})
    found = standings(workbook.book(facts=facts))
    assert [(s.indicator.id, s.status) for s in found] == [("revenue", Status.unknown)]
    assert "Give the value itself" in standing_sentence(found[0])


def test_an_april_year_counts_from_april(workbook: Workbook) -> None:
    workbook.save("sales", REVENUE, target("2026", value="1200", phasing="even"))
    facts = workbook.write_actuals("sales", revenue=year_of([100] * 12, 2026, start=4))
    (found,) = standings(workbook.book(facts=facts, period="2027-02", start=4))
    assert [str(m) for m in found.to_date.months][::10] == ["2026-04", "2027-02"]
    assert (found.to_date.actual, found.to_date.reached) == (1100, Decimal(1))


def test_the_worst_stands_first_and_the_unknown_before_the_well() -> None:
    def one(name: str, value: object, importance: int = 3) -> Standing:
        return stand(
            indicator(name, importance=importance),
            [target("2026", value="1200")],
            actuals(year_of([value])),
            "2026-01",
        )

    found = [
        one("well", 100),
        one("unknown", None),
        one("lags", 80),
        one("off", 70),
        one("worse", 60),
        one("main", 74, 5),
    ]
    assert [s.indicator.id for s in worst_first(found)] == ["main", "worse", "off", "lags", "unknown", "well"]


def test_the_clock_s_own_day_decides_what_is_due(workbook: Workbook) -> None:
    book = revenue_book(workbook, on=datetime(2026, 10, 31, 1, tzinfo=UTC))
    assert [str(m) for m in standings(book)[0].month.months] == ["2026-10"]
