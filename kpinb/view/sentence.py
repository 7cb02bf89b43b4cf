"""Prose that depends on data: a sentence, or a list of them, each with a tone."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a text says about how things stand; decides its colour and its mark."""

    plain = "plain"
    good = "good"
    warn = "warn"
    bad = "bad"
    unknown = "unknown"

    @property
    def mark(self) -> str:
        """Sign that says the same as the colour, for who cannot see it."""
        return {"plain": "", "good": "✓", "warn": "▲", "bad": "✕", "unknown": "?"}[self.value]


@dataclass(frozen=True)
class Sentence:
    """One paragraph for the reader; shown escaped, whatever the data hold."""

    text: str
    tone: Tone = Tone.plain

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        return {"text/html": self.as_html("p"), "text/plain": f"{self.tone.mark} {self.text}".strip()}

    def as_html(self, tag: str) -> str:
        """Give the paragraph as HTML of one element."""
        mark = f'<span class="kpinb-mark">{self.tone.mark}</span> ' if self.tone.mark else ""
        return f'<{tag} class="kpinb-sentence kpinb-{self.tone}">{mark}{html.escape(self.text)}</{tag}>'


@dataclass(frozen=True)
class Sentences:
    """Several sentences, as a list."""

    items: tuple[Sentence, ...]

    @classmethod
    def of(cls, items: Iterable[Sentence]) -> Sentences:
        """Collect sentences."""
        return cls(tuple(items))

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        listed = "".join(item.as_html("li") for item in self.items)
        return {
            "text/html": f'<ul class="kpinb-sentences">{listed}</ul>',
            "text/plain": "\n".join(f"{item.tone.mark or '-'} {item.text}" for item in self.items),
        }
