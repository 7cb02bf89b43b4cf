"""What is wrong with one row of the task list, field by field, while it is being typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kpinb.decompose.records import Target, Task
from kpinb.errors import shown
from kpinb.language import _
from kpinb.period import Period
from kpinb.view import formats


def task_problems(
    task: Task,
    targets: Sequence[Target],
    others: Sequence[Task],
    *,
    today: date,
    new: bool = False,
    fiscal_start: int = 1,
) -> dict[str, str]:
    """Check a task against its targets and the other tasks.

    Parameters
    ----------
    task : Task
        The row.
    targets : sequence of Target
        Those that a task may serve: the company's and the department's own.
    others : sequence of Task
        The other rows; the task itself may be among them.
    today : date
        Before which no new task may start.
    new : bool
        Whether the task is not saved yet; one that is under way has started before today.
    fiscal_start : int
        First month of the fiscal year.

    Returns
    -------
    dict of str to str
        A sentence by name of the field, in the order of the fields; empty where nothing is wrong.
    """
    served = next((target for target in targets if target.id == task.target), None)
    period = None if served is None else Period.parse(served.period, fiscal_start=fiscal_start)
    found = {
        "name": _name(task, others),
        "owner": "" if task.owner else _("Name who does it."),
        "start": _start(task, period, today, new=new),
        "end": _end(task, period),
        "deliverable": "" if task.deliverable else _("Say what lies on the table afterwards."),
        "target": _target(task, served),
    }
    return {field: problem for field, problem in found.items() if problem}


def _name(task: Task, others: Sequence[Task]) -> str:
    name = task.name.casefold()
    if any(other.id != task.id and other.name.casefold() == name for other in others):
        return _("Another task has this name: tell the two apart.")
    return ""


def _start(task: Task, period: Period | None, today: date, *, new: bool) -> str:
    if task.start is None:
        return _("Say when it starts.")
    if period is not None and task.start > period.last:
        return _("It starts after its target's period, which ends on {last}.").format(
            last=formats.day(period.last)
        )
    if new and task.start < today:
        return _("It would start before today, {today}.").format(today=formats.day(today))
    return ""


def _end(task: Task, period: Period | None) -> str:
    if task.end is None:
        return _("Say when it ends.")
    if period is None:
        return ""
    if task.end > period.last:
        return _("It ends after its target's period, which ends on {last}.").format(last=formats.day(period.last))
    if task.every is not None and task.end < period.first:
        return _("It ends before its target's period, which begins on {first}.").format(
            first=formats.day(period.first)
        )
    return ""


def _target(task: Task, served: Target | None) -> str:
    if task.target is not None and served is None:
        return _("There is no target “{target}”.").format(target=shown(task.target))
    return ""
