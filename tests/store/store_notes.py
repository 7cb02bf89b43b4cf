"""A record of the tests' own, small enough to read a whole row at a glance."""

from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field

from kpinb.records import Number, Record


class Note(Record):
    kind: ClassVar[str] = "note"
    title: ClassVar[str] = "Note"

    text: str = Field("", title="Text")
    count: Number | None = Field(None, title="Count")


class StrictNote(Note):
    """The same note after someone tightened its rules."""

    text: str = Field(min_length=10, title="Text")


def noon(day: int) -> datetime:
    """Give noon of a day in October 2026."""
    return datetime(2026, 10, day, 12, tzinfo=UTC)
