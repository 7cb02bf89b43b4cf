from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The builders that these areas share stand one folder up, which pytest does not put on the path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from stories import Workbook

from kpinb import language


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with language.use("en"):
        yield


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbook]:
    made = Workbook(tmp_path)
    monkeypatch.setenv("KPINB_WORKBOOK", str(tmp_path))
    with made.store:
        yield made
