"""What all tests share: a workbook of the worked example, so that none touches what people typed in theirs."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest

from kpinb.workbook import ROOT_VARIABLE

_made: list[Path] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the workbook that the templates under nbval read; their kernels find it through the environment."""
    if session.config.getoption("nbval", default=False) or session.config.getoption("nbval_lax", default=False):
        from kpinb.newbook import create

        folder = Path(tempfile.mkdtemp(prefix="kpinb-"))
        _made.append(folder)
        create(folder, example=True, language="zh", today=date(2026, 11, 23))
        os.environ[ROOT_VARIABLE] = str(folder)


def pytest_sessionfinish() -> None:
    """Take the workbook away."""
    while _made:
        shutil.rmtree(_made.pop())
        del os.environ[ROOT_VARIABLE]
