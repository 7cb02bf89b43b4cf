from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from kpinb import language
from kpinb.batch.events import Began, DepartmentDone, Finished, StageDone
from kpinb.batch.job import Failure, FailureKind, Outcome, Stage
from kpinb.batch.progress import shown

STORY = (
    Began("2026-10", 2, 3),
    StageDone("sales", "销售部 [bold]", Stage("10_clarify", 1.25)),
    DepartmentDone(Outcome("sales", "销售部 [bold]", seconds=2.5), 1),
    DepartmentDone(
        Outcome(
            "product",
            "Product",
            Failure(FailureKind.raised, "ValueError", "two\nlines\x1b[2J", "10_clarify", 3, 2),
        ),
        2,
    ),
    Finished(Path("out/2026-10/index.html"), 7.4),
)


def told(console: Console) -> str:
    with shown(console) as tell:
        for event in STORY:
            tell(event)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_log_has_one_plain_line_for_each_event() -> None:
    assert told(Console(file=io.StringIO(), width=40)).splitlines() == [
        "Review 2026-10: 2 departments, 3 notebooks.",
        "销售部 [bold]: 10_clarify took 1.2 s.",
        "✓ 销售部 [bold]: done in 2.5 s.",
        "✕ Product: 10_clarify stopped at cell [2] with ValueError: two lines [2J",
        "Done in 7 s: out/2026-10/index.html",
    ]


def test_a_terminal_has_a_bar_that_comes_to_its_end_and_a_line_for_each_department() -> None:
    text = told(Console(file=io.StringIO(), width=120, force_terminal=True, color_system=None))
    assert "✓ 销售部 [bold]: done in 2.5 s." in text
    assert "✕ Product: 10_clarify stopped at cell [2] with ValueError: two lines [2J" in text
    assert "\x1b[2J" not in text
    assert "3/3" in text


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_failure_has_a_sentence_in_every_language(kind: FailureKind, code: str) -> None:
    failure = Failure(kind, "ValueError", "why", "10_clarify", 3, 2, "1/0", 5.0)
    with language.use(code):
        sentence = failure.sentence()
    assert "{" not in sentence
    assert "10_clarify" in sentence or "why" in sentence
