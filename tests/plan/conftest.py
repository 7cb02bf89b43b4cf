"""The satisfaction survey of the method's text: who takes part, its tasks and its two milestones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpinb import language
from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.facts import open_facts
from kpinb.period import Period
from kpinb.plan.records import Assignment, Milestone
from kpinb.records import Record
from kpinb.store import create_store


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with language.use("en"):
        yield


@pytest.fixture
def survey() -> list[Task]:
    return [
        Task(id="design", name="设计问卷", owner="产品部", start=date(2026, 5, 25), end=date(2026, 6, 5)),
        Task(id="collect", name="收集数据", owner="销售部", start=date(2026, 6, 11), end=date(2026, 6, 18)),
    ]


@pytest.fixture
def survey_milestones() -> list[Milestone]:
    return [
        Milestone(id="questions", name="完成问卷设计", due=date(2026, 6, 10), tasks=["design"], buffer_days=5),
        Milestone(id="answers", name="完成数据收集", due=date(2026, 6, 20), tasks=["collect"], buffer_days=3),
    ]


@pytest.fixture
def survey_assignments() -> list[Assignment]:
    parts = {"销售部": ["R"], "产品部": ["C"], "客服部": ["A"], "管理层": ["I"]}
    does = {"产品部": "提供问卷模板"}
    return [
        Assignment.build(
            {"id": f"part-{n}", "task": "collect", "who": who, "roles": roles, "does": does.get(who, "")}
        )
        for n, (who, roles) in enumerate(parts.items())
    ]


@pytest.fixture
def open_on(tmp_path: Path) -> Callable[..., Book]:
    """Open a book on a day, with records of the department and of the company in a real store."""

    def open_it(day: date, *records: Record, company: tuple[Record, ...] = ()) -> Book:
        clock = lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)  # noqa: E731
        store = create_store(f"sqlite:///{tmp_path / 'kpinb.sqlite'}")
        for department, entries in (("sales", records), ("company", company)):
            for record in entries:
                store.save(department, record, author="analyst", at=clock())
        return Book(
            department="sales",
            name="销售部",
            period=Period.month_of(day),
            store=store,
            facts=open_facts("", root=tmp_path, department="sales", name="销售部"),
            author="analyst",
            clock=clock,
        )

    return open_it
