"""Vague wording: words that sound like an aim and measure nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.quantify.measurable import FLAGS, Excuse, clauses, excuses
from kpinb.clarify.quantify.vague_words import MEASURES, WORDS, Needs
from kpinb.clarify.records import Criterion, Indicator, VagueTerm
from kpinb.language import _, ngettext
from kpinb.view import Column, Sentence, Table, Tone

_OF_TIME = re.compile(
    r"速度|时间|时长|时效|周期|耗时|响应|\b(?:speed|time|times|latency|delay|turnaround|pace|lead time)\b", FLAGS
)
_OF_SHARE = re.compile(r"率|占比|比例|份额|\b(?:rate|rates|ratio|share|percentage|conversion|retention)\b", FLAGS)


@dataclass(frozen=True)
class VagueFound:
    """A vague word where it stands.

    Parameters
    ----------
    start, end : int
        Its place in the text.
    term : str
        As it stands there.
    needs : str
        What a measurable version would say: a sentence in the reader's language, or as the record has it.
    """

    start: int
    end: int
    term: str
    needs: str


def vague_terms(text: str, extra: Sequence[VagueTerm] = ()) -> list[VagueFound]:
    """Find vague wording in an instruction, Chinese or English.

    English is found by whole words with their endings, Chinese wherever it stands. The longest match wins; matches
    do not overlap. What a figure in the same clause makes measurable is not vague: “revenue grows by 20%”. A date
    or a deadline is no such figure, but it does settle *when*: “及时” is measured by hours, “提升” is not.

    Parameters
    ----------
    text : str
        The instruction.
    extra : sequence of VagueTerm
        The company's and the department's own words; of two that say the same, the later one counts.

    Returns
    -------
    list of VagueFound
        In the order of the text.
    """
    found = []
    for start, clause in clauses(text):
        there = excuses(clause)
        for match, needs, excused_by in _longest(_candidates(clause, extra), len(clause)):
            if needs is None or there & excused_by:
                continue
            at = (start + match.start(), start + match.end())
            said = needs if isinstance(needs, str) else _needs(needs, clause)
            found.append(VagueFound(*at, text[slice(*at)], said))
    return found


def vague_sentences(text: str, extra: Sequence[VagueTerm] = ()) -> list[str]:
    """Say of each thing that is vague in a text what it needs; words that need the same share a sentence."""
    by_needs: dict[str, list[str]] = {}
    for found in vague_terms(text, extra):
        terms = by_needs.setdefault(found.needs, [])
        if found.term.casefold() not in [term.casefold() for term in terms]:
            terms.append(found.term)
    return [
        _("{words} cannot be measured. {needs}").format(
            words=_(", ").join(_("“{term}”").format(term=term) for term in terms), needs=needs
        )
        for needs, terms in by_needs.items()
    ]


_Candidate = tuple[re.Match[str], Needs | str | None, Excuse]
"""A match, what it needs (None: it names a measure and needs nothing), and what excuses it."""


def _candidates(clause: str, extra: Sequence[VagueTerm]) -> Iterator[_Candidate]:
    for pattern, needs in _patterns():
        for match in pattern.finditer(clause):
            yield match, needs, needs.excused_by if needs else Excuse(0)
    for own in extra:
        for match in _own(own.term).finditer(clause):
            yield match, own.needs, Excuse.number


def _longest(candidates: Iterable[_Candidate], length: int) -> list[_Candidate]:
    taken: list[_Candidate] = []
    free = bytearray(b"\1" * length)
    # Of two as long at one place, the department's own word, which comes last, is the one to keep.
    numbered = sorted(enumerate(candidates), key=lambda c: (-len(c[1][0].group()), c[1][0].start(), -c[0]))
    for _at, one in numbered:
        place = slice(*one[0].span())
        if all(free[place]):
            taken.append(one)
            free[place] = bytes(len(free[place]))
    return sorted(taken, key=lambda c: c[0].start())


def _needs(needs: Needs, clause: str) -> str:
    if needs is not Needs.change:
        return _(needs.message)
    if _OF_TIME.search(clause):
        return _("Say from what average time to what, counted from which event to which, and by when.")
    if _OF_SHARE.search(clause):
        return _("Say from what percentage to what, of whom or of what, and by when.")
    return _(needs.message)


@cache
def _patterns() -> list[tuple[re.Pattern[str], Needs | None]]:
    both: list[tuple[Needs | None, tuple[str, ...]]] = [(None, MEASURES), *WORDS.items()]
    return [(_pattern(words), needs) for needs, words in both]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    # Longer ones first: of “大幅|大幅度”, the longer one would never be found.
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"\b(?:{word})\b" if word.isascii() else word for word in longest), FLAGS)


@cache
def _own(term: str) -> re.Pattern[str]:
    words = re.escape(term)
    return re.compile(rf"(?<!\w){words}(?:s|es|d|ed|ing)?(?!\w)" if term.isascii() else words, FLAGS)


def vague_table(book: Book) -> Table:
    """Show which instructions have vague wording, what it needs, and the criteria that say it in numbers."""
    extra, criteria = book.shared(VagueTerm), book.records(Criterion)
    rows = []
    for indicator in book.records(Indicator):
        sentences = vague_sentences(indicator.statement, extra)
        numbers = [criterion_text(one) for one in criteria if one.indicator == indicator.id]
        if sentences:
            rows.append(
                {
                    "name": indicator.name,
                    "statement": indicator.statement,
                    "vague": "\n".join(sentences),
                    "numbers": "\n".join(numbers) or _("no criterion yet"),
                    "tone": Tone.good if numbers else Tone.bad,
                }
            )
    return Table(
        pd.DataFrame(rows, columns=["name", "statement", "vague", "numbers", "tone"], dtype=object),
        [
            Column("name", _("Indicator")),
            Column("statement", _("As issued")),
            Column("vague", _("What is vague in it")),
            Column("numbers", _("In numbers"), tone=lambda row: row["tone"]),
        ],
        empty=_("No instruction has vague wording."),
    )


def vague_line(book: Book) -> Sentence:
    """Say how many instructions are vague, and which of them no criterion puts in numbers."""
    extra, criteria = book.shared(VagueTerm), book.records(Criterion)
    vague = [one for one in book.records(Indicator) if vague_terms(one.statement, extra)]
    if not vague:
        return Sentence(_("No instruction has vague wording."), Tone.good)
    open_ones = [one.name for one in vague if all(c.indicator != one.id for c in criteria)]
    if not open_ones:
        return Sentence(
            ngettext(
                "{count} instruction has vague wording; a criterion puts it in numbers.",
                "{count} instructions have vague wording; criteria put them in numbers.",
                len(vague),
            ).format(count=len(vague)),
            Tone.good,
        )
    return Sentence(
        ngettext(
            "{count} instruction has vague wording. Still without a criterion: {names}.",
            "{count} instructions have vague wording. Still without a criterion: {names}.",
            len(vague),
        ).format(count=len(vague), names=_(", ").join(open_ones)),
        Tone.warn,
    )
