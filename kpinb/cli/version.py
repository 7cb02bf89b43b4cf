"""``kpinb version``."""

from __future__ import annotations

import click

from kpinb import __version__
from kpinb.cli.command import Command
from kpinb.language import N_

_SHOWN = ("altair", "duckdb", "ibis-framework", "papermill", "sqlalchemy")


@click.command(
    cls=Command,
    help=N_("Show the versions of kpinb, Python and the packages that affect figures and charts."),
    example="kpinb version",
)
def version() -> None:
    """Show versions."""
    import platform
    from importlib import metadata

    click.echo(f"kpinb {__version__}")
    click.echo(f"Python {platform.python_version()}")
    for name in _SHOWN:
        click.echo(f"{name} {metadata.version(name)}")
