from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import papermill
import pytest
from nbclient.exceptions import DeadKernelError

from kpinb.batch import processes
from kpinb.batch.job import CompanyPage, FailureKind, Job, Outcome, Task
from kpinb.batch.run import run_department

Run = Callable[..., Outcome]


@pytest.fixture
def run(workbook: Path, tmp_path: Path) -> Run:
    def run_one(does: str, **limits: float) -> Outcome:
        task = Task(workbook / "notebooks" / "10_deed.ipynb", {"department": "sales", "does": does})
        work = tmp_path / "work"
        token = f"test-{tmp_path.name}:sales"
        outcome = run_department(Job("sales", "销售部", "en", (task,), None, workbook, work, token, **limits))
        assert processes.carrying(token) == []
        return outcome

    return run_one


def kept(tmp_path: Path) -> dict:
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["10_deed.ipynb"]
    return json.loads((tmp_path / "work" / "10_deed.ipynb").read_text())


def test_a_department_runs_and_what_escaped_from_it_is_ended(run: Run, tmp_path: Path) -> None:
    outcome = run("escapes")
    assert outcome.ok
    assert [stage.name for stage in outcome.stages] == ["10_deed"]
    assert outcome.peak_memory is not None
    assert outcome.peak_memory > 10_000_000
    notebook = kept(tmp_path)
    assert notebook["cells"][3]["outputs"][0]["text"] == ["sales does escapes \n"]
    assert str(tmp_path) not in json.dumps(notebook)


def test_an_error_is_named_by_its_class_with_its_cell(run: Run, tmp_path: Path) -> None:
    outcome = run("raises")
    failure = outcome.failure
    assert failure is not None
    assert (failure.kind, failure.error, failure.notebook) == (FailureKind.raised, "ValueError", "10_deed")
    assert failure.sentence() == "10_deed stopped at cell [3] with ValueError: cell with <b>a reason</b>"
    cell = kept(tmp_path)["cells"][failure.cell_index]
    assert cell["outputs"][-1]["ename"] == "ValueError"
    assert "".join(cell["source"]).startswith(failure.source)


@pytest.mark.parametrize(
    ("does", "kind", "limits"),
    [
        ("sys_exit", FailureKind.left_early, {}),
        ("kills_kernel", FailureKind.kernel_died, {}),
        ("sleeps", FailureKind.cell_timeout, {"cell_seconds": 3}),
    ],
)
def test_a_notebook_that_papermill_calls_completed_is_not_believed(
    run: Run, tmp_path: Path, does: str, kind: FailureKind, limits: dict
) -> None:
    failure = run(does, **limits).failure
    assert failure is not None
    assert (failure.kind, failure.notebook) == (kind, "10_deed")
    notebook = kept(tmp_path)
    cell = notebook["cells"][failure.cell_index]
    assert "".join(cell["source"]).startswith("import os, signal")
    assert cell["metadata"]["papermill"]["status"] == "failed"
    assert "error" in [output["output_type"] for output in cell["outputs"]]
    assert notebook["cells"][-1]["metadata"]["papermill"]["status"] == "pending"


def test_control_papermill_itself_says_that_an_unrun_cell_is_completed(workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    template = str(workbook / "notebooks" / "10_deed.ipynb").replace("{", "{{").replace("}", "}}")
    with pytest.raises(DeadKernelError):
        papermill.execute_notebook(template, str(out), {"does": "kills_kernel"}, progress_bar=False)
    notebook = json.loads(out.read_text())
    assert notebook["cells"][-1]["execution_count"] is None
    assert {cell["metadata"]["papermill"]["status"] for cell in notebook["cells"]} == {"completed"}
    assert notebook["metadata"]["papermill"]["exception"] is None


def test_a_department_that_takes_too_long_is_ended_with_all_its_processes(run: Run, tmp_path: Path) -> None:
    failure = run("sleeps", wall_seconds=15).failure
    assert failure is not None
    assert failure.kind is FailureKind.wall_timeout
    assert failure.sentence().startswith("The department took longer than 15 seconds and was ended in 10_deed")
    assert kept(tmp_path)["cells"][failure.cell_index]["outputs"][-1]["output_type"] == "error"


def test_a_page_that_cannot_be_made_is_a_failure_of_its_own(workbook: Path, tmp_path: Path) -> None:
    moment = datetime(2026, 11, 3, 8, tzinfo=UTC)
    page = CompanyPage("2026-10", moment, "", tmp_path, tmp_path / "gone.ipynb", ())
    job = Job("company", "Company", "en", (), page, workbook, tmp_path / "work", f"test-{tmp_path.name}:company")
    failure = run_department(job).failure
    assert failure is not None
    assert (failure.kind, failure.error) == (FailureKind.report, "BadInput")
    assert "the report could not be made: BadInput: Notebook “gone.ipynb”" in failure.sentence()
    assert list((tmp_path / "work").iterdir()) == []


def test_a_token_is_not_taken_for_the_beginning_of_another() -> None:
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], env={processes.VARIABLE: "batch:sales-eu"}
    )
    try:
        while not processes.carrying("batch:sales-eu"):  # its environment is ours until it has become Python
            time.sleep(0.01)
        assert processes.end("batch:sales") == 0
        assert sleeper.poll() is None
        assert processes.end("batch") == 1
    finally:
        sleeper.kill()
        sleeper.wait()
