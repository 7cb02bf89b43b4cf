"""Forms for what an indicator is made of: its card, its criteria, its goals and what is asked about it."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.forms import RecordForm
from kpinb.records import Record

_REFERENCES: dict[str, type[Record]] = {BusinessGoal.kind: BusinessGoal, Indicator.kind: Indicator}


def indicator_form(book: Book) -> RecordForm:
    """Write an indicator's card, or correct one."""
    return RecordForm(book, Indicator, references=_REFERENCES)


def criterion_form(book: Book) -> RecordForm:
    """Put an indicator in numbers."""
    return RecordForm(book, Criterion, references=_REFERENCES)


def goal_form(book: Book) -> RecordForm:
    """Note a business goal that indicators serve."""
    return RecordForm(book, BusinessGoal, references=_REFERENCES)


def question_form(book: Book) -> RecordForm:
    """Note a question to the issuer, and the answer when it comes."""
    return RecordForm(book, OpenQuestion, references=_REFERENCES)
