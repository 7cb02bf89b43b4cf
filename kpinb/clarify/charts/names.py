"""Names cut into lines that fit, Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

_FULL, _BROAD, _NARROW = 12.5, 9.5, 6.8
"""Pixels that a Chinese character, a capital and another letter take, at the charts' 12 pixels."""
_LONGEST_WORD = 18


def cut(text: str, width: float, most: int = 2) -> list[str]:
    """Cut a name into lines that fit, the last one with an ellipsis if it is longer still."""
    lines = [""]
    for word in _words_of(text):
        if lines[-1] and _width(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        last = lines[most - 1]
        while last and _width(last + "…") > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return lines


def _words_of(text: str) -> Iterator[str]:
    """Part a text where a line may end: after a Chinese character or a space, and within an endless word."""
    word = ""
    for character in text:
        word += character
        if character == " " or _is_wide(character) or len(word) >= _LONGEST_WORD:
            yield word
            word = ""
    if word:
        yield word


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


def _width(text: str) -> float:
    return sum(
        _FULL if _is_wide(character) else _BROAD if character.isupper() or character in "mw%@&" else _NARROW
        for character in text
    )
