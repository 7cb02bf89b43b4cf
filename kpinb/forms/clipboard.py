"""What a spreadsheet puts on the clipboard: cells parted by tabs, rows by line breaks."""

from __future__ import annotations

import re

MOST_CHARACTERS = 4_000_000
"""Longer text is cut before it is looked at: 5,000 rows of 40 cells of 20 characters."""

FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
"""Text that begins with one of these would be run by a spreadsheet; kpinb copies it with ``'`` before it."""

# Possessive: a quote that is never closed must not be tried again at every length.
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)')
_PLAIN = re.compile(r"[^\t\r\n]*+")
_END = re.compile(r"\t|\r\n|\r|\n")


def read_cells(text: str) -> list[list[str]]:
    """Take apart what was copied in a spreadsheet.

    A cell with a tab, a line break or a quotation mark stands between quotation marks, its own ones doubled; a
    quotation mark that is not closed before a cell ends is one that was typed. Lines that are wholly empty at the
    end are dropped, and so is the ``'`` that kpinb itself puts before text that looks like a formula.

    Returns
    -------
    list of list of str
        Rows of cells; the rows may differ in length.
    """
    text = text[:MOST_CHARACTERS]
    rows: list[list[str]] = [[]]
    position = 0
    while True:
        quoted = _QUOTED.match(text, position)
        found = quoted or _PLAIN.match(text, position)
        assert found is not None  # noqa: S101 - the plain pattern matches nothing, too
        cell = found[1].replace('""', '"') if quoted else found[0]
        rows[-1].append(_unguarded(cell))
        end = _END.match(text, found.end())
        if end is None:
            break
        if end[0] != "\t":
            rows.append([])
        position = end.end()
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _unguarded(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA_SIGNS else cell
