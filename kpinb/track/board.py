"""The board: every task not started, in progress or done, and which of them are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import _, ngettext
from kpinb.track.records import CheckIn, TaskStatus
from kpinb.view import Column, Sentence, Table, Tone, formats


@dataclass(frozen=True)
class Card:
    """A task on the board.

    Parameters
    ----------
    task : Task
        What is to be done.
    check_in : CheckIn or None
        The last word on it; None where nobody has said anything, which counts as not started.
    late_days : int
        Calendar days since its end, where it is not done; 0 where it is in time, or has no end.
    """

    task: Task
    check_in: CheckIn | None
    late_days: int

    @property
    def status(self) -> TaskStatus:
        """Column in which it stands."""
        return self.check_in.status if self.check_in else TaskStatus.not_started

    @property
    def blocked(self) -> bool:
        """Whether somebody said that it cannot go on."""
        return self.check_in is not None and self.check_in.blocked

    def text(self) -> str:
        """Write the card on up to four lines."""
        lines = [self.task.name]
        if self.task.owner or self.task.end:
            until = _("until {day}").format(day=formats.day(self.task.end)) if self.task.end else ""
            lines.append(" · ".join(filter(None, [self.task.owner, until])))
        if self.late_days and self.status is not TaskStatus.done:
            lines.append(
                ngettext("{days} day late", "{days} days late", self.late_days).format(days=self.late_days)
            )
        if self.blocked and self.check_in is not None:
            lines.append(_("blocked: {note}").format(note=self.check_in.note or "–"))
        return "\n".join(lines)


def cards(tasks: Sequence[Task], check_ins: Sequence[CheckIn], today: date) -> list[Card]:
    """Put tasks on cards, the ones that end first on top, those without an end last.

    A check-in of a later day than `today` is not known yet on that day and is left out.
    """
    said = {check_in.id: check_in for check_in in check_ins if check_in.on <= today}
    made = []
    for task in tasks:
        check_in = said.get(task.id)
        done = check_in is not None and check_in.status is TaskStatus.done
        late = 0 if done or task.end is None else max(0, (today - task.end).days)
        made.append(Card(task, check_in, late))
    return sorted(made, key=lambda card: (card.task.end or date.max, card.task.name))


def board(book: Book) -> list[Card]:
    """Give the department's tasks as cards, as of the day from which the review looks."""
    known = [_as_of(book, check_in) for check_in in book.records(CheckIn)]
    return cards(book.records(Task), [check_in for check_in in known if check_in is not None], book.today)


def _as_of(book: Book, check_in: CheckIn) -> CheckIn | None:
    """Give what was last said of a task up to the day of the review, which a later move must not hide."""
    if check_in.on <= book.today:
        return check_in
    said = [
        v.record for v in book.history(CheckIn, check_in.id) if isinstance(v.record, CheckIn) and not v.deleted
    ]
    return next((one for one in reversed(said) if one.on <= book.today), None)


def board_table(book: Book) -> Table:
    """Show the board: a column for each status, a cell for each task."""
    made = board(book)
    columns = {status.value: [card for card in made if card.status is status] for status in TaskStatus}
    return Table(
        pd.DataFrame(list(zip_longest(*columns.values())), columns=list(columns), dtype=object),
        [_column(status, len(columns[status.value])) for status in TaskStatus],
        empty=_("There is no task on the board. Write tasks in the stage “decompose”."),
    )


def _column(status: TaskStatus, count: int) -> Column:
    return Column(
        status.value,
        _("{status} ({count})").format(status=status.label, count=count),
        lambda card: card.text() if card else "",
        tone=lambda row: _tone(row[status.value]),
    )


def _tone(card: Card | None) -> Tone:
    if card is None or card.status is TaskStatus.done:
        return Tone.plain
    return Tone.bad if card.late_days else Tone.warn if card.blocked else Tone.plain


def board_sentence(book: Book) -> Sentence:
    """Count the cards and name what is late."""
    made = board(book)
    if not made:
        return Sentence(_("There is no task on the board. Write tasks in the stage “decompose”."), Tone.unknown)
    counts = {status: sum(card.status is status for card in made) for status in TaskStatus}
    text = _("{done} of {count} tasks are done, {going} are in progress, {waiting} are not started.").format(
        done=counts[TaskStatus.done],
        count=len(made),
        going=counts[TaskStatus.in_progress],
        waiting=counts[TaskStatus.not_started],
    )
    late = [card.task.name for card in made if card.late_days]
    if not late:
        return Sentence(text, Tone.good)
    return Sentence(_("{counts} Late: {late}.").format(counts=text, late=_(", ").join(late)), Tone.warn)
