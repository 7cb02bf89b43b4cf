"""The command line: what runs from a shell, from cron, from CI.

Exit codes: 0 all well; 1 some departments failed, or the command itself did; 2 something that was given is not
usable, and nothing was run; 130 interrupted. What a command needs is imported when it runs: ``kpinb --help``
answers at once.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

import click

from kpinb.cli.check import check
from kpinb.cli.command import Group, complaint
from kpinb.cli.init import init
from kpinb.cli.output import printable
from kpinb.cli.records import records
from kpinb.cli.review import review
from kpinb.cli.version import version
from kpinb.errors import KpinbError, RunFailed
from kpinb.language import N_, _, choose, of_environment, use

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130


@dataclass
class Settings:
    """What is chosen for every command alike."""

    debug: bool = False


def _choose(_context: click.Context, _option: click.Parameter, code: str | None) -> None:
    if code is not None:
        choose(code)


@click.group(
    cls=Group,
    help=N_("Plan and review performance indicators, month by month, for every department."),
    example="kpinb init my-workbook --example",
)
@click.option(
    "--language",
    metavar="zh|en",
    callback=_choose,
    is_eager=True,
    expose_value=False,
    help=N_("Language of every message; by default that of the shell."),
)
@click.option("--debug", is_flag=True, help=N_("On an error, show where in the code it occurred."))
@click.pass_obj
def commands(settings: Settings, debug: bool) -> None:  # noqa: FBT001  click calls it by name
    """Hold all commands."""
    settings.debug = debug


for _command in (init, check, review, records, version):
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; by default those of this process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    settings = Settings()
    with use(of_environment()):
        try:
            code = commands.main(arguments, prog_name="kpinb", standalone_mode=False, obj=settings)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(complaint(error), err=True)
            return BAD_INPUT
        except click.ClickException as error:
            return _end(settings, complaint(error), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            return _end(settings, _("Interrupted."), INTERRUPTED)
        except KpinbError as error:
            return _end(settings, str(error), FAILED if isinstance(error, RunFailed) else BAD_INPUT)
        except Exception as error:  # noqa: BLE001  the last resort: a fault of kpinb, or of the machine
            sentence = _("Unexpected error {kind}: {text}. “kpinb --debug …” shows where.")
            return _end(settings, sentence.format(kind=type(error).__name__, text=error), FAILED)
    return code if isinstance(code, int) else 0


def _end(settings: Settings, sentence: str, code: int) -> int:
    if settings.debug:
        traceback.print_exc()
    click.echo(f"kpinb: {printable(sentence)}", err=True)
    return code
