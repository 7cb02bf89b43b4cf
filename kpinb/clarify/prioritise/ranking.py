"""What matters first: the importance–urgency matrix, and core against supporting indicators."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.language import N_, Label, _
from kpinb.records import Score
from kpinb.view import Column, Sentence, Table, formats

HIGH = 4
"""From this score on, on the scale of 1 to 5, something counts as important or urgent."""


class Quadrant(Label):
    """A field of the importance–urgency matrix, named by what is done with what lies in it."""

    do_now = "do_now", N_("do now")
    schedule = "schedule", N_("plan")
    delegate = "delegate", N_("delegate or simplify")
    batch = "batch", N_("batch")


class Class(Label):
    """Whether an indicator hangs on the strategy."""

    core = "core", N_("core")
    supporting = "supporting", N_("supporting")


def quadrant(importance: Score, urgency: Score) -> Quadrant:
    """Place two scores of 1 to 5 in the matrix; from 4 on they count as high."""
    if importance >= HIGH:
        return Quadrant.do_now if urgency >= HIGH else Quadrant.schedule
    return Quadrant.delegate if urgency >= HIGH else Quadrant.batch


def class_of(indicator: Indicator) -> Class:
    """Say whether an indicator is core: an importance of 4 or more.

    The method calls those core that hang on the company's strategy, and that is what the anchors of importance
    say from 4 on: a business goal cannot be reached without it. Urgency and goal value decide what is done first
    and not what is core: an urgent trifle stays one.
    """
    return Class.core if indicator.importance >= HIGH else Class.supporting


def sort_key(indicator: Indicator) -> tuple[Score, Score, Score]:
    """Give what decides the order: importance, then goal value, then urgency."""
    return indicator.importance, indicator.goal_value, indicator.urgency


def order(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Put what matters most first; the order of entry decides between equals."""
    return sorted(indicators, key=sort_key, reverse=True)


def rank(indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Order indicators by what matters first.

    Returns
    -------
    pandas.DataFrame
        One row an indicator, in the order of `order`: `id`, `name`, `importance`, `urgency`, `goal_value`,
        `quadrant`, `class_` (see `class_of`), `weight`.
    """
    rows = [
        {
            "id": indicator.id,
            "name": indicator.name,
            "importance": indicator.importance,
            "urgency": indicator.urgency,
            "goal_value": indicator.goal_value,
            "quadrant": quadrant(indicator.importance, indicator.urgency),
            "class_": class_of(indicator),
            "weight": indicator.weight,
        }
        for indicator in order(indicators)
    ]
    columns = ["id", "name", "importance", "urgency", "goal_value", "quadrant", "class_", "weight"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def priority_table(book: Book) -> Table:
    """Show the department's indicators, what matters most on top."""
    return Table(
        rank(book.records(Indicator)),
        [
            Column("name", _("Indicator")),
            Column("class_", _("Class")),
            Column("importance", _("Importance"), numeric=True),
            Column("urgency", _("Urgency"), numeric=True),
            Column("goal_value", _("Goal value"), numeric=True),
            Column("weight", _("Weight"), formats.percent, numeric=True),
            Column("quadrant", _("What to do")),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )


def priority_sentence(ranked: pd.DataFrame) -> Sentence:
    """Say which indicators are core, from what `rank` returns."""
    core = ranked[ranked["class_"] == Class.core]["name"].tolist()
    if not core:
        return Sentence(
            _("No indicator has an importance of {high} or more, so none is core yet.").format(high=HIGH)
        )
    return Sentence(
        _("Core indicators: {core}. Indicators in all: {count}.").format(
            core=_(", ").join(core), count=len(ranked)
        )
    )
