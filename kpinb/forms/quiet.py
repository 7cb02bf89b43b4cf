"""Telling what the form sets from what the person types: a widget reports both in the same way."""

from __future__ import annotations

from types import TracebackType


class Quiet:
    """True within its ``with`` block, in which a form sets its own widgets; blocks may lie within one another."""

    def __init__(self) -> None:
        self._depth = 0

    def __bool__(self) -> bool:
        """Say whether a change comes from the form itself."""
        return self._depth > 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
