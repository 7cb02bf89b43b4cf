"""Whether the ranking hangs on a single score: what changes if any one of them were one higher or lower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.prioritise.ranking import Class, class_of, order
from kpinb.clarify.records import Indicator
from kpinb.language import _, join_sentences
from kpinb.records import label
from kpinb.view import Column, Sentence, Table, Tone

TOP = 3
"""How many places from the top are watched: what a team can keep its eyes on at once."""
_NAMED = 2
"""Cases that the sentence names; the table has all."""
SCORES = ("importance", "urgency", "goal_value")


@dataclass(frozen=True, slots=True)
class Swing:
    """What one score, one higher or lower, would change.

    Parameters
    ----------
    indicator : Indicator
        As it is.
    score : str
        Field that is changed.
    after : int
        The other score.
    class_ : Class or None
        What the indicator becomes; None if its class stays.
    passes, falls_behind : tuple of str
        Names of the indicators that it overtakes and that overtake it, where that changes the places at the top.
    """

    indicator: Indicator
    score: str
    after: int
    class_: Class | None = None
    passes: tuple[str, ...] = ()
    falls_behind: tuple[str, ...] = ()

    @property
    def matters(self) -> bool:
        """Whether it changes the core set or the places at the top."""
        return self.class_ is not None or bool(self.passes or self.falls_behind)

    @property
    def text(self) -> str:
        """The change in words: satisfaction, importance 3 → 4."""
        return _("{name}, {change}").format(name=self.indicator.name, change=self.change)

    @property
    def change(self) -> str:
        """The score that is changed: importance 3 → 4."""
        return _("{score} {before} → {after}").format(
            score=label(Indicator, self.score), before=getattr(self.indicator, self.score), after=self.after
        )

    @property
    def class_effect(self) -> str:
        """What its class becomes, in words; empty if that stays."""
        if self.class_ is None:
            return ""
        return _("becomes core") if self.class_ is Class.core else _("is no longer core")

    @property
    def place_effect(self) -> str:
        """Which indicators change places with it, in words; empty if the places at the top stay."""
        if self.passes:
            return _("passes {names}").format(names=_(", ").join(self.passes))
        if self.falls_behind:
            return _("falls behind {names}").format(names=_(", ").join(self.falls_behind))
        return ""


def swings(indicators: Sequence[Indicator], top: int = TOP) -> list[Swing]:
    """Change each score by 1 in both directions, as far as the scale goes, and say what follows.

    Parameters
    ----------
    indicators : sequence of Indicator
        All of them, in the order of entry.
    top : int
        How many places are watched.

    Returns
    -------
    list of Swing
        Every change there is, those that change nothing included; most important indicator first.
    """
    ranked = order(indicators)
    return [
        _swing(indicators, ranked, indicator, score, after, top)
        for indicator in ranked
        for score in SCORES
        for after in _neighbours(getattr(indicator, score))
    ]


def _neighbours(score: int) -> Iterator[int]:
    return (other for other in (score - 1, score + 1) if 1 <= other <= 5)


def _swing(
    indicators: Sequence[Indicator], ranked: Sequence[Indicator], one: Indicator, score: str, after: int, top: int
) -> Swing:
    changed = one.model_copy(update={score: after})
    became = class_of(changed) if class_of(changed) is not class_of(one) else None
    before_ids = [other.id for other in ranked]
    after_ids = [other.id for other in order([changed if other.id == one.id else other for other in indicators])]
    passes: tuple[str, ...] = ()
    falls_behind: tuple[str, ...] = ()
    if before_ids[:top] != after_ids[:top]:
        names = {other.id: other.name for other in indicators}
        was, is_now = before_ids.index(one.id), after_ids.index(one.id)
        passes = tuple(names[other] for other in before_ids[is_now:was])
        falls_behind = tuple(names[other] for other in before_ids[was + 1 : is_now + 1])
    return Swing(one, score, after, became, passes, falls_behind)


def sensitivity_sentence(found: Sequence[Swing], top: int = TOP) -> Sentence:
    """Say whether any one score, changed by 1, changes the core set or the places at the top, and which.

    Parameters
    ----------
    found : sequence of Swing
        What `swings` returns.
    top : int
        The number of places that it was called with.
    """
    if not found:
        return Sentence(_("There is no indicator yet. Add one in the notebook's form."), Tone.unknown)
    core = [swing for swing in found if swing.class_ is not None]
    places = [swing for swing in found if swing.passes or swing.falls_behind]
    sentences = []
    if core:
        sentences.append(
            _("Changing a single score by 1 changes the core set in {count} of {all} cases: {cases}.").format(
                count=len(core), all=len(found), cases=_cases([(swing.text, swing.class_effect) for swing in core])
            )
        )
    else:
        sentences.append(_("Changing any single score by 1 does not change the core set."))
    if places:
        sentences.append(
            _("It changes the first {top} places in {count} of {all} cases: {cases}.").format(
                all=len(found),
                top=top,
                count=len(places),
                cases=_cases([(swing.text, swing.place_effect) for swing in places]),
            )
        )
    else:
        sentences.append(_("The first {top} places stay as they are.").format(top=top))
    return Sentence(join_sentences(sentences), Tone.warn if core else Tone.plain)


def _cases(found: Sequence[tuple[str, str]]) -> str:
    texts = [_("{change} ({effect})").format(change=change, effect=effect) for change, effect in found[:_NAMED]]
    if len(found) > _NAMED:
        texts.append(_("for the others see the table"))
    return _("; ").join(texts)


def sensitivity_line(book: Book) -> Sentence:
    """Say whether the department's ranking hangs on a single score."""
    return sensitivity_sentence(swings(book.records(Indicator)))


def sensitivity_table(book: Book) -> Table:
    """Show the single scores that would change the core set or the places at the top."""
    rows = [
        {
            "name": swing.indicator.name,
            "change": swing.change,
            "effect": _("; ").join(effect for effect in (swing.class_effect, swing.place_effect) if effect),
        }
        for swing in swings(book.records(Indicator))
        if swing.matters
    ]
    return Table(
        pd.DataFrame(rows, columns=["name", "change", "effect"], dtype=object),
        [
            Column("name", _("Indicator")),
            Column("change", _("Score changed")),
            Column("effect", _("What follows")),
        ],
        empty=_("No single score, changed by 1, changes the core set or the first places."),
    )
