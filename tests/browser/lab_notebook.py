"""A notebook in JupyterLab, used as a person uses it: by its menu, its cells and its forms."""

from __future__ import annotations

import json
import re

from lab_server import Lab
from playwright.sync_api import Locator, Page, expect
from watched_page import HAS_INK

_SECONDS_TO_OPEN = 90
_SECONDS_TO_RUN = 120
# Tracebacks are shown as this type, too.
_COMPLAINT = '[data-mime-type="application/vnd.jupyter.stderr"]'
# After an error the cells below it are not run. What is not in view has a textContent, but no innerText.
_ALL_RAN = """complaint => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(one => one.textContent);
    const waiting = prompts.includes("[*]:"), failed = document.querySelector(complaint) !== null;
    return !waiting && (failed || prompts.every(prompt => /^\\[\\d+\\]:$/.test(prompt)));
}"""


class LabNotebook:
    """An open notebook.

    Parameters
    ----------
    page : Page
        The window it is opened in.
    lab : Lab
        Where it is opened.
    name : str
        Path of the notebook within the workbook.

    Attributes
    ----------
    panel : Locator
        What JupyterLab shows of it.
    cells : list of dict
        Its cells, as they are in the file.
    """

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page = page
        page.goto(lab.page_of(name))
        self.panel = page.locator(".jp-NotebookPanel")
        self.cells = json.loads((lab.root / name).read_text(encoding="utf-8"))["cells"]
        # Cells are put in place one after another: “run all” chosen before the last would run only the first.
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(self.cells), timeout=_SECONDS_TO_OPEN * 1000)
        # Before the kernel is named there, running a cell would ask which one to take.
        expect(page.locator("#jp-main-statusbar")).to_contain_text(
            "Python 3 (ipykernel) | Idle", timeout=_SECONDS_TO_OPEN * 1000
        )

    @property
    def code_cells(self) -> Locator:
        """All cells with code, in order."""
        return self.panel.locator(".jp-CodeCell")

    def cell(self, code: str) -> Locator:
        """Find the one cell that holds this code."""
        return self.code_cells.filter(has=self.page.locator(".jp-Editor", has_text=code))

    def output(self, code: str) -> Locator:
        """Find what stands below the one cell that holds this code."""
        return self.cell(code).locator(".jp-OutputArea-output")

    def form(self, code: str) -> Form:
        """Find the form below the one cell that holds this code."""
        return Form(self.cell(code).locator(".kpinb-form"))

    def forms(self) -> list[Form]:
        """Find the forms below the cells that are tagged to show one, in order."""
        tagged = [cell for cell in self.cells if "form" in cell["metadata"].get("tags", [])]
        return [self.form("".join(cell["source"])) for cell in tagged]

    def run_all(self) -> None:
        """Choose Run → Run All Cells and wait for the last of them, or for one that fails."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        self._wait()

    def run(self, code: str) -> None:
        """Run one cell again and wait for it."""
        cell = self.cell(code)
        before = cell.locator(".jp-InputPrompt").text_content() or ""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before, timeout=_SECONDS_TO_RUN * 1000)
        self._wait()

    def _wait(self) -> None:
        self.page.wait_for_function(_ALL_RAN, arg=_COMPLAINT, timeout=_SECONDS_TO_RUN * 1000)

    def complaints(self) -> list[str]:
        """Give the errors that cells ended with, and what they wrote to the error stream."""
        return self.panel.locator(_COMPLAINT).all_text_contents()

    def drawn_charts(self) -> int:
        """Count charts on which there is something to see."""
        canvases = self.panel.locator(".vega-embed canvas").all()
        return sum(canvas.evaluate(HAS_INK) for canvas in canvases)


def write_notebook(lab: Lab, name: str, cells: list[str]) -> str:
    """Put a small notebook into the workbook; give its path."""
    made = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for source in cells
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4, "cells": made}
    (lab.root / "notebooks" / name).write_text(json.dumps(notebook), encoding="utf-8")
    return f"notebooks/{name}"


class Form:
    """A form as it stands in the notebook.

    Parameters
    ----------
    root : Locator
        The whole form.
    """

    def __init__(self, root: Locator) -> None:
        self.root = root

    def field(self, label: str) -> Locator:
        """Find a field with its note by its label."""
        exact = re.compile(f"^{re.escape(label)}$")
        return self.root.locator(".kpinb-field").filter(
            has=self.root.page.locator(".widget-label", has_text=exact)
        )

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.field(label).locator("input, textarea").fill(text)

    def choose(self, label: str, button: str) -> None:
        """Press one of a field's buttons."""
        self.field(label).get_by_role("button", name=button, exact=True).click()

    def save(self) -> None:
        """Press the button that saves, once it can be pressed."""
        self.root.locator("button.mod-primary").click()

    @property
    def success(self) -> Locator:
        """The message that something was saved."""
        return self.root.locator(".kpinb-message.kpinb-good")

    @property
    def grid(self) -> GridOnPage:
        """The grid in it."""
        return GridOnPage(self.root.locator(".kpinb-grid"))


class GridOnPage:
    """A grid as it stands in a form.

    Parameters
    ----------
    root : Locator
        The whole grid.
    """

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.rows = root.locator("tbody tr[data-key]")

    def cell(self, row: int, column: str) -> Locator:
        """Find a cell by its row, from 0, and the name of its column."""
        return self.rows.nth(row).locator(f'td[data-column="{column}"]')

    @property
    def blank(self) -> Locator:
        """The row in which a new one begins."""
        return self.root.locator("tbody tr.kpinb-grid-row-blank")

    @property
    def notes(self) -> Locator:
        """What stands under rows."""
        return self.root.locator(".kpinb-grid-notes")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.root.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into the cell that is active."""
        self.root.page.keyboard.type(text)

    def paste(self, text: str) -> None:
        """Paste what a spreadsheet would have copied."""
        self.root.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("Control+v")

    def copied(self) -> str:
        """Copy what is selected."""
        self.press("Control+c")
        text: str = self.root.page.evaluate("navigator.clipboard.readText()")
        return text
