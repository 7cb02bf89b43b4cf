"""Debian's Chromium, a workbook with the worked example, and JupyterLab on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import lab_server
import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright
from watched_page import WatchedPage

from kpinb.newbook import create

_MILLISECONDS = 30_000
"""How long a test waits for what should appear; a busy machine is no failure."""
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one there is nothing to test here, and pytest says so."""
    found = os.environ.get("KPINB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("there is no Chromium: install Debian's package chromium, or name one in KPINB_CHROMIUM")
    return found


# Playwright's event loop runs in the main thread for as long as it is open, where other tests want their own:
# so it is closed with the module, not with the session.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def workbook(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - skips first
    """A workbook folder with the worked example, as ``kpinb init`` makes it."""
    folder = tmp_path_factory.mktemp("browser") / "workbook"
    return create(folder, example=True, language="zh", today=date(2026, 11, 3)).folder


@pytest.fixture(scope="module")
def lab(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab_server.Lab]:
    with lab_server.running(workbook, tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture
def window(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WatchedPage]:  # noqa: ARG001 - for the picture of a failure
    """A window of its own for a test, 1400 × 1000; a parameter gives Playwright's options for another one."""
    options = {"viewport": {"width": 1400, "height": 1000}, "locale": "zh-CN", **getattr(request, "param", {})}
    context = browser.new_context(**options)
    context.set_default_timeout(_MILLISECONDS)
    expect.set_options(timeout=_MILLISECONDS)
    yield WatchedPage(context)
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keep a picture of what a failing test saw, and say where it is."""
    report: Any = yield
    used: dict[str, Any] = getattr(item, "funcargs", {})
    if call.when == "call" and report.failed and "window" in used:
        picture = used["tmp_path"] / "failed.png"
        try:
            used["window"].page.screenshot(path=picture)
        except Error as problem:  # the page may be what broke
            picture = problem
        report.sections.append(("what the browser showed", str(picture)))
    return report
