"""A column of numbers as whole multiples of one smallest unit, so that many add up exactly and at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpinb.errors import BadInput, shown
from kpinb.language import _
from kpinb.measure import EXACT, scaled

Array = npt.NDArray[Any]

MOST = 30
MOST_PLACES = 100
"""Digits before and after the point that a number may have; beyond it stands a slip, or an attack."""
PRECISION = 2 * MOST + MOST_PLACES
"""Digits with which the proof computes: the sum of any numbers it accepts, without rounding."""
_SAMPLE = 1000
_LARGEST = 2**62


@dataclass(frozen=True)
class Amounts:
    """The numbers of one column.

    Parameters
    ----------
    typed : array of object
        As they were given.
    known : array of bool
        Whether there is one; a missing number is not zero.
    whole : array
        The number times ten to the power of `places`, 0 where there is none: int64, or Python's own integers where
        the sum of all could be too large for that.
    places : int
        Decimal places of the smallest unit.
    """

    typed: Array
    known: npt.NDArray[np.bool_]
    whole: Array
    places: int

    @classmethod
    def of(cls, column: pd.Series[Any] | None, size: int) -> Amounts:
        """Read a column of Decimals, integers or floats; None stands for one that is not there.

        Raises
        ------
        BadInput
            A number is not finite or has more digits than any that is meant.
        """
        if column is None:
            nothing = np.full(size, None, dtype=object)
            return cls(nothing, np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64), 0)
        typed = column.to_numpy(dtype=object)
        known = column.notna().to_numpy(dtype=bool)
        numbers = [as_decimal(number) for number in typed[known]]
        if not all(map(Decimal.is_finite, numbers)) or max(map(Decimal.adjusted, numbers), default=0) > MOST:
            raise BadInput(_too_long(next(n for n in numbers if not n.is_finite() or n.adjusted() > MOST)))
        counts, places = _whole(numbers)
        largest = max(map(abs, counts), default=0)
        whole = np.zeros(size, dtype=np.int64 if largest * max(size, 1) < _LARGEST else object)
        whole[known] = counts
        return cls(typed, known, whole, places)

    def at(self, row: int) -> Decimal | None:
        """Give one number as it was typed, its trailing zeros included; None where there is none."""
        return as_decimal(self.typed[row]) if self.known[row] else None

    def decimal(self, count: Any) -> Decimal:
        """Turn a count of smallest units back into a number."""
        return scaled(int(count), -self.places)

    def times(self, factors: npt.NDArray[np.int64]) -> Amounts:
        """Multiply each number by its own factor; one without a factor (0) is then not known."""
        safe = int(np.abs(self.whole).max(initial=0)) * int(factors.max(initial=1)) * max(len(factors), 1)
        whole = self.whole if safe < _LARGEST else self.whole.astype(object)
        return Amounts(self.typed, self.known & (factors > 0), whole * factors, self.places)

    def with_places(self, places: int) -> Array:
        """Give the counts in a smaller unit."""
        if places == self.places:
            return self.whole
        factor = 10 ** (places - self.places)
        safe = max(int(np.abs(self.whole).max(initial=0)), 1) * factor * max(len(self.whole), 1)
        counts: Array = self.whole if safe < _LARGEST else self.whole.astype(object)
        return np.asarray(counts * factor)

    def floats(self) -> npt.NDArray[np.float64]:
        """Give the numbers as floats, to find out which are worth an exact look."""
        return self.whole.astype(np.float64) / 10.0**self.places


def as_decimal(number: Any) -> Decimal:
    """Take over a number as it is written: a float by its shortest form."""
    if type(number) is Decimal:
        return number
    return Decimal(repr(float(number))) if isinstance(number, float | np.floating) else Decimal(int(number))


def _too_long(number: Decimal) -> str:
    return _("{number} cannot be added up: give a number of at most {digits} digits.").format(
        number=shown(str(number)), digits=MOST
    )


def half_unit(number: Decimal) -> Decimal:
    """Give half of a number's last decimal place: what rounding may have taken from it or put on it."""
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)


def _whole(numbers: Sequence[Decimal]) -> tuple[list[int], int]:
    """Move the points of all numbers so far to the right that none has a place after it.

    As `measure.whole_numbers`, for many numbers: how far is tried on a few before all are looked at.
    """
    places = 0
    for looked_at in (numbers[:: max(len(numbers) // _SAMPLE, 1)], numbers):
        places = max(0, max((-int(number.as_tuple().exponent) for number in looked_at), default=0))
        if places > MOST_PLACES:
            raise BadInput(_too_long(min(numbers, key=lambda number: int(number.as_tuple().exponent))))
        moved = [number.scaleb(places, EXACT) for number in numbers]
        whole = [int(number) for number in moved]
        if whole == moved:
            break
    return whole, places
