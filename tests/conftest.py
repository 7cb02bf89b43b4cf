"""What the tests of every area share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stories import Workbook

from kpinb import language
from kpinb.workbook import ROOT_VARIABLE


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Give the language back: a test that opens a Chinese book would leave it to the next."""
    with language.use("en"):
        yield


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbook]:
    """A small workbook to tell a story with."""
    made = Workbook(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    with made.store:
        yield made
