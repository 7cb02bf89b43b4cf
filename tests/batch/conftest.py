"""Workbooks of tiny notebooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_notebooks import DEEDS, PARAMETERS, notebook


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook folder with braces in its name, one stage, and no departments yet."""
    root = tmp_path / "work {book}"
    (root / "notebooks").mkdir(parents=True)
    (root / "params").mkdir()
    (root / "notebooks" / "00_start.ipynb").write_text("not even a notebook")
    (root / "notebooks" / "10_deed.ipynb").write_text(
        notebook(
            ("markdown", "# What is done?", []),
            ("code", PARAMETERS, ["parameters"]),
            ("code", DEEDS, []),
            ("code", "this is no Python and is never run", ["skip-execution"]),
            ("code", "", []),
            ("code", "last = 1", []),
        )
    )
    return root


@pytest.fixture
def department(workbook: Path) -> Callable[..., Path]:
    """Add a parameters file to the workbook."""

    def add(stem: str, text: str = "", **values: object) -> Path:
        path = workbook / "params" / f"{stem}.yaml"
        given = {"department": stem, "department_name": stem.title(), "facts": "", "notice": "", **values}
        path.write_text(text or "".join(f"{key}: {json.dumps(v)}\n" for key, v in given.items()))
        return path

    return add
