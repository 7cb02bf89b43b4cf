"""What the README shows of Python prints what stands there."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_examples_of_the_readme_print_what_stands_there(name: str) -> None:
    # A fence ends an example's output for the reader; doctest would take it for output.
    text = (PROJECT / name).read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    assert len(examples.examples) >= 2
    result = doctest.DocTestRunner().run(examples)
    assert result.failed == 0
