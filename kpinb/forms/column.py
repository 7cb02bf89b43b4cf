"""One column of a grid: what its cells hold, and how what is typed or pasted into them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kpinb.language import _

TICKED = "true"
NOT_TICKED = "false"

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_YES = {"true", "yes", "y", "x", "1", "on", "✓", "✔", "☑", "√", "是"}
_NO = {"false", "no", "n", "0", "off", "☐", "否"}


class Sort(StrEnum):
    """What the cells of a column hold."""

    text = "text"
    number = "number"
    date = "date"
    choice = "choice"
    tick = "tick"


@dataclass(frozen=True)
class GridColumn:
    """One column.

    Parameters
    ----------
    name : str
        Under which its cells are kept.
    title : str
        Heading, in the reader's language.
    sort : Sort
        What its cells hold.
    help : str
        What is meant, in the reader's language.
    options : tuple of (str, str)
        Of a choice: what is read, and what is kept.
    other_names : mapping of str to str
        Of a choice: further names, in small letters, under which an option may be typed or pasted.
    editable : bool
        Whether its cells can be changed at all.
    lock : bool
        Whether a tick is drawn as a lock.
    """

    name: str
    title: str
    sort: Sort = Sort.text
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    other_names: Mapping[str, str] = field(default_factory=dict)
    editable: bool = True
    lock: bool = False

    def read(self, text: str) -> str:
        """Give what a cell keeps of a typed text; what cannot be read stays as it was typed."""
        bare = text.strip()
        if self.sort is Sort.choice:
            return self._chosen(bare)
        if self.sort is Sort.tick:
            return _ticked(bare)
        if self.sort is Sort.date:
            return _day(bare)
        return bare

    def _chosen(self, text: str) -> str:
        for label, value in self.options:
            if text in (value, label):
                return value
        return self.other_names.get(text.casefold(), text)


def _ticked(text: str) -> str:
    lower = text.casefold()
    if lower in _YES or lower == _("yes").casefold():
        return TICKED
    if not lower or lower in _NO or lower == _("no").casefold():
        return NOT_TICKED
    return text


def _day(text: str) -> str:
    """Write a date that names its year first as records do; any other order could be read in two ways."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return text
