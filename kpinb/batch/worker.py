"""The process in which one department is run: ``python -m kpinb.batch.worker``.

The job comes as one line of JSON on standard input; what happens goes out as lines of JSON on standard output:
``{"stage": …}`` for each notebook that ran to its end, and last ``{"end": …}``. Standard input stays open as long
as the batch lives: when it closes before the job is done, the batch is gone and this run ends itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from kpinb import language
from kpinb.batch import processes
from kpinb.batch.job import Failure, FailureKind, Job, Outcome, Stage
from kpinb.batch.protocol import JOB, OUTCOME, STAGE


def main() -> None:
    """Run the job that standard input holds."""
    out = _own_standard_output()
    job = JOB.validate_json(sys.stdin.readline())
    scratch = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    threading.Thread(target=_end_with_the_batch, args=(job.token, scratch), daemon=True).start()
    language.choose(job.language)
    _tell(out, end=OUTCOME.dump_python(_run(job, scratch, out), mode="json"))
    out.close()
    # Threads of the charts' converter or of a half-closed kernel must not keep a finished run alive.
    os._exit(0)


def _run(job: Job, scratch: Path, out: TextIO) -> Outcome:
    from kpinb.batch.execute import StageFailed, execute

    started = time.monotonic()
    stages: list[Stage] = []
    notebooks: list[Path] = []
    failure = None
    try:
        for task in job.tasks:
            begun = time.monotonic()
            notebooks.append(execute(task, job, scratch=scratch))
            stages.append(Stage(task.name, round(time.monotonic() - begun, 3)))
            _tell(out, stage=STAGE.dump_python(stages[-1], mode="json"))
        if job.page is not None:
            # In this process: a chart that cannot be drawn spoils the ones drawn after it in the same process.
            from kpinb.batch.pages import make_page

            make_page(job, notebooks)
    except StageFailed as stopped:
        failure = stopped.failure
    except Exception as error:  # noqa: BLE001  the batch goes on with the other departments
        notebook = "" if len(stages) == len(job.tasks) else job.tasks[len(stages)].name
        kind = FailureKind.error if notebook else FailureKind.report
        failure = Failure(kind, type(error).__name__, str(error)[:1000], notebook)
    return Outcome(
        job.department,
        job.name,
        failure,
        tuple(stages),
        round(time.monotonic() - started, 3),
        _peak_memory(),
    )


def _own_standard_output() -> TextIO:
    # What kernels, papermill and libraries print goes to a log: standard output is for the batch alone.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    log = os.open(Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    return out


def _tell(out: TextIO, **message: Any) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


def _end_with_the_batch(token: str, scratch: Path) -> None:
    sys.stdin.read()
    shutil.rmtree(scratch, ignore_errors=True)
    processes.end(token)  # this one included


def _peak_memory() -> int | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    own, kernels = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return unit * max(resource.getrusage(who).ru_maxrss for who in (own, kernels))


if __name__ == "__main__":
    main()
