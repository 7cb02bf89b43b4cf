"""One review of a month at a time."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kpinb.errors import KpinbError
from kpinb.language import _


class AlreadyRunning(KpinbError):
    """Another batch is making the same review."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a review's output folder within a ``with`` block.

    The lock is the operating system's, so it ends with the process that holds it, however that ends; the file
    beside it only says who it is.

    Raises
    ------
    AlreadyRunning
        Somebody holds it; the message says which process on which machine.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    who = folder.with_name(f".{folder.name}.running")
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as taken:
        holder = who.read_text(encoding="utf-8") if who.exists() else "?"
        raise AlreadyRunning(
            _("The review {review} is being run by {holder}. Wait for it, or end it.").format(
                review=folder.name, holder=holder
            )
        ) from taken
    try:
        who.write_text(
            _("process {process} on {host}").format(process=os.getpid(), host=platform.node()), encoding="utf-8"
        )
        yield
    finally:
        who.unlink(missing_ok=True)
        lock.release()
