"""Whether the company's targets and those that its departments carry come to each other."""

from __future__ import annotations

from collections.abc import Sequence

from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.records import Indicator
from kpinb.company.departments import Department
from kpinb.company.overview import Overview
from kpinb.decompose.phasing import resolve
from kpinb.decompose.proof import Inconsistency, prove
from kpinb.decompose.proof.shown import targets_of_year
from kpinb.decompose.records import Target
from kpinb.language import _, join_sentences, ngettext
from kpinb.track.pace import Standing
from kpinb.view import Sentence, Sentences, Tone


def cascade_sentences(book: Book, seen: Overview) -> Sentences:
    """Say whether the departments' targets come to the company's, and what does not and what would mend it.

    Parameters
    ----------
    book : Book
        The company's.
    seen : Overview
        Its departments and its totals, as `overview` gives them.
    """
    opened = [one.department for one in seen.departments]
    own = targets_of_year(book)
    carried = carried_targets(own, opened)
    if not carried:
        return Sentences.of([Sentence(_("No department's target is part of one of the company's."), Tone.unknown)])
    found = prove_together(book, seen.totals, own, carried)
    unread = [department.problem for department in opened if department.book is None]
    return Sentences.of(
        [
            _verdict(len(carried), len(found)),
            *(Sentence(join_sentences([fault.sentence, fault.mend]), Tone.warn) for fault in found),
            *(Sentence(problem, Tone.unknown) for problem in unread),
        ]
    )


def carried_targets(own: list[Target], opened: list[Department]) -> list[Target]:
    """Give the departments' targets that are parts of the company's, each under an id that no other has.

    Ids are a department's own: two departments may both call their target ``revenue-2026``.
    """
    known = {target.id for target in own}
    return [
        _as_part(department, department.book, target)
        for department in opened
        if department.book is not None
        for target in department.book.records(Target)
        if target.parent in known
    ]


def _as_part(department: Department, book: Book, target: Target) -> Target:
    """Give a department's target as the company sees it: what it comes to, for its growth is over its own past."""
    indicator = next((one for one in book.records(Indicator) if one.id == target.indicator), None)
    value = target.value
    if value is None and indicator is not None:
        value = resolve(target, book.year, indicator.over_time, history_of(book, indicator))
    return target.model_copy(
        update={
            "id": f"{department.id}/{target.id}",
            "owner": department.name,
            "value": value,
            "growth": None,
            "points": None,
        }
    )


def prove_together(
    book: Book, totals: Sequence[Standing], own: list[Target], carried: list[Target]
) -> list[Inconsistency]:
    """Prove the company's targets together with the departments' parts of them.

    What the company's own targets lack by themselves stands in the company's own pages and is not said again.
    """
    indicators = book.records(Indicator)
    history = {standing.indicator.id: standing.actuals for standing in totals}
    start = book.period.fiscal_start
    alone = prove(own, indicators=indicators, history=history, fiscal_start=start)
    together = prove([*own, *carried], indicators=indicators, history=history, fiscal_start=start)
    said = {fault.sentence for fault in alone}
    return [fault for fault in together if fault.sentence not in said]


def _verdict(count: int, faults: int) -> Sentence:
    if not faults:
        text = ngettext(
            "{count} target of a department is part of the company's, and it comes to what it should.",
            "{count} targets of departments are parts of the company's, and they come to what they should.",
            count,
        )
        return Sentence(text.format(count=count), Tone.good)
    text = ngettext(
        "{count} point between the company's targets and the departments' does not hold.",
        "{count} points between the company's targets and the departments' do not hold.",
        faults,
    )
    return Sentence(text.format(count=faults), Tone.warn)
