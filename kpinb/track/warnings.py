"""Early warnings: what is off its path, how far, who has to react."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kpinb.book import Book
from kpinb.language import _, ngettext
from kpinb.plan.records import Milestone
from kpinb.track.board import Card, board
from kpinb.track.pace import Standing, Status, standing_sentence, standings
from kpinb.track.records import ChangeRequest, Decision, TaskStatus
from kpinb.view import Sentence, Sentences, Tone, formats

LOW_CONFIDENCE = 5
"""Below this confidence, on the scale of 0 to 10, the owner of a task does not expect to be done in time."""


def pace_warnings(found: Sequence[Standing]) -> list[Sentence]:
    """Warn of indicators that are off, lag, or are unknown, worst first."""
    return [
        Sentence(_with_owner(standing_sentence(standing), standing.indicator.owner), standing.status.tone)
        for standing in found
        if standing.status is not Status.on_track
    ]


def _with_owner(text: str, owner: str) -> str:
    return _("{sentence} Owner: {owner}.").format(sentence=text, owner=owner) if owner else text


def task_warnings(cards: Sequence[Card]) -> list[Sentence]:
    """Warn of tasks that are late, blocked, or that their owner does not expect to finish in time."""
    found = []
    for card in cards:
        if card.status is TaskStatus.done:
            continue
        task, owner = card.task, card.task.owner or _("nobody")
        if card.late_days:
            found.append(
                Sentence(
                    ngettext(
                        "“{task}” is {days} day late: it was to end on {end}. Owner: {owner}.",
                        "“{task}” is {days} days late: it was to end on {end}. Owner: {owner}.",
                        card.late_days,
                    ).format(task=task.name, days=card.late_days, end=formats.day(task.end), owner=owner),
                    Tone.bad,
                )
            )
        elif card.blocked and card.check_in is not None:
            found.append(
                Sentence(
                    _("“{task}” is blocked: {note}. Owner: {owner}.").format(
                        task=task.name, note=card.check_in.note.rstrip("。.") or "–", owner=owner
                    ),
                    Tone.warn,
                )
            )
        elif card.check_in and card.check_in.confidence is not None and card.check_in.confidence < LOW_CONFIDENCE:
            found.append(
                Sentence(
                    _("“{task}”: {owner} gives {confidence} of 10 that it will be done in time.").format(
                        task=task.name, owner=owner, confidence=card.check_in.confidence
                    ),
                    Tone.warn,
                )
            )
    return found


def milestone_warnings(milestones: Sequence[Milestone], cards: Sequence[Card], today: date) -> list[Sentence]:
    """Warn of milestones whose tasks are late, or whose day has passed with tasks open."""
    by_task = {card.task.id: card for card in cards}
    found = []
    for milestone in milestones:
        its_cards = [by_task[task] for task in milestone.tasks if task in by_task]
        still_open = [card for card in its_cards if card.status is not TaskStatus.done]
        late = [card for card in still_open if card.late_days]
        if still_open and milestone.due < today:
            text = _("The milestone “{milestone}” was due on {due}, and this is still open: {tasks}.")
            found.append(Sentence(_about(text, milestone, still_open), Tone.bad))
        elif late:
            text = _("The milestone “{milestone}”, due on {due}, is endangered by what is late: {tasks}.")
            found.append(Sentence(_about(text, milestone, late), Tone.warn))
    return found


def _about(text: str, milestone: Milestone, cards: Sequence[Card]) -> str:
    names = _(", ").join(card.task.name for card in cards)
    return text.format(milestone=milestone.name, due=formats.day(milestone.due), tasks=names)


def warnings(book: Book) -> Sentences:
    """Give every early warning of the department, worst first; one good sentence where there is none."""
    cards = board(book)
    found = [
        *pace_warnings(standings(book)),
        *milestone_warnings(book.records(Milestone), cards, book.today),
        *task_warnings(cards),
        *(
            Sentence(_("The change request “{name}” waits for a decision.").format(name=request.name), Tone.warn)
            for request in book.records(ChangeRequest)
            if request.decision is Decision.submitted
        ),
    ]
    worst_first = sorted(found, key=lambda s: (Tone.bad, Tone.warn, Tone.unknown).index(s.tone))
    return Sentences.of(worst_first or [Sentence(_("Nothing is late, off its path or unknown."), Tone.good)])
