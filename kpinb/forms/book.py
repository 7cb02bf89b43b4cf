"""What a form needs of a book, so that forms stand without a store."""

from __future__ import annotations

from typing import Protocol, TypeVar

from kpinb.records import Record, Revision

R = TypeVar("R", bound=Record)


class FormBook(Protocol):
    """One department's records, as far as a form reads and writes them."""

    def revisions(self, kind: type[R], /) -> list[Revision]:
        """Give the newest version of each living record of a kind."""
        ...

    def shared(self, kind: type[R], /) -> list[R]:
        """Give the living records that may be referred to: the department's own and the company's."""
        ...

    def history(self, kind: type[R], record_id: str, /) -> list[Revision]:
        """Give every version of one record, oldest first; empty or `NotFound` where there never was one."""
        ...

    def save(self, record: Record, /, *, expected: int, reason: str) -> Revision:
        """Store a new version; `EditConflict` where ``expected`` is not the version that stands."""
        ...

    def delete(self, record: Record, /, *, expected: int, reason: str) -> Revision:
        """Take a record away by a new version that says so; `EditConflict` as for `save`."""
        ...
