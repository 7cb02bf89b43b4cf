"""Whether months go up and down as they did a year before, so that one range for all of them says little."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import StatisticsError, correlation

_YEAR = 12
_FEWEST = 9
"""Of the 11 pairs of changes that two years have."""
_ALIKE = 0.7
"""From this correlation on; of 11 pairs, two in a hundred reach it by chance."""


def follows_season(values: Sequence[Decimal | None]) -> bool:
    """Say whether the changes from month to month repeat those of the year before.

    Changes are compared and not the months themselves, so that a trend or a shift is not taken for a season. The
    rule is kpinb's own; two years of noise pass it in 2 of 100 cases.

    Parameters
    ----------
    values : sequence of Decimal or None
        Months in order of time; the last 24 count, and fewer are too few to say.
    """
    months = values[-2 * _YEAR :]
    if len(months) < 2 * _YEAR:
        return False
    changes = [_change(*neighbours) for neighbours in pairwise(months)]
    pairs = [(a, b) for a, b in zip(changes, changes[_YEAR:], strict=False) if a is not None and b is not None]
    if len(pairs) < _FEWEST:
        return False
    try:
        return correlation([a for a, _b in pairs], [b for _a, b in pairs]) >= _ALIKE
    except StatisticsError:  # nothing changes
        return False


def _change(before: Decimal | None, after: Decimal | None) -> float | None:
    return None if before is None or after is None else float(after - before)
