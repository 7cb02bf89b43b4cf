"""A small workbook for tests that tell the method's stories: a store, actuals, and books that look at them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import Phased, phase
from kpinb.decompose.records import Target
from kpinb.facts import open_facts
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.records import Record
from kpinb.store import create_store
from kpinb.track.pace import Standing, pace

LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)
MADE_ON = datetime(2026, 1, 5, 9, tzinfo=UTC)

MONTHS_2025 = [80, 60, 90, 70, 80, 100, 80, 90, 100, 80, 80, 90]
"""Revenue of 2025: 1000 in all."""


def year_of(months: Sequence[object], year: int = 2026, *, start: int = 1) -> dict[Period, Any]:
    """Give months from the start of a fiscal year on: numbers become Decimal, None stays missing."""
    first = Period.parse(f"{year}", fiscal_start=start).months[0]
    return {first.shift(n): None if v is None else Decimal(str(v)) for n, v in enumerate(months)}


def actuals(*years: dict[Period, Any], bases: dict[Period, Any] | None = None) -> Actuals:
    values: dict[Period, Any] = {}
    for months in years:
        values |= months
    return Actuals(values, bases or {})


def target(period: str, identifier: str = "", **fields: object) -> Target:
    values = {"id": identifier or f"t-{period.lower()}", "indicator": "revenue", "period": period, **fields}
    return Target.build(values)


def indicator(identifier: str = "revenue", **fields: object) -> Indicator:
    return Indicator.build({"id": identifier, "name": identifier, **fields})


def spread(
    targets: Iterable[Target], past: Actuals, how: Adding = Adding.total, *, start: int = 1, weighted: bool = False
) -> Phased:
    return phase(list(targets), Period.parse("2026", fiscal_start=start), how, past, weighted=weighted)


def months_of(phased: Phased, column: str = "target") -> list[Any]:
    return phased.frame[column].tolist()


def stand(one: Indicator, targets: Iterable[Target], past: Actuals, upto: str, *, start: int = 1) -> Standing:
    """Say how an indicator stands when the year's months up to one are over."""
    phased = spread(targets, past, one.over_time, start=start, weighted=bool(one.base))
    last = Period.parse(upto, fiscal_start=start)
    months = last.fiscal_year.months_to_date(last)
    return Standing(
        one,
        pace(past, phased.frame, one.measure, months[-1:]),
        pace(past, phased.frame, one.measure, months),
        past,
        phased,
    )


class Workbook:
    """A folder with a store, parameters and actuals.

    Parameters
    ----------
    root : Path
        An empty folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("notebooks", "params"):
            (root / folder).mkdir()
        self.store = create_store(f"sqlite:///{root / 'var' / 'kpinb.sqlite'}")

    def save(self, department: str, *records: Record, at: datetime = MADE_ON) -> None:
        for record in records:
            self.store.save(department, record, author="analyst", at=at)

    def write_actuals(self, department: str, **series: dict[Period, Any]) -> str:
        """Write a file of actuals, an empty cell for what is missing; give its path from the root."""
        lines = [
            f"{month},{name},{'' if value is None else value}"
            for name, months in series.items()
            for month, value in months.items()
        ]
        path = self.root / f"{department}.csv"
        path.write_text("\n".join(["month,indicator,value", *lines, ""]), encoding="utf-8")
        return path.name

    def department(self, identifier: str, name: str, facts: str) -> None:
        """Write a department's parameters."""
        text = f"department: {identifier}\ndepartment_name: {name}\nfacts: {facts}\n"
        (self.root / "params" / f"{identifier}.yaml").write_text(text, encoding="utf-8")

    def book(
        self,
        department: str = "sales",
        period: str = "2026-10",
        *,
        name: str = "",
        facts: str = "",
        on: datetime = LONG_AFTER,
        as_of: datetime | None = None,
        start: int = 1,
    ) -> Book:
        return Book(
            department=department,
            name=name or department,
            period=Period.parse(period, fiscal_start=start),
            store=self.store,
            facts=open_facts(facts, root=self.root, department=department, name=name or department),
            as_of=as_of,
            author="analyst",
            clock=lambda: on,
        )


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def rows_of(comparison: str) -> list[tuple[str, ...]]:
    """Give the rows of two versions side by side in a form: field, the one, the other."""
    return re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', comparison)
