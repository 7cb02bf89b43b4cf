"""What an indicator means, on its card: the instruction as issued, its criteria in numbers, what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.agreement import Standing, states
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.errors import NotFound
from kpinb.language import _
from kpinb.period import Period
from kpinb.records import Revision, changed_fields
from kpinb.view import Column, Table, formats


def cards(
    indicators: Sequence[Revision], criteria: Sequence[Criterion], standings: Mapping[str, Standing]
) -> pd.DataFrame:
    """Put each indicator on a card.

    Parameters
    ----------
    indicators : sequence of Revision
        Of `Indicator`.
    criteria : sequence of Criterion
        Of all of them.
    standings : mapping of str to Standing
        Of each, by id.

    Returns
    -------
    pandas.DataFrame
        One row an indicator: `id`, `name`, `statement`, `criteria` (texts, a line each), `owner`, `standing`,
        `version`.
    """
    rows = []
    for revision in indicators:
        indicator = revision.record
        assert isinstance(indicator, Indicator)  # noqa: S101 - tells the type checker what the store was asked for
        rows.append(
            {
                "id": indicator.id,
                "name": indicator.name,
                "statement": indicator.statement,
                "criteria": "\n".join(criterion_text(c) for c in criteria if c.indicator == indicator.id),
                "owner": indicator.owner,
                "standing": standings[indicator.id],
                "version": revision.version,
            }
        )
    columns = ["id", "name", "statement", "criteria", "owner", "standing", "version"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def card_table(book: Book) -> Table:
    """Show the indicator cards; read anew each time, so that what was just saved is there."""
    standings = {state.indicator.id: state.standing for state in states(book)}
    return Table(
        cards(book.revisions(Indicator), book.records(Criterion), standings),
        [
            Column("name", _("Indicator")),
            Column("statement", _("As issued")),
            Column("criteria", _("In numbers")),
            Column("owner", _("Owner")),
            Column("standing", _("Standing"), tone=lambda row: row["standing"].tone),
            Column("version", _("Version"), numeric=True),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def question_table(book: Book) -> Table:
    """Show what was asked of the issuer and when, and the answers with their day."""
    names = {indicator.id: indicator.name for indicator in book.records(Indicator)}
    rows = [
        {
            "indicator": names.get(question.indicator, question.indicator),
            "question": question.question,
            "asked_of": question.asked_of,
            "asked_in": question.asked_in and Period.parse(question.asked_in),
            "answer": question.answer,
            "answered_on": question.answered_on,
        }
        for question in book.records(OpenQuestion)
    ]
    columns = ["indicator", "question", "asked_of", "asked_in", "answer", "answered_on"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("indicator", _("Indicator")),
            Column("question", _("Question")),
            Column("asked_of", _("Asked of")),
            Column("asked_in", _("Asked in"), lambda value: formats.period(value) if value else formats.NOTHING),
            Column("answer", _("Answer")),
            Column("answered_on", _("Answered on"), formats.day),
        ],
        empty=_("No question has been noted."),
    )


def history_table(book: Book, indicator_id: str = "") -> Table:
    """Show who changed an indicator, when and why, latest first; without an id, the one saved last."""
    revisions = book.revisions(Indicator)
    if not indicator_id and revisions:
        indicator_id = max(revisions, key=lambda revision: revision.recorded_at).record.id
    try:
        versions = book.history(Indicator, indicator_id) if indicator_id else []
    except NotFound:
        versions = []
    goals = {goal.id: goal.name for goal in book.shared(BusinessGoal)}
    rows = [
        {
            "name": getattr(revision.record, "name", revision.record.id),
            "version": revision.version,
            "author": revision.author,
            "at": revision.recorded_at.astimezone(),
            "reason": revision.reason,
            "changed": changed_fields(before, revision),
        }
        for before, revision in pairwise([None, *(_with_goals_named(version, goals) for version in versions)])
        if revision
    ]
    return Table(
        pd.DataFrame(rows[::-1], columns=["name", "version", "author", "at", "reason", "changed"], dtype=object),
        [
            Column("name", _("Indicator")),
            Column("version", _("Version"), numeric=True),
            Column("author", _("By")),
            Column("at", _("When"), formats.moment),
            Column("reason", _("Reason")),
            Column("changed", _("Changed")),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def _with_goals_named(revision: Revision, goals: Mapping[str, str]) -> Revision:
    """Put the goals' names in the place of their ids, for who reads what was changed."""
    named = [goals.get(goal, goal) for goal in getattr(revision.record, "goals", [])]
    return replace(revision, record=revision.record.model_copy(update={"goals": named})) if named else revision
