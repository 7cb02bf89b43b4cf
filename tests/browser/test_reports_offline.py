"""A manager opens the month's review without a network: every chart is there, the bottom line comes first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from watched_page import HAS_INK, WatchedPage

from kpinb import language
from kpinb.batch.review import review
from kpinb.language import _
from kpinb.period import Period
from kpinb.report.page import CONTENT_SECURITY_POLICY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LANGUAGES = {"sales": "zh", "marketing": "en"}
NAMES = {"sales": "销售部", "marketing": "Marketing"}
PHONE, DESK = 390, 1200
ON_EACH_SCREEN = pytest.mark.parametrize(
    "window",
    [{"viewport": {"width": width, "height": 844}, "offline": True} for width in (PHONE, DESK)],
    indirect=True,
    ids=["phone", "desk"],
)


@pytest.fixture(scope="module")
def published(workbook: Path) -> Path:
    """The review of two departments, one in Chinese and one in English, with the company's page."""
    for file in (workbook / "params").glob("*.yaml"):
        if file.stem not in {*LANGUAGES, "company"}:
            file.unlink()
    done = review(workbook, Period.parse("2026-10"))
    assert done.failed == ()
    return done.folder


def charts_of(notebooks: list[Path]) -> int:
    """Count the charts that notebooks hold."""
    cells = [cell for path in notebooks for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum(any("vegalite" in kind for kind in output.get("data", {})) for output in outputs)


def assert_every_chart_is_drawn(window: WatchedPage, count: int) -> None:
    images = window.page.locator("figure.chart img")
    expect(images).to_have_count(count)
    for image in images.all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert image.evaluate(HAS_INK)
        assert image.get_attribute("alt")


def assert_the_bottom_line_is_on_the_first_screen(window: WatchedPage, code: str) -> None:
    window.page.evaluate("scrollTo(0, 0)")
    summary = window.page.locator(".bottom-line")
    with language.use(code):
        expect(summary.locator("h2")).to_have_text(_("Bottom line"))
    expect(summary.locator(".kpinb-sentence, .kpinb-sentences > *").first).to_be_in_viewport(ratio=1)


def assert_it_is_a_page_of_its_own(window: WatchedPage) -> None:
    policy = window.page.locator('meta[http-equiv="Content-Security-Policy"]')
    expect(policy).to_have_attribute("content", CONTENT_SECURITY_POLICY)
    page = "document.documentElement"
    assert window.page.evaluate(f"{page}.scrollWidth") <= window.page.evaluate("innerWidth")
    window.assert_clean()


@ON_EACH_SCREEN
@pytest.mark.parametrize("department", LANGUAGES)
def test_a_departments_report_shows_every_chart(published: Path, window: WatchedPage, department: str) -> None:
    folder = published / department
    window.page.goto((folder / "report.html").as_uri())
    expect(window.page.locator("html")).to_have_attribute("lang", re.compile(f"^{LANGUAGES[department]}"))
    expect(window.page.locator("h1")).to_have_text(NAMES[department])
    assert_the_bottom_line_is_on_the_first_screen(window, LANGUAGES[department])
    charts = charts_of(sorted(folder.glob("*.ipynb")))
    assert charts >= 5
    assert_every_chart_is_drawn(window, charts)
    assert_it_is_a_page_of_its_own(window)


@ON_EACH_SCREEN
def test_the_companys_page_leads_to_each_report(published: Path, window: WatchedPage) -> None:
    index = (published / "index.html").as_uri()
    window.page.goto(index)
    assert_the_bottom_line_is_on_the_first_screen(window, "zh")
    assert_every_chart_is_drawn(window, charts_of([published / "company" / "60_company.ipynb"]))
    assert_it_is_a_page_of_its_own(window)
    for department, name in NAMES.items():
        window.page.goto(index)
        window.page.get_by_role("link", name=name, exact=True).click()
        expect(window.page.locator("h1")).to_have_text(name)
        assert window.page.url == (published / department / "report.html").as_uri()
    window.assert_clean()


def test_a_chart_that_is_not_drawn_would_be_noticed(window: WatchedPage) -> None:
    drawn = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>"
    for shape, ink in (("<circle r='5'/>", True), ("", False)):
        image = f'<figure class="chart"><img alt="-" src="{drawn.format(shape)}"></figure>'
        window.page.set_content(image)
        assert window.page.locator("img").evaluate(HAS_INK) is ink
    window.page.set_content(image.replace("data:image/svg+xml,", "data:image/svg+xml,nothing"))
    assert window.page.locator("img").evaluate("image => image.naturalWidth") == 0
