"""What is wrong with a row of the task list, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from stories import day, target

from kpinb.decompose.records import Task
from kpinb.decompose.tasks.checks import task_problems

TODAY = day("2026-10-08")
TARGETS = [target("2026-Q4", "q4", value="20")]
GOOD = {
    "id": "t",
    "name": "Follow up",
    "owner": "Rep A",
    "start": "2026-10-08",
    "end": "2026-12-31",
    "deliverable": "Contracts",
    "target": "q4",
}


def problems(*, new: bool = True, others: list[Task] | None = None, **fields: Any) -> dict[str, str]:
    task = Task.build({**GOOD, **fields})
    return task_problems(task, TARGETS, others or [], today=TODAY, new=new)


def test_a_whole_row_has_no_problem() -> None:
    assert problems() == {}
    assert problems(target=None) == {}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"owner": ""}, {"owner": "Name who does it."}),
        ({"start": None}, {"start": "Say when it starts."}),
        ({"end": None}, {"end": "Say when it ends."}),
        ({"deliverable": ""}, {"deliverable": "Say what lies on the table afterwards."}),
        ({"target": "gone"}, {"target": "There is no target “gone”."}),
        ({"start": "2026-10-07"}, {"start": "It would start before today, 8 October 2026."}),
        ({"end": "2027-01-01"}, {"end": "It ends after its target's period, which ends on 31 December 2026."}),
        (
            {"start": "2027-01-01", "end": "2027-02-01"},
            {
                "start": "It starts after its target's period, which ends on 31 December 2026.",
                "end": "It ends after its target's period, which ends on 31 December 2026.",
            },
        ),
        (
            {"owner": "", "deliverable": ""},
            {"owner": "Name who does it.", "deliverable": "Say what lies on the table afterwards."},
        ),
    ],
)
def test_each_field_says_what_is_wrong(fields: dict[str, Any], found: dict[str, str]) -> None:
    assert problems(**fields) == found


def test_a_task_under_way_started_before_today() -> None:
    assert problems(new=False, start="2026-01-05") == {}


def test_a_repeating_task_that_ends_before_its_targets_period_brings_nothing() -> None:
    fields = {"start": "2026-07-01", "end": "2026-09-30"}
    assert problems(new=False, **fields) == {}
    assert problems(new=False, every="week", **fields) == {
        "end": "It ends before its target's period, which begins on 1 October 2026."
    }


def test_two_tasks_of_one_name_cannot_be_told_apart() -> None:
    twin = Task.build({**GOOD, "id": "twin", "name": "FOLLOW UP"})
    assert problems(others=[twin]) == {"name": "Another task has this name: tell the two apart."}
    assert problems(others=[twin.model_copy(update={"id": "t"})]) == {}
