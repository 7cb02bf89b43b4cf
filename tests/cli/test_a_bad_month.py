"""A month in which things go wrong: what fails is listed first, what is well is whole, the exit code says it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kpinb.cli import main
from kpinb.newbook import create
from kpinb.workbook import ROOT_VARIABLE

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The worked example with the two notebooks in which results stand; fewer kernels, the same month."""
    folder = tmp_path / "workbook"
    create(folder, example=True, language="zh", today=date(2026, 11, 23))
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        if notebook.stem not in {"50_retrospective", "60_company"}:
            notebook.unlink()
    monkeypatch.setenv(ROOT_VARIABLE, str(folder))
    return folder


def manifest(root: Path) -> Any:
    return json.loads((root / "out" / "2026-10" / "manifest.json").read_text(encoding="utf-8"))


def page(root: Path, name: str = "index.html") -> str:
    return (root / "out" / "2026-10" / name).read_text(encoding="utf-8")


def test_a_broken_file_and_a_raising_notebook_leave_the_other_reports_whole(root: Path) -> None:
    actuals = root / "params" / "actuals" / "marketing.csv"
    actuals.write_text(
        actuals.read_text(encoding="utf-8") + "2026-10,revenue,12,虚构,too much\n", encoding="utf-8"
    )
    path = root / "notebooks" / "50_retrospective.ipynb"
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    raising = nbformat.v4.new_code_cell("assert department != 'product', 'this month the notebook raises'")  # type: ignore[no-untyped-call]
    notebook.cells.insert(4, raising)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]

    assert main(["--language", "en", "review", "2026-10"]) == 1

    listed = manifest(root)["departments"]
    assert [(one["department"], one["status"]) for one in listed[:2]] == [
        ("marketing", "failed"),
        ("product", "failed"),
    ]
    assert {one["department"]: one["status"] for one in listed[2:]} == {
        "company": "ok",
        "sales": "ok",
        "service": "ok",
    }
    reasons = {one["department"]: json.dumps(one, ensure_ascii=False) for one in listed[:2]}
    assert "marketing.csv" in reasons["marketing"]
    assert "BadFacts" in reasons["marketing"]
    assert "AssertionError" in reasons["product"]
    assert "50_retrospective" in reasons["product"]
    for department in ("sales", "service"):
        assert "<img" in page(root, f"{department}/report.html")
    for department in ("marketing", "product"):
        folder = root / "out" / "2026-10" / department
        assert not (folder / "report.html").exists()
        kept = nbformat.read(folder / "50_retrospective.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", []))
    index = page(root)
    first_failed = min(index.index("Marketing"), index.index("产品部"))
    assert first_failed < index.index("sales/report.html")
    # The company cannot add up what it cannot read: unknown, and not too small.
    assert "没有Marketing就没有合计" in index or "Marketing" in index
    assert not list((root / "out").rglob("*.tmp"))


def test_an_unknown_parameter_is_found_before_any_kernel_starts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "params" / "sales.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "langauge: zh\n", encoding="utf-8")

    assert main(["--language", "en", "review", "2026-10"]) == 2

    said = capsys.readouterr().err
    assert "sales.yaml" in said
    assert "langauge" in said
    assert "language" in said
    assert not (root / "out").exists()

    assert main(["--language", "en", "review", "2026-10", "--keep-going"]) == 1

    statuses = {one["department"]: one["status"] for one in manifest(root)["departments"]}
    assert statuses == {"sales": "failed", "company": "ok", "marketing": "ok", "product": "ok", "service": "ok"}
    assert manifest(root)["departments"][0]["department"] == "sales"
    assert not (root / "out" / "2026-10" / "sales").exists()


def test_a_blank_workbook_has_a_review_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "new"
    assert main(["--language", "zh", "init", str(folder)]) == 0
    monkeypatch.setenv(ROOT_VARIABLE, str(folder))
    assert main(["--language", "zh", "review", "2026-10"]) == 0
    report = (folder / "out" / "2026-10" / "team" / "report.html").read_text(encoding="utf-8")
    assert "Traceback" not in report
