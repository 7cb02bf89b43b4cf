"""The command line as a person meets it: its help, its complaints, its exit codes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import click
import pytest

from kpinb import cli, language
from kpinb.cli import command, commands, main
from kpinb.errors import BadInput, RunFailed


def every_command(group: click.Group = commands, path: str = "kpinb") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from every_command(one, f"{path} {name}")
        else:
            yield f"{path} {name}", one


EVERY = dict(every_command())


@pytest.fixture(autouse=True)
def _english_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.mark.parametrize("path", EVERY)
def test_every_command_explains_itself_and_each_of_its_parts_and_gives_an_example(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = EVERY[path]

    assert main([*path.split()[1:], "--help"]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert one.help
    assert one.help in shown
    for part in one.params:
        assert getattr(part, "help", None), f"{part.name} has no help"
        assert part.help in shown  # type: ignore[attr-defined]
    assert one.example in shown  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", EVERY)
def test_an_example_is_a_command_line_that_its_own_command_takes(path: str) -> None:
    example = EVERY[path].example  # type: ignore[attr-defined]
    program, *arguments = example.split()

    assert program == "kpinb"
    context, one = click.Context(commands), commands
    while isinstance(one, click.Group):
        _name, one, arguments = one.resolve_command(context, arguments)
    assert isinstance(one, click.Command)
    one.make_context(one.name, arguments).close()  # raises where the example is wrong


@pytest.mark.parametrize("path", EVERY)
def test_all_that_the_help_says_comes_from_the_catalogue(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_", lambda message: "翻译" if message else "")

    assert main([*path.split()[1:], "--help"]) == 0

    shown = capsys.readouterr().out.replace(EVERY[path].example, "")  # type: ignore[attr-defined]
    words = {word for word in shown.split() if word.isalpha() and word.islower() and word.isascii()}
    names = {name for p in EVERY for name in p.split()}
    assert words <= names


def test_chinese_help_fits_a_terminal_of_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        command, "_", lambda message: "每个部门一份月度报告，" * 8 if message.count(" ") > 1 else message
    )
    monkeypatch.setenv("COLUMNS", "80")

    assert main(["--language", "zh", "review", "--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any("每个部门" in line for line in lines)
    assert max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines) <= 80


def test_chinese_help_and_complaints_have_chinese_punctuation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "zh", "--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "用法：kpinb [选项] 命令 [参数]..."
    assert {"命令：", "选项：", "示例："} <= set(lines)

    assert main(["--language", "zh", "reveiw"]) == 2

    assert "。 " not in capsys.readouterr().err.rstrip()


def test_the_language_can_be_chosen_for_one_call_only(capsys: pytest.CaptureFixture[str]) -> None:
    before = language.current()

    assert main(["--language", "zh", "--help"]) == 0

    assert "--language" in capsys.readouterr().out
    assert language.current() == before


def test_a_chinese_shell_gets_chinese_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    seen = []
    monkeypatch.setattr(cli.version, "callback", lambda: seen.append(language.current()))

    main(["version"])
    main(["--language", "en", "version"])

    assert seen == ["zh", "en"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("reveiw 2026-10", "There is no command “reveiw”. Did you mean “review”? See “kpinb --help”."),
        ("review", "PERIOD is missing. See “kpinb review --help”."),
        (
            "review --job 2 2026-10",
            "There is no option “--job”. Did you mean “--jobs”? See “kpinb review --help”.",
        ),
        ("review --bogus 2026-10", "There is no option “--bogus”. See “kpinb review --help”."),
        (
            "review 2026-10 --jobs",
            "--jobs needs a value, or was given one it does not take.",
        ),
        ("review --jobs 0 2026-10", "--jobs must be a whole number of at least 1. See “kpinb review --help”."),
        ("version --language", "There is no option “--language”. See “kpinb version --help”."),
        ("--language fr version", "Language “fr” is not known. Choose one of: zh, en."),
    ],
)
def test_a_mistyped_command_line_is_answered_with_one_sentence_and_exit_code_2(
    line: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2

    captured = capsys.readouterr()
    assert captured.err == f"kpinb: {complaint}\n"
    assert captured.out == ""


def test_no_command_at_all_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2

    assert "Commands:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (BadInput("The file is broken."), 2, "kpinb: The file is broken.\n"),
        (RunFailed("A notebook stopped."), 1, "kpinb: A notebook stopped.\n"),
        (
            ValueError("surprise"),
            1,
            "kpinb: Unexpected error ValueError: surprise. “kpinb --debug …” shows where.\n",
        ),
        (KeyboardInterrupt(), 130, "\nkpinb: Interrupted.\n"),
    ],
)
def test_an_error_is_one_paragraph_and_only_debug_shows_where_it_arose(
    failure: BaseException,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise failure

    monkeypatch.setattr(cli.version, "callback", fail)

    assert main(["version"]) == code
    assert capsys.readouterr().err == said

    assert main(["--debug", "version"]) == code
    assert "Traceback" in capsys.readouterr().err


def test_help_is_shown_without_loading_what_only_the_work_needs() -> None:
    heavy = {"altair", "duckdb", "ibis", "ipywidgets", "nbformat", "pandas", "papermill", "pydantic", "sqlalchemy"}
    program = (
        "import sys; from kpinb.cli import main; main(['--help']); main(['review', '--help']);"
        f"print(set({sorted(heavy)!r}) & set(sys.modules), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stderr == "set()\n"
