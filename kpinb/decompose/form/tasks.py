"""The task list as a grid: typed or pasted from a spreadsheet, each row checked beside its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kpinb.book import Book
from kpinb.decompose.form.records import REFERENCES
from kpinb.decompose.records import Target, Task
from kpinb.decompose.tasks.checks import task_problems
from kpinb.forms import RecordGrid
from kpinb.language import _

_FIELDS = (
    "name",
    "owner",
    "start",
    "end",
    "deliverable",
    "target",
    "brings",
    "every",
    "takes",
    "effort_hours",
    "key_action",
)

Sentences = dict[tuple[str, str], str]


def task_grid_form(book: Book) -> RecordGrid:
    """Edit the task list in a grid.

    What contradicts the target that a task serves stands in the way of saving; what is only not there yet, such as
    an owner, is told and may follow.
    """
    return RecordGrid(
        book,
        Task,
        title=_("Task list"),
        fields=_FIELDS,
        references=REFERENCES,
        check=lambda tasks: _contradictions(book, tasks),
        advice=lambda tasks: _gaps(book, tasks),
    )


def _contradictions(book: Book, tasks: Sequence[Task]) -> Sentences:
    by_id = {task.id: task for task in tasks}
    found = _found(book, tasks, stored=set(by_id))
    return {(key, name): text for (key, name), text in found.items() if getattr(by_id[key], name)}


def _gaps(book: Book, tasks: Sequence[Task]) -> Sentences:
    by_id = {task.id: task for task in tasks}
    stored = {revision.record.id for revision in book.revisions(Task)}
    found = _found(book, tasks, stored=stored)
    in_the_way = found if stored >= set(by_id) else _contradictions(book, tasks)
    return {
        (key, name): text
        for (key, name), text in found.items()
        if not getattr(by_id[key], name) or (key, name) not in in_the_way
    }


def _found(book: Book, tasks: Sequence[Task], *, stored: set[str]) -> Sentences:
    targets = {target.id: [target] for target in book.shared(Target)}
    namesakes: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        namesakes[task.name.casefold()].append(task)
    return {
        (task.id, name): text
        for task in tasks
        for name, text in task_problems(
            task,
            targets.get(task.target or "", []),
            namesakes[task.name.casefold()],
            today=book.today,
            new=task.id not in stored,
            fiscal_start=book.period.fiscal_start,
        ).items()
    }
