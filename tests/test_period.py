"""Periods: written forms, children and parents, fiscal years, ISO weeks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb.errors import BadInput
from kpinb.period import Period, PeriodKind

KINDS = st.sampled_from(list(PeriodKind))
STARTS = st.integers(1, 12)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    kind = draw(KINDS)
    year = draw(st.integers(1990, 2050))
    most = {"year": 1, "half": 2, "quarter": 4, "month": 12, "week": 52}[kind.value]
    return Period(kind, year, draw(st.integers(1, most)), draw(STARTS))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_a_written_period_has_its_days(text: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.first, period.last, str(period)) == (first, last, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-W54",
        "2025-W53",
        "26-01",
        "2026-1",
        "２０２６",
        "2026-10\n2026",
        "abc",
    ],
)
def test_what_is_no_period_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        Period.parse(text)
    assert "2026-Q3" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["2026-10", "2026/10", "2026.10", "202610", "2026年10月", "2026-10-01", "20261001", " 2026-10 "]
)
def test_files_write_a_month_in_several_ways(text: str) -> None:
    assert Period.parse_month(text) == Period.parse("2026-10")


@pytest.mark.parametrize("text", ["2026-10-15", "2026-13", "10-2026", "Oct 2026", "2026", "２０２６-10"])
def test_a_day_or_a_year_is_not_a_month(text: str) -> None:
    with pytest.raises(BadInput):
        Period.parse_month(text)


def test_a_fiscal_year_is_named_after_the_year_in_which_it_begins() -> None:
    year = Period.parse("2026", fiscal_start=4)
    assert (year.first, year.last) == (date(2026, 4, 1), date(2027, 3, 31))
    january = Period.parse("2027-01", fiscal_start=4)
    assert january.fiscal_year == year
    assert str(january.parent(PeriodKind.quarter)) == "2026-Q4"
    assert [str(month) for month in year.months_to_date(Period.parse("2026-06", fiscal_start=4))] == [
        "2026-04",
        "2026-05",
        "2026-06",
    ]


@given(periods(), KINDS)
def test_children_follow_each_other_and_lie_in_their_parent(period: Period, kind: PeriodKind) -> None:
    if list(PeriodKind).index(kind) <= list(PeriodKind).index(period.kind):
        with pytest.raises(BadInput):
            period.children(kind)
        return
    children = period.children(kind)
    assert all(period.contains(child) for child in children)
    for before, after in pairwise(children):
        assert after.first == before.last + timedelta(days=1)
        assert before.shift(1) == after
    if kind is not PeriodKind.week:
        assert (children[0].first, children[-1].last) == (period.first, period.last)
        assert all(child.parent(period.kind) == period for child in children)


@given(st.integers(1990, 2050), STARTS)
def test_every_week_of_a_year_has_exactly_one_month(year: int, start: int) -> None:
    whole = Period(PeriodKind.year, year, 1, start)
    weeks = whole.children(PeriodKind.week)
    by_month = [week for month in whole.months for week in month.children(PeriodKind.week)]
    assert weeks == by_month


@given(periods(), st.integers(-300, 300))
def test_shifting_there_and_back_changes_nothing(period: Period, steps: int) -> None:
    assert period.shift(steps).shift(-steps) == period
    assert Period.parse(str(period), fiscal_start=period.fiscal_start) == period


@given(periods())
def test_the_year_before_is_the_same_period_a_year_earlier(period: Period) -> None:
    before = period.year_before
    assert before.kind is period.kind
    if period.kind is PeriodKind.week:
        assert 50 * 7 <= (period.first - before.first).days <= 53 * 7
    else:
        assert before.first == period.first.replace(year=period.first.year - 1)
