"""One department run in a process of its own, and nothing of it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kpinb import language, workbook
from kpinb.batch import executed, processes, publish
from kpinb.batch.job import Failure, FailureKind, Job, Outcome, Stage
from kpinb.batch.protocol import JOB, OUTCOME, STAGE

Report = Callable[[Stage], None]
"""Is told of each notebook that ran to its end."""


def run_department(job: Job, report: Report | None = None) -> Outcome:
    """Run a department's notebooks and make its report.

    Whatever happens in the notebooks, this returns, and no process of the job is left: they carry its token and
    are ended, those too that left their parents. In the job's work folder stands what is to be published: all
    notebooks and the report, or only the notebook that failed.

    Parameters
    ----------
    job : Job
        What to run. It can be pickled, and so can the outcome.
    report : callable, optional
        Is told of each stage, from the calling thread.
    """
    job.work.mkdir(parents=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kpinb-", ignore_cleanup_errors=True) as scratch:
        worker = _start(job, Path(scratch))
        overdue = threading.Event()
        clock = threading.Timer(job.wall_seconds, _expire, (job.token, overdue))
        clock.start()
        stages: list[Stage] = []
        outcome: Outcome | None = None
        try:
            outcome = _listen(worker, job, stages, report)
            worker.wait()
        finally:
            clock.cancel()
            processes.end(job.token)
            worker.communicate()
    if outcome is None:
        failure = _unfinished(job, stages, worker.returncode, overdue=overdue.is_set())
        outcome = Outcome(job.department, job.name, failure, tuple(stages), round(time.monotonic() - started, 3))
    if outcome.failure is not None:
        _keep_failed(job.work, outcome.failure)
    return outcome


def _start(job: Job, scratch: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "kpinb.batch.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=job.root,
        # A session of its own: Ctrl-C on the terminal reaches the batch, which then ends its runs in order.
        start_new_session=True,
        env={
            **os.environ,
            processes.VARIABLE: job.token,
            workbook.ROOT_VARIABLE: str(job.root),
            # Connection files and sockets of killed kernels go with the folder.
            "JUPYTER_RUNTIME_DIR": str(scratch),
        },
    )


def _expire(token: str, overdue: threading.Event) -> None:
    overdue.set()
    processes.end(token)


def _listen(worker: subprocess.Popen[str], job: Job, stages: list[Stage], report: Report | None) -> Outcome | None:
    assert worker.stdin is not None  # noqa: S101  both are pipes
    assert worker.stdout is not None  # noqa: S101
    try:
        worker.stdin.write(JOB.dump_json(job).decode() + "\n")
        worker.stdin.flush()  # and left open: see the worker
    except BrokenPipeError:
        return None
    for line in worker.stdout:
        try:
            message = json.loads(line)
        except ValueError:  # it was killed while it wrote
            return None
        if "end" in message:
            return OUTCOME.validate_python(message["end"])
        stages.append(STAGE.validate_python(message["stage"]))
        if report is not None:
            report(stages[-1])
    return None


def _unfinished(job: Job, stages: list[Stage], code: int, *, overdue: bool) -> Failure:
    """Say why a worker ended without a word, and mark the notebook it was running."""
    names = [task.name for task in job.tasks]
    notebook = names[len(stages)] if len(stages) < len(names) else ""
    path = job.work / f"{notebook}.ipynb"
    cell = {}
    if notebook and path.exists():
        try:
            kept = executed.read(path)
        except ValueError:  # it was killed while papermill wrote
            path.unlink()
        else:
            cell = executed.cell_of(kept, executed.last_started(kept))
    kind = FailureKind.wall_timeout if overdue else FailureKind.process_died
    seconds = job.wall_seconds if overdue else None
    failure = Failure(kind, message=f"{code}", notebook=notebook, seconds=seconds, **cell)
    if cell:
        with language.use(job.language):
            executed.mark(path, failure)
    return failure


def _keep_failed(work: Path, failure: Failure) -> None:
    """Leave only the notebook that failed; where only the report failed, all of them are worth reading."""
    kept = {f"{failure.notebook}.ipynb"} if failure.notebook else {path.name for path in work.glob("*.ipynb")}
    for path in list(work.iterdir()):
        if path.name not in kept:
            publish.remove(path)
