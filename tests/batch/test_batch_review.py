from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from tiny_notebooks import PARAMETERS, notebook

from kpinb import workbook as places
from kpinb.batch.events import Began, DepartmentDone, Event, Finished, StageDone
from kpinb.batch.lock import AlreadyRunning, only_one
from kpinb.batch.review import output_folder, review
from kpinb.errors import BadInput, BadParameters, StoreUnusable
from kpinb.period import Period
from kpinb.store import create_store

Add = Callable[..., Path]
OCTOBER = Period.parse("2026-10")
AS_OF = datetime.fromisoformat("2026-11-03T08:00:00.250000+08:00")


@pytest.fixture
def ready(workbook: Path) -> Path:
    """A workbook with its store and a notebook of the company."""
    create_store(places.store_url(places.EMBEDDED, workbook)).close()
    cells = [("code", PARAMETERS, ["parameters"]), ("code", "print('all', department, as_of)", [])]
    (workbook / "notebooks" / "60_company.ipynb").write_text(
        notebook(("markdown", "# How is everyone?", []), *cells)
    )
    return workbook


def entries(root: Path) -> list[dict[str, Any]]:
    return json.loads((root / "out" / "2026-10" / "manifest.json").read_text())["departments"]


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_month_in_which_three_departments_fail_each_in_its_own_way(ready: Path, department: Add) -> None:
    department("company", department_name="The company", does="well")
    department("good", department_name="Good <b>&", notice="Made up.")
    department("raising", does="raises")
    department("killed", does="kills_kernel")
    department("typo", dose="well")
    folder = ready / "out" / "2026-10"
    for leftover in ("good.tmp", "typo", "raising"):
        (folder / leftover).mkdir(parents=True)
        (folder / leftover / "report.html").write_text("of an earlier run")
    heard: list[Event] = []

    done = review(ready, OCTOBER, keep_going=True, on_event=heard.append, as_of=AS_OF)

    assert done.exit_code == 1
    assert [(o.department, o.ok) for o in done.outcomes] == [
        ("typo", False),
        ("killed", False),
        ("raising", False),
        ("good", True),
        ("company", True),
    ]
    assert files(folder) == [
        "company/60_company.ipynb",
        "good/10_deed.ipynb",
        "good/report.html",
        "index.html",
        "killed/10_deed.ipynb",
        "manifest.json",
        "raising/10_deed.ipynb",
    ]
    assert [p for p in psutil.process_iter() if _is_ours(p, ready)] == []
    assert f"good does well {AS_OF.isoformat()}" in (folder / "good" / "10_deed.ipynb").read_text()
    assert f"all company {AS_OF.isoformat()}" in (folder / "company" / "60_company.ipynb").read_text()
    report = (folder / "good" / "report.html").read_text()
    assert "What is done?" in report
    assert "Made up." in report
    assert "October 2026" in report

    index = (folder / "index.html").read_text()
    assert "How is everyone?" in index
    assert "Good &lt;b&gt;&amp;" in index
    assert "10_deed stopped at cell [3] with ValueError: cell with &lt;b&gt;a reason&lt;/b&gt;" in index
    assert index.index("The kernel died".lower()) < index.index('href="good/report.html"')
    assert "did you mean “does”?" in index

    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["period"], manifest["as_of"]) == ("2026-10", AS_OF.isoformat())
    assert manifest["started"].endswith("Z")
    assert manifest["started"] < manifest["finished"]
    assert set(manifest["libraries"]) >= {"papermill", "pandas"}
    by_id = {entry["department"]: entry for entry in manifest["departments"]}
    assert manifest["departments"][0]["department"] == "typo"
    assert by_id["typo"]["outputs"] == []
    assert by_id["raising"]["status"] == "failed"
    failure = by_id["raising"]["failure"]
    assert (failure["kind"], failure["error"], failure["notebook"]) == ("raised", "ValueError", "10_deed")
    kept = json.loads((folder / "raising" / "10_deed.ipynb").read_text())
    assert "".join(kept["cells"][failure["cell_index"]]["source"]).startswith(failure["source"])
    assert by_id["killed"]["reason"].startswith("10_deed: the kernel died in cell")
    assert by_id["good"]["status"] == "ok"
    assert [stage["name"] for stage in by_id["good"]["stages"]] == ["10_deed"]
    for output in by_id["good"]["outputs"]:
        data = (folder / output["path"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (output["sha256"], output["bytes"])

    assert heard[0] == Began("2026-10", departments=3, notebooks=4)
    assert {e.department for e in heard if isinstance(e, StageDone)} == {"good", "company"}
    finished = [e.outcome.department for e in heard if isinstance(e, DepartmentDone)]
    assert sorted(finished) == ["company", "good", "killed", "raising"]
    assert isinstance(heard[-1], Finished)
    assert heard[-1].index == folder / "index.html"


def _is_ours(process: psutil.Process, root: Path) -> bool:
    try:
        return process.environ().get(places.ROOT_VARIABLE) == str(root)
    except psutil.Error:
        return False


def test_an_unknown_parameter_is_found_before_anything_runs(ready: Path, department: Add) -> None:
    department("good")
    department("typo", dose="well")
    department("twins", department="good")
    with pytest.raises(BadParameters) as refused:
        review(ready, OCTOBER)
    good, twins, typo = str(refused.value).splitlines()
    assert "“does”" in typo
    assert "also in twins.yaml" in good
    assert "also in good.yaml" in twins
    assert not (ready / "out").exists()


def test_a_review_needs_a_month_and_a_store(workbook: Path, department: Add) -> None:
    department("good")
    with pytest.raises(BadInput, match="“2026-Q3” is not a month"):
        review(workbook, Period.parse("2026-Q3"))
    with pytest.raises(BadInput, match="2099-01 has not begun yet"):
        review(workbook, Period.parse("2099-01"))
    with pytest.raises(StoreUnusable):
        review(workbook, OCTOBER)
    assert not (workbook / "out").exists()


def test_a_second_batch_of_the_same_month_refuses_and_says_who_runs_it(ready: Path, department: Add) -> None:
    department("good")
    folder = ready / "out" / "2026-10"
    with only_one(folder):
        with pytest.raises(AlreadyRunning, match=f"2026-10 is being run by process {os.getpid()} on "):
            review(ready, OCTOBER)
        with only_one(ready / "out" / "2026-11"):
            pass
    with only_one(folder):
        pass


def test_another_company_s_parameters_have_a_folder_of_their_own(tmp_path: Path) -> None:
    out, params = tmp_path / "out", tmp_path / "params"
    assert output_folder(out, OCTOBER, params, tmp_path) == out / "2026-10"
    assert output_folder(out, OCTOBER, params / "us", tmp_path) == out / "2026-10-us"


class Broken(Executor):
    def submit(self, _call: Any, *_args: Any, **_kwargs: Any) -> Future[Any]:  # type: ignore[override]
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("a worker is gone"))
        return future


def test_an_executor_that_breaks_leaves_a_record_and_no_page_of_yesterday(ready: Path, department: Add) -> None:
    department("good")
    folder = ready / "out" / "2026-10"
    (folder / "good").mkdir(parents=True)
    (folder / "good" / "report.html").write_text("yesterday")
    (folder / "index.html").write_text("yesterday")
    done = review(ready, OCTOBER, executor=Broken())
    assert done.exit_code == 1
    assert [(o.department, o.failure.error) for o in done.failed if o.failure] == [
        ("company", "BrokenProcessPool"),
        ("good", "BrokenProcessPool"),
    ]
    assert files(folder) == ["manifest.json"]


SCRIPT = """
import sys
from pathlib import Path
from kpinb.batch.review import review
from kpinb.period import Period
review(Path(sys.argv[1]), Period.parse("2026-10"), on_event=lambda event: print(type(event).__name__, flush=True))
"""


@pytest.fixture(params=[signal.SIGINT, signal.SIGKILL])
def interrupted(request: pytest.FixtureRequest, ready: Path, department: Add) -> Iterator[signal.Signals]:
    department("good")
    department("hangs", does="sleeps")
    batch = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(ready)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert batch.stdout is not None
    for line in batch.stdout:
        if line == "DepartmentDone\n":
            break
    assert any(_is_ours(process, ready) for process in psutil.process_iter())  # else there is nothing to end
    batch.send_signal(request.param)
    _out, err = batch.communicate()
    assert ("KeyboardInterrupt" in err) == (request.param == signal.SIGINT)
    yield request.param


def test_what_is_interrupted_leaves_whole_reports_and_no_process(interrupted: signal.Signals, ready: Path) -> None:
    deadline = time.monotonic() + 30
    while any(_is_ours(p, ready) for p in psutil.process_iter()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [p for p in psutil.process_iter() if _is_ours(p, ready)] == []
    folder = ready / "out" / "2026-10"
    whole = ["good/10_deed.ipynb", "good/report.html"]
    if interrupted == signal.SIGINT:
        assert files(folder) == whole
    else:  # nobody was left to tidy up: the next batch does
        assert [path for path in files(folder) if ".tmp/" not in path] == whole
    with only_one(folder):
        pass


def test_as_of_is_now_with_its_offset_unless_given(
    ready: Path, department: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    department("good")
    before = datetime.now(UTC)
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        try:
            review(ready, OCTOBER, executor=Broken())
        finally:
            patched.undo()
            time.tzset()
    manifest = json.loads((ready / "out" / "2026-10" / "manifest.json").read_text())
    as_of = datetime.fromisoformat(manifest["as_of"])
    assert before <= as_of <= datetime.now(UTC)
    assert manifest["as_of"].endswith("+14:00")
