"""What a process does anyway: the natural limits of a series, without a target in sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pandas as pd

from kpinb.language import _, ngettext

SCALE = Decimal("2.66")
"""3 ÷ 1.128: three standard deviations, of which one is the mean moving range of two neighbours ÷ d₂ (1.128)."""

ENOUGH = 15
"""Points from which on limits no longer move much; with fewer they are provisional."""

RUN = 8
"""So many neighbours on one side of the centre are no chance: the process has changed."""


@dataclass(frozen=True)
class NaturalRange:
    """Between which limits a series runs as long as nothing about it is changed.

    Parameters
    ----------
    centre : Decimal or None
        Mean of the points; None without any.
    lower, upper, mean_moving_range : Decimal or None
        None where they are not computable. A limit is what the arithmetic gives, also below zero for figures that
        cannot be negative: only who shows it knows the figure, and reads it as no limit on that side.
    points : int
        Values that are there.
    missing : int
        Values that are not.
    moving_ranges : int
        Neighbours that are both there.
    outside : tuple of int
        Positions in the series, from 0, of points beyond a limit.
    shifted : tuple of int
        Positions of points in a run of 8 or more neighbours on one side of the centre.
    reason : str
        Why there are no limits; empty where there are.
    """

    centre: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    mean_moving_range: Decimal | None
    points: int
    missing: int
    moving_ranges: int
    outside: tuple[int, ...] = ()
    shifted: tuple[int, ...] = ()
    reason: str = ""

    @property
    def computable(self) -> bool:
        """Whether there are limits."""
        return self.mean_moving_range is not None

    @property
    def provisional(self) -> bool:
        """Whether there are too few points, under 15, to rely on the limits."""
        return self.points < ENOUGH


def natural_range(series: pd.Series | Iterable[Decimal | int | float | None]) -> NaturalRange:
    """Compute the natural limits of a series: mean ± 2.66 × mean moving range.

    This is the chart for individual values and moving ranges (XmR) of Shewhart's school, as in Wheeler,
    *Understanding Variation* (1993). The moving range is the distance between neighbours in time. A missing value
    is not zero, and the values on either side of it are no neighbours: they have no moving range.

    Parameters
    ----------
    series : pandas.Series or iterable of Decimal, int, float or None
        In order of time, one step after the other; None and NaN are missing.

    Returns
    -------
    NaturalRange
        In the unit of the series, with `Decimal`'s 28 digits. Without two neighbours that are both there, it has
        a `reason` instead of limits.
    """
    values = [_number(value) for value in series]
    known = [value for value in values if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    centre = sum(known, Decimal(0)) / len(known) if known else None
    if centre is None or not ranges:
        reason = _why_not(len(known))
        return NaturalRange(centre, None, None, None, len(known), len(values) - len(known), 0, reason=reason)
    mean_range = sum(ranges, Decimal(0)) / len(ranges)
    lower, upper = centre - SCALE * mean_range, centre + SCALE * mean_range
    return NaturalRange(
        centre,
        lower,
        upper,
        mean_range,
        points=len(known),
        missing=len(values) - len(known),
        moving_ranges=len(ranges),
        outside=tuple(at for at, v in enumerate(values) if v is not None and not lower <= v <= upper),
        shifted=_shifted(values, centre),
    )


def _number(value: Decimal | float | None) -> Decimal | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _why_not(points: int) -> str:
    if points < 2:
        return ngettext(
            "there is only {count} value; at least 2 are needed",
            "there are {count} values; at least 2 are needed",
            points,
        ).format(count=points)
    return _("no two neighbouring values are both there, so there is no moving range")


def _shifted(values: Sequence[Decimal | None], centre: Decimal) -> tuple[int, ...]:
    """Find runs on one side of the centre; a missing value or one on the centre ends a run."""
    found: list[int] = []
    run: list[int] = []
    side = 0
    for at, value in enumerate([*values, None]):
        here = 0 if value is None else (value > centre) - (value < centre)
        if not here or here != side:
            found += run if len(run) >= RUN else []
            run = []
        if here:
            run.append(at)
        side = here
    return tuple(found)
