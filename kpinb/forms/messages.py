"""The HTML that forms show. Every text that comes in is escaped here: what was typed stays text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from html import escape
from pathlib import Path

from kpinb.language import _


class Tone(StrEnum):
    """What a message is, apart from its words."""

    good = "good"
    bad = "bad"
    neutral = "neutral"


def style() -> str:
    """Give the rules of every form."""
    return f"<style>{(Path(__file__).parent / 'form.css').read_text(encoding='utf-8')}</style>"


def heading(text: str) -> str:
    """Write a form's title."""
    return f'<div class="kpinb-heading" role="heading" aria-level="3">{escape(text)}</div>'


def note(help_line: str, problem: str = "") -> str:
    """Write what stands under a field: what is wrong first, then what is meant."""
    parts = []
    if problem:
        parts.append(f'<div class="kpinb-problem" role="alert">{escape(problem[:1].upper() + problem[1:])}</div>')
    if help_line:
        parts.append(f'<div class="kpinb-help">{escape(help_line)}</div>')
    return f'<div class="kpinb-note">{"".join(parts)}</div>' if parts else ""


def message(sentences: Sequence[str], tone: Tone) -> str:
    """Write what came of the last action; nothing where there is nothing to say."""
    if not sentences:
        return ""
    lines = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f'<div class="kpinb-message kpinb-{tone}" role="status">{lines}</div>'


def blockers(sentences: Sequence[str]) -> str:
    """List what stands in the way of saving."""
    if not sentences:
        return ""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    opening = escape(_("This cannot be saved yet."))  # not within the f-string: there it would not be extracted
    return f'<div class="kpinb-blockers">{opening}<ul>{items}</ul></div>'


def comparison(rows: Sequence[tuple[str, str, str]]) -> str:
    """Set two versions side by side.

    Parameters
    ----------
    rows : sequence of (str, str, str)
        Field label, the other's value and one's own, as a person reads them.
    """
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in (_("Field"), _("Theirs"), _("Mine")))
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(theirs)}</td><td>{escape(mine)}</td></tr>'
        for name, theirs, mine in rows
    )
    return f'<table class="kpinb-comparison"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
