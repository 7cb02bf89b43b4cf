"""A criterion computed from single observations, such as the tickets of a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.quantify.values import Computed, State, Value, no_figure, rounded
from kpinb.clarify.records import Criterion, Statistic
from kpinb.errors import BadInput, shown
from kpinb.language import _, ngettext
from kpinb.period import Period
from kpinb.view import formats


def counted_one_by_one(book: Book, series: str, base: str, windows: Sequence[Period]) -> bool:
    """Say whether a share is counted from the series' rows, or is a ratio with what its base counts.

    Raises
    ------
    NotFound
        The actuals have no such series.
    BadInput
        The series has one figure a month and no base: neither way is open.
    """
    several = _several(_observed(book, series, windows))
    if not several and not base:
        raise BadInput(
            _(
                "The actuals have one figure of “{series}” a month. A share within a limit needs the single "
                "observations, or a base: the series that counts all of them."
            ).format(series=shown(series))
        )
    return several and not (base and _several(_observed(book, base, windows)))


def from_observations(criterion: Criterion, book: Book, series: str, windows: Sequence[Period]) -> Computed:
    """Compute a median, a 90th percentile or a share of observations up to a limit.

    Raises
    ------
    NotFound
        The actuals have no such series.
    BadInput
        They have one figure of it a month, or none, or a share has no limit.
    """
    statistic, limit = criterion.statistic, criterion.limit
    if statistic is Statistic.share_within and limit is None:
        raise BadInput(
            _("“{series}” has single observations: give the limit up to which one is in time.").format(
                series=shown(series)
            )
        )
    found = _observed(book, series, windows, limit=limit)
    if not _several(found):
        raise BadInput(
            _(
                "The actuals have one figure of “{series}” a month. The {statistic} needs the single "
                "observations: a row for each, told apart by one more column, such as the ticket's number."
            ).format(series=shown(series), statistic=statistic.label)
        )
    # The last windows may not be over and then have no row.
    rows = dict(zip(windows, found.to_dict("records"), strict=False))
    values = {w: _value(rows[w], w, statistic) if w in rows else Value(State.not_due) for w in windows}
    begin = next(window for window, row in rows.items() if row["rows"])
    # A quarter in which the series only begins is no hole in it.
    late = rows[begin]["months"] < len(begin.months)
    reach = {w: one for w, one in values.items() if begin.first < w.first or (w == begin and not late)}
    return Computed(_how(criterion, series, int(found["rows"].sum())), reach)


def _observed(book: Book, series: str, windows: Sequence[Period], *, limit: Decimal | None = None) -> pd.DataFrame:
    found = book.observed(series, windows, limit=limit)
    if not found["rows"].any():
        raise BadInput(no_figure(series, book.period))
    return found


def _several(observed: pd.DataFrame) -> bool:
    return bool((observed["rows"] > observed["months"]).any())


def _value(row: Mapping[Any, Any], window: Period, statistic: Statistic) -> Value:
    if statistic is Statistic.share_within:
        value = None if row["within"] is None else rounded(Decimal(row["within"]) / row["rows"])
    else:
        value = row[statistic.value]
    if value is not None:
        return Value(State.known, value)
    if not row["rows"]:
        return Value(State.missing, missing=tuple(window.months))
    if row["rows"] == row["known"]:
        return Value(State.missing, reason=_("one of its months has no observation"))
    empty = ngettext(
        "{empty} of {rows} observation is empty", "{empty} of {rows} observations are empty", row["rows"]
    )
    return Value(State.missing, reason=empty.format(empty=row["rows"] - row["known"], rows=row["rows"]))


def _how(criterion: Criterion, series: str, count: int) -> str:
    names = {
        "series": shown(series),
        "window": criterion.window.label,
        "limit": formats.number(criterion.limit),
        "count": formats.number(count),
    }
    text = {
        Statistic.median: _("Computed as the median of {count} single observations of “{series}” over {window}."),
        Statistic.percentile_90: _(
            "Computed as the 90th percentile of {count} single observations of “{series}”, in proportion "
            "between two neighbours, over {window}."
        ),
        Statistic.share_within: _(
            "Computed as the share of {count} single observations of “{series}” that are {limit} or "
            "less, over {window}."
        ),
    }[criterion.statistic]
    return text.format(**names)
