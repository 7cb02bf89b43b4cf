"""The HTML that forms show. Every text that comes in is escaped here: what was typed stays text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from html import escape
from pathlib import Path

from kpinb.language import _, ngettext


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


def note(help_line: str, problem: str = "", advice: str = "") -> str:
    """Write what stands under a field: what is wrong first, then what could be better, then what is meant."""
    parts = []
    if problem:
        parts.append(f'<div class="kpinb-problem" role="alert">{escape(_begun(problem))}</div>')
    if advice:
        parts.append(f'<div class="kpinb-advice" role="status">{escape(_begun(advice))}</div>')
    if help_line:
        parts.append(f'<div class="kpinb-help">{escape(help_line)}</div>')
    return f'<div class="kpinb-note">{"".join(parts)}</div>' if parts else ""


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def remark(sentence: str, *, wrong: bool = False) -> str:
    """Write a sentence about what stands beside it, in the colour of problems where it names one."""
    tone = " kpinb-problem" if wrong else ""
    return f'<div class="kpinb-remark{tone}" role="status">{escape(sentence)}</div>'


def sentences(texts: Sequence[str]) -> str:
    """Write sentences that say how things stand, one under the other."""
    lines = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f'<div class="kpinb-sentences-below" role="status">{lines}</div>' if lines else ""


def message(sentences: Sequence[str], tone: Tone) -> str:
    """Write what came of the last action; nothing where there is nothing to say."""
    if not sentences:
        return ""
    lines = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f'<div class="kpinb-message kpinb-{tone}" role="status">{lines}</div>'


def blockers(sentences: Sequence[str], *, opening: str = "", most: int = 12) -> str:
    """List what stands in the way of saving; of a long list its beginning, and how many more there are.

    Parameters
    ----------
    sentences : sequence of str
        What stands in the way.
    opening : str
        What they stand in the way of, as a sentence; by default of saving.
    most : int
        So many are listed.
    """
    if not sentences:
        return ""
    listed = list(sentences[:most])
    if len(sentences) > most:
        more = len(sentences) - most
        listed.append(ngettext("and one more", "and {more} more", more).format(more=more))
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in listed)
    opening = opening or _("This cannot be saved yet.")
    return f'<div class="kpinb-blockers">{escape(opening)}<ul>{items}</ul></div>'


def comparison(head: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> str:
    """Set two versions side by side; nothing where they do not differ.

    Parameters
    ----------
    head : (str, str, str)
        Headings.
    rows : sequence of (str, str, str)
        Field label and the two values, as a person reads them.
    """
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(one)}</td><td>{escape(other)}</td></tr>'
        for name, one, other in rows
    )
    return f'<table class="kpinb-comparison"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
