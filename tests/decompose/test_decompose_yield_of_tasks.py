"""How much a task brings within a period: two a week are 8.67 a month."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb.decompose.records import Every, Task
from kpinb.decompose.tasks.yields import brought, hours, times, times_in
from kpinb.period import Period, PeriodKind

YEAR = Period.parse("2026")
repeating = st.sampled_from(Every)
inside = st.integers(0, 364).map(lambda n: YEAR.first + timedelta(days=n))


def task(**fields: object) -> Task:
    return Task.build({"id": "t", "name": "Follow up 5 leads, win 2", **fields})


@pytest.mark.parametrize("month", ["2026-01", "2026-02", "2026-04"])
def test_two_a_week_are_8_7_in_every_month(month: str) -> None:
    # The method's 每周…转化2个用户 against 获取20个新用户.
    assert round(brought(task(brings="2", every="week"), Period.parse(month)) or 0, 1) == Decimal("8.7")


@pytest.mark.parametrize(
    ("period", "weeks"), [("2026", 52), ("2026-H1", 26), ("2026-Q1", 13), ("2026-W05", 1), ("2024", 52)]
)
def test_a_quarter_has_13_weeks(period: str, weeks: int) -> None:
    assert times_in(Every.week, Period.parse(period)) == weeks


@pytest.mark.parametrize(
    ("fields", "period", "count"),
    [
        ({}, "2026", 1),
        ({"end": "2026-03-31"}, "2026-Q1", 1),
        ({"end": "2026-04-01"}, "2026-Q1", 0),
        ({"start": "2026-04-01"}, "2026-Q1", 0),
        ({"end": "2025-12-01"}, "2026-Q1", 1),
        ({"every": "week", "start": "2026-01-05", "end": "2026-12-31"}, "2026", 52),
        ({"every": "week", "start": "2026-01-08", "end": "2026-12-31"}, "2026", 51),
        ({"every": "week", "start": "2026-03-30", "end": "2026-03-31"}, "2026-Q1", 1),
        ({"every": "week", "start": "2026-04-01"}, "2026-Q1", 0),
        ({"every": "week", "end": "2025-12-31"}, "2026-Q1", 0),
        ({"every": "month", "start": "2026-01-05", "end": "2026-12-30"}, "2026", 12),
        ({"every": "month", "start": "2026-03-31", "end": "2026-04-01"}, "2026", 2),
        ({"every": "quarter", "start": "2026-03-31"}, "2026", 4),
        ({"every": "quarter", "start": "2026-04-01", "end": "2026-09-30"}, "2026", 2),
        ({"every": "day", "start": "2026-10-05", "end": "2026-10-30"}, "2026-Q4", 65 - 2 - 44),
        ({"every": "month", "start": "2026-01-28"}, "2026-W05", Decimal(12) / 52),
    ],
)
def test_what_goes_by_before_it_starts_and_after_it_ends_is_missed(
    fields: dict[str, object], period: str, count: Decimal
) -> None:
    assert times(task(**fields), Period.parse(period)) == count


def test_a_fiscal_year_has_its_own_quarters() -> None:
    april = Period.parse("2026-Q1", fiscal_start=4)
    assert times(task(every="month", start="2026-05-01"), april) == 2


def test_what_it_does_not_say_is_not_nothing() -> None:
    assert brought(task(every="week"), YEAR) is None
    assert brought(task(brings="0", every="week"), YEAR) == 0
    assert hours(task(every="week"), YEAR) is None
    assert hours(task(every="week", effort_hours="24"), Period.parse("2026-Q4")) == 312


@given(repeating, inside, inside, st.sampled_from([PeriodKind.quarter, PeriodKind.month, PeriodKind.week]))
def test_it_is_never_done_more_often_than_the_period_allows(
    every: Every, one: object, other: object, kind: PeriodKind
) -> None:
    start, end = sorted([one, other])  # type: ignore[type-var]
    for period in YEAR.children(kind):
        done = times(task(every=every, start=start, end=end), period)
        assert 0 <= done <= times_in(every, period)
        whole = task(every=every, start=period.first, end=period.last)
        assert times(whole, period) == times_in(every, period)


@given(repeating, inside, inside)
def test_a_longer_task_is_done_no_less_often(every: Every, one: object, other: object) -> None:
    start, end = sorted([one, other])  # type: ignore[type-var]
    longer = task(every=every, start=YEAR.first, end=end)
    assert times(task(every=every, start=start, end=end), YEAR) <= times(longer, YEAR)
