"""Forms in the kernel: one value is changed and saved to a real store, and the form shows what stands then."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from benchmarks import Row, interleaved
from kpinb import language, open_book
from kpinb.book import Book
from kpinb.clarify.form import indicator_form
from kpinb.clarify.preview import preview_criterion, preview_indicator
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator
from kpinb.decompose.form import cascade_form, task_grid_form
from kpinb.decompose.records import Target, Task
from kpinb.facts import open_facts
from kpinb.forms import RecordForm
from kpinb.forms.live import bundles
from kpinb.newbook import create
from kpinb.period import Period
from kpinb.store import Entry, create_store

INDICATORS = 50
TASKS = 200
ROUNDS = 15
GOAL = "under 150 ms"


def measure() -> list[Row]:
    """Time a save with its refresh for a record form, the task grid and the cascade, and one cell of the grid.

    In a kernel a panel follows when the typing pauses, so it is timed by itself.
    """
    with _book() as book, _example() as example:
        numbers = count()
        form = RecordForm(book, Indicator, references={"business_goal": BusinessGoal})
        form.picker.value = "indicator-7"
        indicators = indicator_form(example)
        indicators.picker.value = "revenue"
        criterion = next(one for one in example.records(Criterion) if one.id == "conversion-16")
        indicator = next(one for one in example.records(Indicator) if one.id == "revenue")
        tasks = task_grid_form(book)
        cascade = cascade_form(book)

        def save_record() -> None:
            form["owner"].value = f"owner {next(numbers)}"
            form.save_button.click()
            assert "is saved" in form.messages[0], form.messages  # noqa: S101 - a refusal would be fast, too

        async def save_indicator() -> None:
            indicators["owner"].value = f"owner {next(numbers)}"
            indicators.save_button.click()
            assert "is saved" in indicators.messages[0], indicators.messages  # noqa: S101

        def show_indicator() -> None:
            assert len([b for one in preview_indicator(example, indicator) for b in bundles(one)]) > 1  # noqa: S101

        def show_criterion() -> None:
            assert len([b for one in preview_criterion(example, criterion) for b in bundles(one)]) > 1  # noqa: S101

        def type_cell() -> None:
            key = tasks.grid.table["rows"][7]["key"]
            tasks.grid.receive({"do": "put", "cells": [[key, "owner", f"owner {next(numbers)}"]]})

        def save_task() -> None:
            type_cell()
            tasks.save_button.click()
            assert tasks.messages == ["One record is saved."], tasks.messages  # noqa: S101

        def save_cascade() -> None:
            key = cascade.grid.table["rows"][0]["key"]
            value = str(300 + next(numbers) % 100)
            cascade.grid.receive({"do": "put", "cells": [[key, "value", value]]})
            cascade.siblings_button.click()
            cascade.save_button.click()
            assert "saved" in cascade.messages[0], cascade.messages  # noqa: S101

        runs = {
            "a record form, saved": (save_record, f"{INDICATORS} indicators"),
            "the indicator form, saved": (lambda: asyncio.run(save_indicator()), "the worked example"),
            "its panel, with the drivers drawn": (show_indicator, "the worked example"),
            "a criterion's panel, run and drawn": (show_criterion, "the worked example"),
            "the task grid, a cell typed": (type_cell, f"{TASKS} tasks"),
            "the task grid, saved": (save_task, f"{TASKS} tasks"),
            "the cascade, pushed and saved": (save_cascade, "4 quarters"),
        }
        taken = interleaved({name: run for name, (run, _size) in runs.items()}, rounds=ROUNDS)
        return [Row(name, size, taken[name], note=GOAL) for name, (_run, size) in runs.items()]


@contextmanager
def _example() -> Iterator[Book]:
    """Open the sales department of the worked example, actuals included."""
    with tempfile.TemporaryDirectory() as folder, language.use("en"):
        root = create(Path(folder) / "workbook", example=True, language="en", today=date(2026, 11, 3)).folder
        book = open_book(
            "sales", "2026-10", name="Sales", language="en", facts="params/actuals/sales.csv", root=root
        )
        with book.store:
            yield book


@contextmanager
def _book() -> Iterator[Book]:
    with (
        tempfile.TemporaryDirectory() as folder,
        create_store(f"sqlite:///{Path(folder) / 'kpinb.sqlite'}") as store,
    ):
        at = datetime(2026, 1, 5, 9, tzinfo=UTC)
        indicators = [Indicator(id=f"indicator-{n}", name=f"Indicator {n}") for n in range(INDICATORS)]
        targets = [
            Target(id=f"target-{n}", indicator=f"indicator-{n}", period="2026", value=Decimal(1000))
            for n in range(INDICATORS)
        ]
        tasks = [
            Task(
                id=f"task-{n}",
                name=f"Task {n}",
                owner="sales",
                start=date(2026, 1, 5),
                end=date(2026, 12, 18),
                deliverable="minutes",
                target=f"target-{n % INDICATORS}",
            )
            for n in range(TASKS)
        ]
        records = [*indicators, *targets, *tasks]
        store.load([Entry(department="sales", record=record, author="bench", at=at) for record in records])
        yield Book(
            department="sales",
            name="Sales",
            period=Period.parse("2026-10"),
            store=store,
            facts=open_facts("", root=Path(folder), department="sales", name="Sales"),
            author="bench",
        )
