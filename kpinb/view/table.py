"""Tables: a frame, the columns to show, and what to say where there is nothing to show."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kpinb.records import show
from kpinb.view.sentence import Sentence, Tone

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Column of the frame.
    title : str
        Heading, in the reader's language.
    write : callable
        Turns the row's value into text; by default choices by their label, nothing as a dash.
    numeric : bool
        Whether it is aligned to the right.
    tone : callable, optional
        Gives the tone of the cell from the row.
    """

    name: str
    title: str
    write: Callable[[Any], str] = show
    numeric: bool = False
    tone: Callable[[Row], Tone] | None = None


@dataclass(frozen=True)
class Table:
    """A frame as a person reads it; every text in it is escaped.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each row of the table.
    columns : sequence of Column
        What is shown, in order.
    empty : str
        The sentence that stands there when there are no rows.
    caption : str
        What the table shows, if its sentence does not say it.
    """

    frame: pd.DataFrame
    columns: Sequence[Column]
    empty: str
    caption: str = ""
    _rows: list[Row] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", self.frame.to_dict("records"))

    def texts(self) -> list[list[str]]:
        """Give the cells as they are shown, a list for each row."""
        return [[_write(column, row) for column in self.columns] for row in self._rows]

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        if not self._rows:
            bundle: dict[str, str] = Sentence(self.empty)._repr_mimebundle_()
            return bundle
        return {"text/html": self.as_html(), "text/plain": self.as_text()}

    def as_text(self) -> str:
        """Give the table as plain text, columns divided by ``|``."""
        lines = [[column.title for column in self.columns], *self.texts()]
        return "\n".join(" | ".join(line) for line in lines)

    def as_html(self) -> str:
        """Give the table as HTML."""
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        heads = "".join(
            f'<th scope="col"{_class(["num"] if c.numeric else [])}>{html.escape(c.title)}</th>'
            for c in self.columns
        )
        body = "".join(f"<tr>{''.join(_cell(c, row) for c in self.columns)}</tr>\n" for row in self._rows)
        return (
            f'<table class="kpinb-table">{caption}<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table>'
        )


def _write(column: Column, row: Row) -> str:
    value = row[column.name]
    # pandas turns a None among numbers into NaN; a person sees neither.
    return column.write(None if isinstance(value, float) and value != value else value)


def _cell(column: Column, row: Row) -> str:
    tone = column.tone(row) if column.tone else Tone.plain
    classes = (["num"] if column.numeric else []) + ([tone.value] if tone is not Tone.plain else [])
    # A no-break space: the mark must not stand alone on a line.
    mark = f'<span class="kpinb-mark">{tone.mark}</span>\N{NO-BREAK SPACE}' if tone.mark else ""
    text = html.escape(_write(column, row)).replace("\n", "<br>")
    return f"<td{_class(classes)}>{mark}{text}</td>"


def _class(names: list[str]) -> str:
    return f' class="{" ".join(f"kpinb-{name}" for name in names)}"' if names else ""
