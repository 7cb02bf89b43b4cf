"""Putting finished files where readers look, whole or not at all, also across a power cut.

A file is written under a temporary name, made durable, renamed, and then the folder is made durable. A folder is
published the same way; the one that stood there is moved aside first, and if the power fails in that moment,
`sweep` puts it back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpinb.batch.job import Job, Outcome

REPORT = "report.html"
INDEX = "index.html"
TEMPORARY = ".tmp"
_BEFORE = ".before.tmp"


@contextmanager
def swept(folder: Path) -> Iterator[None]:
    """Have a folder that is free of leftovers, before a ``with`` block and after it."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    try:
        yield
    finally:
        sweep(folder)


def publish_department(job: Job, outcome: Outcome) -> None:
    """Publish what a job left in its work folder under the department's id; nothing, where it left nothing.

    Parameters
    ----------
    job : Job
        Its work folder stands beside the folder to publish.
    outcome : Outcome
        Whose it is.
    """
    target = job.work.with_name(outcome.department)
    if job.work.is_dir() and any(job.work.iterdir()):
        publish_folder(job.work, target)
    else:
        remove(job.work)
        remove(target)


def publish_page(job: Job, outcome: Outcome) -> None:
    """Publish the company's page from a job's work folder; where it failed, the page that stood there goes."""
    target = job.work.with_name(INDEX)
    if outcome.ok:
        publish_file(job.work / INDEX, target)
    else:
        remove(target)
    remove(job.work)


def sweep(folder: Path) -> None:
    """Remove what an interrupted batch left in a folder, and put back what it had moved aside."""
    for path in sorted(folder.glob(f"*{TEMPORARY}")):
        target = path.with_name(path.name.removesuffix(_BEFORE))
        if path.name.endswith(_BEFORE) and not target.exists():
            path.rename(target)
        else:
            remove(path)


def publish_text(text: str, target: Path) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part."""
    temporary = target.with_name(target.name + TEMPORARY)
    temporary.write_text(text, encoding="utf-8")
    publish_file(temporary, target)


def publish_file(work: Path, target: Path) -> None:
    """Move a finished file to its place, over the one that stands there."""
    _make_durable(work)
    work.replace(target)
    _make_durable(target.parent)


def publish_folder(work: Path, target: Path) -> None:
    """Move a finished folder to its place; the one that stands there goes."""
    for path in [*work.rglob("*"), work]:
        _make_durable(path)
    before = target.with_name(target.name + _BEFORE)
    if target.exists():
        target.rename(before)
    work.rename(target)
    _make_durable(target.parent)
    remove(before)


def remove(path: Path) -> None:
    """Take away a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make_durable(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
