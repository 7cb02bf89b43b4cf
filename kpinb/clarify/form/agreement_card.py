"""An indicator's card in the form in which it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kpinb.book import Book
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator
from kpinb.clarify.trace import goal_path
from kpinb.language import _
from kpinb.records import label, show


def card(book: Book, indicator: Indicator) -> str:
    """Write what is agreed to as HTML, every text in it escaped: the instruction, what it is for, the criteria."""
    goals = book.shared(BusinessGoal)
    paths = [goal_path(goal, goals) for goal in indicator.goals]
    criteria = [one for one in book.records(Criterion) if one.indicator == indicator.id]
    lines: list[tuple[str, str]] = [
        *((label(Indicator, name), show(getattr(indicator, name))) for name in ("statement", "purpose")),
        (
            label(Indicator, "goals"),
            show("\n".join(" → ".join(goal.name for goal in path) for path in paths if path)),
        ),
        *(
            (label(Indicator, name), show(getattr(indicator, name)))
            for name in ("issuer", "owner", "unit", "formula")
        ),
        (_("In numbers"), show("\n".join(_criterion_lines(criteria)))),
    ]
    rows = "".join(
        f'<tr><th scope="row" style="width: 9em">{escape(name)}</th><td>{escape(text)}</td></tr>'
        for name, text in lines
    )
    return f'<table class="kpinb-comparison"><tbody>{rows}</tbody></table>'


def _criterion_lines(criteria: Sequence[Criterion]) -> list[str]:
    return [
        _("; ").join(text for text in (criterion_text(one), one.population, one.source, one.definition) if text)
        for one in criteria
    ]
