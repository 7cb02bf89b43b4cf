"""Plan and review performance indicators in notebooks, month by month, for every department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpinb.book import Book, open_book

__all__ = ["Book", "open_book"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Late, so that the command line starts without pandas and the database.
    if name in __all__:
        from kpinb import book

        return getattr(book, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
