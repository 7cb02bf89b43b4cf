"""Forms of the fourth stage."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.records import Target, Task
from kpinb.forms import RecordForm
from kpinb.records import Record
from kpinb.track.records import ChangeRequest, CheckIn

_REFERENCES: dict[str, type[Record]] = {Indicator.kind: Indicator, Target.kind: Target, Task.kind: Task}


def check_in_form(book: Book) -> RecordForm:
    """Say how far a task is; each save is a move on the board."""
    return RecordForm(book, CheckIn, references=_REFERENCES)


def change_form(book: Book) -> RecordForm:
    """Ask for another target, or another path to it."""
    return RecordForm(book, ChangeRequest, references=_REFERENCES)
