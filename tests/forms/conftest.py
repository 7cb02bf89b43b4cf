"""A book that keeps its records in a list, for forms to be tried on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kpinb.errors import EditConflict, NotFound
from kpinb.language import use
from kpinb.records import Record, Revision


class BookInMemory:
    """Append-only, as the store is; `failure` is raised by the next save."""

    def __init__(self, *records: Record) -> None:
        self.log: list[Revision] = []
        self.failure: Exception | None = None
        for record in records:
            self.write(record)

    def write(self, record: Record, *, author: str = "sales-lead", reason: str = "", deleted: bool = False):
        version = len(self._versions(type(record), record.id)) + 1
        at = datetime(2026, 11, 2, 8, version, tzinfo=UTC)
        self.log.append(Revision("sales", record, version, author, at, reason, deleted))
        return self.log[-1]

    def revisions(self, kind):
        newest = {r.record.id: r for r in self.log if isinstance(r.record, kind)}
        return [r for r in newest.values() if not r.deleted]

    def shared(self, kind):
        return [revision.record for revision in self.revisions(kind)]

    def history(self, kind, record_id):
        if not (versions := self._versions(kind, record_id)):
            raise NotFound(record_id)
        return versions

    def save(self, record, *, expected, reason):
        if self.failure:
            raise self.failure
        versions = self._versions(type(record), record.id)
        if expected != len(versions):
            mine = Revision("sales", record, expected + 1, "me", datetime(2026, 11, 2, 9, tzinfo=UTC))
            raise EditConflict("Somebody saved it first.", mine=mine, theirs=versions[-1])
        return self.write(record, author="me", reason=reason)

    def delete(self, record, *, expected, reason):
        if self.failure:
            raise self.failure
        versions = self._versions(type(record), record.id)
        if expected != len(versions):
            at = datetime(2026, 11, 2, 9, tzinfo=UTC)
            mine = Revision("sales", record, expected + 1, "me", at, reason, deleted=True)
            raise EditConflict("Somebody saved it first.", mine=mine, theirs=versions[-1])
        return self.write(record, author="me", reason=reason, deleted=True)

    def _versions(self, kind, record_id) -> list[Revision]:
        return [r for r in self.log if isinstance(r.record, kind) and r.record.id == record_id]


@pytest.fixture
def book_of():
    """Make a book of records: ``book_of(task, milestone)``."""
    return BookInMemory


@pytest.fixture(autouse=True)
def in_english():
    with use("en"):
        yield
