"""``kpinb check``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpinb.cli.command import Command
from kpinb.cli.output import printable
from kpinb.errors import KpinbError
from kpinb.language import N_, _

if TYPE_CHECKING:
    from kpinb.batch.parameters import DepartmentParameters

WELL, MIND, WRONG = "✓", "▲", "✕"
BAD_INPUT = 2


@click.command(
    cls=Command,
    help=N_("Check the notebooks, parameters, actuals, store and fonts, without running anything."),
    example="kpinb check",
)
@click.option(
    "--params", metavar="FOLDER", help=N_("Folder of parameters files; by default “params” of the workbook.")
)
def check(params: str | None) -> int:
    """Check a workbook, a line for each finding."""
    from kpinb import workbook

    root = workbook.find_root()
    click.echo(_("{mark} Workbook: {folder}").format(mark=WELL, folder=root))
    code = 0
    for mark, sentence in (*_input(root, Path(params) if params else root / "params"), *_machine()):
        click.echo(f"{mark} {printable(sentence)}")
        code = BAD_INPUT if mark == WRONG else code
    return code


def _input(root: Path, params: Path) -> Iterator[tuple[str, str]]:
    """Check what a review checks before it runs anything."""
    from kpinb.batch.check import check as check_all

    try:
        checked = check_all(root, params)
    except KpinbError as problem:
        yield WRONG, str(problem)
        return
    templates = [*checked.templates.stages, *([checked.templates.company] if checked.templates.company else [])]
    yield WELL, _("Notebooks: {names}").format(names=_(", ").join(template.name for template in templates))
    for one in (*checked.departments, *([checked.company] if checked.company else [])):
        yield WELL, _("Parameters of {name} ({path})").format(name=one.name, path=one.path)
        yield from _facts(root, one)
    for refused in checked.refused:
        yield WRONG, refused.reason
    yield WELL, _("Every store that the parameters name can be opened.")


def _facts(root: Path, one: DepartmentParameters) -> Iterator[tuple[str, str]]:
    """Read a department's actuals; in a review its notebooks do, so that a bad file stops one department only."""
    from kpinb.facts import open_facts

    file = str(one.values.get("facts") or "")
    if not file:
        return
    try:
        with open_facts(file, root=root, department=one.id, name=one.name) as facts:
            facts.series()
    except KpinbError as problem:
        yield WRONG, str(problem)
    else:
        yield WELL, _("Actuals of {name} ({path})").format(name=one.name, path=file)


def _machine() -> Iterator[tuple[str, str]]:
    from kpinb.store.sqlite import wal_reset_bug
    from kpinb.view import fonts

    if wal_reset_bug():
        yield (
            MIND,
            _(
                "The SQLite of this Python can damage a database that several programs write at the same moment "
                "(sqlite.org/wal.html#walresetbug). kpinb lets only one write at a time; change the store with "
                "nothing else, or use a Python with SQLite 3.51.3 or newer."
            ),
        )
    else:
        yield WELL, _("SQLite is free of the write-ahead log's known fault.")
    font = fonts.chinese_font()
    if font is None:
        yield MIND, fonts.advice()
    else:
        yield WELL, _("Chinese font for charts: {font}").format(font=font)
