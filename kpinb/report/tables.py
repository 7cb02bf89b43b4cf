"""Tables on a narrow screen: each in a box of its own, so that the page itself never moves sideways.

A matrix of numbers or roles scrolls in its box, with its first column in sight. A table of words, such as who
does what by when, would have to be pushed to and fro to read one line of it, and one that says how things stand
would hide just that: there each row becomes a card, each cell named by its column.
"""

from __future__ import annotations

import html
import re
import unicodedata

from kpinb.view.formats import NOTHING

_TABLE = re.compile(r"<table(?: class=\"[a-z0-9 -]*\")?>(?:(?!<table).)*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr(?: class=\"[a-z0-9 -]*\")?>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t([hd])((?: [a-z]+=\"[^\"<>]*\")*)>(.*?)</t\1>", re.DOTALL)
_TONED = re.compile(r"<td class=\"[a-z0-9 -]*kpinb-(?:good|warn|bad|unknown)\b")
_TAG = re.compile(r"<[^>]*>")

_PHONE = 42
"""Latin letters that a phone shows beside one another, counting two for the space between columns."""
_WORDS = 8
"""A column that holds more letters than this is one of words."""
_SHORT, _PHRASE = 16, 40
"""A cell of no more letters, such as a date or a state, is not broken; one of more keeps a breadth to read in."""
_HALF = 19
"""Letters of a column's title and a cell of it that stand in half a card."""
_MANY = 4
"""From so many short columns on, a card puts them beside one another."""
_WIDE = 6
"""With so many columns or more, the first stays in sight while the others scroll."""


def box_tables(clean: str) -> str:
    """Put each table of *clean* HTML into a box, marked for how a phone shows it.

    Parameters
    ----------
    clean : str
        HTML as `nh3` writes it: in text ``<`` is escaped, attributes stand in double quotes.

    Returns
    -------
    str
        The same with ``div.scroll`` round each innermost table, also ``wide``, ``words`` or ``words dense``; the
        content of cells in a ``div`` named for how broad it has to be; cells of a ``words`` table have
        ``data-label``.
    """
    return _TABLE.sub(_boxed, clean)


def _boxed(table: re.Match[str]) -> str:
    rows = [
        [(kind, attributes, content) for kind, attributes, content in _CELL.findall(row)]
        for row in _ROW.findall(table[0])
    ]
    titles = [_text(content) for _kind, _attributes, content in rows[0]] if rows else []
    if not titles:
        return f'<div class="scroll" tabindex="0">{table[0]}</div>'
    regular = all(len(row) == len(titles) for row in rows) and "span=" not in table[0]
    words = regular and _is_of_words(table[0], rows)
    halves = _halves(rows) if words else set()
    nothing = _nothing(rows)
    position = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal position
        kind, attributes, content = found.groups()
        column = position % len(titles)
        position += 1
        if kind == "h":
            return found[0]
        half = "half " if column in halves else ""
        label = f' data-label="{html.escape(titles[column])}"' if words else ""
        text = _text(content)
        breadth = "nothing" if words and text in nothing else _breadth(text)
        return f'<td{attributes}{label}><div class="{half}{breadth}">{content}</div></td>'

    marks = " words dense" if halves else " words" if words else " wide" if len(titles) >= _WIDE else ""
    return f'<div class="scroll{marks}" tabindex="0">{_CELL.sub(cell, table[0])}</div>'


def _is_of_words(table: str, rows: list[list[tuple[str, str, str]]]) -> bool:
    widths = [
        max(_letters(_text(content)) for _kind, _attributes, content in column)
        for column in zip(*rows, strict=True)
    ]
    if sum(widths) + 2 * len(widths) <= _PHONE:
        return False
    wordy = sum(width > _WORDS for width in widths)
    if len(widths) > _WIDE:
        return wordy * 2 >= len(widths)
    return wordy >= 3 or bool(_TONED.search(table))


def _halves(rows: list[list[tuple[str, str, str]]]) -> set[int]:
    """Give the columns whose cells share a line of a card; none unless all short ones fit."""
    short = {}
    for column, (title, *cells) in enumerate(zip(*rows, strict=True)):
        letters = max((_letters(_text(content)) for _kind, _attributes, content in cells), default=0)
        if column and letters <= _SHORT:
            short[column] = letters + _letters(_text(title[2]))
    return set(short) if len(short) >= _MANY and max(short.values()) <= _HALF else set()


def _nothing(rows: list[list[tuple[str, str, str]]]) -> set[str]:
    """Give the texts a card leaves out: nothing, and a dash only where most cells are one, as in a RACI matrix."""
    texts = [_text(content) for row in rows[1:] for _kind, _attributes, content in row]
    return {"", NOTHING} if texts.count(NOTHING) * 2 > len(texts) else {""}


def _breadth(text: str) -> str:
    letters = _letters(text)
    return "together" if letters <= _SHORT else "phrase" if letters <= _PHRASE else "prose"


def _text(content: str) -> str:
    return html.unescape(_TAG.sub(" ", content)).strip()


def _letters(text: str) -> int:
    """Measure a text in Latin letters; a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
