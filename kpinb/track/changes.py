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
    rows = [{**dict(request), "decided": _decided(request)} for request in book.records(ChangeRequest)]
    return Table(
        pd.DataFrame(rows, columns=[*ChangeRequest.model_fields, "decided"], dtype=object),
        [
            Column("name", _("Request")),
            Column("change", _("Asks for")),
            Column("cause", _("Cause")),
            Column("evidence", _("Evidence")),
            Column("proposal", _("Proposal")),
            Column("decided", _("Decision"), tone=lambda row: _TONES.get(row["decision"], Tone.plain)),
        ],
        empty=_("Nothing has been asked to be changed."),
    )


def _decided(request: ChangeRequest) -> str:
    return "\n".join(filter(None, [request.decision.label, request.decided_by, request.reason]))
