"""Who carries a target: an owner, and tasks that lie within its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import Marks
from kpinb.decompose.proof.tree import LEVELS, LOST, Job, Tree
from kpinb.decompose.proof.wording import named, same_fault, titled
from kpinb.decompose.records import Level
from kpinb.language import _, ngettext
from kpinb.period import Period
from kpinb.view import formats


def owners(tree: Tree) -> Iterator[Inconsistency]:
    """Find targets that nobody owns: one fault, however many they are; none where owners were not given at all."""
    if not tree.has_owners:
        return
    nobody = np.array([not owner for owner in tree.owners], dtype=bool)
    rows = np.flatnonzero(nobody[tree.owner] & ~tree.above).tolist()
    if rows:
        yield same_fault(
            tree,
            rows,
            Check.owner,
            ngettext(
                "This target has no owner: {targets}.", "These targets have no owner: {targets}.", len(rows)
            ).format(targets=named(tree, rows)),
            ngettext("Name who carries it.", "Name who carries each of them.", len(rows)),
        )


def carried(tree: Tree, jobs: Sequence[Job], month: Period | None, circling: Marks) -> Iterator[Inconsistency]:
    """Find the lowest targets that no task carries, be it a task of a target above.

    From the month under review on. The company's own targets are carried by the departments'.
    """
    has = np.zeros(len(tree), dtype=bool)
    has[[job.row for job in jobs if job.row >= 0]] = True
    below = (tree.parent >= 0) & ~circling
    while True:
        reached = has.copy()
        reached[below] |= has[tree.parent[below]]
        if (reached == has).all():
            break
        has = reached
    idle = ~has & ~tree.is_parent() & ~tree.is_rhythm() & ~tree.above
    idle &= tree.level != LEVELS.index(Level.company)
    if month is not None:
        idle &= tree.last >= month.first.toordinal()
    rows = np.flatnonzero(idle).tolist()
    if rows:
        yield same_fault(
            tree,
            rows,
            Check.task,
            ngettext(
                "No task carries this target: {targets}.", "No task carries these targets: {targets}.", len(rows)
            ).format(targets=named(tree, rows)),
            ngettext(
                "Write a task that serves it, or one above it.",
                "Write a task that serves each of them, or one above it.",
                len(rows),
            ),
        )


def dates(tree: Tree, jobs: Sequence[Job]) -> Iterator[Inconsistency]:
    """Find tasks that end or start after their target's period."""
    for job in jobs:
        if job.row < 0:
            continue
        end = tree.periods[tree.period[job.row]].last
        late = [day for day in (job.task.start, job.task.end) if day is not None and day > end]
        if not late:
            continue
        names = {
            "task": job.task.name,
            "day": formats.day(late[0]),
            "target": titled(tree, job.row),
            "last": formats.day(end),
            "number": end.isoformat(),
        }
        starts = late[0] == job.task.start
        text = (
            _("The task “{task}” starts on {day}, after its target “{target}” is over on {last}.")
            if starts
            else _("The task “{task}” ends on {day}, after its target “{target}” is over on {last}.")
        )
        mend = (
            _("Start and end it by {number}, or let it serve a target of a later period.")
            if starts
            else _("Type {number} as its end, or let it serve a target of a longer period.")
        )
        yield Inconsistency(
            Check.dates,
            tree.ids[job.row],
            names["target"],
            None,
            None,
            "",
            text.format(**names),
            mend.format(**names),
        )


def lost_tasks(jobs: Sequence[Job]) -> Iterator[Inconsistency]:
    """Find tasks whose target is not there."""
    for job in jobs:
        if job.row == LOST:
            yield Inconsistency(
                Check.parent,
                job.task.target or "",
                job.task.name,
                None,
                None,
                "",
                _("The task “{task}” serves the target “{target}”, which is not there.").format(
                    task=job.task.name, target=job.task.target
                ),
                _("Choose another target for it, or add “{target}”.").format(target=job.task.target),
            )
