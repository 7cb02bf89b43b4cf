"""Forms for what an indicator is made of: its card, its criteria, its goals and what is asked about it."""

from __future__ import annotations

from functools import partial

from kpinb.book import Book
from kpinb.clarify.preview import advise_indicator, preview_criterion, preview_indicator
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.forms import RecordForm
from kpinb.records import Record

_REFERENCES: dict[str, type[Record]] = {BusinessGoal.kind: BusinessGoal, Indicator.kind: Indicator}


def indicator_form(book: Book) -> RecordForm:
    """Write an indicator's card, or correct one; vague wording is marked and a formula computed meanwhile."""
    return RecordForm(
        book,
        Indicator,
        references=_REFERENCES,
        advice=partial(advise_indicator, book),
        live=partial(preview_indicator, book),
    )


def criterion_form(book: Book) -> RecordForm:
    """Put an indicator in numbers; what the criterion gives on its source is shown while it is typed."""
    return RecordForm(book, Criterion, references=_REFERENCES, live=partial(preview_criterion, book))


def goal_form(book: Book) -> RecordForm:
    """Note a business goal that indicators serve."""
    return RecordForm(book, BusinessGoal, references=_REFERENCES)


def question_form(book: Book) -> RecordForm:
    """Note a question to the issuer, and the answer when it comes."""
    return RecordForm(book, OpenQuestion, references=_REFERENCES)
