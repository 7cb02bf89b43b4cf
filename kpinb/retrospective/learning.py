"""What is kept from a review: lessons, improvement actions that carry over, and skills to gain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kpinb.book import Book
from kpinb.language import _, ngettext
from kpinb.period import Period
from kpinb.retrospective.records import Action, ActionStatus, Lesson, Outcome, SkillGap
from kpinb.view import Column, Sentence, Table, Tone, formats


def actions_in_review(actions: Sequence[Action], month: Period, today: date) -> pd.DataFrame:
    """Give the actions that a month's review has to look at.

    These are all decided up to that month and still open at its end, whenever they were decided, and those
    closed in it.

    Returns
    -------
    pandas.DataFrame
        One row an action, open ones first, by due date: `id`, `name`, `owner`, `due`, `status`, `opened_in`,
        `carried_over` (decided in an earlier month), `overdue_days` (0 where it is not), `result`, `indicator`,
        `finding`.
    """
    rows = []
    for action in actions:
        opened = Period.parse(action.opened_in, fiscal_start=month.fiscal_start)
        closed_later = action.closed_on is not None and action.closed_on > today
        open_ = action.status is ActionStatus.open or closed_later
        closed_now = action.closed_on is not None and month.first <= action.closed_on <= today
        if opened.first > month.last or not (open_ or closed_now):
            continue
        rows.append(
            {
                "id": action.id,
                "name": action.name,
                "owner": action.owner,
                "due": action.due,
                "status": ActionStatus.open if open_ else action.status,
                "opened_in": opened,
                "carried_over": open_ and opened.last < month.first,
                "overdue_days": max(0, (today - action.due).days) if open_ else 0,
                "result": "" if closed_later else action.result,
                "indicator": action.indicator,
                "finding": action.finding,
            }
        )
    rows.sort(key=lambda row: (row["status"] is not ActionStatus.open, row["due"], row["id"]))
    columns = ["id", "name", "owner", "due", "status", "opened_in", "carried_over", "overdue_days"]
    return pd.DataFrame(rows, columns=[*columns, "result", "indicator", "finding"], dtype=object)


def action_table(book: Book) -> Table:
    """Show who does what by when: open actions, carried over ones among them, then those closed this month."""
    frame = actions_in_review(book.records(Action), book.period, book.today)
    return Table(
        frame,
        [
            Column("name", _("Action")),
            Column("owner", _("Owner")),
            Column("due", _("Due"), formats.day, tone=lambda row: Tone.bad if row["overdue_days"] else Tone.plain),
            Column("status", _("Status")),
            Column("opened_in", _("Decided in the review of"), formats.period),
            Column("carried_over", _("Carried over")),
            Column("result", _("Result")),
        ],
        empty=_("No improvement action is open. Where a cause was found, write one in the notebook's form."),
    )


def action_sentence(book: Book) -> Sentence:
    """Count what is open, carried over and overdue."""
    frame = actions_in_review(book.records(Action), book.period, book.today)
    going = frame[frame["status"] == ActionStatus.open]
    if going.empty:
        return Sentence(_("No improvement action is open."))
    overdue = int((going["overdue_days"] > 0).sum())
    text = ngettext(
        "{open} improvement action is open, {carried} carried over from earlier months, {overdue} overdue.",
        "{open} improvement actions are open, {carried} carried over from earlier months, {overdue} overdue.",
        len(going),
    ).format(open=len(going), carried=int(going["carried_over"].sum()), overdue=overdue)
    return Sentence(text, Tone.warn if overdue else Tone.plain)


def lesson_table(book: Book) -> Table:
    """Show what worked and what failed, latest first, with the standard procedure that came of it."""

    def first_day(lesson: Lesson) -> date:
        return Period.parse(lesson.period, fiscal_start=book.period.fiscal_start).first

    lessons = [lesson for lesson in book.records(Lesson) if first_day(lesson) <= book.period.last]
    lessons.sort(key=first_day, reverse=True)
    return Table(
        pd.DataFrame([dict(lesson) for lesson in lessons], columns=list(Lesson.model_fields), dtype=object),
        [
            Column(
                "outcome",
                _("Outcome"),
                tone=lambda row: Tone.good if row["outcome"] is Outcome.worked else Tone.warn,
            ),
            Column("name", _("Lesson")),
            Column("root_cause", _("Root cause")),
            Column("evidence", _("Evidence")),
            Column("applies_to", _("Applies to")),
            Column("sop", _("SOP")),
        ],
        empty=_("No lesson has been noted yet."),
    )


def skill_table(book: Book) -> Table:
    """Show which skills were missing, and how they are gained."""
    return Table(
        pd.DataFrame([dict(g) for g in book.records(SkillGap)], columns=list(SkillGap.model_fields), dtype=object),
        [
            Column("who", _("Person or team")),
            Column("skill", _("Skill")),
            Column("evidence", _("Where it showed")),
            Column("training", _("Capability training")),
            Column("due", _("By when"), formats.day),
            Column("seen_in", _("How it will be seen in the work")),
        ],
        empty=_("No skill gap has been noted."),
    )
