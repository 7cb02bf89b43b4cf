"""How likely so many trials bring so many successes, and how many trials it takes to be so sure.

With a known rate the number of successes is binomial, with a counted one beta-binomial; see `rates`.
"""

from __future__ import annotations

from collections.abc import Callable

from scipy.special import bdtrc

from kpinb.decompose.funnel.rates import Counted, Mixture, Rate, mixture

MOST_TRIALS = 10_000_000
"""No funnel is asked for more than this in a period."""

REACH = 60
"""Nothing is concluded from counts for more than so many times their trials."""


def chance(successes: int, trials: int, steps: tuple[Rate, ...]) -> float:
    """Give the probability that trials bring at least so many successes.

    Parameters
    ----------
    successes, trials : int
        How many are to come through, and of how many.
    steps : tuple of Rate
        The steps between them; none lets everything through.

    Returns
    -------
    float
        0 to 1.
    """
    if successes <= 0:
        return 1.0
    if trials < successes:
        return 0.0
    rates: Mixture = mixture(steps)
    return float(min(1.0, max(0.0, rates.weights @ bdtrc(successes - 1, trials, rates.rates))))


def trials_for(successes: int, sureness: float, steps: tuple[Rate, ...]) -> int | None:
    """Give the smallest number of trials that brings at least so many successes with a given probability.

    Returns
    -------
    int or None
        None where no number that could be concluded from the counts, or none at all, is enough.
    """
    limit = most_trials(steps)
    if chance(successes, limit, steps) < sureness:
        return None
    return _first(lambda trials: chance(successes, trials, steps) >= sureness, successes, limit)


def most_trials(steps: tuple[Rate, ...]) -> int:
    """Give up to how many trials the counts say anything."""
    return min([MOST_TRIALS, *(REACH * step.trials for step in steps if isinstance(step, Counted))])


def likely_range(trials: int, steps: tuple[Rate, ...], share: float) -> tuple[int, int]:
    """Give the number of successes that lies in the middle share of cases, as many cases below as above it."""
    below = (1 - share) / 2

    def not_above(level: float) -> int:
        return _first(lambda number: 1 - chance(number + 1, trials, steps) >= level, 0, trials)

    return not_above(below), not_above(1 - below)


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Give the smallest number for which something holds that holds for all above it; `high` it holds for."""
    step = max(1, low)
    while low + step < high and not holds(low + step):
        low, step = low + step, step * 2
    high = min(high, low + step)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
