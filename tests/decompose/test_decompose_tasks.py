"""The task list, and the four quadrants of the second question."""

from __future__ import annotations

from stories import Workbook, day, indicator, target

from kpinb import decompose
from kpinb.clarify.prioritise.ranking import Quadrant
from kpinb.decompose.records import Task
from kpinb.decompose.tasks.task_list import priorities

COMPLAINT = Task(id="complaint", name="Answer a complaint", importance=5, urgency=5)
PROJECT = Task(id="project", name="Core project", importance=5, urgency=3)
MEETING = Task(id="meeting", name="Meeting", importance=2, urgency=4)
ROUTINE = Task(id="routine", name="Routine", importance=1, urgency=1)


def test_the_four_examples_of_the_method_lie_in_four_quadrants() -> None:
    frame = priorities([ROUTINE, MEETING, PROJECT, COMPLAINT])
    assert list(zip(frame["quadrant"], frame["tasks"], strict=True)) == [
        (Quadrant.do_now, "Answer a complaint"),
        (Quadrant.schedule, "Core project"),
        (Quadrant.delegate, "Meeting"),
        (Quadrant.batch, "Routine"),
    ]
    assert "Hand it over" in frame["advice"][2]
    assert priorities([MEETING])["quadrant"].tolist() == [Quadrant.delegate]


def test_key_actions_stand_first_then_what_starts_first(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        target("2026-Q1", "q1", value="1", statement="Q1 grows by 5 %"),
        Task(id="a", name="Later", start=day("2026-02-01"), target="q1"),
        Task(id="b", name="Sooner", start=day("2026-01-05")),
        Task(id="c", name="Key", start=day("2026-03-01"), key_action=True),
        Task(id="d", name="Undated"),
    )
    rows = decompose.task_table(workbook.book()).texts()
    assert [row[0] for row in rows] == ["Key", "Sooner", "Later", "Undated"]
    assert [row[-1] for row in rows] == ["–", "–", "Q1 grows by 5 %", "–"]
    assert [row[3] for row in rows] == ["1 March 2026\n–", "5 January 2026\n–", "1 February 2026\n–", "–"]


def test_a_task_shows_what_it_brings_and_takes(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        indicator("revenue", unit="users"),
        target("2026-Q1", "q1", value="20"),
        Task.build({"id": "a", "name": "Once", "target": "q1", "brings": "5"}),
        Task.build({"id": "b", "name": "Weekly", "brings": "2", "every": "week", "effort_hours": "24"}),
        Task(id="c", name="Silent"),
    )
    table = decompose.task_table(workbook.book())
    assert [(row[0], row[6], row[7]) for row in table.texts()] == [
        ("Once", "5\N{NO-BREAK SPACE}users", "–"),
        ("Silent", "–", "–"),
        ("Weekly", "2 every week", "24"),
    ]
    assert len(table.columns) == 9
