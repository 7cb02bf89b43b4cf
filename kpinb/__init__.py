"""Plan and review performance indicators in notebooks, month by month, for every department."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

# jsonschema, which Altair brings, would import this package to check one format of addresses that no chart has;
# its grammars cost every kernel a second at its start. jsonschema does without where the import fails.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

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
