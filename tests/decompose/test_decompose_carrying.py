"""Do the tasks of a target carry it?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, indicator, noon, target

from kpinb.decompose.proof import prove
from kpinb.decompose.records import Target, Task
from kpinb.decompose.tasks.carrying import Verdict, carrying, carrying_table
from kpinb.view import Tone

D = Decimal


def task(identifier: str = "t", serves: str = "rep-a", **fields: object) -> Task:
    return Task.build({"id": identifier, "name": identifier, "target": serves, **fields})


def rep_a(period: str = "2026-10", value: object = "20", **fields: object) -> Target:
    return target(period, "rep-a", statement="Win 20 users", value=value, **fields)


def only(targets: list[Target], tasks: list[Task], **options: Any) -> dict[str, Any]:
    (row,) = carrying(targets, tasks, **options).to_dict("records")
    return row  # type: ignore[return-value]


def test_two_a_week_do_not_carry_twenty_a_month() -> None:
    # The method: 获取20个新用户 by 每周跟进5个有效线索，转化2个用户 is about 8.7 a month.
    row = only([rep_a()], [task(brings="2", every="week", effort_hours="24")], units={"rep-a": "users"})
    assert row["verdict"] is Verdict.short
    assert round(row["brought"], 2) == D("8.67")
    assert row["hours"] == 104
    assert row["sentence"].replace("\N{NO-BREAK SPACE}", " ") == (
        "“Win 20 users, October 2026”: Its tasks bring 8.7 users of the 20 users asked: 11.3 users short."
    )


def test_twenty_asked_every_month_of_a_quarter_are_compared_by_the_month() -> None:
    row = only([rep_a("2026-Q4", every="month")], [task(brings="2", every="week")])
    assert round(row["brought"], 2) == D("8.67")
    assert row["why"] == "Its tasks bring 8.7 of the 20 asked every month: 11.3 short."
    enough = only([rep_a("2026-Q4", every="month")], [task(brings="5", every="week")])
    assert enough["why"] == "Its tasks bring 21.7 of the 20 asked every month: they can carry it."


def test_what_only_the_rounding_of_weeks_in_a_month_takes_is_not_short() -> None:
    # 2 × 52 ÷ 12 is 8.666…; the proof finds nothing either.
    asked, weekly = rep_a(value="8.666666667"), task(brings="2", every="week")
    assert only([asked], [weekly])["verdict"] is Verdict.carried
    assert prove([asked.model_copy(update={"owner": "a"})], [weekly]) == []


def test_two_a_week_carry_twenty_a_quarter() -> None:
    row = only([rep_a("2026-Q4")], [task(brings="2", every="week", start="2026-01-05", end="2026-12-31")])
    assert (row["verdict"], row["asked"], row["brought"]) == (Verdict.carried, 20, 26)


def test_several_tasks_add_up_and_one_that_ends_too_late_brings_nothing() -> None:
    tasks = [task("a", brings="12"), task("b", brings="8"), task("late", brings="100", end="2026-11-01")]
    row = only([rep_a()], tasks)
    assert (row["verdict"], row["brought"], row["tasks"]) == (Verdict.carried, 20, "a\nb\nlate")


def test_a_task_that_does_not_say_what_it_brings_leaves_the_verdict_open() -> None:
    silent = task("silent")
    open_ = only([rep_a()], [task("a", brings="12"), silent])
    assert (open_["verdict"], open_["silent"]) == (Verdict.unknown, "silent")
    assert open_["why"] == "Its tasks bring 12 of the 20 asked; 1 does not say what it brings."
    assert only([rep_a()], [task("a", brings="20"), silent])["verdict"] is Verdict.carried
    none = only([rep_a()], [silent])
    assert (none["verdict"], none["brought"], none["hours"]) == (Verdict.unknown, None, None)


def test_a_task_that_brings_nothing_is_not_one_that_does_not_say() -> None:
    row = only([rep_a()], [task(brings="0")])
    assert (row["verdict"], row["brought"]) == (Verdict.short, 0)


def test_a_growth_without_a_value_and_a_mean_are_not_compared() -> None:
    growth = target("2026-10", "rep-a", growth="0.2")
    assert only([growth], [task(brings="5")])["why"] == "It has no value that its tasks could be set against."
    assert only([growth], [task(brings="5")], values={"rep-a": D(5)})["verdict"] is Verdict.carried
    mean = only([rep_a(value="0.9")], [task(brings="5")], apart=["rep-a"])
    assert (mean["verdict"], mean["brought"]) == (Verdict.unknown, None)
    assert "not reached by adding up" in mean["why"]


def test_lowest_targets_without_tasks_look_to_the_one_above() -> None:
    tree = [
        target("2026", "year", value="100"),
        target("2026-Q1", "q1", value="50", parent="year"),
        target("2026-01", "jan", value="20", parent="q1"),
        target("2026-Q2", "q2", value="50", parent="year"),
    ]
    alone = carrying(tree, [])
    assert list(zip(alone["id"], alone["verdict"], strict=True)) == [("jan", Verdict.idle), ("q2", Verdict.idle)]
    served = carrying(tree, [task(serves="year", brings="100")])
    assert list(zip(served["id"], served["verdict"], strict=True)) == [
        ("year", Verdict.carried),
        ("jan", Verdict.above),
        ("q2", Verdict.above),
    ]
    assert served["why"][1] == "It has no task of its own; those of “revenue, 2026” serve it."


def test_targets_in_a_circle_end() -> None:
    circle = [target("2026-Q1", "a", value="1", parent="b"), target("2026-Q1", "b", value="1", parent="a")]
    assert carrying([*circle, target("2026-01", "leaf", value="1", parent="a")], [])["id"].tolist() == ["leaf"]


@given(st.lists(st.decimals(0, 1000, places=2), max_size=5), st.decimals(0, 1000, places=2))
def test_the_verdict_follows_the_sum(amounts: list[Decimal], asked: Decimal) -> None:
    tasks = [task(f"t{n}", brings=amount) for n, amount in enumerate(amounts)]
    row = only([rep_a(value=asked)], tasks)
    if not amounts:
        assert row["verdict"] is Verdict.idle
    else:
        assert row["brought"] == sum(amounts)
        assert row["verdict"] is (Verdict.carried if sum(amounts) >= asked else Verdict.short)


def test_the_table_puts_what_falls_short_first_and_leaves_out_what_is_over(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        indicator("revenue"),
        indicator("price", over_time="mean"),
        indicator("complaints", direction="at_most"),
        target("2026-Q3", "over", value="5"),
        target("2026-Q4", "good", value="5", statement="Good", owner="A"),
        target("2026-11", "bad", value="5", statement="Bad", owner="B", parent="good"),
        target("2026", "price", indicator="price", value="5", statement="Price"),
        target("2026", "few", indicator="complaints", value="5", statement="Few"),
        target("2026", "board", indicator="price", level="company", value="5"),
        target(
            "2026-Q4", "weekly", value="0.4", every="week", parent="good", statement="The same, a week at a time"
        ),
        task("a", serves="good", brings="5"),
        task("b", serves="bad", brings="2", every="month", effort_hours="3"),
        task("c", serves="price", brings="1"),
        task("d", serves="few", brings="1"),
    )
    table = carrying_table(workbook.book(on=noon(2026, 11, 3)))
    assert [(row[0], row[1], row[3], row[4]) for row in table.texts()] == [
        ("Bad, November 2026", "B", "3", "falls short"),
        ("Price, 2026", "–", "–", "not computable"),
        ("Few, 2026", "–", "–", "not computable"),
        ("Good, Q4 2026", "A", "–", "carried"),
    ]
    assert table.columns[4].tone is not None
    assert table.columns[4].tone({"verdict": Verdict.short}) is Tone.warn


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_tone(verdict: Verdict, workbook: Workbook) -> None:
    column = carrying_table(workbook.book()).columns[4]
    assert column.tone is not None
    assert column.tone({"verdict": verdict}) in Tone
