"""A target cascaded to every month of every person, with holds and exact rounding to whole units."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd

from benchmarks import Row, interleaved
from kpinb.decompose.dividing.cascade import cascade_tree
from kpinb.decompose.records import Rule

PEOPLE = 50
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
SEASON = dict(zip(MONTHS, map(Decimal, [80, 60, 90, 70, 80, 100, 80, 90, 100, 80, 80, 90]), strict=True))
SEED = 20261001


def company(teams: int) -> pd.DataFrame:
    """Give the leaves of a company: teams × 50 people × 12 months."""
    names = [f"team {n:04}" for n in range(teams)]
    people = [f"person {n:02}" for n in range(PEOPLE)]
    return pd.DataFrame(
        {
            "team": np.repeat(names, PEOPLE * len(MONTHS)),
            "person": np.tile(np.repeat(people, len(MONTHS)), teams),
            "month": np.tile(MONTHS, teams * PEOPLE),
        }
    )


def held(leaves: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Hold one leaf in a hundred, at up to 20."""
    some = leaves.iloc[np.sort(random.choice(len(leaves), len(leaves) // 100, replace=False))]
    return some.assign(value=[Decimal(int(n)) for n in random.integers(0, 20, len(some))])


def one_rule_a_level(teams: int) -> Callable[[], pd.DataFrame]:
    """Divide by weights of the teams, evenly among people, by one season for all."""
    random = np.random.default_rng(SEED)
    leaves = company(teams)
    names = leaves["team"].unique()
    weights = {team: Decimal(int(n)) for team, n in zip(names, random.integers(50, 99, teams), strict=True)}
    rules = {"team": weights, "person": Rule.even, "month": SEASON}
    holds = held(leaves, random)
    return lambda: cascade_tree(Decimal(100_000 * teams), leaves, rules, holds=holds, unit=1)


def own_weights(teams: int) -> Callable[[], pd.DataFrame]:
    """Divide by a weight of its own for every leaf, such as last year's actual, to the cent."""
    random = np.random.default_rng(SEED)
    leaves = company(teams)
    months = leaves.assign(weight=[Decimal(int(n)) / 100 for n in random.integers(1, 10**6, len(leaves))])
    rules = {"team": Rule.even, "person": Rule.even, "month": months}
    holds = held(leaves, random)
    return lambda: cascade_tree(Decimal(1_000_000 * teams), leaves, rules, holds=holds, unit=Decimal("0.01"))


def measure() -> list[Row]:
    """Time 600,000 leaves against a tenth of them; linear growth is a ratio of 10."""
    rows = []
    for what, prepare in (
        ("cascade, a rule a level", one_rule_a_level),
        ("cascade, a weight a leaf", own_weights),
    ):
        seconds = interleaved({"small": prepare(100), "large": prepare(1000)})
        rows += [
            Row(what, "100 teams × 50 people × 12 months", seconds["small"]),
            Row(
                what,
                "1,000 teams × 50 people × 12 months",
                seconds["large"],
                seconds["large"] / seconds["small"],
                "under 3 s; a ratio of 10 is linear",
            ),
        ]
    return rows
