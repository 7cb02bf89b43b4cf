"""What the lead times of a funnel leave of the period: by when leads must be in, and what can still be changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kpinb.decompose.funnel.stages import Stage
from kpinb.period import Period


@dataclass(frozen=True)
class Timing:
    """The way from the first stage to the last, against the days of a period.

    Parameters
    ----------
    days : Decimal
        Lead times added up.
    silent : list of str
        Stages that do not give theirs; the way takes at least `days`.
    in_by : date
        The last day on which the first stage still counts in the period.
    open_from : date or None
        The first day of the period that what comes in from today on can change; None where it can change none.
    open_days, all_days : int
        Days of the period that can still be changed, and all of them.
    today : date
        From which it is seen.
    period : Period
        In which the target is to be reached.
    """

    days: Decimal
    silent: list[str]
    in_by: date
    open_from: date | None
    open_days: int
    all_days: int
    today: date
    period: Period


def timing(stages: Sequence[Stage], period: Period, today: date) -> Timing | None:
    """Set the lead times against a period; None where no stage gives one.

    Lead times are means; part of a day counts as a day.
    """
    steps = stages[1:]
    if all(step.lead_days is None for step in steps):
        return None
    days = sum((step.lead_days for step in steps if step.lead_days is not None), Decimal(0))
    way = timedelta(days=math.ceil(days))
    opens = max(period.first, today + way)
    return Timing(
        days=days,
        silent=[step.name for step in steps if step.lead_days is None],
        in_by=period.last - way,
        open_from=opens if opens <= period.last else None,
        open_days=max(0, (period.last - opens).days + 1),
        all_days=(period.last - period.first).days + 1,
        today=today,
        period=period,
    )
