"""Commands whose help is in the reader's language.

Click takes help texts when a command is defined, which is before anybody has chosen a language; here they are
messages of the catalogue, translated when the help is shown. So are Click's own headings and complaints.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from kpinb.language import N_, _, current, join_sentences

HELP = N_("Show this help and exit.")


class _Formatter(click.HelpFormatter):
    """Breaks lines where a terminal would: Click counts characters, and a Chinese one takes two columns."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or _("Usage: "))

    def write_heading(self, heading: str) -> None:
        text = _("{heading}:").format(heading=heading)
        self.write(f"{'':>{self.current_indent}}{text}\n")

    def write_text(self, text: str) -> None:
        with self._columns_for_text(0):
            super().write_text(text)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        terms = min(max(len(term) for term, _text in rows), col_max)
        with self._columns_for_text(terms + 2 * col_spacing):
            super().write_dl(rows, col_max, col_spacing)

    @contextmanager
    def _columns_for_text(self, taken: int) -> Iterator[None]:
        columns = self.width
        if current() == "zh":
            self.width = taken + (columns - taken) // 2
        yield
        self.width = columns


class _Context(click.Context):
    formatter_class = _Formatter


class _Translated(click.Command):
    """A command with a sentence of help and an example.

    Parameters
    ----------
    help : str
        What it does (a message of the catalogue).
    example : str
        A command line that does something useful as it stands.
    """

    context_class = _Context

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example
        self.params.append(_help_option())
        self.add_help_option = False

    def get_short_help_str(self, limit: int = 45) -> str:
        del limit  # one sentence each, wrapped: cut off it would say nothing
        return _said(self.help).split("\n")[0]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        said = {"[OPTIONS]": _("[OPTIONS]"), "COMMAND [ARGS]...": _("COMMAND [ARGS]...")}
        return [said.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(_said(self.help))
        of_options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        of_arguments = [p for p in self.get_params(ctx) if isinstance(p, click.Argument)]
        _section(formatter, _("Arguments"), [(p.make_metavar(ctx), _said(p.help)) for p in of_arguments])
        if isinstance(self, click.Group):
            commands = self.commands.items()
            _section(formatter, _("Commands"), [(name, one.get_short_help_str()) for name, one in commands])
        _section(formatter, _("Options"), [(_written(p, ctx), _said(p.help)) for p in of_options])
        with formatter.section(_("Example")):
            formatter.write(f"{'':>{formatter.current_indent}}{self.example}\n")


class Command(_Translated):
    """One command."""


class Group(_Translated, click.Group):
    """Several commands under one name, in the order in which they were defined."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give their names."""
        del ctx
        return list(self.commands)


def _said(message: str | None) -> str:
    return _(message) if message else ""


def _help_option() -> click.Option:
    def show(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  click's signature
        if wanted and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()

    return click.Option(["--help"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=HELP)


def _written(option: click.Option, ctx: click.Context) -> str:
    names = _(", ").join(option.opts)
    return names if option.is_flag else f"{names} {option.make_metavar(ctx)}"


def _section(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)


def complaint(error: click.ClickException) -> str:
    """Say in the reader's language what is wrong with a command line."""
    if isinstance(error, NoArgsIsHelpError):
        return error.ctx.get_help()
    sentence = _sentence(error)
    context = getattr(error, "ctx", None)
    if context is not None:
        see = _("See “{command} --help”.").format(command=context.command_path)
        return join_sentences([sentence, see])
    return sentence


def _sentence(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return _near(_("There is no option “{name}”.").format(name=name), name, near)
        case NoSuchCommand(command_name=name, possibilities=near):
            return _near(_("There is no command “{name}”.").format(name=name), name, near)
        case click.MissingParameter(param=click.Parameter() as parameter, ctx=click.Context() as context):
            return _("{parameter} is missing.").format(parameter=parameter.make_metavar(context))
        case click.BadParameter(param=click.Option(type=click.IntRange(min=least)) as option):
            return _("{option} must be a whole number of at least {least}.").format(
                option=option.opts[0], least=least
            )
        case click.BadOptionUsage(option_name=name):
            return _("{option} needs a value, or was given one it does not take.").format(option=name)
        case _:
            return _("The command line is not understood: {reason}.").format(
                reason=error.format_message().rstrip(".")
            )


def _near(sentence: str, name: str, possibilities: Iterable[str] | None) -> str:
    # Without the dashes: every option has them, and by them alone “--bogus” is like “--out”.
    bare = {each.lstrip("-"): each for each in possibilities or ()}
    near = difflib.get_close_matches(name.lstrip("-"), bare, n=1, cutoff=0.6)
    if not near:
        return sentence
    return join_sentences([sentence, _("Did you mean “{near}”?").format(near=bare[near[0]])])
