"""The record of a batch for machines: what ran, with what, what came of it and which files it left."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from pydantic import TypeAdapter

from kpinb.batch.job import Failure, Outcome, Stage
from kpinb.period import Period

MANIFEST = "manifest.json"
_LIBRARIES = (
    "altair",
    "duckdb",
    "ibis-framework",
    "ipykernel",
    "nbclient",
    "pandas",
    "papermill",
    "sqlalchemy",
    "vl-convert-python",
)


@dataclass(frozen=True, slots=True)
class Output:
    """One published file: its path in the review's folder, and what is in it."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One department, or the company.

    Parameters
    ----------
    department, name : str
        Whose it is.
    status : str
        ``ok`` or ``failed``.
    reason : str
        Why it failed, in the language of the one who ran the batch; empty where it did not.
    failure : Failure, optional
        The same as data, with the failing notebook and cell.
    seconds : float
        How long it took.
    stages : tuple of Stage
        The notebooks that ran to their end.
    peak_memory : int, optional
        Bytes of its largest process.
    outputs : tuple of Output
        Its files.
    """

    department: str
    name: str
    status: str
    reason: str
    failure: Failure | None
    seconds: float
    stages: tuple[Stage, ...]
    peak_memory: int | None
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One batch.

    Parameters
    ----------
    period, as_of : str
        The month, and the instant up to which records were read.
    started, finished : datetime
        In UTC.
    kpinb, python, libraries : str, str, dict of str to str
        Versions.
    departments : tuple of Entry
        Those that failed first.
    """

    period: str
    as_of: str
    started: datetime
    finished: datetime
    kpinb: str
    python: str
    libraries: dict[str, str]
    departments: tuple[Entry, ...]

    def json(self) -> str:
        """Write it as JSON."""
        return TypeAdapter(Manifest).dump_json(self, indent=2).decode() + "\n"


def manifest_of(
    outcomes: Sequence[Outcome], folder: Path, *, period: Period, as_of: datetime, started: datetime
) -> Manifest:
    """Describe a finished batch.

    Parameters
    ----------
    outcomes : sequence of Outcome
        In the order in which they are to be listed.
    folder : Path
        Where the review is published; the files of each department are in the folder of its id.
    period : Period
        The month.
    as_of : datetime
        Instant up to which records were read.
    started : datetime
        With its offset from UTC.
    """
    return Manifest(
        period=str(period),
        as_of=as_of.isoformat(),
        started=started.astimezone(UTC),
        finished=datetime.now(UTC),
        kpinb=metadata.version("kpinb"),
        python=platform.python_version(),
        libraries={name: metadata.version(name) for name in _LIBRARIES},
        departments=tuple(_entry(outcome, folder) for outcome in outcomes),
    )


def _entry(outcome: Outcome, folder: Path) -> Entry:
    files = sorted(p for p in (folder / outcome.department).rglob("*") if p.is_file()) if outcome.ran else []
    return Entry(
        department=outcome.department,
        name=outcome.name,
        status="ok" if outcome.ok else "failed",
        reason=outcome.failure.sentence() if outcome.failure else "",
        failure=outcome.failure,
        seconds=outcome.seconds,
        stages=outcome.stages,
        peak_memory=outcome.peak_memory,
        outputs=tuple(_output(path, folder) for path in files),
    )


def _output(path: Path, folder: Path) -> Output:
    data = path.read_bytes()
    return Output(path.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest(), len(data))
