"""Many departments at once: what is told of them, and what an impatient Ctrl-C leaves."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kpinb import language
from kpinb.batch import pool, processes
from kpinb.batch.events import Event
from kpinb.batch.job import Job, Outcome, Stage
from kpinb.batch.pool import Pool
from kpinb.batch.run import Report


def job(department: str) -> Job:
    return Job(department, department.title(), "en", (), None, Path("book"), Path("work"), f"batch:{department}")


def test_what_is_told_while_departments_run_is_in_the_language_of_whoever_began_the_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, bool]] = []

    def run(one: Job, report: Report) -> Outcome:
        report(Stage("10_clarify", 1.0))
        return Outcome(one.department, one.name)

    def on_event(_event: Event) -> None:
        told.append((language.current(), threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(pool, "run_department", run)

    with language.use("zh"), ThreadPoolExecutor(2) as executor:
        Pool(executor, "batch", on_event).run([job("sales"), job("service")], lambda _job, _outcome: None)

    assert told == [("zh", False)] * 2


def test_a_second_batch_on_the_same_pool_finishes_only_its_own_departments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "run_department", lambda one, _report: Outcome(one.department, one.name))
    finished: list[str] = []

    with ThreadPoolExecutor(1) as executor:
        both = Pool(executor, "batch", lambda _event: None)
        for department in ("sales", "company"):
            both.run([job(department)], lambda one, _outcome: finished.append(one.department))

    assert finished == ["sales", "company"]


def test_pressing_ctrl_c_again_and_again_still_ends_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    running, ended = threading.Event(), threading.Event()
    pressed = iter(["once more", "and again"])

    def run(one: Job, _report: Report) -> Outcome:
        running.set()
        assert ended.wait(30)
        return Outcome(one.department, one.name)

    def end(token: str) -> int:
        assert token == "batch"  # noqa: S105  no password
        if next(pressed, None):
            raise KeyboardInterrupt
        ended.set()
        return 1

    def first_press() -> None:
        with pool.running(executor, "batch", lambda _event: None) as begun:
            begun._futures[begun._submit(job("sales"))] = job("sales")
            assert running.wait(30)
            raise KeyboardInterrupt

    monkeypatch.setattr(pool, "run_department", run)
    monkeypatch.setattr(processes, "end", end)
    with ThreadPoolExecutor(1) as executor:
        try:
            with pytest.raises(KeyboardInterrupt):
                first_press()
            assert ended.is_set()
        finally:
            ended.set()  # else a failure here would wait for the thread
