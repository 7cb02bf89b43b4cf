"""The task list, and what to do first when tasks collide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.prioritise.ranking import Quadrant, quadrant
from kpinb.clarify.records import Indicator
from kpinb.decompose.records import Target, Task
from kpinb.language import N_, _
from kpinb.view import Column, Table, formats

ADVICE = {
    Quadrant.do_now: N_("Do it at once, before it costs business."),
    Quadrant.schedule: N_("Plan it in detail and secure what it needs, before it becomes urgent."),
    Quadrant.delegate: N_("Hand it over or simplify it, so that it takes little time."),
    Quadrant.batch: N_("Collect it and do it in one go, or improve the procedure."),
}
"""What the method says to do with what lies in each quadrant."""


def task_table(book: Book) -> Table:
    """Show the task list, key actions first, then by date."""
    targets = {target.id: target for target in book.shared(Target)}
    units = {indicator.id: indicator.unit for indicator in book.shared(Indicator)}
    tasks = sorted(book.records(Task), key=lambda t: (not t.key_action, t.start or date.max, t.name))
    rows = []
    for task in tasks:
        target = targets.get(task.target or "")
        unit = "" if target is None else units.get(target.indicator, "")
        rows.append({**dict(task), **_shown(task, unit), "serves": target.statement if target else ""})
    return Table(
        pd.DataFrame(rows, columns=[*Task.model_fields, "when", "yields", "serves"], dtype=object),
        [
            Column("name", _("Task")),
            Column("key_action", _("Key action")),
            Column("owner", _("Owner")),
            Column("when", _("Start and end")),
            Column("rhythm", _("Rhythm")),
            Column("deliverable", _("Deliverable")),
            Column("yields", _("Brings")),
            Column("effort_hours", _("Effort in hours"), formats.number, numeric=True),
            Column("serves", _("Serves the target")),
        ],
        empty=_("There is no task yet. Add one in the notebook's form."),
    )


def _shown(task: Task, unit: str) -> dict[str, str]:
    when = "" if task.start is None and task.end is None else f"{formats.day(task.start)}\n{formats.day(task.end)}"
    if task.brings is None:
        return {"when": when, "yields": ""}
    amount = formats.amount(task.brings, unit)
    if task.every is None:
        return {"when": when, "yields": amount}
    return {"when": when, "yields": _("{amount} {every}").format(amount=amount, every=task.every.label)}


def priorities(tasks: Sequence[Task]) -> pd.DataFrame:
    """Place tasks in the four quadrants.

    Returns
    -------
    pandas.DataFrame
        One row a quadrant that holds tasks, the most pressing first: `quadrant`, `advice`, `tasks` (names, a line
        each, those of higher importance and urgency on top).
    """
    rows = []
    ordered = sorted(tasks, key=lambda t: (-t.importance, -t.urgency, t.end or date.max, t.name))
    for place, advice in ADVICE.items():
        names = [task.name for task in ordered if quadrant(task.importance, task.urgency) is place]
        if names:
            rows.append({"quadrant": place, "advice": _(advice), "tasks": "\n".join(names)})
    return pd.DataFrame(rows, columns=["quadrant", "advice", "tasks"], dtype=object)


def priority_table(book: Book) -> Table:
    """Show the tasks in the four quadrants, with what to do with each."""
    return Table(
        priorities(book.records(Task)),
        [
            Column("quadrant", _("Quadrant")),
            Column("advice", _("What to do")),
            Column("tasks", _("Tasks")),
        ],
        empty=_("There is no task yet. Add one in the notebook's form."),
    )
