"""What a task brings within a period: its yield each time, by how often the period holds it.

One rule counts everywhere. A year has 52 weeks, 12 months, 4 quarters and 260 working days (5 a week; holidays are
not taken off), and every shorter period its part of them: a quarter 13 weeks, a month 52 ÷ 12. So 2 a week is
8.67 a month and 26 a quarter, whichever month or quarter it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from kpinb.decompose.records import Every, Task
from kpinb.measure import rounded
from kpinb.period import Period, PeriodKind

TIMES_A_YEAR = {Every.day: 260, Every.week: 52, Every.month: 12, Every.quarter: 4}
PERIODS_A_YEAR = {
    PeriodKind.year: 1,
    PeriodKind.half: 2,
    PeriodKind.quarter: 4,
    PeriodKind.month: 12,
    PeriodKind.week: 52,
}


def times_in(every: Every, period: Period) -> Decimal:
    """Say how often a whole period holds a day, week, month or quarter: a month holds 52 ÷ 12 weeks."""
    return Decimal(TIMES_A_YEAR[every]) / PERIODS_A_YEAR[period.kind]


def times(task: Task, period: Period) -> Decimal:
    """Say how often a task is done within a period.

    Parameters
    ----------
    task : Task
        One that is done once counts as 1 unless it ends after the period. One that repeats counts while it runs;
        without a start or an end it runs through that side of the period.
    period : Period
        That of the task's target.

    Returns
    -------
    Decimal
        `times_in` the period, less the whole weeks, months, quarters or working days that go by before the task
        starts and after it ends: a week that it is begun in counts. Not below 0.
    """
    start, end = task.start or period.first, task.end or period.last
    if task.every is None:
        return Decimal(0 if max(start, task.end or start) > period.last else 1)
    if start > period.last or end < period.first:
        return Decimal(0)
    missed = _MISSED[task.every]
    after = end + timedelta(days=1)
    lost = missed(period.first, max(start, period.first)) + missed(min(after, _after(period)), _after(period))
    return max(Decimal(0), times_in(task.every, period) - lost)


def brought(task: Task, period: Period) -> Decimal | None:
    """Give what a task brings to its target within a period.

    Parameters
    ----------
    task : Task
        With what it brings each time, in its target's unit.
    period : Period
        That of its target.

    Returns
    -------
    Decimal or None
        Yield × `times`; None where the task does not say what it brings, which is not the same as nothing.
    """
    return None if task.brings is None else task.brings * times(task, period)


def is_enough(total: Decimal, asked: Decimal) -> bool:
    """Say whether what tasks bring is what is asked; what only the rounding of 52 ÷ 12 takes is not missing."""
    return total >= asked or rounded(total, 6) >= asked


def hours(task: Task, period: Period) -> Decimal | None:
    """Give the hours of work a task takes within a period; None where it does not say."""
    return None if task.effort_hours is None else task.effort_hours * times(task, period)


def _after(period: Period) -> date:
    return period.last + timedelta(days=1)


def _whole_months(first: date, after: date) -> int:
    """Count the whole months in a stretch that begins or ends with a month."""
    months = (after.year - first.year) * 12 + after.month - first.month
    return max(0, months - (1 if first.day > 1 else 0))


_MISSED: dict[Every, Callable[[date, date], int]] = {
    Every.day: lambda first, after: int(np.busday_count(first, after)),
    Every.week: lambda first, after: (after - first).days // 7,
    Every.month: _whole_months,
    Every.quarter: lambda first, after: _whole_months(first, after) // 3,
}
