"""The definition runs: computed from the actuals, with what is missing and what the process does anyway."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, indicator, year_of

from kpinb import recordbook
from kpinb.book import Book
from kpinb.clarify.quantify.natural_range import NaturalRange, natural_range
from kpinb.clarify.quantify.reading import brief_reading, read_running, short_reading, verdict_sentence
from kpinb.clarify.quantify.running import Running, Verdict, judge, run, run_all, run_criterion
from kpinb.clarify.quantify.running_table import running_sentences, running_table
from kpinb.clarify.quantify.season import follows_season
from kpinb.clarify.quantify.values import State
from kpinb.clarify.records import Criterion, Indicator
from kpinb.measure import Direction, meets
from kpinb.period import Period
from kpinb.view import Tone

REPOSITORY = Path(__file__).parents[2]
RETAIL = REPOSITORY.parent / "shared" / "data" / "aus_retail.csv.gz"
RESPONSE = indicator(
    "response", name="Response time", unit="hours", direction="at_most", over_time="mean", base="tickets"
)
REVENUE = indicator("revenue", name="Revenue", unit="万元")


def criterion(**fields: object) -> Criterion:
    return Criterion.build({"id": "c", "indicator": "revenue", "threshold": "0", **fields})


def book_of(workbook: Workbook, period: str = "2026-10", *, on: datetime | None = None, **series: Any) -> Book:
    facts = workbook.write_actuals("sales", **series)
    return workbook.book(period=period, facts=facts, on=on or datetime(2030, 1, 1, tzinfo=UTC))


def observations(workbook: Workbook, rows: Sequence[tuple[str, str, object]], period: str = "2026-03") -> Book:
    """Give a book whose actuals have a row for each ticket: month, series, value."""
    lines = [f"{month},{series},T{at},{value}" for at, (month, series, value) in enumerate(rows)]
    (workbook.root / "tickets.csv").write_text("\n".join(["month,indicator,ticket,value", *lines, ""]))
    return workbook.book(period=period, facts="tickets.csv")


def values(running: Running) -> dict[str, str | None]:
    return {str(w): None if one.value is None else format(one.value, "f") for w, one in running.values.items()}


def texts(running: Running) -> list[str]:
    return [sentence.text.replace("\N{NO-BREAK SPACE}", " ") for sentence in read_running(running)]


TICKETS = [
    *[("2026-01", "hours", hours) for hours in (1, 2, 3, 40)],
    *[("2026-02", "hours", hours) for hours in (1, 2)],
    *[("2026-03", "hours", hours) for hours in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)],
]


# Each statistic, by hand


def test_a_mean_is_weighted_with_its_base_in_a_quarter_too(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-03", response=year_of(["2.5", "1.5", "2"]), tickets=year_of([100, 300, 200]))
    monthly = run(criterion(statistic="mean", direction="at_most", threshold="2"), RESPONSE, book)
    assert values(monthly) == {"2026-01": "2.5", "2026-02": "1.5", "2026-03": "2"}
    # (250 + 450 + 400) ÷ 600, not (2.5 + 1.5 + 2) ÷ 3
    assert values(run(criterion(statistic="mean", window="quarter"), RESPONSE, book)) == {"2026-Q1": "1.833333333"}
    assert texts(monthly)[:3] == [
        "Computed as the mean of “response”, weighted with “tickets”, over each calendar month.",
        "In March 2026 it came to 2 hours, which meets ≤ 2 hours.",
        "No figure is missing in 3 months.",
    ]


def test_eight_a_week_is_a_months_sum_by_its_days(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-02", revenue=year_of([31, 32]))
    running = run(criterion(threshold="8", window="week"), REVENUE, book)
    assert values(running) == {"2026-01": "7", "2026-02": "8"}
    assert list(running.frame["met"]) == [False, True]
    assert texts(running)[0] == "Computed as the sum of “revenue” over an average week of each month."


def test_growth_compares_with_the_same_window_of_the_year_before(workbook: Workbook) -> None:
    book = book_of(
        workbook, revenue=year_of([100] * 12, 2024) | year_of([110] * 12, 2025) | year_of([121] * 10, 2026)
    )
    asked = {"statistic": "growth", "threshold": "0.2", "unit": "%"}
    yearly = run(criterion(window="year", **asked), REVENUE, book)
    assert values(yearly) == {"2025": "0.1", "2026": None}
    assert [one.state for one in yearly.values.values()] == [State.known, State.not_due]
    assert (yearly.computed.so_far, yearly.computed.so_far_months) == (Decimal("0.1"), 10)
    assert texts(yearly)[:3] == [
        "Computed as the growth of “revenue” against the same time of the year before, each year.",
        "In 2025 it came to 10%, which does not meet ≥ 20%.",
        "2026 is not over; 10 months of it come to 10%.",
    ]
    # 2024 has no year before it: the series begins there, and nothing is missing.
    assert list(values(run(criterion(window="quarter", **asked), REVENUE, book))) == [
        *(f"2025-Q{n}" for n in range(1, 5)),
        *(f"2026-Q{n}" for n in range(1, 5)),
    ]


def test_a_rate_is_the_sum_of_what_counts_divided_by_the_sum_of_all(workbook: Workbook) -> None:
    resolved = indicator("rate", unit="%", fact="resolved", over_time="ratio", base="tickets")
    book = book_of(workbook, "2026-03", resolved=year_of([90, 50, 0]), tickets=year_of([100, 100, 100]))
    for statistic in ("ratio", "share_within"):
        asked = criterion(statistic=statistic, threshold="0.95", unit="%")
        assert values(run(asked, resolved, book)) == {"2026-01": "0.9", "2026-02": "0.5", "2026-03": "0"}
    quarter = criterion(statistic="ratio", window="quarter", threshold="0.95")
    assert values(run(quarter, resolved, book)) == {"2026-Q1": "0.466666667"}
    assert texts(run(asked, resolved, book))[0].endswith("“resolved” itself counts what is within the limit.")


def test_a_level_has_no_sum_over_months_and_growth_rates_compound(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-03", staff=year_of([10, 11, 12]), rate=year_of(["0.1", "0.1", "0"]))
    quarter = criterion(window="quarter")
    staff = indicator("staff", over_time="last")
    assert values(run(quarter, staff, book)) == {"2026-Q1": "12"}
    assert values(run(quarter, indicator("rate", over_time="compound"), book)) == {"2026-Q1": "0.21"}
    assert "the last value of “staff”" in texts(run(quarter, staff, book))[0]


def test_the_median_and_the_percentile_are_those_of_the_tickets(workbook: Workbook) -> None:
    book = observations(workbook, TICKETS)
    response = indicator("response", unit="hours", fact="hours")
    median = run(criterion(statistic="median", direction="at_most", threshold="2"), response, book)
    assert values(median) == {"2026-01": "2.5", "2026-02": "1.5", "2026-03": "7"}
    assert texts(median)[0] == (
        "Computed as the median of 17 single observations of “hours” over each calendar month."
    )
    # Linear interpolation at (n − 1) · 0.9: of 1 2 3 40 that is 3 + 0.7 · 37.
    percentile = criterion(statistic="percentile_90")
    assert values(run(percentile, response, book)) == {"2026-01": "28.9", "2026-02": "1.9", "2026-03": "11"}
    quarter = criterion(statistic="median", window="quarter")
    assert values(run(quarter, response, book)) == {"2026-Q1": "5"}


def test_a_share_within_a_limit_counts_the_tickets_up_to_it(workbook: Workbook) -> None:
    rows = [*TICKETS, *[(f"2026-0{n}", "tickets", count) for n, count in ((1, 4), (2, 2), (3, 11))]]
    book = observations(workbook, rows)
    # The base has one figure a month and counts the same tickets: it does not turn hours into a ratio.
    response = indicator("response", unit="hours", fact="hours", base="tickets")
    asked = criterion(statistic="share_within", limit="2", threshold="0.95", unit="%")
    running = run(asked, response, book)
    assert values(running) == {"2026-01": "0.5", "2026-02": "1", "2026-03": "0.090909091"}
    assert texts(running)[:2] == [
        "Computed as the share of 17 single observations of “hours” that are 2 or less, over each calendar month.",
        "In March 2026 it came to 9.1%, which does not meet ≥ 95%.",
    ]


def test_a_criterion_may_name_its_own_series_and_base(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-01", other=year_of([30]), all_of_it=year_of([40]))
    running = run(criterion(statistic="ratio", fact="other", base="all_of_it"), REVENUE, book)
    assert values(running) == {"2026-01": "0.75"}


# What is not there


def test_missing_zero_and_not_yet_due_are_three_different_things(workbook: Workbook) -> None:
    book = book_of(
        workbook,
        "2026-04",
        on=datetime(2026, 4, 20, tzinfo=UTC),
        revenue=year_of([5, None, 0, 7]),
    )
    running = run(criterion(threshold="1"), REVENUE, book)
    assert running.frame[["window", "value", "state", "met"]].to_numpy().tolist() == [
        ["January 2026", Decimal(5), State.known, True],
        ["February 2026", None, State.missing, None],
        ["March 2026", Decimal(0), State.known, False],
        ["April 2026", None, State.not_due, None],
    ]
    assert str(running.frame["first"][0]) == "2026-01-01"
    assert "Missing, and not counted as zero: February 2026." in texts(running)
    # No two known months are neighbours: the mean is known, the range is not.
    assert running.natural.centre == Decimal("2.5")
    assert (
        "The natural range is not computable: no two neighbouring values are both there, so there is no moving "
        "range." in texts(running)
    )


def test_a_quarter_with_a_missing_month_is_missing_and_names_the_month(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-09", revenue=year_of([1, 1, 1, 1, None, 1, 1, 1, 1]))
    running = run(criterion(window="quarter"), REVENUE, book)
    assert values(running) == {"2026-Q1": "3", "2026-Q2": None, "2026-Q3": "3"}
    assert "Missing, and not counted as zero: Q2 2026 (May 2026)." in texts(running)


def test_growth_lacks_the_month_of_the_year_before(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-02", revenue=year_of([1, None] + [1] * 10, 2025) | year_of([2, 2]))
    running = run(criterion(statistic="growth"), REVENUE, book)
    assert values(running) == {"2026-01": "1", "2026-02": None}
    assert "Missing, and not counted as zero: February 2026 (February 2025)." in texts(running)


def test_what_would_divide_by_nothing_is_not_computable_and_says_why(workbook: Workbook) -> None:
    book = book_of(
        workbook,
        "2026-02",
        revenue=year_of([0, -2] + [1] * 10, 2025) | year_of([2, 2]),
        signed=year_of([0, 5]),
        leads=year_of([0, 10]),
    )
    growth = run(criterion(statistic="growth"), REVENUE, book)
    assert [one.state for one in growth.values.values()] == [State.not_computable] * 2
    assert (
        "Not computable: January 2026 (the year before, 0, is not above zero); February 2026 (the year before, "
        "-2, is not above zero)." in texts(growth)
    )
    rate = indicator("rate", over_time="ratio", fact="signed", base="leads")
    ratio = run(criterion(statistic="ratio"), rate, book)
    assert values(ratio) == {"2026-01": None, "2026-02": "0.5"}
    assert "Not computable: January 2026 (its base is zero)." in texts(ratio)
    book = book_of(workbook, "2026-03", signed=year_of([0, 5, 4]), leads=year_of([0, 10, 10]))
    quarter = run(criterion(statistic="ratio", window="quarter"), rate, book)
    assert "Not computable: Q1 2026 (the base is zero in January 2026)." in texts(quarter)


SEASON = [100, 80, 95, 100, 105, 100, 95, 98, 103, 108, 120, 160]
"""A year of months as shops have them."""


def test_a_season_is_said_and_not_taken_for_a_change_of_the_process(workbook: Workbook) -> None:
    low = [80, 82, 84, 83, 85, 84, 82, 81, 140, 150, 145, 160]
    for months in (SEASON, low):
        book = book_of(
            workbook, "2026-08", revenue=year_of([*months[8:]], 2024) | year_of(months, 2025) | year_of(months[:8])
        )
        # 20 months are no two years: what is one year's rise is not known to be the season.
        assert not run(criterion(threshold="130"), REVENUE, book).seasonal
        book = book_of(
            workbook,
            "2026-08",
            revenue=year_of(months, 2024) | year_of([m + 2 for m in months], 2025) | year_of(months[:8]),
        )
        running = run(criterion(threshold="130"), REVENUE, book)
        assert (running.seasonal, running.since) == (True, None)
        said = " ".join(texts(running))
        assert "The months go up and down as they did a year before" in said
        assert "the process has changed" not in said
        assert "The process is changing" not in said
    # Eight low months of every year lie in a row on one side of the mean.
    assert running.natural.shifted
    assert running.verdict is Verdict.unknown
    assert texts(running)[-1] == (
        "The season moves these figures, so their range does not say whether the process does ≥ 130 万元 anyway; "
        "it met it in 8 of 24 cases."
    )
    turns = [100, 150, 90, 140, 100, 160, 95, 145, 105, 150, 90, 155]
    book = book_of(workbook, "2025-12", revenue=year_of(turns, 2024) | year_of(turns, 2025))
    within = run(criterion(threshold="110"), REVENUE, book)
    assert texts(within)[-1] == (
        "≥ 110 万元 lies within the natural range: the process met it in 12 of 24 cases, by season and by chance. "
        "Meeting it every time takes a change of the process."
    )
    growth = run(criterion(statistic="growth", threshold="0.1"), REVENUE, book)
    assert not growth.seasonal


@pytest.mark.parametrize(
    ("values", "seasonal"),
    [
        (SEASON * 2, True),
        ([1000, *SEASON * 2], True),
        ([n * 10 + m for n, m in enumerate(SEASON * 2)], True),
        (SEASON + SEASON[::-1], False),
        (SEASON * 2 + SEASON[::-1], False),
        (list(range(24)), False),
        ([5] * 24, False),
        ([5] * 12 + [9] * 12, False),
        ([*SEASON, *SEASON[:11]], False),
        ([*SEASON, None, *SEASON[1:]], True),
        ([*SEASON, *[None] * 4, *SEASON[4:]], False),
        ([None] * 24, False),
        ([], False),
    ],
)
def test_a_season_is_what_repeats_in_the_changes_of_two_years(
    values: list[int | None],
    seasonal: bool,  # noqa: FBT001
) -> None:
    assert follows_season([None if v is None else Decimal(v) for v in values]) is seasonal


def test_what_is_met_as_a_rule_and_was_missed_once_is_not_said_to_be_met_always(workbook: Workbook) -> None:
    months = [20, 21, 22, 21, 20, 22, 21, 20, 21, 22, 14]
    book = book_of(workbook, "2026-11", revenue=year_of(months))
    assert texts(run(criterion(threshold="15"), REVENUE, book))[-1] == (
        "The whole natural range meets ≥ 15 万元, as 10 of 11 values did; the others were exceptions. It is met "
        "as a rule and asks for no change."
    )


def test_empty_tickets_are_counted_and_a_month_without_any_is_missing(workbook: Workbook) -> None:
    rows = [
        ("2026-01", "hours", 1),
        ("2026-01", "hours", ""),
        ("2026-03", "hours", 3),
        ("2026-03", "hours", 4),
    ]
    running = run(criterion(statistic="median"), indicator("response", fact="hours"), observations(workbook, rows))
    assert values(running) == {"2026-01": None, "2026-02": None, "2026-03": "3.5"}
    assert (
        "Missing, and not counted as zero: January 2026 (1 of 2 observations are empty); February 2026."
        in texts(running)
    )


def test_only_the_last_twenty_four_windows_are_looked_at(workbook: Workbook) -> None:
    book = book_of(workbook, revenue=year_of([1] * 12, 2023) | year_of([1] * 12, 2024) | year_of([1] * 22, 2025))
    found = list(values(run(criterion(), REVENUE, book)))
    assert (len(found), found[0], found[-1]) == (24, "2024-11", "2026-10")


def test_windows_follow_the_fiscal_year(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of(range(1, 13), 2025, start=4))
    book = workbook.book(period="2026-03", facts=facts, start=4)
    assert values(run(criterion(window="year"), REVENUE, book)) == {"2025": "78"}
    assert values(run(criterion(window="quarter"), REVENUE, book))["2025-Q4"] == "33"


# What is wrong becomes a sentence, since it runs while a person types


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"fact": "revenu"}, "have no series “revenu”. The closest matches: revenue"),
        ({"statistic": "mean", "base": "nothing"}, "have no series “nothing”"),
        ({"statistic": "ratio"}, "A ratio of “revenue” needs a base: name the series that it is divided by."),
        (
            {"statistic": "median"},
            "have one figure of “revenue” a month. The median needs the single observations",
        ),
        ({"statistic": "percentile_90"}, "The 90th percentile needs the single observations"),
        ({"statistic": "share_within", "limit": "24"}, "A share within a limit needs the single observations, or"),
        ({"fact": "empty"}, "“empty” has no figure up to February 2026."),
        ({"fact": "empty", "statistic": "median"}, "have one figure of “empty” a month"),
        ({"statistic": "growth"}, "“revenue” begins in January 2026: growth over the year before needs the same"),
        ({"window": "year"}, "“revenue” begins in January 2026, and no whole year has been over since."),
        ({"indicator": "gone"}, "There is no indicator “gone”. Write it first, or name another."),
    ],
)
def test_what_cannot_be_computed_is_a_sentence_and_no_error(
    workbook: Workbook, fields: dict[str, str], says: str
) -> None:
    book = book_of(workbook, "2026-02", revenue=year_of([1, 2]), empty=year_of([None, None]))
    workbook.save("sales", REVENUE)
    running = run_criterion(book, criterion(**fields))
    assert says in running.problem
    assert texts(running) == [running.problem]
    assert read_running(running).items[0].tone is Tone.unknown
    assert (running.values, running.verdict) == ({}, Verdict.unknown)
    assert short_reading(running).text == brief_reading(running).text == f"{running.name}: {running.problem}"


def test_growth_rates_do_not_grow(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-02", rate=year_of([1, 2]))
    running = run(criterion(statistic="growth"), indicator("rate", over_time="compound"), book)
    assert "“rate” holds growth rates already" in running.problem


def test_single_observations_need_a_limit_to_be_within(workbook: Workbook) -> None:
    running = run(
        criterion(statistic="share_within"), indicator("response", fact="hours"), observations(workbook, TICKETS)
    )
    assert running.problem == "“hours” has single observations: give the limit up to which one is in time."


def test_a_department_without_actuals_and_one_without_any_figure_say_so(workbook: Workbook) -> None:
    assert run(criterion(), REVENUE, workbook.book()).problem == (
        "There is no file of actuals here, so the criterion cannot be computed."
    )
    book = book_of(workbook, "2026-02", revenue=year_of([None, None]))
    assert run(criterion(), REVENUE, book).problem == (
        "The actuals have no figures that reach over a whole window up to February 2026."
    )


def test_a_file_that_cannot_be_read_is_a_sentence_too(workbook: Workbook) -> None:
    (workbook.root / "bad.csv").write_text("month,indicator,value\n2026-01,revenue,many\n")
    running = run(criterion(), REVENUE, workbook.book(period="2026-02", facts="bad.csv"))
    assert "bad.csv" in running.problem
    assert "many" in running.problem


# What the process does anyway


@pytest.mark.parametrize(
    ("direction", "low", "high", "verdict"),
    [
        ("at_least", "4", None, Verdict.met_anyway),
        ("at_least", "4.01", None, Verdict.within),
        ("at_least", "16", None, Verdict.within),
        ("at_least", "16.01", None, Verdict.beyond),
        ("at_most", "16", None, Verdict.met_anyway),
        ("at_most", "15.99", None, Verdict.within),
        ("at_most", "4", None, Verdict.within),
        ("at_most", "3.99", None, Verdict.beyond),
        ("between", "4", "16", Verdict.met_anyway),
        ("between", "5", "16", Verdict.within),
        ("between", "8", "9", Verdict.within),
        ("between", "1", "4", Verdict.within),
        ("between", "1", "3", Verdict.beyond),
        ("between", "17", "19", Verdict.beyond),
    ],
)
def test_a_target_is_held_against_the_natural_range_in_every_direction(
    direction: str, low: str, high: str | None, verdict: Verdict
) -> None:
    natural = NaturalRange(Decimal(10), Decimal(4), Decimal(16), Decimal(6), 20, 0, 19)
    upper = None if high is None else Decimal(high)
    assert judge(natural, Decimal(low), Direction(direction), upper=upper) is verdict
    assert judge(natural_range([]), Decimal(low), Direction(direction), upper=upper) is Verdict.unknown


@given(
    st.lists(st.decimals(0, 100, places=1), min_size=2, max_size=24),
    st.decimals(-50, 150, places=1),
    st.sampled_from([Direction.at_least, Direction.at_most]),
)
def test_the_verdict_agrees_with_every_value_inside_the_limits(
    points: list[Decimal], threshold: Decimal, direction: Direction
) -> None:
    natural = natural_range(points)
    verdict = judge(natural, threshold, direction)
    inside = [value for at, value in enumerate(points) if at not in natural.outside]
    if verdict is Verdict.met_anyway:
        assert all(meets(value, threshold, direction) for value in inside)
    if verdict is Verdict.beyond:
        assert not any(meets(value, threshold, direction) for value in inside)


SWINGING = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11, 10, 12]


@pytest.mark.parametrize(
    ("threshold", "says", "tone"),
    [
        ("20", "≥ 20 万元 lies beyond the natural range: in 22 cases the process has never met it.", Tone.bad),
        (
            "12",
            "≥ 12 万元 lies within the natural range: the process meets it by chance, in 6 of 22 cases.",
            Tone.warn,
        ),
        ("1", "The whole natural range meets ≥ 1 万元, as 22 of 22 values did: it is met anyway", Tone.good),
    ],
)
def test_the_verdict_is_said_with_how_often_it_was_met(
    workbook: Workbook, threshold: str, says: str, tone: Tone
) -> None:
    book = book_of(workbook, revenue=year_of(SWINGING, 2025))
    sentence = verdict_sentence(run(criterion(threshold=threshold), REVENUE, book))
    assert sentence.text.replace("\N{NO-BREAK SPACE}", " ").startswith(says)
    assert sentence.tone is tone


def test_what_lies_outside_is_named_and_makes_of_the_target_an_exception(workbook: Workbook) -> None:
    book = book_of(workbook, revenue=year_of([*SWINGING[:10], 40, *SWINGING[:11]], 2025))
    running = run(criterion(threshold="30"), REVENUE, book)
    assert running.verdict is Verdict.beyond
    assert "Outside the range, and so worth a question: November 2025." in texts(running)
    assert texts(running)[-1].startswith(
        "≥ 30 万元 lies beyond the natural range and was met in 1 of 22 cases, as an exception."
    )


def test_after_a_change_only_what_came_since_says_what_the_process_does(workbook: Workbook) -> None:
    book = book_of(workbook, revenue=year_of([*SWINGING[:12], *(v + 20 for v in SWINGING[:10])], 2025))
    running = run(criterion(threshold="25"), REVENUE, book)
    assert str(running.since) == "2026-01"
    assert running.natural == natural_range(list(running.known.values())[12:])
    # Over all 22 months, 25 would lie within a range that the process never had.
    assert natural_range(running.known.values()).shifted
    assert running.verdict is Verdict.met_anyway
    assert (
        "From January 2026 on, 10 values in a row lie on one side of the mean of all: the process has changed, "
        "and only these say what it does now." in texts(running)
    )


def test_a_process_that_is_changing_gives_no_verdict_that_its_values_contradict(workbook: Workbook) -> None:
    # Eight low months, then a rise that is not yet a run: 30 was reached, and the range does not know it.
    rising = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 12, 14, 18, 22, 26, 30, 31, 32]
    book = book_of(workbook, revenue=year_of(rising, 2025))
    running = run(criterion(threshold="30"), REVENUE, book)
    assert (running.since, running.natural.shifted != ()) == (None, True)
    assert judge(running.natural, Decimal(30), Direction.at_least) is Verdict.beyond
    assert running.verdict is Verdict.unknown
    assert texts(running)[-1] == (
        "The process is changing, so its range does not say whether it does ≥ 30 万元 anyway; it met it in 3 of "
        "22 cases."
    )
    assert run(criterion(threshold="90"), REVENUE, book).verdict is Verdict.beyond


@pytest.mark.parametrize(
    ("growth", "verdict", "says"),
    [
        ("0.5", Verdict.beyond, "Even single months do not reach ≥ 50% as the process runs"),
        ("0.01", Verdict.met_anyway, "Even single months meet ≥ 1% as the process runs"),
        ("0.1", Verdict.unknown, "Whether the process does ≥ 10% anyway cannot be said yet."),
    ],
)
def test_where_years_are_too_few_their_months_say_what_they_can(
    workbook: Workbook, growth: str, verdict: Verdict, says: str
) -> None:
    grown = [109, 111] * 6
    book = book_of(workbook, "2026-12", revenue=year_of([100] * 12, 2025) | year_of(grown))
    asked = criterion(statistic="growth", threshold=growth, unit="%", window="year")
    running = run(asked, REVENUE, book)
    assert values(running) == {"2026": "0.1"}
    assert running.verdict is verdict
    assert any(text.startswith("So few years say little; single months run between") for text in texts(running))
    assert texts(running)[-1].startswith(says)
    total = run(criterion(window="year"), REVENUE, book)
    assert total.by_month is None  # a month's sum cannot be held against a year's


def test_limits_that_no_value_can_reach_are_read_as_none(workbook: Workbook) -> None:
    book = book_of(workbook, revenue=year_of([0, 9] * 11, 2025), part=year_of([1, 9] * 11, 2025),
                   whole=year_of([10] * 22, 2025))  # fmt: skip
    assert "The lower limit is below zero, where no value has been: read it as no lower limit." in texts(
        run(criterion(), REVENUE, book)
    )
    share = criterion(statistic="share_within", fact="part", base="whole", unit="%", threshold="0.9")
    assert "The upper limit is above 100%, where no share can be: read it as no upper limit." in texts(
        run(share, REVENUE, book)
    )


# The whole department


def test_a_table_has_a_row_for_each_criterion_and_a_sentence_says_whether_it_asks_much(workbook: Workbook) -> None:
    book = book_of(
        workbook,
        revenue=year_of(SWINGING, 2025),
        response=year_of([2] * 22, 2025),
        tickets=year_of([9] * 22, 2025),
    )
    workbook.save(
        "sales",
        REVENUE,
        RESPONSE,
        criterion(id="a", threshold="20", unit="万元"),
        criterion(
            id="b", indicator="response", statistic="mean", direction="at_most", threshold="2", unit="hours"
        ),
        criterion(id="c", indicator="response", statistic="median", threshold="2", unit="hours"),
    )
    table = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in running_table(book).texts()]
    assert table == [
        [
            "Revenue",
            "sum ≥ 20 万元, each calendar month",
            "12 万元, October 2026",
            "0 of 22",
            "5.23 to 15.87 万元",
            "beyond the natural range",
        ],
        [
            "Response time",
            "mean ≤ 2 hours, each calendar month",
            "2 hours, October 2026",
            "22 of 22",
            "2 to 2 hours",
            "met anyway",
        ],
        ["Response time", "median ≥ 2 hours, each calendar month", "–", "–", "–", "not known"],
    ]
    assert [sentence.tone for sentence in running_sentences(book)] == [Tone.bad, Tone.good, Tone.unknown]


def test_a_department_without_criteria_has_no_row(workbook: Workbook) -> None:
    assert running_table(workbook.book()).texts() == []
    assert len(running_sentences(workbook.book())) == 0


@pytest.mark.skipif(not RETAIL.exists(), reason="the Australian retail data are not beside this project")
def test_the_turnover_of_victoria_runs_as_published(workbook: Workbook) -> None:
    shutil.copy(RETAIL, workbook.root / "retail.csv.gz")
    (workbook.root / "retail.yaml").write_text(
        "path: retail.csv.gz\ncolumns: {department: state, value: turnover_aud_million}\n"
        "indicator: turnover\nignore: [series_id]\n"
    )
    years: dict[int, Decimal] = {}
    with gzip.open(RETAIL, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["state"] == "Victoria":
                year = int(row["month"][:4])
                years[year] = years.get(year, Decimal(0)) + Decimal(row["turnover_aud_million"])
    book = workbook.book("vic", "2018-12", name="Victoria", facts="retail.yaml")
    turnover = indicator("turnover", unit="AUD million")
    asked = criterion(statistic="growth", threshold="0.1", unit="%", window="year")
    running = run(asked, turnover, book)
    assert {window.year: value for window, value in running.known.items()} == {
        year: round(years[year] / years[year - 1] - 1, 9) for year in range(1995, 2019)
    }
    assert len(running.values) == 24
    assert not running.natural.provisional
    median = run(criterion(statistic="median", window="quarter"), turnover, book)
    assert len(median.known) == 24
    assert Period.parse("2018-Q4") in median.known


EXAMPLE = {
    "service": {
        "response-2-hours": ("2026-10", "1.88", Verdict.unknown),
        "resolved-24-hours": ("2026-10", "0.931", Verdict.beyond),
        "satisfaction-90": ("2026-10", "0.907", Verdict.within),
    },
    "sales": {
        "revenue-growth-20": ("2025", "0.087", Verdict.unknown),
        "customers-565": ("2025", "479", Verdict.unknown),
        "average-order-2": ("2026-10", "11.53", Verdict.unknown),
        "signed-8-a-week": ("2026-10", "5.871", Verdict.beyond),
        "repeat-2": ("2025", "0.087", Verdict.unknown),
        "conversion-16": ("2026-10", "0.130", Verdict.beyond),
        "satisfaction-90": ("2026-10", "0.885", Verdict.beyond),
    },
    "product": {
        "revenue-growth-20": ("2025", "0.087", Verdict.unknown),
        "on-time-90": ("2026-10", "0.929", Verdict.within),
    },
    "marketing": {
        "revenue-growth-20": ("2025", "0.087", Verdict.unknown),
        "users-200": ("2026-10", "204", Verdict.within),
        "events-10": ("2026-10", "10", Verdict.within),
    },
}


@pytest.mark.parametrize("department", EXAMPLE)
def test_every_criterion_of_the_worked_example_runs(workbook: Workbook, department: str) -> None:
    for entry in recordbook.read(REPOSITORY / "params" / "records" / f"{department}.yaml"):
        if isinstance(entry.record, Indicator | Criterion):
            workbook.save(department, entry.record)
    shutil.copy(REPOSITORY / "params" / "actuals" / f"{department}.csv", workbook.root)
    book = workbook.book(department, facts=f"{department}.csv")
    found = {}
    for running in run_all(book):
        window, value = list(running.known.items())[-1]
        places = Decimal(EXAMPLE[department][running.criterion.id][1])
        found[running.criterion.id] = (str(window), str(value.quantize(places)), running.verdict)
        assert not running.problem
    assert found == EXAMPLE[department]


def test_indicators_are_found_by_their_id(workbook: Workbook) -> None:
    book = book_of(workbook, "2026-02", revenue=year_of([1, 2]))
    workbook.save("sales", REVENUE, indicator("other"))
    running = run_criterion(book, criterion())
    assert isinstance(running.indicator, Indicator)
    assert (running.name, running.unit) == ("Revenue", "万元")


def test_two_years_say_nothing_of_what_a_sum_does_anyway(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", customers=year_of([40] * 12, 2024) | year_of([41] * 12, 2025))
    workbook.save("sales", indicator("customers", unit="个"))
    book = workbook.book(facts=facts)
    running = run_criterion(book, criterion(indicator="customers", threshold="565", window="year"))
    assert list(running.known.values()) == [480, 492]
    assert running.verdict is Verdict.unknown
    assert "cannot be said yet" in verdict_sentence(running).text
