"""Change requests: an open talk about a target or the path to it."""

from __future__ import annotations

import pandas as pd

from kpinb.book import Book
from kpinb.language import _
from kpinb.track.records import ChangeRequest, Decision
from kpinb.view import Column, Table, Tone

_TONES = {Decision.approved: Tone.good, Decision.rejected: Tone.bad, Decision.submitted: Tone.warn}


def change_table(book: Book) -> Table:
    """Show the change requests with cause, proposal and decision."""
    return Table(
        pd.DataFrame([dict(r) for r in book.records(ChangeRequest)], columns=list(ChangeRequest.model_fields)),
        [
            Column("name", _("Request")),
            Column("change", _("Asks for")),
            Column("cause", _("Cause")),
            Column("evidence", _("Evidence")),
            Column("proposal", _("Proposal")),
            Column("decision", _("Decision"), tone=lambda row: _TONES.get(row["decision"], Tone.plain)),
            Column("decided_by", _("Decided by")),
            Column("reason", _("Reason")),
        ],
        empty=_("Nothing has been asked to be changed."),
    )
