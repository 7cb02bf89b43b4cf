"""The windows over which a criterion is computed, as far back as an analysis looks."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.clarify.records import Window
from kpinb.period import Period, PeriodKind

SHOWN = 24
"""So many windows that are over are looked at: two years of months."""

_KINDS = {
    Window.week: PeriodKind.month,
    Window.month: PeriodKind.month,
    Window.quarter: PeriodKind.quarter,
    Window.year: PeriodKind.year,
}
"""Figures come by month, so that a week is an average one of each month."""


def windows_of(book: Book, window: Window) -> list[Period]:
    """Give the last 24 windows that are over, and the one under review where it is not; the earliest first.

    Windows that begin before the department's first figure are not in it. Without any figure there are none.
    """
    first = book.facts.first_month
    if first is None:
        return []
    kind = _KINDS[window]
    step = book.period if kind is PeriodKind.month else book.period.parent(kind)
    found: list[Period] = []
    over = 0
    while over < SHOWN and step.first >= first.first:
        found.append(step)
        over += book.is_due(step)
        step = step.shift(-1)
    return found[::-1]
