"""What a batch tells while it runs, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kpinb.batch.job import Outcome, Stage


@dataclass(frozen=True, slots=True)
class Began:
    """All is checked and the first run starts.

    Parameters
    ----------
    period : str
        The month.
    departments, notebooks : int
        How many there are to run; of notebooks, the company's included.
    """

    period: str
    departments: int
    notebooks: int


@dataclass(frozen=True, slots=True)
class StageDone:
    """One notebook ran to its end."""

    department: str
    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class DepartmentDone:
    """One department is published, or failed.

    Parameters
    ----------
    outcome : Outcome
        What came of it.
    notebooks : int
        How many it had to run.
    """

    outcome: Outcome
    notebooks: int


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything is published.

    Parameters
    ----------
    index : Path
        The page that links all others.
    seconds : float
        How long it took.
    """

    index: Path
    seconds: float


Event = Began | StageDone | DepartmentDone | Finished
OnEvent = Callable[[Event], None]
