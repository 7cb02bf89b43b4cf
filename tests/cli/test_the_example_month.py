"""The worked example's month: every template through papermill for every department, as `make review` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import pytest

from kpinb.cli import main
from kpinb.newbook import create
from kpinb.view.theme import MIME
from kpinb.workbook import ROOT_VARIABLE

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "workbook"
    create(folder, example=True, language="zh", today=date(2026, 11, 23))
    return folder


def test_every_department_has_its_report_with_every_chart(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    assert main(["--language", "en", "review", "2026-10"]) == 0

    out = root / "out" / "2026-10"
    listed = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["departments"]
    assert {one["department"] for one in listed} == {"company", "marketing", "product", "sales", "service"}
    for department in ("marketing", "product", "sales", "service"):
        notebooks = sorted((out / department).glob("*.ipynb"))
        assert [path.stem[:2] for path in notebooks] == ["10", "20", "30", "40", "50"]
        drawn = sum(
            MIME in output.get("data", {})
            for path in notebooks
            for cell in nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
            for output in cell.get("outputs", [])
        )
        page = (out / department / "report.html").read_text(encoding="utf-8")
        assert drawn >= 5
        assert page.count("<figure") == drawn
        assert str(root) not in page
    sales = (out / "sales" / "report.html").read_text(encoding="utf-8")
    assert "竞品价格战导致客单价下降10%" in sales
    assert 'lang="zh-CN"' in sales
    marketing = (out / "marketing" / "report.html").read_text(encoding="utf-8")
    assert 'lang="en"' in marketing
    # September's events are missing, February's were none: the one is unknown, the other is a figure.
    assert "unknown, because September 2026 has no figure" in marketing
    index = (out / "index.html").read_text(encoding="utf-8")
    assert index.index("销售部——") < index.index("客服部——")
    assert "+15%" in index


def test_one_stage_runs_under_plain_papermill(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "notebooks/50_retrospective.ipynb", str(target)]
    options = ["-f", "params/service.yaml", "-p", "period", "2026-10", "--no-progress-bar"]
    subprocess.run([*command, *options], cwd=root, check=True, capture_output=True)
    cells = nbformat.read(target, as_version=4).cells  # type: ignore[no-untyped-call]
    shown = json.dumps(cells, ensure_ascii=False)
    assert "客服部 · 2026年10月" in shown
    assert "平均响应时间" in shown
