"""Forms for one record of the second stage at a time."""

from __future__ import annotations

from functools import partial

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.charts.funnel_odds import draw_solved
from kpinb.decompose.funnel import read_solved, solved_funnel
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.forms import RecordForm
from kpinb.records import Record
from kpinb.view import Figure, Sentences
from kpinb.view.theme import PANEL

REFERENCES: dict[str, type[Record]] = {Indicator.kind: Indicator, Target.kind: Target}
"""What fields of this stage's records refer to."""


def target_form(book: Book) -> RecordForm:
    """Write a target, or correct one."""
    return RecordForm(book, Target, references=REFERENCES, defaults={"period": str(book.year)})


def task_form(book: Book) -> RecordForm:
    """Write a task that carries a target."""
    return RecordForm(book, Task, references=REFERENCES)


def funnel_form(book: Book) -> RecordForm:
    """Write a stage of the funnel; what the funnel then needs, and how sure that is, is shown meanwhile."""
    return RecordForm(book, FunnelStage, references=REFERENCES, live=partial(preview_funnel, book))


def preview_funnel(book: Book, draft: FunnelStage) -> list[Sentences | Figure]:
    """Solve the funnel with a stage as it is being typed."""
    found = solved_funnel(book, draft)
    return [read_solved(found), draw_solved(found, width=PANEL)] if found else []
