"""What stands in a grid, as typed: cells are put, pasted, emptied, rows come and go; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kpinb.forms.clipboard import read_cells
from kpinb.forms.column import GridColumn
from kpinb.language import _, ngettext

MOST_ROWS = 5000
MOST_COLUMNS = 40
LONGEST_CELL = 5000
"""Characters that a cell takes; no field of a record is longer."""

_NEW = "new:"
_STEPS_BACK = 30

Cell = tuple[str, str]
"""A row's key and a column's name."""


@dataclass(frozen=True)
class GridRow:
    """One row of a grid; it is never changed, but replaced by a changed one.

    Parameters
    ----------
    key : str
        Names the row for as long as the grid stands.
    texts : mapping of str to str
        What its cells hold, by column.
    origin : mapping of str to str, optional
        What they held at first; by default the same.
    depth : int
        How deep it stands in a hierarchy; 0 is the top.
    fixed : frozenset of str
        Columns that cannot be changed in this row.
    is_new : bool
        Whether the person added it.
    removed : bool
        Whether the person took it away: it is still shown, and can be brought back.
    """

    key: str
    texts: Mapping[str, str]
    origin: Mapping[str, str] | None = None
    depth: int = 0
    fixed: frozenset[str] = field(default=frozenset())
    is_new: bool = False
    removed: bool = False

    def __post_init__(self) -> None:
        if self.origin is None:
            object.__setattr__(self, "origin", self.texts)

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row in which nothing was typed yet."""
        return self.is_new and self.texts == self.origin

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what it was."""
        return self.removed or self.texts != self.origin


class GridDraft:
    """The rows of a grid, and what is wrong with them.

    Where rows can be added, a blank one always stands last: typing or pasting into it makes it a row, and the next
    blank one follows.

    Parameters
    ----------
    columns : sequence of GridColumn
        At most 40.
    rows : iterable of GridRow
        At most 5,000.
    blank : mapping of str to str, optional
        What the cells of a new row begin with; without it no rows can be added or taken away.

    Attributes
    ----------
    rows : list of GridRow
        In the order in which they are shown.
    problems, hints : dict of (str, str) to str
        Sentences by row key and column name, the empty name for the row as a whole. A problem stands in the way of
        saving, a hint does not. Whoever owns the draft fills them in.
    totals : dict of str to str
        A last row that cannot be changed, by column; empty for none.
    notices : list of str
        What there is to say of the last action.
    """

    def __init__(
        self,
        columns: Sequence[GridColumn],
        rows: Iterable[GridRow] = (),
        *,
        blank: Mapping[str, str] | None = None,
    ) -> None:
        self.blank = blank
        self.problems: dict[Cell, str] = {}
        self.hints: dict[Cell, str] = {}
        self.totals: dict[str, str] = {}
        self.notices: list[str] = []
        self._number = 0
        self.begin(columns, rows)

    def begin(self, columns: Sequence[GridColumn], rows: Iterable[GridRow]) -> None:
        """Begin anew: nothing of what was typed is left, and nothing can be undone."""
        self.columns = list(columns)[:MOST_COLUMNS]
        self._column = {column.name: column for column in self.columns}
        self._past: list[list[GridRow]] = []
        self.problems, self.hints, self.totals, self.notices = {}, {}, {}, []
        given = list(rows)
        self._place(given[:MOST_ROWS])
        if len(given) > MOST_ROWS:
            self._say_full(len(given) - MOST_ROWS)

    @property
    def can_add(self) -> bool:
        """Whether rows can be added and taken away."""
        return self.blank is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is an action to undo."""
        return bool(self._past)

    @property
    def next_number(self) -> int:
        """The number in the key of the next row that is added, so that a page can type ahead of the kernel."""
        return self._number + 1

    @property
    def changed(self) -> list[GridRow]:
        """The rows that are not as they were: changed, new or taken away."""
        return [row for row in self.rows if row.is_changed]

    def row(self, key: str) -> GridRow | None:
        """Find a row."""
        index = self._index.get(key)
        return None if index is None else self.rows[index]

    def number(self, key: str) -> int:
        """Count a row from 1, as it is shown."""
        return self._index[key] + 1

    # What the person does

    def put(self, cells: Iterable[tuple[str, str, str]]) -> None:
        """Take what was typed.

        Parameters
        ----------
        cells : iterable of (str, str, str)
            Row key, column name and text. A row that is gone, or a cell that cannot be changed, is left out.
        """
        self.notices = []
        rows = list(self.rows)
        for key, name, text in cells:
            index = self._index.get(key)
            if index is not None and self._can_change(rows[index], name):
                rows[index] = self._with(rows[index], {name: text})
        self._do(rows)

    def paste(self, text: str, key: str, name: str) -> None:
        """Take what was copied in a spreadsheet, from one cell on to the right and down.

        Where the first line says the columns' own titles, the cells go where the titles say. Rows are added where
        the grid may have more. An empty cell leaves what a new row begins with.
        """
        self.notices = []
        lines = read_cells(text)
        if key not in self._index or name not in self._column or not lines:
            return
        targets = self._titled(lines[0])
        if targets:
            del lines[0]
        else:
            places = [column.name for column in self.columns]
            targets = [*places[places.index(name) :]]
        rows = list(self.rows)
        index, left_out, fixed, wide = self._index[key], 0, 0, 0
        for offset, line in enumerate(lines):
            if index + offset >= len(rows):
                if not self.can_add or len(rows) >= MOST_ROWS:
                    left_out = len(lines) - offset
                    break
                rows.append(self._new_row())
            row = rows[index + offset]
            wide = max(wide, len(line) - len(targets))
            texts = {}
            for target, cell in zip(targets, line, strict=False):
                if not target or (row.is_new and not cell.strip()):
                    continue
                if self._can_change(row, target):
                    texts[target] = cell
                else:
                    fixed += 1
            rows[index + offset] = self._with(row, texts)
        self._say_pasted(len(lines) - left_out, wide=wide, fixed=fixed)
        if left_out:
            self._say_full(left_out)
        self._do(rows)

    def clear(self, cells: Iterable[Cell]) -> None:
        """Empty cells."""
        self.put((key, name, "") for key, name in cells)

    def remove(self, keys: Iterable[str]) -> None:
        """Take rows away; one that was new is gone, another can be brought back until it is saved."""
        if self.can_add:
            gone = set(keys)
            self.notices = []
            kept = [row for row in self.rows if not (row.key in gone and row.is_new)]
            self._do([replace(row, removed=True) if row.key in gone else row for row in kept])

    def restore(self, keys: Iterable[str]) -> None:
        """Bring rows back that were taken away."""
        back = set(keys)
        self.notices = []
        self._do([replace(row, removed=False) if row.key in back else row for row in self.rows])

    def undo(self) -> None:
        """Take back the last action."""
        self.notices = []
        if self._past:
            self._place(self._past.pop())

    # What the owner does

    def fill(self, rows: Iterable[GridRow]) -> None:
        """Put computed rows in the place of those with their keys; what the person did can still be undone."""
        new = {row.key: row for row in rows}
        self._place([new.get(row.key, row) for row in self.rows])

    def settle(self, row: GridRow) -> None:
        """Put a row as it now stands in the store in the place of the one with its key; it cannot be undone."""
        self._past = []
        self._place([row if one.key == row.key else one for one in self.rows])

    def drop(self, key: str) -> None:
        """Take a row out for good: it is gone from the store, too."""
        self._past = []
        self._place([row for row in self.rows if row.key != key])

    # Steps

    def _do(self, rows: list[GridRow]) -> None:
        if len(rows) != len(self.rows) or any(a is not b for a, b in zip(rows, self.rows, strict=True)):
            self._past = [*self._past[1 - _STEPS_BACK :], self.rows]
            self._place(rows)

    def _place(self, rows: list[GridRow]) -> None:
        if self.can_add and len(rows) < MOST_ROWS and not (rows and rows[-1].is_blank):
            rows = [*rows, self._new_row()]
        self.rows = rows
        self._index = {row.key: index for index, row in enumerate(rows)}

    def _new_row(self) -> GridRow:
        self._number += 1
        texts = {column.name: (self.blank or {}).get(column.name, "") for column in self.columns}
        return GridRow(f"{_NEW}{self._number}", texts, is_new=True)

    def _can_change(self, row: GridRow, name: str) -> bool:
        column = self._column.get(name)
        return column is not None and column.editable and name not in row.fixed and not row.removed

    def _with(self, row: GridRow, texts: Mapping[str, str]) -> GridRow:
        read = {}
        for name, text in texts.items():
            if len(text) > LONGEST_CELL:
                self._say(
                    _("A cell takes {most} characters; what was longer is cut.").format(most=f"{LONGEST_CELL:,}")
                )
            read[name] = self._column[name].read(text[:LONGEST_CELL])
        if all(row.texts.get(name) == text for name, text in read.items()):
            return row
        return replace(row, texts={**row.texts, **read})

    def _titled(self, line: Sequence[str]) -> list[str]:
        """Find the columns that a line of titles names, an empty name where it has none; none if it is no such."""
        by_title = {column.title.casefold(): column.name for column in self.columns}
        by_title |= {column.name.casefold(): column.name for column in self.columns}
        found = [by_title.get(cell.strip().casefold()) if cell.strip() else "" for cell in line]
        named = [name for name in found if name]
        # One word alone may well be a cell's text that happens to be a title.
        if None in found or len(named) < 2 or len(set(named)) < len(named):
            return []
        return [name or "" for name in found]

    def _say(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)

    def _say_pasted(self, rows: int, *, wide: int, fixed: int) -> None:
        if rows > 1 or wide > 0 or fixed:
            self._say(ngettext("One row was pasted.", "{rows} rows were pasted.", rows).format(rows=rows))
        if wide > 0:
            self._say(
                ngettext(
                    "One column of it lies beyond the last one here and was left out.",
                    "{columns} columns of it lie beyond the last one here and were left out.",
                    wide,
                ).format(columns=wide)
            )
        if fixed:
            self._say(_("Cells that cannot be changed are as they were."))

    def _say_full(self, left_out: int) -> None:
        if self.can_add or len(self.rows) >= MOST_ROWS:
            sentence = ngettext(
                "One row more was left out: a grid holds {most} rows.",
                "{rows} rows more were left out: a grid holds {most} rows.",
                left_out,
            )
        else:
            sentence = ngettext(
                "One row more was left out: no rows can be added here.",
                "{rows} rows more were left out: no rows can be added here.",
                left_out,
            )
        self._say(sentence.format(rows=f"{left_out:,}", most=f"{MOST_ROWS:,}"))
