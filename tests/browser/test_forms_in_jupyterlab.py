"""Grids and live panels in JupyterLab: by keyboard, by paste, held, pushed, saved, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lab_notebook import Form, GridOnPage, LabNotebook, write_notebook
from lab_server import Lab
from playwright.sync_api import expect
from watched_page import WatchedPage

from kpinb import language
from kpinb.decompose.records import Target, Task
from kpinb.language import _
from kpinb.records import Record
from kpinb.store import open_store
from kpinb.workbook import EMBEDDED, store_url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.parametrize(
        "window", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True, ids=["clipboard"]
    ),
]

HOSTILE = "<img src=x onerror=alert(1)>"
OPEN = (
    "from kpinb import decompose\n"
    "from kpinb.book import open_book\n"
    "from kpinb.decompose.form import cascade_form, task_grid_form\n"
    "book = open_book('sales', '2026-10', name='销售部', facts='params/actuals/sales.csv')\nbook"
)
LIVE = (
    "from kpinb.clarify.records import BusinessGoal, Indicator\n"
    "from kpinb.forms import RecordForm\n"
    "from kpinb.view import Sentence\n"
    "asked = []\n"
    "def live(indicator):\n"
    "    asked.append(indicator)\n"
    "    return [Sentence(f'{len(asked)}: {indicator.name}'), decompose.months_chart(book)]\n"
    "def advice(values):\n"
    "    return {'statement': '优化多少？'} if '优化' in values['statement'] else {}\n"
    "RecordForm(book, Indicator, references={'business_goal': BusinessGoal}, advice=advice, live=live)"
)


@pytest.fixture(autouse=True)
def _texts_in_chinese() -> Iterator[None]:
    with language.use("zh"):
        yield


@pytest.fixture(autouse=True)
def _kernels_end(lab: Lab) -> Iterator[None]:
    yield
    lab.shut_kernels_down()


def opened(lab: Lab, window: WatchedPage, code: str) -> tuple[LabNotebook, Form]:
    """Run a notebook that shows one form, and give the form."""
    notebook = LabNotebook(window.page, lab, write_notebook(lab, "forms.ipynb", [OPEN, code]))
    notebook.run_all()
    assert notebook.complaints() == []
    form = Form(notebook.code_cells.last.locator(".kpinb-form"))
    form.root.scroll_into_view_if_needed()
    return notebook, form


def grid_of(form: Form) -> GridOnPage:
    expect(form.grid.rows.first).to_be_visible()
    return form.grid


def stored(root: Path, kind: type[Record]) -> dict[str, Record]:
    with open_store(store_url(EMBEDDED, root)) as store:
        return {one.record.id: one.record for one in store.all(kind, "sales")}


def tasks_named(root: Path, *names: str) -> list[Task]:
    return [one for one in stored(root, Task).values() if isinstance(one, Task) and one.name in names]


def test_two_tasks_are_pasted_one_is_wrong_mended_and_both_are_saved(lab: Lab, window: WatchedPage) -> None:
    notebook, form = opened(lab, window, "task_grid_form(book)")
    grid = grid_of(form)
    row = grid.rows.count() - 1
    grid.blank.locator("td").first.click()
    name = f"客户回访 {HOSTILE}"
    grid.paste(
        f"{name}\t销售代表A\t2026/11/2\t31.12.\t回访记录\r\n样板客户参观\t销售主管\t2026/11/9\t2026/11/20\t照片\r\n"
    )
    wrong = grid.cell(row, "end")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(grid.notes.filter(has_text="31.12.")).to_be_visible()
    expect(grid.cell(row + 1, "end")).to_have_text("2026-11-20")
    expect(form.root.locator("button.mod-primary")).to_be_disabled()

    wrong.click()
    grid.type("2026-12-31")
    grid.press("Enter")
    expect(wrong).not_to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_text("2026-12-31")
    form.fill(_("Reason for the change"), "从Excel粘贴")
    form.save()
    expect(form.success).to_be_visible()
    first, second = tasks_named(lab.root, name, "样板客户参观")
    assert (first.owner, first.start, first.end) == ("销售代表A", date(2026, 11, 2), date(2026, 12, 31))
    assert (second.owner, second.deliverable) == ("销售主管", "照片")
    assert window.page.locator("img[src='x']").count() == 0
    assert notebook.complaints() == []
    window.assert_clean()


def test_a_grid_is_worked_by_the_keyboard_alone(lab: Lab, window: WatchedPage) -> None:
    notebook, form = opened(lab, window, "task_grid_form(book)")
    grid = grid_of(form)
    row = grid.rows.count() - 1
    cells = notebook.code_cells.count()
    grid.blank.locator("td").first.click()
    grid.type("dd a b")  # in JupyterLab's own command mode these keys delete and add cells
    grid.press("Tab")
    grid.type("ab")
    grid.press("F2")  # the edit ends, the cell stays
    grid.press("F2", "End", "Backspace", "Escape")
    expect(grid.cell(row, "owner")).to_have_text("ab")
    grid.press("ArrowLeft", "Enter", "End")
    grid.type("!")
    grid.press("Enter")
    expect(grid.cell(row, "name")).to_have_text("dd a b!")
    grid.press("ArrowUp", "Delete")
    expect(grid.cell(row, "name")).to_have_text("")
    grid.press("Control+z")
    expect(grid.cell(row, "name")).to_have_text("dd a b!")
    grid.press("End", " ")
    expect(grid.cell(row, "key_action")).to_have_class(re.compile("kpinb-grid-box-on"))
    grid.press("Home", "Tab", "Tab", "Tab", "Tab", "Tab", "Enter", "ArrowDown", "Enter")  # a choice
    expect(grid.cell(row, "target")).not_to_have_text("")
    grid.press("ArrowUp", "Home")
    grid.type("=1+1")
    grid.press("Enter", "ArrowUp", "Shift+ArrowRight")
    assert grid.copied() == "'=1+1\tab"
    assert notebook.code_cells.count() == cells
    assert window.page.locator(".jp-Dialog").count() == 0
    window.assert_clean()


def test_the_row_that_is_gone_to_is_put_back_to_an_earlier_version(lab: Lab, window: WatchedPage) -> None:
    notebook, form = opened(lab, window, "task_grid_form(book)")
    grid = grid_of(form)
    before = [grid.cell(row, "owner").text_content() or "" for row in range(3)]
    for row in (0, 2):
        grid.cell(row, "owner").click()
        grid.type("新负责人")
        grid.press("Enter")
    form.save()
    expect(form.success).to_be_visible()
    of, version = (form.field(label).locator("select") for label in (_("Versions of"), _("Versions")))
    grid.cell(2, "owner").click()
    expect(of.locator("option:checked")).to_contain_text(grid.cell(2, "name").text_content() or "")
    version.select_option(index=1)
    form.root.get_by_role("button", name=_("Put it back into the fields")).click()
    expect(grid.cell(2, "owner")).to_have_text(before[2])
    expect(grid.cell(0, "owner")).to_have_text("新负责人")
    form.save()
    expect(form.success).to_be_visible()
    owners = [one.owner for one in stored(lab.root, Task).values() if isinstance(one, Task)]
    assert owners[:3] == ["新负责人", *before[1:]]
    assert notebook.complaints() == []
    window.assert_clean()


def test_fast_typing_loses_nothing(lab: Lab, window: WatchedPage) -> None:
    _notebook, form = opened(lab, window, "task_grid_form(book)")
    grid = grid_of(form)
    grid.blank.locator("td").first.click()
    names = [f"fast {n}" for n in range(25)]
    for name in names:
        grid.type(name)
        grid.press("Enter")
    form.save()
    expect(form.success).to_be_visible()
    assert [task.name for task in tasks_named(lab.root, *names)] == names
    window.assert_clean()


def test_a_part_is_held_another_changed_pushed_to_the_rest_and_saved(lab: Lab, window: WatchedPage) -> None:
    notebook, form = opened(lab, window, "cascade_form(book)")
    grid = grid_of(form)
    form.field(_("Divide into")).locator("select").select_option(label=_("quarters"))
    form.field(_("How")).locator("select").select_option(label=_("evenly"))
    expect(grid.cell(3, "value")).to_have_text("1800")
    grid.cell(1, "held").click()
    expect(grid.cell(1, "value")).to_have_attribute("aria-readonly", "true")
    grid.cell(0, "value").click()
    grid.type("1000")
    grid.press("Enter")
    push = form.root.get_by_role("button", name=_("The other parts take it up"))
    expect(push).to_be_visible()
    expect(form.root.locator("button.mod-primary")).to_be_disabled()
    push.click()
    expect(grid.cell(3, "value")).to_have_text("2200")
    expect(grid.cell(1, "value")).to_have_text("1800")
    expect(grid.root.locator("tfoot")).to_contain_text("7200")
    form.fill(_("Reason for the change"), "一季度留给新品")
    form.save()
    expect(form.success).to_be_visible()
    targets = [one for one in stored(lab.root, Target).values() if isinstance(one, Target)]
    parts = {one.period: one for one in targets if one.parent == "revenue-2026" and "Q" in one.period}
    assert {period: (one.value, one.held) for period, one in parts.items()} == {
        "2026-Q1": (Decimal(1000), False),
        "2026-Q2": (Decimal(1800), True),
        "2026-Q3": (Decimal(2200), False),
        "2026-Q4": (Decimal(2200), False),
    }
    assert notebook.complaints() == []
    window.assert_clean()


def test_a_panel_follows_when_the_typing_pauses_and_advice_at_once(lab: Lab, window: WatchedPage) -> None:
    _notebook, form = opened(lab, window, LIVE)
    form.root.locator("select").first.select_option(label=_("{name} ({id})").format(name="营收", id="revenue"))
    panel = form.root.locator(".kpinb-live")
    expect(panel).to_contain_text("1: 营收")
    expect(panel.locator(".vega-embed canvas, .vega-embed svg").first).to_be_visible()
    name = form.root.locator("input[type=text]").nth(1)
    name.press("End")
    name.press_sequentially("（销售部）")
    expect(panel).to_contain_text("营收（销售部）")
    said = panel.locator(".kpinb-sentence").first.text_content() or ""
    assert int(said.split(":")[0]) < 1 + len("（销售部）"), "it was computed at every keystroke"
    form.root.locator("textarea").first.press_sequentially("优化")
    expect(form.root.locator(".kpinb-advice")).to_have_text("优化多少？")
    expect(form.root.locator("button.mod-primary")).to_be_enabled()
    window.assert_clean()
