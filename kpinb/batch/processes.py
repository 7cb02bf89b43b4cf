"""The processes that a run leaves behind, found by a token in their environment and ended.

Ending a process group is not enough: each kernel has a session of its own, and what a notebook starts may leave
even that. What it inherits is the environment.
"""

from __future__ import annotations

import time

import psutil

VARIABLE = "KPINB_RUN"
"""Environment variable that holds the token: ``<batch>:<department>``."""

_SECONDS = 10.0


def carrying(token: str) -> list[psutil.Process]:
    """Find the living processes of one department by its token, or of a whole batch by the token's first part."""
    return [p for p in psutil.process_iter() if (its := _token(p)) == token or its.startswith(f"{token}:")]


def end(token: str) -> int:
    """End every process that `carrying` finds, and give their number.

    A process that starts others while it is being ended is why this looks again until it finds none.
    """
    ended: set[int] = set()
    deadline = time.monotonic() + _SECONDS
    while (found := carrying(token)) and time.monotonic() < deadline:
        for process in found:
            _kill(process)
        ended.update(process.pid for process in found)
        psutil.wait_procs(found, timeout=1)
    return len(ended)


def _token(process: psutil.Process) -> str:
    try:
        return str(process.environ().get(VARIABLE, ""))
    except (psutil.Error, OSError):  # somebody else's, or gone, or a zombie
        return ""


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.Error:  # gone meanwhile
        return
