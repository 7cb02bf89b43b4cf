"""Forms of the second stage."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.forms import RecordForm
from kpinb.records import Record

_REFERENCES: dict[str, type[Record]] = {Indicator.kind: Indicator, Target.kind: Target}


def target_form(book: Book) -> RecordForm:
    """Write a target, or correct one."""
    return RecordForm(book, Target, references=_REFERENCES, defaults={"period": str(book.year)})


def task_form(book: Book) -> RecordForm:
    """Write a task that carries a target."""
    return RecordForm(book, Task, references=_REFERENCES)


def funnel_form(book: Book) -> RecordForm:
    """Write a stage of the funnel."""
    return RecordForm(book, FunnelStage, references=_REFERENCES)
