"""任务清单化: the task list is pasted from Excel, each row checked against its target, and saved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from stories import Workbook, day, indicator, noon, target

from kpinb.decompose.form import task_grid_form
from kpinb.decompose.records import Every, Task
from kpinb.forms import RecordGrid

MEETING = Task(
    id="roadshow",
    name="线下宣讲",
    owner="市场部",
    start=day("2026-01-05"),
    end=day("2026-01-30"),
    deliverable="名单",
)


@pytest.fixture
def form(workbook: Workbook) -> RecordGrid:
    workbook.save(
        "sales",
        indicator("new_users", name="新用户"),
        target("2026-Q1", "new-users-q1", indicator="new_users", value="200"),
        MEETING,
    )
    return task_grid_form(workbook.book(period="2026-01", on=noon(2026, 1, 2)))


def paste(form: RecordGrid, text: str) -> None:
    key = form.rows.grid.rows[-1].key
    form.grid.receive({"do": "paste", "text": text, "row": key, "column": "name"})


def said(form: RecordGrid, which: str) -> dict[tuple[int, str], str]:
    return {
        (number, column): text
        for number, row in enumerate(form.grid.table["rows"])
        for column, text in row[which].items()
    }


def test_the_tasks_of_a_funnel_are_pasted_and_saved(workbook, form):
    paste(
        form,
        "线索收集\t销售代表A\t2026/1/5\t2026/3/31\t线索表\tnew-users-q1\t50\tevery week\t\t8\t是\n"
        "线索筛选\t销售代表B\t2026/1/5\t2026/3/31\t有效线索表\tnew-users-q1\t30\tevery week\t50\t4\t否",
    )
    assert (said(form, "problems"), said(form, "hints")) == ({}, {})
    form.save_button.click()
    assert form.messages == ["2 records are saved."]
    assert workbook.book().records(Task) == [
        MEETING,
        Task(
            id="task-1", name="线索收集", owner="销售代表A", start=date(2026, 1, 5), end=date(2026, 3, 31),
            deliverable="线索表", target="new-users-q1", brings=Decimal(50), every=Every.week,
            effort_hours=Decimal(8), key_action=True,
        ),
        Task(
            id="task-2", name="线索筛选", owner="销售代表B", start=date(2026, 1, 5), end=date(2026, 3, 31),
            deliverable="有效线索表", target="new-users-q1", brings=Decimal(30), every=Every.week,
            takes=Decimal(50), effort_hours=Decimal(4),
        ),
    ]  # fmt: skip


def test_what_contradicts_the_target_stands_in_the_way(form):
    paste(
        form,
        "回访\t市场部\t2026-03-01\t2026-04-30\t纪要\tnew-users-q1\n线下宣讲\t市场部\t2026-03-01\t2026-03-30\t名单\tno-such",
    )
    assert said(form, "problems") == {
        (0, "name"): "Another task has this name: tell the two apart.",
        (1, "end"): "It ends after its target's period, which ends on 31 March 2026.",
        (2, "name"): "Another task has this name: tell the two apart.",
        (2, "target"): "There is no target “no-such”.",
    }
    assert form.blockers == [
        "Row 2: End: It ends after its target's period, which ends on 31 March 2026.",
        "Row 3: Task: Another task has this name: tell the two apart.",
        "Row 3: Serves the target: There is no target “no-such”.",
    ]


def test_a_name_that_is_not_in_the_list_is_said_to_be_just_that(form):
    paste(form, "回访\t市场部\t2026-03-01\t2026-03-30\t纪要\t新用户200")
    problem = "“新用户200” is not in the list: choose from it, or type a name just as it stands there."
    assert said(form, "problems") == {(1, "target"): problem}
    assert form.blockers == [f"Row 2: Serves the target: {problem}"]


def test_what_is_only_missing_is_told_and_may_follow(workbook, form):
    paste(form, "回访\t\t2025-12-29")
    assert said(form, "problems") == {}
    assert said(form, "hints") == {
        (1, "owner"): "Name who does it.",
        (1, "start"): "It would start before today, 2 January 2026.",
        (1, "end"): "Say when it ends.",
        (1, "deliverable"): "Say what lies on the table afterwards.",
    }
    form.save_button.click()
    assert [task.name for task in workbook.book().records(Task)] == ["线下宣讲", "回访"]
    assert (1, "start") not in said(form, "hints")  # it is under way now
