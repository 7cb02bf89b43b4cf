"""Tables on a terminal, and as plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from kpinb.language import _


def show_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: drawn on a terminal, else one line a row with columns divided by ``|``."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        for row in (titles, *rows):
            click.echo(" | ".join(_one_line(cell) for cell in row))
        return
    table = Table()
    for title in titles:
        # Folded, never cut: an id that ends in “…” cannot be copied.
        table.add_column(escape(title), overflow="fold")
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in row))
    console.print(table)


def _one_line(text: str) -> str:
    return printable(_("; ").join(text.splitlines()))


def printable(text: str) -> str:
    """Take out of anybody's text what could steer a terminal; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
