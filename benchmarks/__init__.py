"""What the large things cost: `python -m benchmarks`, or `make bench`.

Each module here has a function `measure()` that gives rows; `python -m benchmarks cascade` runs that one alone.
Nothing here is a test: times depend on the machine, and on what else it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the result.

    Parameters
    ----------
    what : str
        What was done.
    size : str
        On how much.
    seconds : float
        Median of the runs.
    ratio : float, optional
        To the row that it is compared with, in time.
    note : str
        What the figure is to be held against, such as “under 3 s”.
    """

    what: str
    size: str
    seconds: float
    ratio: float | None = None
    note: str = ""


def interleaved(runs: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Time several things in turn, so that a busy moment hits all of them; give the median seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            since = perf_counter()
            run()
            taken[name].append(perf_counter() - since)
    return {name: median(times) for name, times in taken.items()}
