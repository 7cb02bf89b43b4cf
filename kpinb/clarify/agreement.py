"""Draft, clarified, agreed: how far an indicator is, derived from what is written down and never typed.

An indicator is agreed while what was agreed still stands. Nobody has to remember to take the agreement back: the
store knows the definition as it was when the agreement was saved, and any later difference ends it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kpinb.book import Book
from kpinb.clarify.blockers import blockers
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.drivers.computing import formula_problems
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.errors import BadFacts
from kpinb.language import N_, Label, _, join_sentences, ngettext
from kpinb.records import Record, Revision, changed_fields
from kpinb.view import Sentence, Sentences, Tone, formats

SCORES = ("importance", "urgency", "goal_value", "weight")
"""Fields of an indicator that say what matters first. They are set anew every month and are no part of what was
agreed, so changing them un-confirms nothing."""

_LONGEST = 300
"""Characters of an edit that a sentence quotes; a purpose may have 4000."""


class Standing(Label):
    """How far an indicator is."""

    draft = "draft", N_("draft")
    clarified = "clarified", N_("clarified")
    agreed = "agreed", N_("agreed")

    @property
    def tone(self) -> Tone:
        """Tone in which it is shown."""
        return {"draft": Tone.unknown, "clarified": Tone.warn, "agreed": Tone.good}[self.value]


@dataclass(frozen=True, slots=True)
class Edit:
    """One record of a definition that is not as it was agreed.

    Parameters
    ----------
    before : Revision or None
        As it was agreed; None for what was not there.
    now : Revision
        As it stands; `deleted` where it was taken away.
    saved : Revision
        The version that last made a difference: who, when.
    """

    before: Revision | None
    now: Revision
    saved: Revision


@dataclass(frozen=True, slots=True)
class State:
    """How far an indicator is, and why.

    Parameters
    ----------
    indicator : Indicator
        The indicator.
    standing : Standing
        Derived from the rest.
    blockers : tuple of str
        What keeps it from being agreed, a sentence for each field.
    agreement : Revision or None
        The agreement on record, in force or not.
    edits : tuple of Edit
        What was changed since that agreement; not empty: it is no longer in force.
    """

    indicator: Indicator
    standing: Standing
    blockers: tuple[str, ...] = ()
    agreement: Revision | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def ended(self) -> str:
        """The sentences that say why an agreement is no longer in force; empty where none has ended."""
        if self.agreement is None or not self.edits:
            return ""
        agreed = self.agreement.record
        assert isinstance(agreed, Agreement)  # noqa: S101 - tells the type checker what the store was asked for
        return join_sentences(
            [
                _("{name} was agreed with {who} on {day} and is no longer confirmed.").format(
                    name=self.indicator.name, who=agreed.agreed_with, day=formats.day(agreed.on)
                ),
                *(edit_sentence(edit) for edit in self.edits),
                _("Confirm it again."),
            ]
        )


def edits_since(histories: Iterable[Sequence[Revision]], moment: datetime) -> list[Edit]:
    """Find what a definition has lost, gained or changed since a moment.

    What stood then is compared with what stands now, record by record. So an edit that was taken back has ended
    nothing: what stands is word for word what was agreed.

    Parameters
    ----------
    histories : iterable of sequence of Revision
        Of the indicator and of each of its criteria, then or now: all versions, the first one first.
    moment : datetime
        When the agreement was saved; what was saved at that very moment belongs to it.

    Returns
    -------
    list of Edit
        In the order of `histories`.
    """
    found = []
    for versions in histories:
        then = next((v for v in reversed(versions) if v.recorded_at <= moment), None)
        if versions and _content(then) != _content(versions[-1]):
            steps = zip([None, *versions], versions, strict=False)
            saved = [v for old, v in steps if v.recorded_at > moment and _content(old) != _content(v)]
            before = None if then is None or then.deleted else then
            found.append(Edit(before, versions[-1], saved[-1]))
    return found


def _content(revision: Revision | None) -> Record | None:
    """Give the part of a version that can be agreed; None of what is not there."""
    return None if revision is None or revision.deleted else without_scores(revision.record)


def without_scores(record: Record) -> Record:
    """Give the part of a record that is agreed: an indicator as if it had not been scored, others as they are."""
    if not isinstance(record, Indicator):
        return record
    return record.model_copy(update={name: Indicator.model_fields[name].default for name in SCORES})


def edit_sentence(edit: Edit) -> str:
    """Say who changed what, when, and from what to what."""
    said = {"author": edit.saved.author or _("Someone"), "moment": formats.moment(edit.saved.recorded_at)}
    if edit.before is not None and not edit.now.deleted:
        said["fields"] = _changes(edit.before, edit.now)
    shown = (edit.before or edit.now).record
    if isinstance(shown, Criterion):
        said["criterion"] = criterion_text(shown)
        if edit.now.deleted:
            text = _("{author} deleted the criterion “{criterion}” on {moment}.")
        elif edit.before is None:
            text = _("{author} added the criterion “{criterion}” on {moment}.")
        else:
            text = _("{author} changed the criterion “{criterion}” on {moment}: {fields}.")
    elif edit.before is None:
        text = _("{author} wrote it anew on {moment}.")
    else:
        text = _("{author} changed it on {moment}: {fields}.")
    return text.format(**said)


def _changes(before: Revision, after: Revision) -> str:
    agreed = [replace(revision, record=without_scores(revision.record)) for revision in (before, after)]
    text = _("; ").join(changed_fields(*agreed).splitlines())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def derive(
    indicator: Indicator, open_points: Sequence[str], agreement: Revision | None, edits: Sequence[Edit]
) -> State:
    """Derive how far an indicator is.

    Agreed is what has an agreement that no edit has ended, whatever was asked since; clarified is what has no
    blockers; the rest is a draft.
    """
    if agreement is not None and not edits:
        standing = Standing.agreed
    else:
        standing = Standing.draft if open_points else Standing.clarified
    return State(indicator, standing, tuple(open_points), agreement, tuple(edits))


def states(book: Book) -> list[State]:
    """Say of each of the department's indicators how far it is, in the order of entry."""
    indicators, criteria = book.records(Indicator), book.records(Criterion)
    questions, goals = book.records(OpenQuestion), book.shared(BusinessGoal)
    agreements = {revision.record.id: revision for revision in book.revisions(Agreement)}
    now = definition_versions(book) if agreements else {}
    found = []
    for indicator in indicators:
        in_formula = formula_problems(indicator, indicators, series_of(book)) if indicator.formula else []
        open_points = blockers(indicator, criteria, questions, goals, in_formula)
        agreement = agreements.get(indicator.id)
        edits = _edits(book, agreement, now[indicator.id]) if agreement else []
        found.append(derive(indicator, open_points, agreement, edits))
    return found


