"""Showing a batch while it runs: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kpinb.batch.events import Began, DepartmentDone, Event, Finished, OnEvent, StageDone
from kpinb.language import _, ngettext


@contextmanager
def shown(console: Console) -> Iterator[OnEvent]:
    """Give the listener that shows a batch on a console.

    On a terminal a bar counts notebooks, with the time gone and the time left, and a line stays for each
    department as it finishes. Elsewhere each event is one plain line, so that a log can be read and searched.
    """
    if not console.is_terminal:
        yield lambda event: _print(console, _line(event))
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("·"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        yield _Bar(bar)


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)
        self._counted: dict[str, int] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case Began():
                self._progress.update(self._task, description=event.period, total=event.notebooks)
            case StageDone():
                self._counted[event.department] = self._counted.get(event.department, 0) + 1
                self._progress.update(self._task, advance=1, description=_one_line(escape(event.name)))
            case DepartmentDone():
                # Notebooks that a failure left out are done with, too.
                counted = self._counted.pop(event.outcome.department, 0)
                self._progress.update(self._task, advance=event.notebooks - counted)
                _print(self._progress.console, _line(event))
            case Finished():
                self._progress.update(self._task, description="")
                _print(self._progress.console, _line(event))


def _line(event: Event) -> str:
    match event:
        case Began():
            return ngettext(
                "Review {period}: {departments} department, {notebooks} notebooks.",
                "Review {period}: {departments} departments, {notebooks} notebooks.",
                event.departments,
            ).format(period=event.period, departments=event.departments, notebooks=event.notebooks)
        case StageDone():
            return _("{department}: {stage} took {seconds} s.").format(
                department=event.name, stage=event.stage.name, seconds=f"{event.stage.seconds:.1f}"
            )
        case DepartmentDone(outcome=outcome) if outcome.failure is None:
            return _("✓ {department}: done in {seconds} s.").format(
                department=outcome.name, seconds=f"{outcome.seconds:.1f}"
            )
        case DepartmentDone(outcome=outcome):
            reason = outcome.failure.sentence() if outcome.failure else ""
            return _("✕ {department}: {reason}").format(department=outcome.name, reason=reason)
        case Finished():
            return _("Done in {seconds} s: {index}").format(seconds=f"{event.seconds:.0f}", index=event.index)


def _print(console: Console, line: str) -> None:
    console.print(_one_line(line), markup=False, highlight=False, soft_wrap=True)


def _one_line(text: str) -> str:
    # A notebook's error message is anybody's text: it must not steer the terminal or forge a line of the log.
    return "".join(c if c.isprintable() else " " for c in text)
