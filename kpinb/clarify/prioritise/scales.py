"""What each score from 1 to 5 means, so that two people give the same one."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from kpinb.clarify.records import Indicator
from kpinb.language import N_, _
from kpinb.records import label
from kpinb.view import Column, Table

ANCHORS = MappingProxyType(
    {
        "importance": (
            N_("If it were dropped, no business goal would suffer."),
            N_("It helps one team's work; no business goal depends on it."),
            N_("It supports a business goal that others serve more directly."),
            N_("A business goal cannot be reached without it."),
            N_("It decides whether the year's strategy works out."),
        ),
        "urgency": (
            N_("It can wait a year or longer."),
            N_("It is due within a year."),
            N_("It is due within half a year."),
            N_("It is due within three months."),
            N_("It is due this month or overdue."),
        ),
        "goal_value": (
            N_("Reaching it changes little."),
            N_("Reaching it saves a team some time or money."),
            N_("Reaching it shows in the department's result."),
            N_("Reaching it shows in the company's result."),
            N_("Reaching it brings most of the year's result."),
        ),
    }
)
"""A sentence for each score of a field, from 1 on."""


def anchor(field: str, score: int) -> str:
    """Say what a score of importance, urgency or goal value means."""
    return _(ANCHORS[field][score - 1])


def anchor_table() -> Table:
    """Show what each score means."""
    rows = [{"score": score, **{field: anchor(field, score) for field in ANCHORS}} for score in range(1, 6)]
    return Table(
        pd.DataFrame(rows, dtype=object),
        [
            Column("score", _("Points"), numeric=True),
            *(Column(field, label(Indicator, field)) for field in ANCHORS),
        ],
        empty="",
    )
