"""The bottom line of a review: what is red, why, and who does what by when."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from kpinb.book import Book
from kpinb.language import _, ngettext
from kpinb.retrospective.causes import findings_to_date
from kpinb.retrospective.learning import actions_in_review
from kpinb.retrospective.records import Action, ActionStatus, Certainty, Finding
from kpinb.track.pace import Standing, Status, standing_sentence, standings
from kpinb.view import Sentence, Sentences, Tone, formats


def bottom_line(book: Book) -> Sentences:
    """Say what is red, why, and who does what by when; for a department that is well, say so."""
    return summarise(
        standings(book),
        findings_to_date(book.records(Finding), book.period),
        actions_in_review(book.records(Action), book.period, book.today),
    )


def summarise(found: Sequence[Standing], findings: Sequence[Finding], actions: pd.DataFrame) -> Sentences:
    """Put standings, causes and actions into sentences.

    Parameters
    ----------
    found : sequence of Standing
        Worst first.
    findings : sequence of Finding
        Latest first.
    actions : pandas.DataFrame
        As `actions_in_review` gives them.
    """
    if not found:
        return Sentences.of([Sentence(_("No indicator has a target for this year."), Tone.unknown)])
    amiss = [standing for standing in found if standing.status is not Status.on_track]
    sentences = [_opening(found, amiss)]
    for standing in amiss:
        sentences.append(Sentence(standing_sentence(standing), standing.status.tone))
        if standing.status is not Status.unknown:
            sentences.append(_why(standing, findings))
            sentences.extend(_who_does_what(standing, findings, actions))
    return Sentences.of(sentences)


def _opening(found: Sequence[Standing], amiss: Sequence[Standing]) -> Sentence:
    counts = {status: sum(s.status is status for s in found) for status in Status}
    if not amiss:
        text = ngettext(
            "The only indicator is on track.", "All {count} indicators are on track.", len(found)
        ).format(count=len(found))
        return Sentence(text, Tone.good)
    parts = _(", ").join(
        _("{count} {status}").format(count=counts[status], status=status.label)
        for status in Status
        if counts[status]
    )
    text = ngettext("{count} indicator: {parts}.", "{count} indicators: {parts}.", len(found))
    return Sentence(text.format(count=len(found), parts=parts), found[0].status.tone)


def _why(standing: Standing, findings: Sequence[Finding]) -> Sentence:
    its_own = [f for f in findings if f.indicator == standing.indicator.id]
    if not its_own:
        return Sentence(
            _("Why {name} misses its target has not been noted yet.").format(name=standing.indicator.name),
            Tone.unknown,
        )
    causes = _("; ").join(
        f.cause if f.certainty is Certainty.confirmed else _("{cause} (suspected)").format(cause=f.cause)
        for f in its_own
    )
    return Sentence(_("Why: {causes}.").format(causes=causes.rstrip("。.")))


def _who_does_what(standing: Standing, findings: Sequence[Finding], actions: pd.DataFrame) -> list[Sentence]:
    its_own = standing.indicator.id
    causes = [finding.id for finding in findings if finding.indicator == its_own]
    # An action may name its indicator, or only the finding that it answers.
    for_it = (actions["indicator"] == its_own) | (actions["indicator"].isna() & actions["finding"].isin(causes))
    mine = actions[for_it & (actions["status"] == ActionStatus.open)]
    if mine.empty:
        return [
            Sentence(
                _("Nobody has taken on an action for {name} yet.").format(name=standing.indicator.name), Tone.warn
            )
        ]
    return [_action_sentence(row) for row in mine.to_dict("records")]


def _action_sentence(row: Mapping[Hashable, Any]) -> Sentence:
    days = row["overdue_days"]
    text = _("{owner}: {action}, by {due}.").format(
        owner=row["owner"],
        action=row["name"],
        due=formats.day(row["due"]),
    )
    if not days:
        return Sentence(text)
    late = ngettext("{days} day overdue.", "{days} days overdue.", days).format(days=days)
    return Sentence(_("{sentence} {more}").format(sentence=text, more=late), Tone.bad)
