"""Many jobs at once, on threads here or on whatever executor is given, each published as it finishes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

from kpinb.batch import processes
from kpinb.batch.events import DepartmentDone, Event, OnEvent, StageDone
from kpinb.batch.job import Failure, FailureKind, Job, Outcome, Stage
from kpinb.batch.run import run_department

Finish = Callable[[Job, Outcome], None]


@contextmanager
def running(executor: Executor | None, token: str, on_event: OnEvent) -> Iterator[Pool]:
    """Give the pool within a ``with`` block; if the block is left by an error or Ctrl-C, end what still runs.

    Parameters
    ----------
    executor : concurrent.futures.Executor, optional
        What to run on; by default one thread for each processor.
    token : str
        What every process of the batch carries.
    on_event : callable
        Is told what happens, one event at a time.
    """
    own = None if executor else ThreadPoolExecutor(_processors())
    pool = Pool(executor or own, token, on_event)  # type: ignore[arg-type]
    try:
        yield pool
    except BaseException:
        pool.abandon()
        raise
    finally:
        if own is not None:
            own.shutdown()


@dataclass
class Pool:
    """Runs jobs.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        What runs them.
    token : str
        What every process of the batch carries.
    on_event : callable
        Is told what happens.
    """

    executor: Executor
    token: str
    on_event: OnEvent
    _futures: dict[Future[Outcome], Job] = field(default_factory=dict)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def run(self, jobs: Sequence[Job], finish: Finish) -> list[Outcome]:
        """Run jobs and finish each in this thread as soon as it is done.

        Returns
        -------
        list of Outcome
            In the order of the jobs. A job whose executor broke is a failed outcome too.
        """
        self._futures = {}
        for job in jobs:
            # One by one: what is submitted when Ctrl-C comes must be known to `abandon`.
            self._futures[self._submit(job)] = job
        outcomes: dict[str, Outcome] = {}
        for future in as_completed(self._futures):
            job = self._futures[future]
            outcome = _outcome(future, job)
            finish(job, outcome)
            outcomes[job.department] = outcome
            if job.tasks:
                self._tell(DepartmentDone(outcome, len(job.tasks)))
        return [outcomes[job.department] for job in jobs]

    def abandon(self) -> None:
        """End everything that still runs here, and wait until it is gone, however often Ctrl-C is pressed."""
        while True:
            try:
                started = [future for future in self._futures if not future.cancel()]
                # Again and again: a thread may have been about to start its process.
                while wait(started, timeout=0.2).not_done:
                    processes.end(self.token)
            except KeyboardInterrupt:  # whoever presses it twice still wants nothing to be left
                continue
            return

    def _submit(self, job: Job) -> Future[Outcome]:
        if not isinstance(self.executor, ThreadPoolExecutor):  # elsewhere there is nobody to tell of each stage
            return self.executor.submit(run_department, job)
        # A thread begins without a language: what is told from it is in that of the thread that began the batch.
        return self.executor.submit(copy_context().run, run_department, job, partial(self._stage_done, job))

    def _stage_done(self, job: Job, stage: Stage) -> None:
        self._tell(StageDone(job.department, job.name, stage))

    def _tell(self, event: Event) -> None:
        with self._telling:
            self.on_event(event)


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    failure = Failure(FailureKind.error, type(error).__name__, str(error)[:1000], "")
    return Outcome(job.department, job.name, failure)


def _processors() -> int:
    # Those that this process may use, which in a container are fewer than there are.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
