"""``kpinb init``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kpinb.cli.command import Command
from kpinb.language import N_, _, current, ngettext


@click.command(
    cls=Command,
    help=N_("Make a workbook folder with its notebooks, parameters and store, or complete one."),
    example="kpinb init my-workbook --example",
)
@click.argument(
    "folder", required=False, default=".", help=N_("Folder of the workbook; the current folder by default.")
)
@click.option(
    "--example", is_flag=True, help=N_("With the departments, records and actuals of the worked example.")
)
@click.option(
    "--language", metavar="zh|en", help=N_("Language of the notebooks; by default that of the messages.")
)
def init(folder: str, example: bool, language: str | None) -> None:  # noqa: FBT001  click calls it by name
    """Make a workbook folder."""
    from kpinb.newbook import create

    created = create(
        Path(folder), example=example, language=language or current(), today=datetime.now().astimezone().date()
    )
    for path in created.kept:
        click.echo(_("Kept as it is, though the template differs: {path}").format(path=path))
    click.echo(
        _("Workbook {folder}: {files}, {records}.").format(
            folder=created.folder,
            files=ngettext("{n} file made", "{n} files made", len(created.made)).format(n=len(created.made)),
            records=ngettext(
                "{n} version of a record loaded", "{n} versions of records loaded", created.loaded
            ).format(n=created.loaded),
        )
    )
