"""The plan as a whole: what a department has to do, and everything it has noted about doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.plan.records import Assignment, Milestone, Resource, Risk


@dataclass(frozen=True)
class Plan:
    """A department's tasks and what is planned for them.

    Parameters
    ----------
    tasks : sequence of Task
        Its own, then those of the company that its plan refers to.
    assignments, milestones, resources, risks : sequence of record
        Its own; for a task of the company, also the assignments that the company made.
    """

    tasks: Sequence[Task]
    assignments: Sequence[Assignment]
    milestones: Sequence[Milestone]
    resources: Sequence[Resource]
    risks: Sequence[Risk]


def gather(book: Book) -> Plan:
    """Collect the plan of a book's department.

    A task of the company belongs to it where an assignment, milestone, resource or risk of the department refers
    to it: forms offer the company's tasks as well as the department's own.
    """
    own = book.records(Task)
    assignments = book.records(Assignment)
    milestones, resources, risks = book.records(Milestone), book.records(Resource), book.records(Risk)
    used = {entry.task for entry in assignments} | {entry.task for entry in resources}
    used.update(task for milestone in milestones for task in milestone.tasks)
    used.update(task for risk in risks for task in risk.tasks)
    borrowed = [task for task in book.shared(Task) if task.id in used - {mine.id for mine in own}]
    theirs = [
        entry
        for entry in book.shared(Assignment)
        if entry not in assignments and entry.task in {task.id for task in borrowed}
    ]
    return Plan([*own, *borrowed], [*theirs, *assignments], milestones, resources, risks)


def names_of(tasks: Sequence[Task]) -> dict[str, str]:
    """Name tasks by id; where two have the same name, the id stands beside it."""
    names = [task.name for task in tasks]
    return {t.id: f"{t.name} ({t.id})" if names.count(t.name) > 1 else t.name for t in tasks}