def series_of(book: Book) -> list[str]:
    """Give the series that a formula may name; a file that cannot be read has none, and says so elsewhere."""
    try:
        return book.facts.series()
    except BadFacts:
        return []


DefinitionVersions = dict[tuple[type[Record], str], int]
"""The version of each record that defines an indicator, by class and id."""


def _edits(book: Book, agreement: Revision, now: DefinitionVersions) -> list[Edit]:
    """Compare an indicator and its criteria with the book as it was when they were agreed."""
    then = definition_versions(replace(book, as_of=agreement.recorded_at))[agreement.record.id]
    touched = [key for key in {**then, **now} if then.get(key) != now.get(key)]
    # Most definitions are as they were agreed: only of the others the whole history is read.
    return edits_since((book.history(kind, record_id) for kind, record_id in touched), agreement.recorded_at)


def definition_versions(book: Book) -> dict[str, DefinitionVersions]:
    """Give the versions of the records that define each indicator."""
    found: dict[str, DefinitionVersions] = defaultdict(dict)
    for revision in book.revisions(Indicator):
        found[revision.record.id][Indicator, revision.record.id] = revision.version
    for revision in book.revisions(Criterion):
        if isinstance(revision.record, Criterion):
            found[revision.record.indicator][Criterion, revision.record.id] = revision.version
    return found


def bottom_line(book: Book) -> Sentences:
    """Say how many indicators are agreed, which agreement has ended and why, and what the others lack."""
    found = states(book)
    if not found:
        return Sentences.of([Sentence(_("This department has no indicator yet."), Tone.unknown)])
    agreed = [state for state in found if state.standing is Standing.agreed]
    opening = ngettext(
        "{agreed} of {count} indicator is agreed with its issuer.",
        "{agreed} of {count} indicators are agreed with their issuers.",
        len(found),
    ).format(agreed=len(agreed), count=len(found))
    points = [
        *(state.ended for state in found if state.ended),
        *(text for state in found for text in state.blockers),
        *_waiting(found),
    ]
    tone = Tone.good if len(agreed) == len(found) and not points else Tone.warn
    return Sentences.of([Sentence(opening, tone), *(Sentence(text, Tone.warn) for text in points)])


def _waiting(found: Sequence[State]) -> list[str]:
    names = [s.indicator.name for s in found if s.standing is Standing.clarified and not s.ended]
    return [_("Clear and not yet confirmed: {names}.").format(names=_(", ").join(names))] if names else []
