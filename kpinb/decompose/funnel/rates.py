"""The rate of a step of the funnel: known, or counted and therefore not known exactly.

A counted rate, 8 of 50, is a Beta distribution: that of the counts with Jeffreys' prior, Beta(8 + ½, 42 + ½)
(Brown, Cai and DasGupta 2001, Statistical Science 16, 101–133). The number that comes through is then
beta-binomial. What several steps let through is the product of their rates, which are taken as independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

Floats: TypeAlias = NDArray[np.float64]

PRIOR = Decimal("0.5")
"""What Jeffreys' prior adds to the successes and to the failures."""

NODES = 64
"""Values by which a mixture stands for a distribution; see `mixture` for what that makes exact."""


@dataclass(frozen=True, slots=True)
class Known:
    """A rate that is taken as it is.

    Parameters
    ----------
    value : Decimal
        0 to 1.
    """

    value: Decimal

    @property
    def mean(self) -> Decimal:
        """The rate itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Counted:
    """A rate that was counted.

    Parameters
    ----------
    successes, trials : int
        8 of 50; at least one trial, no more successes than trials.
    """

    successes: int
    trials: int

    @property
    def mean(self) -> Decimal:
        """What the rate is expected to be: (successes + ½) ÷ (trials + 1)."""
        return (self.successes + PRIOR) / (self.trials + 2 * PRIOR)


Rate: TypeAlias = Known | Counted


@dataclass(frozen=True, slots=True)
class Mixture:
    """Values that a rate may have, and how likely each is.

    Parameters
    ----------
    rates, weights : array of float
        Of one length; the weights add up to 1.
    """

    rates: Floats
    weights: Floats


@lru_cache(maxsize=256)
def mixture(steps: tuple[Rate, ...]) -> Mixture:
    """Give the share that several steps one after the other let through, as a mixture.

    Parameters
    ----------
    steps : tuple of Rate
        In any order; none lets everything through.

    Notes
    -----
    The values are the nodes of the Gauss rule of the distribution (Golub and Welsch 1969), which is exact for
    every polynomial of the rate of a degree below 2 × `NODES`. The chance of so many successes in n trials is a
    polynomial of degree n: exact up to n = 127, and within 0.0005 up to `odds.REACH` times the trials counted.
    """
    if not steps:
        return Mixture(np.ones(1), np.ones(1))
    rest = mixture(steps[1:])
    if isinstance(steps[0], Known):
        return Mixture(rest.rates * float(steps[0].value), rest.weights)
    own = _of_counts(steps[0])
    return _condensed(np.outer(own.rates, rest.rates).ravel(), np.outer(own.weights, rest.weights).ravel())


def _of_counts(rate: Counted) -> Mixture:
    """Give the Gauss rule of a Beta distribution, from the recurrence of the Jacobi polynomials.

    `scipy.special.roots_jacobi` overflows from about a thousand counts on; the recurrence does not.
    """
    alpha = rate.trials - rate.successes + float(PRIOR) - 1
    beta = rate.successes + float(PRIOR) - 1
    both = alpha + beta
    n = np.arange(1, NODES)
    s = 2 * n + both
    diagonal = np.concatenate(([(beta - alpha) / (both + 2)], (beta**2 - alpha**2) / (s * (s + 2))))
    first = 4 * (1 + alpha) * (1 + beta) / ((2 + both) ** 2 * (3 + both))
    n, s = n[1:], s[1:]
    others = 4 * n * (n + alpha) * (n + beta) * (n + both) / (s**2 * (s + 1) * (s - 1))
    nodes, weights = _gauss(diagonal, np.sqrt(np.concatenate(([first], others))))
    return Mixture(np.clip((nodes + 1) / 2, 0, 1), weights)


def _condensed(rates: Floats, weights: Floats) -> Mixture:
    """Give the Gauss rule of a mixture with many values, by Lanczos's method; one with few stays as it is."""
    if len(rates) <= NODES:
        return Mixture(rates, weights)
    mean = weights @ rates
    spread = float(np.sqrt(weights @ (rates - mean) ** 2))
    if spread == 0:
        return Mixture(np.array([mean]), np.ones(1))
    values = (rates - mean) / spread
    basis = np.sqrt(weights / weights.sum())[np.newaxis]
    diagonal, beside = [], []
    for _step in range(NODES):
        vector = values * basis[-1]
        diagonal.append(float(vector @ basis[-1]))
        for _twice in range(2):  # once is not enough: the vectors would not stay at right angles
            vector = vector - (basis @ vector) @ basis
        length = float(np.sqrt(vector @ vector))
        if length < 1e-10:
            break
        beside.append(length)
        basis = np.vstack((basis, vector / length))
    nodes, shares = _gauss(np.array(diagonal), np.array(beside[: len(diagonal) - 1]))
    return Mixture(np.clip(mean + spread * nodes, 0, 1), shares)


def _gauss(diagonal: Floats, beside: Floats) -> tuple[Floats, Floats]:
    nodes, vectors = eigh_tridiagonal(diagonal, beside)
    return nodes, vectors[0] ** 2
