"""The RACI matrix: who is responsible, accountable (approves), consulted and informed, and whether it is clear.

The rules are those on which descriptions of the matrix agree: one task has exactly one who approves and at least
one who carries it out. That one and the same person does both is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import _, ngettext
from kpinb.plan.gather import Plan, gather, names_of
from kpinb.plan.records import Assignment, Role
from kpinb.view import Column, Sentence, Sentences, Table, Tone


class Rule(StrEnum):
    """What can be wrong with a matrix."""

    no_approver = "no_approver"
    several_approvers = "several_approvers"
    nobody_responsible = "nobody_responsible"
    assigned_twice = "assigned_twice"
    unknown_task = "unknown_task"
    unassigned = "unassigned"


@dataclass(frozen=True)
class Problem:
    """A rule that is broken.

    Parameters
    ----------
    rule : Rule
        Which one.
    tasks : tuple of str
        Ids of the tasks that break it.
    text : str
        The sentence for the reader: which task, who, and what to do.
    """

    rule: Rule
    tasks: tuple[str, ...]
    text: str


def matrix(tasks: Sequence[Task], assignments: Sequence[Assignment]) -> pd.DataFrame:
    """Set tasks against who takes part in them.

    Returns
    -------
    pandas.DataFrame
        One row for each task with an assignment, in the order of `tasks`, indexed by task id; one column for each
        person or department, in order of first appearance; the cells hold letters in the order R, A, C, I, joined
        as the reader's language joins a list, or None.
    """
    known = {task.id for task in tasks}
    roles: dict[tuple[str, str], set[Role]] = {}
    for entry in assignments:
        if entry.task in known:
            roles.setdefault((entry.task, entry.who), set()).update(entry.roles)
    who = list(dict.fromkeys(who for _task, who in roles))
    rows = [task.id for task in tasks if any(task.id == row for row, _who in roles)]
    cells = [[_letters(roles[row, name]) if (row, name) in roles else None for name in who] for row in rows]
    return pd.DataFrame(cells, index=pd.Index(rows, name="task", dtype=object), columns=who, dtype=object)


def _letters(roles: set[Role]) -> str:
    return _(", ").join(role.value for role in Role if role in roles)


def check(tasks: Sequence[Task], assignments: Sequence[Assignment]) -> list[Problem]:
    """Find what is not clear in a matrix.

    Returns
    -------
    list of Problem
        Task by task in the order of `tasks`, then assignments to tasks that do not exist, then one problem for
        all tasks that have no assignment at all.
    """
    names = names_of(tasks)
    found: list[Problem] = []
    for task in tasks:
        parts = [entry for entry in assignments if entry.task == task.id]
        if parts:
            found.extend(Problem(rule, (task.id,), text) for rule, text in _broken(names[task.id], parts))
    found.extend(
        Problem(
            Rule.unknown_task,
            (entry.task,),
            _(
                "{who} has the role {roles} in the task “{task}”, which does not exist. Choose a task that does, "
                "or delete the assignment."
            ).format(who=entry.who, roles=_letters(set(entry.roles)), task=entry.task),
        )
        for entry in assignments
        if entry.task not in names
    )
    assigned = {entry.task for entry in assignments}
    if missing := [task.id for task in tasks if task.id not in assigned]:
        text = ngettext(
            "One task has no assignment yet: {tasks}. Say who carries it out (R) and who approves it (A).",
            "{count} tasks have no assignment yet: {tasks}. Say who carries them out (R) and who "
            "approves them (A).",
            len(missing),
        ).format(count=len(missing), tasks=_(", ").join(names[task] for task in missing))
        found.append(Problem(Rule.unassigned, tuple(missing), text))
    return found


def _broken(name: str, parts: Sequence[Assignment]) -> list[tuple[Rule, str]]:
    """Check the assignments of one task against the rules."""
    approve = list(dict.fromkeys(entry.who for entry in parts if Role.accountable in entry.roles))
    found = []
    if not approve:
        text = _("{task}: nobody approves it (A). Name exactly one person or department that does.")
        found.append((Rule.no_approver, text.format(task=name)))
    if len(approve) > 1:
        text = _("{task}: {count} approve it (A): {who}. Keep one, and let the others be consulted (C).")
        found.append(
            (
                Rule.several_approvers,
                text.format(task=name, count=len(approve), who=_(", ").join(approve)),
            )
        )
    if not any(Role.responsible in entry.roles for entry in parts):
        text = _("{task}: nobody carries it out (R). Name at least one person or department that does.")
        found.append((Rule.nobody_responsible, text.format(task=name)))
    who = [entry.who for entry in parts]
    for twice in (name for name in dict.fromkeys(who) if who.count(name) > 1):
        text = _(
            "{task}: {who} is assigned {count} times, with the roles {roles}. Keep one assignment with all of "
            "them."
        )
        roles = {role for entry in parts if entry.who == twice for role in entry.roles}
        found.append(
            (
                Rule.assigned_twice,
                text.format(task=name, who=twice, count=who.count(twice), roles=_letters(roles)),
            )
        )
    return found


def raci_table(book: Book) -> Table:
    """Show the RACI matrix, with what each one does; a task that breaks a rule is marked."""
    plan = gather(book)
    letters = matrix(plan.tasks, plan.assignments)
    does: dict[tuple[str, str], list[str]] = {}
    for entry in plan.assignments:
        if entry.does:
            does.setdefault((entry.task, entry.who), []).append(entry.does)
    names = names_of(plan.tasks)
    unclear = {task for problem in check(plan.tasks, plan.assignments) for task in problem.tasks}
    # Columns are numbered: a department could be called “task”.
    rows = [
        {
            "task": task,
            "name": names[task],
            **{
                str(number): cell and "\n".join([cell, *does.get((task, who), [])])
                for number, (who, cell) in enumerate(zip(letters.columns, letters.loc[task], strict=True))
            },
        }
        for task in letters.index
    ]
    columns = [str(number) for number in range(len(letters.columns))]
    return Table(
        pd.DataFrame(rows, columns=["task", "name", *columns], dtype=object),
        [
            Column("name", _("Task"), tone=lambda row: Tone.warn if row["task"] in unclear else Tone.plain),
            *(Column(column, who) for column, who in zip(columns, letters.columns, strict=True)),
        ],
        empty=_("No task has an assignment yet. Add one in the notebook's form."),
        caption=" · ".join(f"{role} {role.label}" for role in Role),
    )


def raci_sentences(book: Book) -> Sentences:
    """Say what is not clear in the RACI matrix, or that all is."""
    plan = gather(book)
    found = check(plan.tasks, plan.assignments)
    if found:
        return Sentences.of(Sentence(problem.text, Tone.warn) for problem in found)
    return Sentences.of([raci_sentence(plan)])


def raci_sentence(plan: Plan) -> Sentence:
    """Say in one sentence how clear the assignments are."""
    if not plan.tasks:
        return Sentence(_("There is no task to assign yet."), Tone.unknown)
    unclear = {task for problem in check(plan.tasks, plan.assignments) for task in problem.tasks}
    if not unclear:
        text = ngettext(
            "The task has exactly one who approves it (A) and somebody who carries it out (R).",
            "Each of the {count} tasks has exactly one who approves it (A) and somebody who carries it out (R).",
            len(plan.tasks),
        ).format(count=len(plan.tasks))
        return Sentence(text, Tone.good)
    text = ngettext(
        "Who does what is not clear in one task: see the RACI matrix.",
        "Who does what is not clear in {count} tasks: see the RACI matrix.",
        len(unclear),
    ).format(count=len(unclear))
    return Sentence(text, Tone.warn)
