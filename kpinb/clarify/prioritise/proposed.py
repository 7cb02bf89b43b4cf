"""What is proposed for each indicator beside what is in use: urgency and weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.prioritise.ranking import order
from kpinb.clarify.prioritise.urgency import proposals
from kpinb.clarify.prioritise.weights import propose_weights, weight_sentence
from kpinb.clarify.records import Indicator
from kpinb.language import _
from kpinb.view import Column, Sentence, Table, Tone, formats


def proposal_table(book: Book) -> Table:
    """Show the urgency and the weight in use beside the proposed ones, and what the urgency was proposed from."""
    indicators = book.records(Indicator)
    urgencies, weights = proposals(book), propose_weights(indicators)
    rows = [
        {
            "name": indicator.name,
            "urgency": indicator.urgency,
            "proposed_urgency": urgencies[indicator.id].score,
            "why": urgencies[indicator.id].why,
            "weight": indicator.weight,
            "proposed_weight": weights[indicator.id],
        }
        for indicator in order(indicators)
    ]
    columns = ["name", "urgency", "proposed_urgency", "why", "weight", "proposed_weight"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("name", _("Indicator")),
            Column("urgency", _("Urgency"), numeric=True),
            Column("proposed_urgency", _("Proposed urgency"), numeric=True, tone=_urgency_tone),
            Column("why", _("Proposed because")),
            Column("weight", _("Weight"), formats.percent, numeric=True),
            Column("proposed_weight", _("Proposed weight"), formats.percent, numeric=True),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def _urgency_tone(row: Mapping[str, Any]) -> Tone:
    return Tone.plain if row["proposed_urgency"] in (None, row["urgency"]) else Tone.warn


def weight_line(book: Book) -> Sentence:
    """Say whether the department's weights add up to 1."""
    return weight_sentence(book.records(Indicator))
