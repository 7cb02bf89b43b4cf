"""How long the proof takes: over 1,000 teams × 50 people × 12 months, and over a tenth of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import Row, interleaved
from kpinb.decompose.proof import prove

MONTHS = 12
PEOPLE = 50


def hierarchy(teams: int) -> pd.DataFrame:
    """Make a company's year down to each person's month, in hundredths, that adds up.

    A row for the company, its months, each team's year and months, each person's year and months; parents before
    their parts.
    """
    persons = teams * PEOPLE
    # Every cell is different, so that nothing is quick only because it is the same.
    cells = (np.arange(persons * MONTHS) * 7919 % 9973 + 1).reshape(teams, PEOPLE, MONTHS)
    months = [f"2026-{n:02}" for n in range(1, MONTHS + 1)]
    team = [f"t{n}" for n in range(teams)]
    person = [f"t{n}-p{m}" for n in range(teams) for m in range(PEOPLE)]
    blocks = [
        (["c"], ["2026"], "company", ["c"], [None], cells.sum()),
        ([f"c-{m}" for m in months], months, "company", ["c"] * MONTHS, ["c"] * MONTHS, cells.sum((0, 1))),
        (team, ["2026"] * teams, "team", team, ["c"] * teams, cells.sum((1, 2))),
        _months(team, months, "team", cells.sum(1)),
        (person, ["2026"] * persons, "person", person, [t for t in team for _n in range(PEOPLE)], cells.sum(2)),
        _months(person, months, "person", cells),
    ]
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "id": ids,
                    "period": periods,
                    "level": level,
                    "owner": owners,
                    "parent": parents,
                    "value": [Decimal(int(v)).scaleb(-2) for v in np.ravel(values)],
                }
            )
            for ids, periods, level, owners, parents, values in blocks
        ],
        ignore_index=True,
    )


def _months(
    owners: list[str], months: list[str], level: str, values: npt.NDArray[Any]
) -> tuple[list[str], list[str], str, list[str], list[str], npt.NDArray[Any]]:
    repeated = [owner for owner in owners for _month in months]
    return (
        [f"{owner}-{month}" for owner in owners for month in months],
        months * len(owners),
        level,
        repeated,
        repeated,
        values,
    )


def proving(frame: pd.DataFrame) -> Callable[[], None]:
    """Prove a hierarchy that holds; a proof that finds something there is wrong, however quick."""

    def run() -> None:
        if found := prove(frame):
            raise AssertionError(found[0].sentence)

    return run


def finding(frame: pd.DataFrame) -> Callable[[], None]:
    """Prove the same one after one person's March in a hundred was typed wrong."""
    values = frame["value"].to_numpy(dtype=object, copy=True)
    marches = np.flatnonzero((frame["level"] == "person") & (frame["period"] == "2026-03"))[::100]
    values[marches] += 1
    broken = frame.assign(value=values)

    def run() -> None:
        if {fault.target for fault in prove(broken)} != set(frame["id"].iloc[marches]):
            raise AssertionError("Other targets were named than those that were broken.")

    return run


def measure() -> list[Row]:
    """Time 663,000 targets against a tenth of them; linear growth is a ratio of 10."""
    small, large = hierarchy(100), hierarchy(1000)
    seconds = interleaved(
        {
            "small": proving(small),
            "large": proving(large),
            "small, broken": finding(small),
            "large, broken": finding(large),
        },
        rounds=3,
    )
    rows = []
    for broken in ("", ", broken"):
        what = "proof, 1 % of the people broken" if broken else "proof, all holds"
        rows += [
            Row(what, f"{len(small):,} targets", seconds[f"small{broken}"]),
            Row(
                what,
                f"{len(large):,} targets",
                seconds[f"large{broken}"],
                seconds[f"large{broken}"] / seconds[f"small{broken}"],
                "under 3 s; a ratio of 10 is linear",
            ),
        ]
    return rows
