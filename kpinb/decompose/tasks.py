"""The task list, and what to do first when tasks collide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.priority import Quadrant, quadrant
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
    statements = {target.id: target.statement for target in book.shared(Target)}
    tasks = sorted(book.records(Task), key=lambda t: (not t.key_action, t.start or date.max, t.name))
    rows = [{**dict(task), "serves": statements.get(task.target or "", "")} for task in tasks]
    return Table(
        pd.DataFrame(rows, columns=[*Task.model_fields, "serves"], dtype=object),
        [
            Column("name", _("Task")),
            Column("key_action", _("Key action")),
            Column("owner", _("Owner")),
            Column("start", _("Start"), formats.day),
            Column("end", _("End"), formats.day),
            Column("rhythm", _("Rhythm")),
            Column("deliverable", _("Deliverable")),
            Column("serves", _("Serves the target")),
        ],
        empty=_("There is no task yet. Add one in the notebook's form."),
    )


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
