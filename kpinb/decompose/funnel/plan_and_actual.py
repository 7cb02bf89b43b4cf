"""What a week of the funnel should bring, beside what a week of the month brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import FunnelStage
from kpinb.errors import NotFound
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Column, Sentence, Table, Tone, formats

DAYS_A_WEEK = 7


def planned_and_actual(
    stages: Sequence[FunnelStage], actuals: Mapping[str, Decimal | None], month: Period
) -> pd.DataFrame:
    """Compare the weekly plan with a month's actuals.

    Parameters
    ----------
    stages : sequence of FunnelStage
        Of one funnel.
    actuals : mapping
        The month's actual by id of the stage; no entry, or None, where there is none.
    month : Period
        Its days turn the month's actual into one of a week: actual × 7 ÷ days.

    Returns
    -------
    pandas.DataFrame
        One row a stage, in order: `name`, `unit`, `plan` (a week), `plan_rate` (of the stage before), `actual` (a
        week), `actual_rate`. Decimal, or None where there is nothing to compute with.
    """
    days = (month.last - month.first).days + 1
    rows: list[dict[str, object]] = []
    plan_before = actual_before = None
    for stage in sorted(stages, key=lambda s: s.position):
        counted = actuals.get(stage.id)
        actual = None if counted is None else counted * DAYS_A_WEEK / days
        rows.append(
            {
                "name": stage.name,
                "unit": stage.unit,
                "plan": stage.per_week,
                "plan_rate": _rate(stage.per_week, plan_before),
                "actual": actual,
                "actual_rate": _rate(actual, actual_before),
            }
        )
        plan_before, actual_before = stage.per_week, actual
    columns = ["name", "unit", "plan", "plan_rate", "actual", "actual_rate"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _rate(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return value / before if value is not None and before else None


def first_funnel(book: Book) -> list[FunnelStage]:
    """Give the stages of the department's first funnel; none where it has none."""
    stages = book.records(FunnelStage)
    return [stage for stage in stages if stage.funnel == stages[0].funnel]


def funnel_with(book: Book, draft: FunnelStage) -> list[FunnelStage]:
    """Give the stages of the funnel that a stage belongs to which is being typed, that one as it is typed."""
    others = [s for s in book.records(FunnelStage) if s.funnel == draft.funnel and s.id != draft.id]
    return [*others, draft]


def funnel_of(book: Book) -> pd.DataFrame:
    """Compare the department's first funnel with the month under review; empty where it has none."""
    first = first_funnel(book)
    return planned_and_actual(
        first, {stage.id: _actual(book, stage) for stage in first if stage.fact}, book.period
    )


def _actual(book: Book, stage: FunnelStage) -> Decimal | None:
    if not book.is_due(book.period):
        return None
    try:
        frame = book.monthly(stage.fact, Adding.total, since=book.period)
    except NotFound:
        return None
    value: Decimal | None = frame["value"].iloc[-1]
    return value


def funnel_table(book: Book) -> Table:
    """Show plan and actual of each stage a week, and the rates between them."""
    return Table(
        funnel_of(book),
        [
            Column("name", _("Stage")),
            Column("plan", _("Planned a week"), formats.number, numeric=True),
            Column("plan_rate", _("Planned rate"), formats.percent, numeric=True),
            Column("actual", _("Actual a week"), lambda v: formats.number(v, places=1), numeric=True),
            Column("actual_rate", _("Actual rate"), formats.percent, numeric=True),
        ],
        empty=_("This department has no funnel."),
    )


def read_funnel(frame: pd.DataFrame) -> Sentence:
    """Say what a frame of `planned_and_actual` shows: the step that falls furthest short of its planned rate."""
    if frame.empty:
        return Sentence(_("This department has no funnel."))
    steps = [
        (row["actual_rate"] / row["plan_rate"], before["name"], row)
        for before, row in zip(frame.to_dict("records"), frame.to_dict("records")[1:], strict=False)
        if row["actual_rate"] is not None and row["plan_rate"]
    ]
    if not steps:
        return Sentence(_("The month has no actuals from which the rates could be computed."), Tone.unknown)
    ratio, before, row = min(steps, key=lambda step: step[0])
    if ratio >= 1:
        return Sentence(_("Every step of the funnel converts as planned or better."), Tone.good)
    return Sentence(
        _("The weakest step is {before} → {after}: {actual} where {plan} was planned.").format(
            before=before,
            after=row["name"],
            actual=formats.percent(row["actual_rate"]),
            plan=formats.percent(row["plan_rate"]),
        ),
        Tone.warn,
    )
