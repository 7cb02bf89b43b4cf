"""What an indicator means: the instruction as issued, what it is for, and its criteria in numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.errors import NotFound
from kpinb.language import _, ngettext
from kpinb.records import Revision, changed_fields
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats


def goal_path(goal_id: str, goals: Sequence[BusinessGoal]) -> list[BusinessGoal]:
    """Follow a goal up to the one that serves no other; the given goal comes first.

    A circle of goals ends where it would begin again; an unknown id gives an empty list.
    """
    known = {goal.id: goal for goal in goals}
    path: list[BusinessGoal] = []
    step = known.get(goal_id)
    while step is not None and step not in path:
        path.append(step)
        step = known.get(step.parent) if step.parent else None
    return path


def trace(indicators: Sequence[Indicator], goals: Sequence[BusinessGoal]) -> pd.DataFrame:
    """Trace indicators to the business goals they serve.

    Returns
    -------
    pandas.DataFrame
        One row for each indicator and goal, and one with empty `goal` for an indicator without any:
        `id`, `name`, `issuer`, `goal` (its name), `path` (names from the goal up, joined by arrows), `purpose`.
    """
    rows: list[dict[str, str]] = []
    for indicator in indicators:
        paths = [path for goal in indicator.goals if (path := goal_path(goal, goals))] or [[]]
        rows.extend(
            {
                "id": indicator.id,
                "name": indicator.name,
                "issuer": indicator.issuer,
                "goal": path[0].name if path else "",
                "path": " → ".join(goal.name for goal in path),
                "purpose": path[0].purpose if path else "",
            }
            for path in paths
        )
    return pd.DataFrame(rows, columns=["id", "name", "issuer", "goal", "path", "purpose"], dtype=object)


def criterion_text(criterion: Criterion) -> str:
    """Write a criterion as a person says it: mean ≤ 2 小时, each calendar month."""
    bound = formats.bound(criterion.threshold, criterion.upper, criterion.direction, criterion.unit)
    text = f"{criterion.statistic.label} {bound}"
    return _("{criterion}, {window}").format(criterion=text, window=criterion.window) if criterion.window else text


def cards(indicators: Sequence[Revision], criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Put each indicator on a card.

    Parameters
    ----------
    indicators : sequence of Revision
        Of `Indicator`.
    criteria : sequence of Criterion
        Of all of them.

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
                "version": revision.version,
            }
        )
    return pd.DataFrame(rows, columns=["id", "name", "statement", "criteria", "owner", "version"], dtype=object)


def blockers(
    indicator: Indicator,
    criteria: Sequence[Criterion],
    questions: Sequence[OpenQuestion],
    goals: Sequence[BusinessGoal],
) -> list[str]:
    """Say what keeps an indicator from being agreed, a sentence for each field."""
    name = indicator.name
    known = {goal.id for goal in goals}
    found = []
    if not indicator.goals:
        found.append(_("{name}: name the business goal it serves.").format(name=name))
    found.extend(
        _("{name}: there is no business goal “{goal}”. Write it, or name another.").format(name=name, goal=goal)
        for goal in indicator.goals
        if goal not in known
    )
    if not indicator.issuer:
        found.append(_("{name}: name the issuer, who can be asked what it is for.").format(name=name))
    if not indicator.owner:
        found.append(_("{name}: name the owner.").format(name=name))
    if not any(criterion.indicator == indicator.id for criterion in criteria):
        found.append(_("{name}: say in a criterion what number is good enough.").format(name=name))
    found.extend(
        _("{name}: the question “{question}” has no answer yet.").format(name=name, question=question.question)
        for question in questions
        if question.indicator == indicator.id and not question.answer
    )
    return found


def trace_table(book: Book) -> Table:
    """Show what each indicator is for."""
    return Table(
        trace(book.records(Indicator), book.shared(BusinessGoal)),
        [
            Column("name", _("Indicator")),
            Column("issuer", _("Issuer")),
            Column("path", _("Business goal")),
            Column("purpose", _("Purpose")),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def card_table(book: Book) -> Table:
    """Show the indicator cards; read anew each time, so that what was just saved is there."""
    return Table(
        cards(book.revisions(Indicator), book.records(Criterion)),
        [
            Column("name", _("Indicator")),
            Column("statement", _("As issued")),
            Column("criteria", _("In numbers")),
            Column("owner", _("Owner")),
            Column("version", _("Version"), numeric=True),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def question_table(book: Book) -> Table:
    """Show what was asked of the issuer, and the answers."""
    names = {indicator.id: indicator.name for indicator in book.records(Indicator)}
    questions = book.records(OpenQuestion)
    rows = [{**dict(q), "indicator": names.get(q.indicator, q.indicator)} for q in questions]
    return Table(
        pd.DataFrame(rows, columns=list(OpenQuestion.model_fields), dtype=object),
        [
            Column("indicator", _("Indicator")),
            Column("question", _("Question")),
            Column("asked_of", _("Asked of")),
            Column("answer", _("Answer")),
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
    rows = [
        {
            "name": getattr(revision.record, "name", revision.record.id),
            "version": revision.version,
            "author": revision.author,
            "at": revision.recorded_at.astimezone(),
            "reason": revision.reason,
            "changed": changed_fields(before, revision),
        }
        for before, revision in zip([None, *versions], versions, strict=False)
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


def bottom_line(book: Book) -> Sentences:
    """Say how many indicators are clear, and what is missing for the others."""
    indicators = book.records(Indicator)
    if not indicators:
        return Sentences.of([Sentence(_("This department has no indicator yet."), Tone.unknown)])
    agreed: list[Indicator] = []
    opening = ngettext(
        "{agreed} of {count} indicator is agreed with its issuer.",
        "{agreed} of {count} indicators are agreed with their issuers.",
        len(indicators),
    ).format(agreed=len(agreed), count=len(indicators))
    criteria, questions, goals = book.records(Criterion), book.records(OpenQuestion), book.shared(BusinessGoal)
    open_points = [text for i in indicators for text in blockers(i, criteria, questions, goals)]
    tone = Tone.good if len(agreed) == len(indicators) and not open_points else Tone.warn
    return Sentences.of([Sentence(opening, tone), *(Sentence(text, Tone.warn) for text in open_points)])
