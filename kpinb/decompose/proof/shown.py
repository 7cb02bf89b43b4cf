"""The proof of a department's targets, as sentences and as a table."""

from __future__ import annotations

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Indicator
from kpinb.decompose.proof import Inconsistency, prove
from kpinb.decompose.proof.wording import figures
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.language import _, join_sentences, ngettext
from kpinb.measure import rounded
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats


def targets_of_year(book: Book) -> list[Target]:
    """Give the department's own targets for the year under review."""
    return [t for t in book.records(Target) if book.year.contains(_period(book, t))]


def proof_of(book: Book) -> list[Inconsistency]:
    """Prove the department's targets of the year under review, as `prove` does.

    The company's targets stand above them: a department's share of one is compared with it. Whether all shares of
    it come to 100 % is not asked, since the other departments' are not in this workbook.
    """
    own = targets_of_year(book)
    ids = {target.id for target in own}
    # The department's own target comes after the company's and stands for its id.
    above = {target.id: target for target in book.shared(Target) if target.id not in ids}
    indicators = book.records(Indicator)
    histories = Histories(book)
    return prove(
        own,
        book.records(Task),
        indicators=indicators,
        funnel=book.records(FunnelStage),
        history={indicator.id: histories.of(indicator) for indicator in indicators},
        above=list(above.values()),
        month=book.period,
        fiscal_start=book.period.fiscal_start,
    )


def _period(book: Book, target: Target) -> Period:
    return Period.parse(target.period, fiscal_start=book.period.fiscal_start)


def verdict(book: Book, found: list[Inconsistency]) -> Sentence:
    """Say in one sentence whether the hierarchy holds."""
    if not targets_of_year(book):
        return Sentence(_("There is no target for this year yet, so there is nothing to prove."), Tone.unknown)
    if not found:
        return Sentence(_("Every target has an owner and tasks, and the parts come to the whole."), Tone.good)
    return Sentence(
        ngettext(
            "{count} point in the hierarchy does not hold; it is listed below.",
            "{count} points in the hierarchy do not hold; they are listed below.",
            len(found),
        ).format(count=len(found)),
        Tone.warn,
    )


def inconsistency_sentences(book: Book) -> Sentences:
    """Say whether the hierarchy holds, and then of each point that does not what it is and what would mend it."""
    found = proof_of(book)
    lines = (Sentence(join_sentences([fault.sentence, fault.mend]), Tone.warn) for fault in found)
    return Sentences.of([verdict(book, found), *lines])


def proof_table(book: Book) -> Table:
    """Show each point that does not hold: what was compared, where, the two numbers, and what would mend it."""
    found = proof_of(book)
    rows = [
        {
            "check": fault.check,
            "where": fault.where,
            **_numbers(fault),
            "mend": fault.mend,
        }
        for fault in found
    ]
    columns = ["check", "where", "expected", "found", "difference", "mend"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("check", _("Compared"), tone=lambda _row: Tone.warn),
            Column("where", _("Where")),
            Column("expected", _("Expected"), numeric=True),
            Column("found", _("Found"), numeric=True),
            Column("difference", _("Difference"), numeric=True),
            Column("mend", _("What would mend it")),
        ],
        empty=verdict(book, found).text,
    )


def _numbers(fault: Inconsistency) -> dict[str, str]:
    if fault.expected is None or fault.found is None:
        return dict.fromkeys(("expected", "found", "difference"), formats.NOTHING)
    places = 4 if fault.unit == "%" else 2
    both = [rounded(fault.expected, places), rounded(fault.found, places)]
    if both[0] == both[1]:
        both = [fault.expected, fault.found]
    expected, found, difference = figures(fault.unit, *both, both[1] - both[0])
    sign = "+" if both[1] > both[0] else ""
    return {"expected": expected, "found": found, "difference": f"{sign}{difference}"}
