"""The proof: every place where targets do not add up or are not carried, with both numbers; else nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import MONTHS_2025, Workbook, actuals, day, indicator, target, year_of

from kpinb import decompose, language
from kpinb.decompose.proof import Check, Inconsistency, prove
from kpinb.decompose.records import FunnelStage, Level, Target, Task
from kpinb.errors import BadInput
from kpinb.measure import share_out
from kpinb.period import Period, PeriodKind
from kpinb.view import Tone

LANGUAGES = pytest.mark.parametrize("tongue", ["en", "zh"])


def found(targets: Iterable[Target], **known: Any) -> list[tuple[Check, str]]:
    return [(fault.check, fault.target) for fault in prove(list(targets), **known)]


def only(faults: list[Inconsistency]) -> Inconsistency:
    assert len(faults) == 1, [fault.sentence for fault in faults]
    return faults[0]


def mine(period: str, identifier: str, **fields: object) -> Target:
    return target(period, identifier, **{"owner": f"who carries {identifier}", **fields})


def task(identifier: str, **fields: object) -> Task:
    return Task.build({"id": identifier, "name": identifier, **fields})


def stages(*per_week: str, **last: object) -> list[FunnelStage]:
    names = ["leads", "valid leads", "signed"][-len(per_week) :]
    made = [
        {"id": f"s{n}", "funnel": "new customers", "position": n, "name": name, "per_week": count}
        for n, (name, count) in enumerate(zip(names, per_week, strict=True), start=1)
    ]
    made[-1] |= {"indicator": "new_customers", **last}
    return [FunnelStage.build(values) for values in made]


YEAR = mine("2026", "year", growth="0.2", statement="营收增长20%")


# The method's own example, in its own numbers.


@LANGUAGES
def test_1_7_percent_a_month_is_20_4_added_and_22_4_compounded_and_20_takes_1_53(tongue: str) -> None:
    monthly = mine("2026", "monthly", growth="0.017", basis="period_before", every="month", parent="year")
    with language.use(tongue):
        fault = only(prove([YEAR, monthly]))
    assert (fault.check, fault.target, fault.expected, fault.unit) == (
        Check.growth,
        "monthly",
        Decimal("0.2"),
        "%",
    )
    assert fault.found == pytest.approx(Decimal("0.2242"), abs=Decimal("0.0001"))
    for number in ("1.7%", "20.4%", "22.4%", "20%"):
        assert number in fault.sentence
    assert "1.53%" in fault.mend
    assert "0.0153" in fault.mend
    assert found([YEAR, monthly.model_copy(update={"growth": Decimal("0.0153")})]) == []


@LANGUAGES
def test_quarters_of_5_and_6_percent_compound_to_11_3_and_leave_7_8_for_the_second_half(tongue: str) -> None:
    quarters = [
        mine("2026-Q1", "q1", growth="0.05", basis="period_before", parent="year"),
        mine("2026-Q2", "q2", growth="0.06", basis="period_before", parent="year"),
    ]
    with language.use(tongue):
        fault = only(prove([YEAR, *quarters]))
    assert (fault.check, fault.target, fault.others) == (Check.left, "year", ("q1", "q2"))
    assert fault.found == Decimal("0.113")
    for number in ("11.3%", "20%", "7.8%"):
        assert number in fault.sentence
    # Twice 3.83 % are 7.8 %.
    assert "0.0383" in fault.mend


@LANGUAGES
def test_quarters_of_5_and_6_points_add_to_11_and_leave_9(tongue: str) -> None:
    quarters = [mine(f"2026-Q{n}", f"q{n}", points=p, parent="year") for n, p in ((1, "0.05"), (2, "0.06"))]
    with language.use(tongue):
        fault = only(prove([YEAR, *quarters]))
    assert (fault.check, fault.expected, fault.found) == (Check.left, Decimal("0.2"), Decimal("0.11"))
    for number in ("11%", "20%", "9%"):
        assert number in fault.sentence
    assert "0.09" in fault.mend


@LANGUAGES
def test_2_conversions_a_week_are_about_8_7_a_month_against_the_20_asked(tongue: str) -> None:
    rep = mine("2026-10", "rep", level="person", value="20", statement="获取20个新用户", indicator="new_customers")
    weekly = task("follow-up", target="rep", brings="2", every="week")
    with language.use(tongue):
        fault = only(prove([rep], [weekly]))
    assert (fault.check, fault.target, fault.expected) == (Check.brings, "rep", Decimal(20))
    for number in ("8.7", "20", "52"):
        assert number in fault.sentence
    # 20 ÷ 8.67 × 2; typed, it is enough.
    assert "4.62" in fault.mend
    assert found([rep], tasks=[weekly.model_copy(update={"brings": Decimal("4.62")})]) == []
    assert "8.6" in fault.mend
    assert found([rep.model_copy(update={"value": Decimal("8.6")})], tasks=[weekly]) == []


@LANGUAGES
def test_2_of_5_is_40_percent_where_the_funnel_has_8_of_30_which_is_27(tongue: str) -> None:
    rep = mine("2026-Q4", "rep", level="person", value="20", indicator="new_customers")
    weekly = task("follow-up", target="rep", takes="5", brings="2", every="week")
    with language.use(tongue):
        fault = only(prove([rep], [weekly], funnel=stages("50", "30", "8")))
    assert (fault.check, fault.target) == (Check.rate, "rep")
    assert (fault.expected, fault.found) == (Decimal("0.2667"), Decimal("0.4"))
    for number in ("40%", "27%", "5", "8", "30"):
        assert number in fault.sentence
    assert "7.5" in fault.mend
    assert found([rep], tasks=[weekly], funnel=stages("50", "20", "8")) == []
    assert found([rep], tasks=[weekly], funnel=stages("50", "30", "8", rate="0.4"))[0] == (Check.rate, "")


def test_a_rate_of_small_whole_numbers_is_the_funnels_where_half_a_customer_makes_it_so() -> None:
    rep = mine("2026-Q4", "rep", value="1", indicator="new_customers")
    near = task("near", target="rep", takes="4", brings="1", every="week")
    assert found([rep], tasks=[near], funnel=stages("30", "8")) == []


def test_shares_of_60_30_and_5_do_not_sum_to_100_and_60_30_and_10_do() -> None:
    whole = mine("2026", "whole", level="company", value="12000")

    def parts(last: str) -> list[Target]:
        shares = {"sales": "0.6", "product": "0.3", "marketing": last}
        return [
            mine("2026", name, parent="whole", share=share, value=str(12000 * Decimal(share)))
            for name, share in shares.items()
        ]

    assert found([whole, *parts("0.10")]) == []
    total, shares = prove([whole, *parts("0.05")])
    assert (total.check, total.expected, total.found) == (Check.total, Decimal(12000), Decimal(11400))
    assert (shares.check, shares.target, shares.found) == (Check.shares, "whole", Decimal("0.95"))
    assert "95% and not to 100%" in shares.sentence
    assert "0.1" in shares.mend


def test_each_half_year_may_be_divided_in_its_own_way() -> None:
    year = mine("2026", "year", value="100")

    def parts(**shares: tuple[str, str]) -> list[Target]:
        return [
            mine(f"2026-{half.upper()}", f"{who}-{half}", level="team", parent="year", share=share, points="0")
            for half, both in shares.items()
            for who, share in zip("ab", both, strict=True)
        ]

    assert found([year, *parts(h1=("0.6", "0.4"), h2=("0.5", "0.5"))]) == []
    fault = only(prove([year, *parts(h1=("0.6", "0.4"), h2=("0.5", "0.6"))]))
    assert (fault.check, fault.found, fault.others) == (Check.shares, Decimal("1.1"), ("a-h2", "b-h2"))


def test_a_target_without_owner_or_task_is_named_once_however_many_there_are() -> None:
    year = target("2026", "year", owner="o", value="120")
    months = [target(f"2026-{n:02}", f"m{n:02}", parent="year", value="10") for n in range(1, 13)]
    owner, carried = prove([year, *months], [])
    assert (owner.check, owner.target, len(owner.others)) == (Check.owner, "m01", 11)
    assert owner.sentence.endswith("May 2026 and 7 more.")
    assert (carried.check, carried.target, len(carried.others)) == (Check.task, "m01", 11)


def test_a_task_of_a_target_above_carries_and_what_is_over_needs_none() -> None:
    year = mine("2026", "year", value="2")
    halves = [mine(f"2026-H{n}", f"h{n}", parent="year", value="1") for n in (1, 2)]
    assert found([year, *halves], tasks=[task("t", target="year")]) == []
    july = Period.parse("2026-07")
    assert found([year, *halves], tasks=[], month=july) == [(Check.task, "h2")]
    assert found([year, *halves], tasks=[]) == [(Check.task, "h1")]
    assert found([mine("2026", "c", level="company", value="1")], tasks=[]) == []
    assert found([year, *halves]) == [], "nobody asked about tasks"


def test_a_weekly_rhythm_beside_the_year_is_not_a_part_that_needs_a_task_of_its_own() -> None:
    year = mine("2026", "year", value="416")
    weekly = mine("2026", "weekly", value="8", every="week", parent="year")
    assert found([year, weekly], tasks=[task("t", target="year", brings="8", every="week")]) == []
    wrong = only(prove([year, weekly.model_copy(update={"value": Decimal(7)})], [task("t", target="year")]))
    assert (wrong.check, wrong.target, wrong.found) == (Check.total, "weekly", Decimal(364))
    assert "7 every week comes to 364" in wrong.sentence
    assert "type 8" in wrong.mend


def test_a_task_that_ends_or_starts_after_its_targets_period_is_named() -> None:
    quarter = mine("2026-Q1", "q1", value="1", statement="Q1 grows")
    late = task("roadshow", target="q1", start="2026-03-01", end="2026-04-02")
    fault = only(prove([quarter], [late]))
    assert (fault.check, fault.target) == (Check.dates, "q1")
    assert (
        "“roadshow” ends on 2 April 2026, after its target “Q1 grows, Q1 2026” is over on 31 March"
        in fault.sentence
    )
    assert "2026-03-31" in fault.mend
    after = task("roadshow", target="q1", start="2026-04-01", end="2026-04-02")
    assert "starts on 1 April 2026" in only(prove([quarter], [after])).sentence
    assert found([quarter], tasks=[late.model_copy(update={"end": day("2026-03-31")})]) == []
    fiscal = mine("2026-Q1", "q1", value="1")
    assert found([fiscal], tasks=[late], fiscal_start=4) == [], "the first quarter ends in June"


@LANGUAGES
def test_what_is_committed_from_below_differs_from_what_is_asked_from_above(tongue: str) -> None:
    year = mine("2026", "year", value="104")
    people = [
        mine("2026", name, level="person", parent="year", value=value, committed=committed)
        for name, value, committed in (("a", "50", "45"), ("b", "54", "53"))
    ]
    with language.use(tongue):
        fault = only(prove([year, *people]))
    assert (fault.check, fault.target, fault.others) == (Check.commitment, "year", ("a", "b"))
    assert (fault.expected, fault.found) == (Decimal(104), Decimal(98))
    for number in ("104", "98", "6"):
        assert number in fault.sentence
    # One may make up for another.
    made_up = [people[0], people[1].model_copy(update={"committed": Decimal(59)})]
    assert found([year, *made_up]) == []
    # Where one has not said anything, each stands for itself.
    silent = [people[0], people[1].model_copy(update={"committed": None})]
    assert found([year, *silent]) == [(Check.commitment, "a")]


def test_a_commitment_to_at_most_is_short_where_it_is_more() -> None:
    hours = indicator("hours", direction="at_most", over_time="mean", over_teams="mean")
    asked = mine("2026", "t", indicator="hours", value="2", committed="2.5")
    assert found([asked], indicators=[hours]) == [(Check.commitment, "t")]
    assert found([asked.model_copy(update={"committed": Decimal("1.5")})], indicators=[hours]) == []
    inside = asked.model_copy(update={"upper": Decimal(3)})
    between = hours.model_copy(update={"direction": "between"})
    assert found([inside], indicators=[between]) == []


def test_the_methods_example_taken_at_its_word_has_each_of_its_inconsistencies_and_no_other() -> None:
    company = mine("2026", "year", level="company", growth="0.2", value="12000", statement="营收增长20%")
    quarters = [
        mine(f"2026-Q{n}", f"q{n}", level="company", growth=g, basis="period_before", parent="year")
        for n, g in ((1, "0.05"), (2, "0.06"))
    ]
    monthly = {"growth": "0.017", "basis": "period_before", "every": "month", "statement": "每月增长1.7%"}
    departments = {"sales": ("0.6", "7200"), "product": ("0.3", "3600"), "marketing": ("0.05", "600")}
    parts = [
        mine("2026", name, parent="year", share=share, value=value) for name, (share, value) in departments.items()
    ]
    people = [
        mine("2026-04", "month", indicator="new_customers", level="team", value="40"),
        mine("2026-04", "a", indicator="new_customers", level="person", parent="month", value="20", committed="9"),
        target("2026-04", "b", indicator="new_customers", level="person", parent="month", value="20"),
    ]
    tasks = [
        *(task(f"of-{name}", target=name) for name in departments),
        task("follow-up", target="a", takes="5", brings="2", every="week", end="2026-05-01"),
    ]
    faults = prove(
        [company, mine("2026", "monthly", level="company", parent="year", **monthly), *quarters, *parts, *people],
        tasks,
        indicators=[indicator(), indicator("new_customers")],
        funnel=stages("50", "30", "8"),
    )
    assert [(fault.check, fault.target) for fault in faults] == [
        (Check.total, "year"),
        (Check.left, "year"),
        (Check.growth, "monthly"),
        (Check.shares, "year"),
        (Check.commitment, "a"),
        (Check.brings, "a"),
        (Check.rate, "a"),
        (Check.dates, "a"),
        (Check.owner, "b"),
        (Check.task, "b"),
    ]
    assert all(fault.mend for fault in faults)


# Sums.


def test_four_quarters_that_miss_their_year_say_by_how_much_and_three_what_they_leave() -> None:
    year = mine("2026", "year", value="1200")
    quarters = [mine(f"2026-Q{n}", f"q{n}", parent="year", value="290") for n in (1, 2, 3, 4)]
    fault = only(prove([year, *quarters]))
    assert (fault.check, fault.target, fault.expected, fault.found) == (
        Check.total,
        "year",
        Decimal(1200),
        Decimal(1160),
    )
    assert (
        fault.sentence == "Divided by quarter, “revenue, 2026” comes to 1,160, 40 less than the 1,200 it asks for."
    )
    assert fault.mend == "Change the parts by 40 in all, or type 1160 as the value of “revenue, 2026”."
    begun = only(prove([year, *quarters[:3]]))
    assert begun.sentence == (
        "Divided by quarter, “revenue, 2026” has 870 so far and asks for 1,200: 330 is left for Q4 2026."
    )


def test_a_thousandth_is_not_lost_and_is_shown() -> None:
    year = mine("2026", "year", value="1")
    halves = [
        mine("2026-H1", "h1", parent="year", value="0.5"),
        mine("2026-H2", "h2", parent="year", value="0.499"),
    ]
    fault = only(prove([year, *halves]))
    assert fault.found == Decimal("0.999")
    assert "0.999, 0.001 less than the 1.000" in fault.sentence


def test_a_half_year_and_two_quarters_fill_a_year() -> None:
    year = mine("2026", "year", value="100")
    parts = [
        mine("2026-H1", "h1", parent="year", value="50"),
        mine("2026-Q3", "q3", parent="year", value="25"),
        mine("2026-Q4", "q4", parent="year", value="26"),
    ]
    fault = only(prove([year, *parts]))
    assert (fault.check, fault.found) == (Check.total, Decimal(101))
    assert found([year, *parts[:2], mine("2026-Q4", "q4", parent="year", value="25")]) == []


def test_what_periods_of_several_lengths_leave_is_said_once() -> None:
    year = mine("2026", "year", value="12")
    parts = [
        mine(period, period.lower(), parent="year", value=value)
        for period, value in (("2026-H1", "6"), ("2026-Q3", "3"), ("2026-10", "1"), ("2026-11", "1"))
    ]
    fault = only(prove([year, *parts]))
    assert (fault.check, fault.expected, fault.found) == (Check.left, Decimal(12), Decimal(11))
    assert fault.sentence.endswith("has 11 so far and asks for 12: 1 is left for December 2026.")
    fault = only(prove([year, *parts[:2]]))
    assert fault.sentence.endswith("has 9 so far and asks for 12: 3 is left for Q4 2026.")


def test_held_parts_are_named_so_that_the_others_are_changed() -> None:
    quarter = mine("2026-Q1", "q", value="100")
    months = [
        mine(f"2026-0{n}", f"m{n}", parent="q", value=value, held=n == 2)
        for n, value in ((1, "10"), (2, "20"), (3, "30"))
    ]
    assert "not held by 40 in all" in only(prove([quarter, *months])).mend
    assert "held are: revenue, February 2026" in only(prove([quarter, *months])).mend
    all_held = [month.model_copy(update={"held": True}) for month in months]
    assert "All its parts are held: release one" in only(prove([quarter, *all_held])).mend


def test_one_wrong_number_in_the_middle_is_one_fault() -> None:
    year = mine("2026", "year", value="100")
    halves = [mine("2026-H1", "h1", parent="year", value="60"), mine("2026-H2", "h2", parent="year", value="50")]
    quarters = [mine(f"2026-Q{n}", f"q{n}", parent="h1", value="25") for n in (1, 2)]
    fault = only(prove([year, *halves, *quarters]))
    assert (fault.target, fault.expected, fault.found) == ("h1", Decimal(50), Decimal(60))
    assert fault.mend == "Type 50 as the value of “revenue, H1 2026”: then both fit."


def test_a_part_that_lacks_its_value_makes_no_sum_and_another_indicator_is_no_part() -> None:
    year = mine("2026", "year", value="100")
    halves = [mine("2026-H1", "h1", parent="year", value="60"), mine("2026-H2", "h2", parent="year", growth="0.1")]
    assert found([year, *halves]) == []
    driver = [mine(f"2026-H{n}", f"d{n}", parent="year", value="5", indicator="customers") for n in (1, 2)]
    assert found([year, *driver]) == []


def test_growth_is_counted_from_the_actuals_where_there_are_some() -> None:
    past = {"revenue": actuals(year_of(MONTHS_2025, 2025))}
    year = mine("2026", "year", value="1200")
    # 1000 last year, by quarter 230, 250, 270, 250.
    quarters = [mine(f"2026-Q{n}", f"q{n}", parent="year", growth="0.2") for n in (1, 2, 3, 4)]
    assert found([year, *quarters], history=past) == []
    steeper = [*quarters[:3], mine("2026-Q4", "q4", parent="year", growth="0.3")]
    fault = only(prove([year, *steeper], history=past))
    assert (fault.check, fault.found) == (Check.total, Decimal(1225))
    twice = only(prove([mine("2026", "year", value="1300", growth="0.2")], history=past))
    assert (twice.check, twice.expected, twice.found) == (Check.growth, Decimal(1200), Decimal(1300))


def test_points_are_added_as_points_over_time_and_over_teams() -> None:
    def quarters(*points: str) -> list[Target]:
        return [mine(f"2026-Q{n}", f"q{n}", parent="year", points=part) for n, part in enumerate(points, start=1)]

    assert found([YEAR, *quarters("0.05", "0.06", "0.05", "0.04")]) == []
    fault = only(prove([YEAR, *quarters("0.05", "0.06", "0.04", "0.04")]))
    assert (fault.expected, fault.found) == (Decimal("0.2"), Decimal("0.19"))
    first = mine("2026-Q1", "q1", points="0.05", level="company")
    ways = [
        mine("2026-Q1", "new", points="0.03", parent="q1", statement="新产品推广带来3%增长"),
        mine("2026-Q1", "repeat", points="0.01", parent="q1", statement="老客户复购增长2%"),
    ]
    assert only(prove([first, *ways])).found == Decimal("0.04")


# What is not a sum.


def test_a_level_at_the_end_of_the_year_is_that_of_its_last_quarter() -> None:
    stock = indicator("members", over_time="last")
    year = mine("2026", "year", indicator="members", value="500")
    quarters = [
        mine(f"2026-Q{n}", f"q{n}", indicator="members", parent="year", value=str(value))
        for n, value in enumerate((350, 400, 450, 500), start=1)
    ]
    assert found([year, *quarters], indicators=[stock]) == []
    fault = only(
        prove(
            [year, *quarters[:3], mine("2026-Q4", "q4", indicator="members", parent="year", value="480")],
            indicators=[stock],
        )
    )
    assert (fault.check, fault.expected, fault.found, fault.others) == (
        Check.last,
        Decimal(500),
        Decimal(480),
        ("q4",),
    )


@pytest.mark.parametrize("how", ["mean", "ratio"])
def test_a_rate_is_never_added_but_cannot_lie_beyond_all_its_parts(how: str) -> None:
    rate = indicator("rate", over_time=how, over_teams=how, base="tickets", unit="%")
    year = mine("2026", "year", indicator="rate", value="0.95")

    def teams(*values: str) -> list[Target]:
        return [
            mine("2026", f"t{n}", indicator="rate", level="team", parent="year", value=value)
            for n, value in enumerate(values)
        ]

    assert found([year, *teams("0.9", "0.97")], indicators=[rate]) == []
    assert found([year, *teams("0.95", "0.95")], indicators=[rate]) == []
    fault = only(prove([year, *teams("0.9", "0.94")], indicators=[rate]))
    assert (fault.check, fault.target, fault.expected, fault.found) == (
        Check.mean,
        "year",
        Decimal("0.94"),
        Decimal("0.95"),
    )


def test_an_indicator_that_is_itself_a_growth_compounds() -> None:
    growth = indicator("growth", over_time="compound", unit="%")
    year = mine("2026", "year", indicator="growth", value="0.2")

    def quarters(value: str) -> list[Target]:
        return [mine(f"2026-Q{n}", f"q{n}", indicator="growth", parent="year", value=value) for n in (1, 2, 3, 4)]

    # The fourth root of 1.2 is 1.04664.
    assert found([year, *quarters("0.0466")], indicators=[growth]) == []
    exact = str(Decimal("1.2") ** Decimal("0.25") - 1)
    assert (
        found(
            [year, *[q.model_copy(update={"value": Decimal(exact)}) for q in quarters("0")]], indicators=[growth]
        )
        == []
    )
    fault = only(prove([year, *quarters("0.05")], indicators=[growth]))
    assert fault.check is Check.growth
    assert "compounds to 21.6% and asks for 20%" in fault.sentence
    assert "0.0466" in fault.mend


def test_growth_over_the_year_before_is_a_mean_of_that_of_the_parts() -> None:
    quarters = [mine(f"2026-Q{n}", f"q{n}", growth="0.05", parent="year") for n in (1, 2, 3, 4)]
    fault = only(prove([YEAR, *quarters]))
    assert (fault.check, fault.expected, fault.found) == (Check.growth, Decimal("0.2"), Decimal("0.05"))
    uneven = [*quarters[:3], mine("2026-Q4", "q4", growth="0.5", parent="year")]
    assert found([YEAR, *uneven]) == [], "what it comes to depends on the year before"
    monthly = mine("2026", "monthly", growth="0.017", every="month", parent="year")
    assert "makes the whole grow by 1.7%" in only(prove([YEAR, monthly])).sentence


# Where a target hangs, and in which order it goes on.


def test_a_department_s_share_of_the_company_s_target_is_compared_without_the_other_departments() -> None:
    company = mine("2026", "company", level="company", value="12000")
    sales = mine("2026", "sales", parent="company", share="0.6", value="7000")
    fault = only(prove([sales], above=[company]))
    assert (fault.check, fault.target, fault.expected, fault.found) == (
        Check.share,
        "sales",
        Decimal(7200),
        Decimal(7000),
    )
    assert "60% of “revenue, 2026”, which makes 7,200 of 12,000; its value is 7,000" in fault.sentence
    assert "7200" in fault.mend
    assert found([sales.model_copy(update={"value": Decimal(7200)})], above=[company]) == []
    third = mine("2026", "t", parent="company", share="0.3333", value="4000")
    assert found([third], above=[company]) == [], "rounded to a whole"


def test_a_parent_that_is_not_there_a_circle_and_a_period_outside_are_named() -> None:
    lost = mine("2026", "a", parent="nowhere", value="1")
    assert found([lost]) == [(Check.parent, "a")]
    assert "“nowhere”" in prove([lost])[0].sentence
    ring = [mine("2026", a, parent=b, value="1") for a, b in (("a", "b"), ("b", "c"), ("c", "a"))]
    fault = only(prove([*ring, mine("2026", "below", parent="a", value="1")]))
    assert (fault.check, fault.target, fault.others) == (Check.parent, "a", ("b", "c"))
    outside = [mine("2026-Q1", "q1", value="1"), mine("2026-04", "april", parent="q1", value="1")]
    assert found(outside) == [(Check.period, "april")]
    assert found([mine("2026", "a", value="1")], tasks=[task("t", target="gone")]) == [
        (Check.parent, "gone"),
        (Check.task, "a"),
    ]


def test_two_targets_for_one_thing_and_tiers_out_of_order_are_named() -> None:
    one, other = (mine("2026", name, value="1", owner="sales") for name in ("one", "other"))
    fault = only(prove([one, other]))
    assert (fault.check, fault.target, fault.others) == (Check.twins, "one", ("other",))
    assert found([one, other.model_copy(update={"owner": "product"})]) == []
    tiers = mine("2026", "t", value="100", stretch="110", challenge="105")
    low = only(prove([tiers]))
    assert (low.check, low.expected, low.found) == (Check.tiers, Decimal(110), Decimal(105))
    hours = indicator(direction="at_most")
    assert found([mine("2026", "t", value="2", stretch="1.8", challenge="1.5")], indicators=[hours]) == []
    assert found([mine("2026", "t", value="2", challenge="2.5")], indicators=[hours]) == [(Check.tiers, "t")]


def test_a_task_that_brings_nothing_is_one_fault_and_no_rate() -> None:
    rep = mine("2026-Q4", "rep", value="1", indicator="new_customers")
    nothing = task("idle", target="rep", takes="5", brings="0")
    assert found([rep], tasks=[nothing], funnel=stages("30", "8")) == [(Check.brings, "rep")]


def test_several_tasks_of_one_target_add_and_one_that_does_not_say_leaves_it_open() -> None:
    rep = mine("2026-Q4", "rep", value="40")
    tasks = [task("a", target="rep", brings="2", every="week"), task("b", target="rep", brings="10")]
    fault = only(prove([rep], tasks))
    # 13 weeks of 2, and 10 once.
    assert (fault.check, fault.found) == (Check.brings, Decimal(36))
    assert found([rep], tasks=[*tasks, task("c", target="rep")]) == []
    assert found([rep.model_copy(update={"value": Decimal(36)})], tasks=tasks) == []


# Frames.


def test_a_frame_says_as_much_as_its_columns() -> None:
    frame = pd.DataFrame(
        {
            "id": ["year", "h1", "h2"],
            "period": ["2026", "2026-H1", "2026-H2"],
            "parent": [None, "year", "year"],
            "value": [100.1, 50, 50],
        }
    )
    fault = only(prove(frame))
    assert (fault.target, fault.expected, fault.found) == ("year", Decimal("100.1"), Decimal(100))
    tasks = pd.DataFrame({"id": ["t"], "target": ["h1"], "end": pd.to_datetime(["2026-07-01"])})
    assert [f.check for f in prove(frame, tasks)] == [Check.total, Check.dates, Check.task]
    with pytest.raises(BadInput, match="period"):
        prove(frame.drop(columns="period"))
    with pytest.raises(BadInput, match="h1"):
        prove(frame.assign(id=["year", "h1", "h1"]))
    with pytest.raises(BadInput, match="2026-H3"):
        prove(frame.assign(period=["2026", "2026-H1", "2026-H3"]))


# On what holds it finds nothing, and on one broken number exactly that.


Cells = st.lists(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), min_size=1, max_size=4)
QUARTERS = [f"2026-Q{n}" for n in (1, 2, 3, 4)]


def team_grid(cells: list[list[int]]) -> list[Target]:
    """Give a company, its quarters, each team's year and each team's quarters, in hundredths."""

    def value(numbers: Iterable[int]) -> str:
        return str(Decimal(sum(numbers)) / 100)

    company = [mine("2026", "all", level="company", owner="c", value=value(map(sum, cells)))]
    company += [
        mine(quarter, f"all-{n}", level="company", owner="c", parent="all", value=value(row[n] for row in cells))
        for n, quarter in enumerate(QUARTERS)
    ]
    teams = []
    for who, row in enumerate(cells):
        teams.append(mine("2026", f"t{who}", level="team", owner=f"o{who}", parent="all", value=value(row)))
        teams += [
            mine(quarter, f"t{who}-{n}", level="team", owner=f"o{who}", parent=f"t{who}", value=value([row[n]]))
            for n, quarter in enumerate(QUARTERS)
        ]
    return [*company, *teams]


@given(cells=Cells, data=st.data())
def test_a_grid_of_time_and_teams_holds_and_one_broken_number_is_named(
    cells: list[list[int]], data: st.DataObject
) -> None:
    targets = team_grid(cells)
    assert found(targets) == []
    place = data.draw(st.integers(0, len(targets) - 1))
    wrong = data.draw(st.integers(-(10**6), 10**6).filter(bool))
    value = targets[place].value
    assert value is not None
    targets[place] = targets[place].model_copy(update={"value": value + Decimal(wrong) / 100})
    fault = only(prove(targets))
    assert (fault.check, fault.target) == (Check.total, targets[place].id)


@st.composite
def divided(draw: st.DrawFn) -> list[Target]:
    """Give a target, divided by time or among people, its parts again, without remainder."""
    whole_value = Decimal(draw(st.integers(-(10**6), 10**6))) / 100
    targets = [mine("2026", "r", level="company", value=str(whole_value))]
    waiting = list(targets)
    while waiting and len(targets) < 40:
        whole = waiting.pop(0)
        period, level = Period.parse(whole.period), list(Level).index(whole.level)
        shorter = list(PeriodKind)[list(PeriodKind).index(period.kind) + 1 : -1]
        ways = ["not at all", *shorter, *range(level + 1, len(Level))]
        way = draw(st.sampled_from(ways))
        if way == "not at all":
            continue
        if isinstance(way, PeriodKind):
            cells = [(str(p), whole.level, whole.owner) for p in period.children(way)]
        else:
            names = [f"{whole.id}/{n}" for n in range(draw(st.integers(1, 4)))]
            cells = [(whole.period, list(Level)[int(way)], name) for name in names]
        weights = [Decimal(draw(st.integers(1, 9))) for _cell in cells]
        values = share_out(whole.value or Decimal(0), weights)
        parts = [
            mine(at, f"{whole.id}-{n}", level=lv, owner=who, parent=whole.id, value=str(v))
            for n, ((at, lv, who), v) in enumerate(zip(cells, values, strict=True))
        ]
        targets += parts
        waiting += parts
    return targets


@settings(deadline=None)
@given(targets=divided(), data=st.data())
def test_whatever_is_divided_without_remainder_holds_and_a_broken_number_is_where_it_says(
    targets: list[Target], data: st.DataObject
) -> None:
    carried = [task("t", target="r")]
    assert found(targets, tasks=carried) == []
    if len(targets) == 1:
        return
    place = data.draw(st.integers(0, len(targets) - 1))
    broken = targets[place]
    assert broken.value is not None
    targets[place] = broken.model_copy(update={"value": broken.value + data.draw(st.sampled_from([-1, 1, 100]))})
    fault = only(prove(targets, carried))
    assert fault.check is Check.total
    assert broken.id in (fault.target, *fault.others)


# In the notebook.


def test_the_book_says_how_many_points_there_are_and_lists_each_with_what_mends_it(workbook: Workbook) -> None:
    workbook.save(
        "company", target("2026", "company-year", level="company", owner="management", value="12000", growth="0.2")
    )
    workbook.save(
        "sales",
        indicator(unit="万元"),
        mine("2026", "year", parent="company-year", share="0.6", value="7000", statement="Revenue grows by 20 %"),
        mine("2026", "monthly", growth="0.017", basis="period_before", every="month", parent="year"),
        task("t", target="year"),
        task("old", target="last-year"),
        target("2025", "last-year", value="1"),
    )
    book = workbook.book()
    opening, share = decompose.inconsistency_sentences(book)
    assert (opening.text, opening.tone) == (
        "1 point in the hierarchy does not hold; it is listed below.",
        Tone.warn,
    )
    assert "which makes 7,200" in share.text
    assert share.text.endswith("or 0.5833 as its share.")
    assert decompose.bottom_line(book).items[-1] == opening
    (row,) = decompose.proof_table(book).texts()
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in row[:5]] == [
        "share and value",
        "Revenue grows by 20 %, 2026",
        "7,200 万元",
        "7,000 万元",
        "−200 万元",
    ]


def test_a_book_where_all_holds_says_so_and_an_empty_one_proves_nothing(workbook: Workbook) -> None:
    assert [s.tone for s in decompose.inconsistency_sentences(workbook.book())] == [Tone.unknown]
    workbook.save("sales", indicator(), mine("2026", "year", value="7000"), task("t", target="year"))
    (sentence,) = decompose.inconsistency_sentences(workbook.book())
    assert (sentence.tone, decompose.proof_table(workbook.book()).texts()) == (Tone.good, [])


def test_an_indicator_that_nobody_described_is_a_sum_of_which_more_is_better() -> None:
    year = mine("2026", "year", value="1", committed="0")
    halves = [mine(f"2026-H{n}", f"h{n}", parent="year", value="1") for n in (1, 2)]
    assert prove([year, *halves]) == prove([year, *halves], indicators=[indicator()])
    assert found([year, *halves]) == [(Check.total, "year"), (Check.commitment, "year")]
