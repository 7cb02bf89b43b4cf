"""Every criterion of a department at once: what it came to, and what the process does anyway."""

from __future__ import annotations

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.quantify.reading import TONES, amount, brief_reading
from kpinb.clarify.quantify.running import FEWEST, Running, run_all
from kpinb.language import _
from kpinb.view import Column, Sentences, Table, formats


def running_sentences(book: Book) -> Sentences:
    """Say of each criterion whether what it asks is inside what the process does anyway."""
    return Sentences.of(brief_reading(running) for running in run_all(book))


def running_table(book: Book) -> Table:
    """Show what each criterion came to, and what the process does anyway."""
    rows = [_row(running) for running in run_all(book)]
    names = ["name", "criterion", "last", "met", "range", "verdict", "tone"]
    return Table(
        pd.DataFrame(rows, columns=names, dtype=object),
        [
            Column("name", _("Indicator")),
            Column("criterion", _("In numbers")),
            Column("last", _("Last value")),
            Column("met", _("Met"), numeric=True),
            Column("range", _("Natural range")),
            Column("verdict", _("What is asked is"), tone=lambda row: row["tone"]),
        ],
        empty=_("No criterion has been written yet."),
    )


def _row(running: Running) -> dict[str, object]:
    natural, known = running.natural, running.known
    last = list(known)[-1] if known else None
    limits = _("{low} to {high}").format(
        low=formats.figure(natural.lower, running.unit), high=amount(running, natural.upper)
    )
    return {
        "name": running.name,
        "criterion": criterion_text(running.criterion),
        "last": _("{value}, {period}").format(value=amount(running, known[last]), period=formats.period(last))
        if last
        else formats.NOTHING,
        "met": _("{met} of {count}").format(met=running.met, count=len(known)) if known else formats.NOTHING,
        "range": limits if natural.points >= FEWEST else formats.NOTHING,
        "verdict": running.verdict.label,
        "tone": TONES[running.verdict],
    }
