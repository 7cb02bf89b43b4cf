"""An indicator's actuals, as far back as an analysis looks."""

from __future__ import annotations

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.errors import NotFound

YEARS = 3
"""How many complete years before the one under review are read, and a seasonality is taken from, at most."""


def history_of(book: Book, indicator: Indicator) -> Actuals:
    """Read an indicator's actuals by month, from three years before the year under review.

    An indicator that names no series and has none under its id is new: all its months are missing. One that names
    a series which is not there is an error, since that is a slip of the pen.
    """
    since = book.year.shift(-YEARS).months[0]
    try:
        frame = book.monthly(indicator.series, indicator.over_time, base=indicator.base, since=since)
    except NotFound:
        if indicator.fact or indicator.series in book.facts.series():
            raise
        return Actuals(dict.fromkeys(book.due_months(since)))
    return Actuals.of_frame(frame, fiscal_start=book.period.fiscal_start)
