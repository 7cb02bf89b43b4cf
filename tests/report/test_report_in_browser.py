"""What a reader's browser makes of a report, with the network cut off."""

from __future__ import annotations

import shutil

import pytest

from kpinb.report import write_department_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def report(tmp_path, notebook, output, bars):
    months = "".join(f"<th>2026-{month:02}</th>" for month in range(1, 13))
    cells = "<td class='kpinb-num'>1234567</td>" * 12
    wide = f"<table class='kpinb-table'><tr><th>指标</th>{months}</tr><tr><td>营收</td>{cells}</tr></table>"
    book = notebook(
        "50.ipynb",
        "# 结果复盘",
        ("bottom-line", [output({"text/html": f"<p class='kpinb-sentence kpinb-bad'>{'长词' * 60}</p>"})]),
        ("", [output({"text/html": wide}), output({"application/vnd.vegalite.v5+json": bars})]),
        ("", [output({"text/plain": "A" * 400})]),
    )
    target = tmp_path / "report.html"
    write_department_report(
        [book, book], target, name="销售部", period="2026-10", language="zh", notice="", as_of=""
    )
    return target


@pytest.mark.parametrize("width", [360, 480, 800, 1200])
def test_every_chart_is_there_and_the_page_never_moves_sideways(browser, report, width):
    page = browser.new_context(viewport={"width": width, "height": 800}, offline=True).new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    drawn = page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth > 0)")
    assert drawn == [True, True]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_script_in_a_page_would_not_run(browser, report):
    text = report.read_text(encoding="utf-8")
    planted = "<script>document.title = 'ran'</script><p onclick='1'>"
    page = browser.new_context(offline=True).new_page()
    for content, ran in ((text, False), (text.replace("Content-Security-Policy", "x-nothing"), True)):
        report.write_text(content.replace("<main", planted + "<main"), encoding="utf-8")
        page.goto(report.as_uri())
        assert (page.title() == "ran") is ran  # the second is the control: without the policy it runs
