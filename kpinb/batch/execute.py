"""One notebook through papermill: the only place that calls it."""

from __future__ import annotations

from pathlib import Path

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from kpinb.batch import executed
from kpinb.batch.job import Failure, FailureKind, Job, Kernel, Task
from kpinb.batch.localise import localised
from kpinb.errors import RunFailed

_KERNEL_START_SECONDS = 120
_OUTPUT_SECONDS = 60
_LETTERS = 1000
_SOCKET_LETTERS = 90  # the name of a socket holds 103 bytes or more, by system


class StageFailed(RunFailed):
    """A notebook did not come to its end; it is kept, with the cell that failed.

    Parameters
    ----------
    failure : Failure
        Why.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence())
        self.failure = failure


def execute(task: Task, job: Job, *, scratch: Path) -> Path:
    """Run one notebook in the department's language and write it to the job's work folder.

    Parameters
    ----------
    task : Task
        The notebook and its parameters.
    job : Job
        Whose it is.
    scratch : Path
        A folder for what is needed on the way.

    Returns
    -------
    Path
        The executed notebook.

    Raises
    ------
    StageFailed
        A cell raised, took too long or was never run, or the kernel died.
    """
    prepared, result = scratch / task.template.name, job.work / task.template.name
    executed.write(localised(executed.read(task.template), job.language), prepared)
    problem: Exception | None = None
    try:
        papermill.execute_notebook(
            _literal(prepared),
            _literal(result),
            task.parameters,
            kernel_name=job.kernel.name,
            config=_settings(job.kernel, scratch),
            execution_timeout=job.cell_seconds,
            start_timeout=_KERNEL_START_SECONDS,
            iopub_timeout=_OUTPUT_SECONDS,
            progress_bar=False,
            log_output=False,
            store_widget_state=False,
        )
    except Exception as error:  # noqa: BLE001  whatever it is becomes the reason of this one notebook
        problem = error
    if result.exists():
        _tidy(result, task)
    failure = _failure(task, job, result, problem)
    if failure is not None:
        if result.exists():
            executed.mark(result, failure)
        raise StageFailed(failure) from problem
    return result


def _literal(path: Path) -> str:
    # papermill puts paths through str.format.
    return str(path).replace("{", "{{").replace("}", "}}")


def _settings(kernel: Kernel, scratch: Path) -> Config:
    settings = Config(kernel.manager)
    if settings.KernelManager.transport == "ipc":
        sockets = str(scratch / "ipc")
        if len(sockets) < _SOCKET_LETTERS:
            # Left alone, jupyter_client calls them “kernel-ipc-1” in the current folder, for every kernel alike:
            # two departments run at once would talk to each other's kernel.
            settings.KernelManager.ip = sockets
        else:
            settings.KernelManager.transport = "tcp"
    return settings


def _tidy(result: Path, task: Task) -> None:
    # papermill writes where its files were on this machine; what is published has no business with that.
    notebook = executed.read(result)
    notebook["metadata"]["papermill"].update(input_path=task.template.name, output_path=result.name)
    executed.write(notebook, result)


def _failure(task: Task, job: Job, result: Path, problem: Exception | None) -> Failure | None:
    notebook = executed.read(result) if result.exists() else {"cells": [], "metadata": {}}
    if problem is None:
        if not executed.not_run(notebook):
            return None
        cell = executed.cell_of(notebook, executed.last_started(notebook))
        return Failure(FailureKind.left_early, notebook=task.name, **cell)
    if isinstance(problem, PapermillExecutionError):
        # Two cells that say what happened were put before it: see papermill's raise_for_execution_errors.
        cell = executed.cell_of(notebook, problem.cell_index + 2)
        return Failure(FailureKind.raised, problem.ename, _short(problem.evalue), notebook=task.name, **cell)
    kind = {CellTimeoutError: FailureKind.cell_timeout, DeadKernelError: FailureKind.kernel_died}.get(
        type(problem), FailureKind.error
    )
    cell = executed.cell_of(notebook, executed.last_started(notebook))
    return Failure(
        kind,
        type(problem).__name__,
        _short(str(problem)),
        notebook=task.name,
        seconds=job.cell_seconds if kind is FailureKind.cell_timeout else None,
        **cell,
    )


def _short(text: str) -> str:
    return text.strip()[:_LETTERS]
