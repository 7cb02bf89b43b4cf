"""The grid that an analyst types and pastes into; what stands in it is a `GridDraft`, which this only shows.

The page answers what is typed at once and tells the kernel in numbered messages, so that fast typing loses
nothing; the kernel answers with the rows that are different now and the number up to which it has heard.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kpinb.forms.column import GridColumn
from kpinb.forms.grid_draft import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, GridDraft, GridRow
from kpinb.language import _

_FOLDER = Path(__file__).parent
_MOST_CELLS = MOST_ROWS * MOST_COLUMNS

Json = dict[str, Any]


class Grid(anywidget.AnyWidget):
    """A table that is edited in place, by keyboard, mouse and from a spreadsheet's clipboard.

    Parameters
    ----------
    draft : GridDraft
        What stands in it.
    label : str
        What it holds, for who cannot see it.
    event : callable
        Gives a context in which one thing the person did is answered, errors included.
    changed : callable
        Called after each thing the person did, to fill in `GridDraft.problems`, `hints` and `totals`.

    Attributes
    ----------
    table : dict
        All that is shown; a new page begins with it.
    patch : dict
        What has changed since, for pages that are open.
    row : str
        Key of the row that the person went to last.
    """

    _esm = _FOLDER / "grid.js"
    _css = _FOLDER / "grid.css"
    table = traitlets.Dict().tag(sync=True)
    patch = traitlets.Dict().tag(sync=True)
    row = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        draft: GridDraft,
        *,
        label: str,
        event: Callable[[], AbstractContextManager[None]],
        changed: Callable[[], None],
    ) -> None:
        self.draft = draft
        self._label = label
        self._event = event
        self._changed = changed
        self._answered = 0
        self._serial = 0
        super().__init__(table=self._whole())
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def receive(self, message: object) -> None:
        """Do what a page says the person did; a message that is none is left alone."""
        if not isinstance(message, dict):
            return
        sequence = message.get("seq")
        with self._event():
            self._act(message)
            if isinstance(sequence, int):
                self._answered = max(self._answered, sequence)
            self._changed()
        self.show()

    def begin(self) -> None:
        """Show the draft anew, with its columns: after it was read again."""
        self.table = self._whole()

    def show(self) -> None:
        """Show what is different now."""
        rows = [self._row(row) for row in self.draft.rows]
        before = {row["key"]: row for row in self.table["rows"]}
        order = [row["key"] for row in rows]
        self._serial += 1
        rest = self._rest()
        patch: Json = {
            "serial": self._serial,
            "rows": {row["key"]: row for row in rows if before.get(row["key"]) != row},
            "order": order if order != list(before) else None,
            **rest,
        }
        # In place, so that it is not sent: the patch says the same in fewer words.
        self.table.update(rows=rows, **rest)
        self.patch = patch

    def _act(self, message: Json) -> None:
        do = message.get("do")
        if do == "put":
            self.draft.put(
                (key, name, text) for key, name, text in _tuples(message.get("cells"), 3) if isinstance(text, str)
            )
        elif do == "clear":
            self.draft.clear((key, name) for key, name in _tuples(message.get("cells"), 2))
        elif do == "paste" and all(isinstance(message.get(name), str) for name in ("text", "row", "column")):
            self.draft.paste(message["text"], message["row"], message["column"])
        elif do == "remove":
            self.draft.remove(_texts(message.get("rows")))
        elif do == "restore":
            self.draft.restore(_texts(message.get("rows")))
        elif do == "undo":
            self.draft.undo()

    # What a page is told

    def _whole(self) -> Json:
        return {
            "label": self._label,
            "words": _words(),
            "longest": LONGEST_CELL,
            "most": MOST_ROWS,
            "columns": [_column(column) for column in self.draft.columns],
            "rows": [self._row(row) for row in self.draft.rows],
            "blank": {column.name: (self.draft.blank or {}).get(column.name, "") for column in self.draft.columns},
            "canAdd": self.draft.can_add,
            **self._rest(),
        }

    def _rest(self) -> Json:
        return {
            "totals": dict(self.draft.totals),
            "notices": list(self.draft.notices),
            "canUndo": self.draft.can_undo,
            "next": self.draft.next_number,
            "answered": self._answered,
        }

    def _row(self, row: GridRow) -> Json:
        names = ["", *(column.name for column in self.draft.columns)]
        return {
            "key": row.key,
            "texts": dict(row.texts),
            "state": _state(row),
            "isNew": row.is_new,
            "depth": row.depth,
            "fixed": sorted(row.fixed),
            "problems": _said(self.draft.problems, row.key, names),
            "hints": _said(self.draft.hints, row.key, names),
        }


def _said(sentences: dict[tuple[str, str], str], key: str, names: list[str]) -> dict[str, str]:
    if not sentences:
        return {}
    return {
        name: sentences[key, name][:1].upper() + sentences[key, name][1:]
        for name in names
        if (key, name) in sentences
    }


def _state(row: GridRow) -> str:
    if row.is_blank:
        return "blank"
    if row.removed:
        return "removed"
    return "changed" if row.is_changed else ""


def _column(column: GridColumn) -> Json:
    return {
        "name": column.name,
        "title": column.title,
        "sort": column.sort.value,
        "help": column.help,
        "options": [list(option) for option in column.options],
        "editable": column.editable,
        "lock": column.lock,
    }


def _tuples(given: object, length: int) -> list[Any]:
    if not isinstance(given, list):
        return []
    return [
        one
        for one in given[:_MOST_CELLS]
        if isinstance(one, list | tuple) and len(one) == length and all(isinstance(part, str) for part in one)
    ]


def _texts(given: object) -> list[str]:
    return [one for one in given[:MOST_ROWS] if isinstance(one, str)] if isinstance(given, list) else []


def _words() -> Json:
    return {
        "row": _("Row"),
        "blank": _("Type or paste here"),
        "add": _("Add a row"),
        "remove": _("Remove rows"),
        "restore": _("Bring back"),
        "undo": _("Undo"),
        "pick": _("Pick a date"),
        "removed": _("removed when you save"),
        "held": _("held"),
        "free": _("free"),
        "yes": _("yes"),
        "no": _("no"),
        "keys": _("Enter or F2 edits, Tab and arrows move, Ctrl+V pastes from Excel, Ctrl+Z undoes."),
    }
