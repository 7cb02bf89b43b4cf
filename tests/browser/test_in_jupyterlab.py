"""An analyst's day in JupyterLab: the stages are there, the forms save, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_notebook import LabNotebook, write_notebook
from lab_server import AUTHOR, Lab
from playwright.sync_api import expect
from watched_page import WatchedPage

from kpinb import language
from kpinb.clarify import Indicator
from kpinb.language import _
from kpinb.records import Revision, label
from kpinb.store import open_store
from kpinb.workbook import EMBEDDED, store_url

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NAME = "客户转介绍率 <img src=x onerror=alert(1)>"
STAGES = ["10_clarify", "20_decompose", "30_plan", "40_track", "50_retrospective"]


@pytest.fixture(autouse=True)
def _texts_in_chinese() -> Iterator[None]:
    with language.use("zh"):
        yield


@pytest.fixture(autouse=True)
def _kernels_end(lab: Lab) -> Iterator[None]:
    yield
    lab.shut_kernels_down()


def stored(root: Path) -> list[Revision]:
    """Every version of the indicator that the test makes."""
    with open_store(store_url(EMBEDDED, root)) as store:
        made = [one.record.id for one in store.all(Indicator, "sales") if one.record.name == NAME]
        return [version for record_id in made for version in store.history(Indicator, "sales", record_id)]


def test_an_indicator_filled_in_is_stored_and_shown_with_its_history(lab: Lab, window: WatchedPage) -> None:
    notebook = LabNotebook(window.page, lab, "notebooks/10_clarify.ipynb")
    notebook.run_all()
    form = notebook.form("clarify.indicator_form(book)")
    cards, history = "clarify.card_table(book)", "clarify.history_table(book)"
    expect(notebook.output(cards)).not_to_contain_text(NAME)
    assert stored(lab.root) == []

    form.fill(label(Indicator, "name"), NAME)
    form.fill(label(Indicator, "statement"), "让老客户带来新客户")
    form.save()
    expect(form.success).to_contain_text(NAME)
    said = form.success.text_content() or ""
    (first,) = stored(lab.root)
    assert (first.version, first.author, first.record.statement) == (1, AUTHOR, "让老客户带来新客户")
    notebook.run(cards)
    expect(notebook.output(cards)).to_contain_text(NAME)
    notebook.run(history)
    expect(notebook.output(history).locator("tbody tr")).to_have_count(1)

    form.choose(label(Indicator, "importance"), "5")
    form.fill(_("Reason for the change"), "上级确认与战略直接挂钩")
    form.save()
    expect(form.success).not_to_have_text(said)
    before, after = stored(lab.root)
    assert before == first
    assert (after.version, after.author, after.reason) == (2, AUTHOR, "上级确认与战略直接挂钩")
    assert (before.record.importance, after.record.importance) == (3, 5)
    notebook.run(history)
    rows = notebook.output(history).locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("上级确认与战略直接挂钩")
    expect(rows.first).to_contain_text(AUTHOR)

    assert window.page.locator("img[src='x']").count() == 0
    assert window.page.locator(".jp-Dialog").count() == 0
    assert notebook.complaints() == []
    window.assert_clean()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_runs_from_top_to_bottom(lab: Lab, window: WatchedPage, stage: str) -> None:
    notebook = LabNotebook(window.page, lab, f"notebooks/{stage}.ipynb")
    notebook.run_all()
    assert notebook.complaints() == []
    forms = notebook.forms()
    assert len(forms) >= 2
    for form in forms:
        form.root.scroll_into_view_if_needed()
        expect(form.root.locator("button.mod-primary")).to_be_visible()
    assert notebook.panel.locator("table.kpinb-table tbody tr").count() > 0
    assert notebook.drawn_charts() == notebook.panel.locator(".vega-embed").count() > 0
    assert window.page.locator(".jp-Dialog").count() == 0
    window.assert_clean()


def test_a_cell_that_complains_would_be_noticed(lab: Lab, window: WatchedPage) -> None:
    sources = ["import sys; print('so so', file=sys.stderr)", "1 / 0", "'not run'"]
    notebook = LabNotebook(window.page, lab, write_notebook(lab, "broken.ipynb", sources))
    notebook.run_all()
    said, raised = notebook.complaints()
    assert "so so" in said
    assert "ZeroDivisionError" in raised


def test_what_goes_wrong_in_a_page_would_be_noticed(window: WatchedPage) -> None:
    elsewhere = "http://example.invalid/"
    window.page.route(elsewhere, lambda route: route.abort())
    with window.page.expect_event("dialog"):
        window.page.set_content(
            f"<script>console.error('wrong'); setTimeout(() => alert(1)); nothing()</script><img src={elsewhere}>"
        )
    assert "wrong" in window.errors
    assert [text for text in window.errors if "nothing is not defined" in text] != []
    assert window.boxes == ["1"]
    assert window.asked_elsewhere == [elsewhere]
