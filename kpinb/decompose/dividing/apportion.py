"""The largest remainder for many groups at once, to the last unit what `kpinb.measure.apportion` does for one.

A quota is amount × weight ÷ (step × sum of weights). Its whole part is first estimated in floating point; the
remainder that follows from the estimate is computed in 64-bit integers that wrap round, which is exact as long as
the true remainder fits, whatever the products in between did; a remainder below zero or not below the divisor
then shows that the estimate was one off. Where the numbers are too large for that, each group is divided in
Python's own integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpinb.measure import apportion

Whole = NDArray[Any]
"""Whole numbers: int64, or Python's own in an object array where those could overflow."""

LARGEST = 2**62
"""Amounts and weights below it, added up, are kept in int64."""

_LARGEST_DIVISOR = 2**61  # three times this still fits into an int64
_LARGEST_QUOTA = 2**50  # three roundings of a double move a quota by less than half of one


def whole_array(values: Sequence[int], bound: int) -> Whole:
    """Keep whole numbers in an array in which sums up to the bound do not overflow."""
    return np.array(values, dtype=np.int64 if bound < LARGEST else object)


def apportion_groups(amounts: Whole, weights: Whole, starts: NDArray[np.intp], step: int) -> Whole:
    """Divide each group's amount by the weights of its members into multiples of a step.

    Parameters
    ----------
    amounts : array of int, one for each group
        Of either sign.
    weights : array of int, one for each member
        None negative, group by group; a group's sum is above zero unless its amount is zero.
    starts : array of int, one for each group
        Where its members begin, ascending from 0; no group is empty.
    step : int
        Above zero; what an amount has beyond whole steps goes to the group's largest weight.

    Returns
    -------
    array of int
        One for each member; a group's add up to its amount.
    """
    if not _fit(amounts, weights, starts, step):
        return _one_by_one(amounts, weights, starts, step)
    counts = np.diff(starts, append=len(weights))
    group = np.repeat(np.arange(len(starts)), counts)
    size = np.abs(amounts)
    whole = np.add.reduceat(weights, starts)
    divisor = np.maximum(whole, 1) * step
    beyond = size % step
    estimate = (size / divisor)[group] * weights
    numerator = size[group] * weights
    largest = _first_largest(weights, starts, group)
    estimate[largest] -= beyond / step
    numerator[largest] -= beyond * whole

    steps = np.floor(estimate).astype(np.int64)
    divisors = divisor[group]
    remainder = numerator - steps * divisors
    off = (remainder >= divisors).astype(np.int64) - (remainder < 0)
    steps += off
    remainder -= off * divisors

    left = size // step - np.add.reduceat(steps, starts)
    steps[_first_by_remainder(remainder, left, counts, group)] += 1
    parts: Whole = steps * step
    parts[largest] += beyond
    parts *= np.sign(amounts)[group]
    return parts


def _fit(amounts: Whole, weights: Whole, starts: NDArray[np.intp], step: int) -> bool:
    if object in (amounts.dtype, weights.dtype):
        return False
    longest = int(np.diff(starts, append=len(weights)).max())
    divisor = int(weights.max()) * longest * step
    quota = int(np.abs(amounts).max()) // step
    return divisor < _LARGEST_DIVISOR and quota < _LARGEST_QUOTA


def _first_largest(weights: Whole, starts: NDArray[np.intp], group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Find the first member with the largest weight of each group."""
    is_largest = np.flatnonzero(weights == np.maximum.reduceat(weights, starts)[group])
    return is_largest[np.searchsorted(is_largest, starts)]


def _first_by_remainder(
    remainder: Whole,
    left: Whole,
    counts: NDArray[np.intp],
    group: NDArray[np.intp],
) -> NDArray[np.intp]:
    """Find as many members of each group as it has steps left: the largest remainders, the earlier of equals."""
    # Most groups that come out even need no sorting.
    among = np.flatnonzero((left > 0)[group])
    order = among[np.lexsort((-remainder[among], group[among]))]
    sorted_starts = np.concatenate(([0], np.cumsum(np.where(left > 0, counts, 0))[:-1]))
    rank = np.arange(len(order)) - sorted_starts[group[order]]
    return order[rank < left[group[order]]]


def _one_by_one(amounts: Whole, weights: Whole, starts: NDArray[np.intp], step: int) -> Whole:
    ends = [*starts[1:], len(weights)]
    parts: list[int] = []
    for amount, start, end in zip(amounts, starts, ends, strict=True):
        parts += apportion(int(amount), [int(weight) for weight in weights[start:end]], step)
    return np.array(parts, dtype=amounts.dtype)
