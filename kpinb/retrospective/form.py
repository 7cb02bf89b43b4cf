"""Forms of the fifth stage."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.forms import RecordForm
from kpinb.records import Record
from kpinb.retrospective.records import Action, Finding, Lesson, SkillGap

_REFERENCES: dict[str, type[Record]] = {Indicator.kind: Indicator, Finding.kind: Finding}


def finding_form(book: Book) -> RecordForm:
    """Note a cause of a gap."""
    return RecordForm(book, Finding, references=_REFERENCES, defaults={"period": str(book.period)})


def action_form(book: Book) -> RecordForm:
    """Decide on an improvement action, or close one."""
    return RecordForm(book, Action, references=_REFERENCES, defaults={"opened_in": str(book.period)})


def lesson_form(book: Book) -> RecordForm:
    """Note what to do again, or never again."""
    return RecordForm(book, Lesson, references=_REFERENCES, defaults={"period": str(book.period)})


def skill_form(book: Book) -> RecordForm:
    """Note a skill that was missing, and how it is gained."""
    return RecordForm(book, SkillGap, references=_REFERENCES)
