"""``kpinb review``."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from kpinb.cli.command import Command
from kpinb.language import N_


@click.command(
    cls=Command,
    help=N_("Run a month's review of every department and write the reports."),
    example="kpinb review 2026-10",
)
@click.argument("period", help=N_("The month, such as 2026-10."))
@click.option(
    "--params", metavar="FOLDER", help=N_("Folder of parameters files; by default “params” of the workbook.")
)
@click.option("--out", metavar="FOLDER", help=N_("Where the reports go; by default “out” of the workbook."))
@click.option(
    "--keep-going",
    is_flag=True,
    help=N_("Leave out departments whose parameters are not usable, and run the others."),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help=N_("How many departments run at once; by default one for each processor."),
)
def review(period: str, params: str | None, out: str | None, keep_going: bool, jobs: int | None) -> int:  # noqa: FBT001  click calls it by name
    """Run a month's review."""
    from concurrent.futures import ThreadPoolExecutor

    from rich.console import Console

    from kpinb import workbook
    from kpinb.batch import progress
    from kpinb.batch.review import review as run
    from kpinb.period import Period

    month = Period.parse(period)
    root = workbook.find_root()
    with ThreadPoolExecutor(jobs) if jobs else nullcontext() as executor, progress.shown(Console()) as on_event:
        done = run(
            root,
            month,
            params=Path(params) if params else None,
            out=Path(out) if out else None,
            keep_going=keep_going,
            executor=executor,
            on_event=on_event,
        )
    return done.exit_code
