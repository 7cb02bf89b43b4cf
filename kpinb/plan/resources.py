"""Resources: what the tasks need besides time, and whether it is secured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import _, ngettext
from kpinb.plan.gather import gather, names_of
from kpinb.plan.records import Resource, ResourceMatch
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

COLUMNS = ["id", "task", "known", "sort", "name", "amount", "provider", "needed_by", "match", "late"]


def match_resources(resources: Sequence[Resource], tasks: Sequence[Task], today: date) -> pd.DataFrame:
    """Set out what is needed, task by task.

    Returns
    -------
    pandas.DataFrame
        One row a resource, in the order of `tasks` (those of unknown tasks last), within a task by the day on
        which it is needed (without a day last): `id`, `task` (name; the id of one that does not exist), `known`
        (whether the task exists), `sort`, `name`, `amount` (quantity with its unit), `provider`, `needed_by`,
        `match`, `late` (still only requested though the day is past).
    """
    names = names_of(tasks)
    position = {task: number for number, task in enumerate(names)}
    ordered = sorted(resources, key=lambda r: (position.get(r.task, len(position)), r.needed_by or date.max))
    rows = [
        {
            "id": resource.id,
            "task": names.get(resource.task, resource.task),
            "known": resource.task in names,
            "sort": resource.sort,
            "name": resource.name,
            "amount": formats.amount(resource.quantity, resource.unit),
            "provider": resource.provider,
            "needed_by": resource.needed_by,
            "match": resource.match,
            "late": resource.match is ResourceMatch.requested
            and resource.needed_by is not None
            and resource.needed_by < today,
        }
        for resource in ordered
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _tone(row: Any) -> Tone:
    if row["match"] is ResourceMatch.refused:
        return Tone.bad
    if row["match"] is ResourceMatch.confirmed:
        return Tone.good
    return Tone.warn if row["late"] else Tone.plain


def resource_table(book: Book) -> Table:
    """Show what each task needs, and how far it is secured."""
    plan = gather(book)
    return Table(
        match_resources(plan.resources, plan.tasks, book.today),
        [
            Column("task", _("Task")),
            Column("sort", _("Kind")),
            Column("name", _("Resource")),
            Column("amount", _("Quantity"), numeric=True),
            Column("provider", _("Provided by")),
            Column("needed_by", _("Needed by"), formats.day),
            Column("match", _("Secured"), tone=_tone),
        ],
        empty=_("No resource has been noted yet. Add one in the notebook's form."),
    )


def missing(matched: pd.DataFrame) -> list[Sentence]:
    """Say which resources are refused, late or belong to no task, from what `match_resources` returns."""
    found = []
    for row in matched.to_dict("records"):
        values = {"task": row["task"], "resource": row["name"], "day": formats.day(row["needed_by"])}
        if not row["known"]:
            text = _("{resource} is for the task “{task}”, which does not exist. Choose a task that does.")
            found.append(Sentence(text.format(**values), Tone.warn))
        if row["match"] is ResourceMatch.refused:
            text = _("{task}: {resource} is refused. Find another source, or change the task.")
            found.append(Sentence(text.format(**values), Tone.bad))
        elif row["late"]:
            text = _("{task}: {resource} was needed by {day} and is still only requested. Ask for a decision now.")
            found.append(Sentence(text.format(**values), Tone.warn))
    return found


def resource_sentence(matched: pd.DataFrame) -> Sentence:
    """Count in one sentence how many resources are secured, from what `match_resources` returns."""
    if matched.empty:
        return Sentence(_("No resource has been noted yet."), Tone.unknown)
    states: list[ResourceMatch] = matched["match"].tolist()
    refused, late = states.count(ResourceMatch.refused), int(matched["late"].sum())
    confirmed, count = states.count(ResourceMatch.confirmed), len(states)
    if confirmed == count:
        text = ngettext("The only resource is confirmed.", "All {count} resources are confirmed.", count)
        return Sentence(text.format(count=count), Tone.good)
    text = _("Resources confirmed: {confirmed} of {count}; refused: {refused}; overdue: {late}.").format(
        confirmed=confirmed, count=count, refused=refused, late=late
    )
    tone = Tone.bad if refused else Tone.warn if late else Tone.plain
    return Sentence(text, tone)


def resource_sentences(book: Book) -> Sentences:
    """Say how far the resources are secured, and which are not."""
    plan = gather(book)
    matched = match_resources(plan.resources, plan.tasks, book.today)
    return Sentences.of([resource_sentence(matched), *missing(matched)])
