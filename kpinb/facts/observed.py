"""Quantiles of single observations, interpolated exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from kpinb.period import Period

if TYPE_CHECKING:
    import pandas as pd

    from kpinb.facts.engine import Ranked

_MEDIAN = 5
_PERCENTILE_90 = 9
"""In tenths."""


def statistics(windows: Sequence[Period], found: Mapping[int, Ranked]) -> pd.DataFrame:
    """Lay out what `Engine.ranked` found, a row for every window; see `Facts.observed` for the columns."""
    import pandas as pd

    from kpinb.facts.engine import Ranked

    nothing = Ranked(0, 0, 0, None, (None, None), (None, None))
    ranked = [found.get(at, nothing) for at in range(len(windows))]
    whole = [
        0 < one.rows == one.known and one.months == len(window.months)
        for window, one in zip(windows, ranked, strict=True)
    ]

    def where_whole(values: Sequence[Decimal | int | None]) -> pd.Series:
        # dtype object, said for each: an inferred one would turn None into NaN
        return pd.Series([v if there else None for v, there in zip(values, whole, strict=True)], dtype=object)

    return pd.DataFrame(
        {
            "first": pd.Series([window.first for window in windows], dtype="datetime64[s]"),
            "rows": pd.Series([one.rows for one in ranked], dtype="int64"),
            "known": pd.Series([one.known for one in ranked], dtype="int64"),
            "months": pd.Series([one.months for one in ranked], dtype="int64"),
            "within": where_whole([one.within for one in ranked]),
            "median": where_whole([_between(one.median, one.known, _MEDIAN) for one in ranked]),
            "percentile_90": where_whole(
                [_between(one.percentile_90, one.known, _PERCENTILE_90) for one in ranked]
            ),
        }
    )


def _between(neighbours: tuple[Decimal | None, Decimal | None], known: int, tenths: int) -> Decimal | None:
    low, high = neighbours
    if low is None or high is None:
        return None
    with localcontext(prec=76):
        value = low + (high - low) * Decimal((known - 1) * tenths % 10) / 10
        whole = value.to_integral_value()
        return whole if value == whole else value.normalize()
