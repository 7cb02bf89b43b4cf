"""Forms of the third stage."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.forms import RecordForm
from kpinb.plan.records import Assignment, Milestone, Resource, Risk

_REFERENCES = {Task.kind: Task}


def assignment_form(book: Book) -> RecordForm:
    """Give a person or department its part in a task."""
    return RecordForm(book, Assignment, references=_REFERENCES)


def milestone_form(book: Book) -> RecordForm:
    """Set a milestone with its buffer."""
    return RecordForm(book, Milestone, references=_REFERENCES)


def resource_form(book: Book) -> RecordForm:
    """Note what a task needs, and whether it is secured."""
    return RecordForm(book, Resource, references=_REFERENCES)


def risk_form(book: Book) -> RecordForm:
    """Note what could go wrong, and what is done about it."""
    return RecordForm(book, Risk, references=_REFERENCES)
