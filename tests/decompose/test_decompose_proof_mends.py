"""What the proof says would mend a fault mends it: typed where it says, nothing is found any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from stories import MONTHS_2025, actuals, indicator, target, year_of

from kpinb.decompose.proof import Check, Inconsistency, prove
from kpinb.decompose.records import FunnelStage, Target, Task

QUARTERS = [f"2026-Q{n}" for n in (1, 2, 3, 4)]
PAST = {"revenue": actuals(year_of(MONTHS_2025, 2025))}


@dataclass
class Plan:
    """What is proved, by id, so that what a mend says can be typed into it."""

    targets: dict[str, Target]
    tasks: dict[str, Task] = field(default_factory=dict)
    stages: dict[str, FunnelStage] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)

    def prove(self) -> list[Inconsistency]:
        tasks = list(self.tasks.values()) if self.tasks else None
        return prove(list(self.targets.values()), tasks, funnel=list(self.stages.values()), **self.known)

    def type(self, identifier: str, **values: object) -> None:
        for records in (self.targets, self.tasks, self.stages):
            if identifier in records:
                records[identifier] = type(records[identifier]).build({**dict(records[identifier]), **values})

    def add(self, *targets: Target) -> None:
        self.targets |= {one.id: one for one in targets}


Edit = Callable[[Plan, Decimal], None]


def mine(period: str, identifier: str, **fields: object) -> Target:
    return target(period, identifier, **{"owner": f"who carries {identifier}", **fields})


def plan(*records: Target | Task | FunnelStage, **known: object) -> Plan:
    def of(kind: type[Any]) -> dict[str, Any]:
        return {one.id: one for one in records if isinstance(one, kind)}

    return Plan(of(Target), of(Task), of(FunnelStage), known)


def parts(values: Iterable[object], parent: str = "year", name: str = "value", **fields: object) -> list[Target]:
    return [
        mine(period, f"q{n}", parent=parent, **{name: value}, **fields)
        for n, (period, value) in enumerate(zip(QUARTERS, values, strict=False), start=1)
    ]


def people(*values: object, period: str = "2026", **fields: object) -> list[Target]:
    return [
        mine(period, name, level="person", parent="year", value=value, **fields)
        for name, value in zip("abc", values, strict=False)
    ]


def task(identifier: str, serves: str = "year", **fields: object) -> Task:
    return Task.build({"id": identifier, "name": identifier, "target": serves, **fields})


def stage(position: int, per_week: str, **fields: object) -> FunnelStage:
    body = {"id": f"s{position}", "funnel": "f", "position": position, "name": f"stage {position}"}
    return FunnelStage.build({**body, "per_week": per_week, **fields})


def into(identifier: str, name: str, **others: object) -> Edit:
    return lambda at, number: at.type(identifier, **{name: number}, **others)


def into_parts(name: str) -> Edit:
    def edit(at: Plan, number: Decimal) -> None:
        for one in list(at.targets.values()):
            if one.parent:
                at.type(one.id, **{name: number})

    return edit


def for_quarters(*numbers: int, name: str = "value", **fields: object) -> Edit:
    def edit(at: Plan, number: Decimal) -> None:
        at.add(*(mine(QUARTERS[n - 1], f"new{n}", parent="year", **{name: number}, **fields) for n in numbers))

    return edit


def as_committed(at: Plan, number: Decimal) -> None:
    at.type("year", value=number)
    for name in "ab":
        at.type(name, value=at.targets[name].committed)


BEFORE = {"basis": "period_before"}
YEAR = mine("2026", "year", growth="0.2")
GROWTHS = [mine("2026", "year", growth="0.2"), *parts(["0.05"] * 4, name="growth", **BEFORE)]
WEEKLY = {"level": "person", "every": "week"}
STOCK = indicator(over_time="last")
MEAN = indicator(over_time="mean", over_teams="mean")
SHARED = [
    mine("2026", "year", level="company", value="1200000"),
    mine("2026", "a", parent="year", share="0.6", value="7001"),
    mine("2026", "b", parent="year", share="0.4", value="1192999"),
]

# Each with what is typed for each number that the mend names, in its order.
CASES: dict[str, tuple[Check, Plan, list[Edit]]] = {
    "a sum": (Check.total, plan(mine("2026", "year", value="1200"), *parts(["290"] * 4)), [into("year", "value")]),
    "a sum of a growth": (
        Check.total,
        plan(YEAR, *parts(["290"] * 4), history=PAST),
        [into("year", "value", growth=None)],
    ),
    "a sum of every week": (
        Check.total,
        plan(mine("2026-Q1", "year", value="10", every="week"), *people("4", "5", period="2026-Q1", every="week")),
        [into("year", "value")],
    ),
    "the upper end of a range": (
        Check.total,
        plan(
            mine("2026", "year", value="100", upper="120"),
            *parts(["25"] * 4, upper="28"),
            indicators=[indicator(direction="between")],
        ),
        [into("year", "upper")],
    ),
    "a number between its parts and its whole": (
        Check.total,
        plan(
            mine("2026", "year", value="100"),
            mine("2026-H1", "h1", parent="year", value="60"),
            mine("2026-H2", "h2", parent="year", value="50"),
            mine("2026-Q1", "q1", parent="h1", value="25"),
            mine("2026-Q2", "q2", parent="h1", value="25"),
        ),
        [into("h1", "value")],
    ),
    "a part of two sums": (
        Check.total,
        plan(
            mine("2026", "year", level="company", value="40"),
            *parts(["10"] * 4, level="company"),
            mine("2026", "team", level="team", owner="o", value="40", parent="year"),
            *[
                mine(period, f"t{n}", level="team", owner="o", parent="team", value="11" if n == 1 else "10")
                for n, period in enumerate(QUARTERS, start=1)
            ],
        ),
        [into("t1", "value")],
    ),
    "points": (
        Check.total,
        plan(YEAR, *parts(["0.05", "0.06", "0.04", "0.04"], name="points")),
        [into("year", "growth")],
    ),
    "what is left": (
        Check.left,
        plan(mine("2026", "year", value="1200"), *parts(["290"] * 3)),
        [for_quarters(4)],
    ),
    "what is left of points": (
        Check.left,
        plan(YEAR, *parts(["0.05", "0.06", "0.05"], name="points")),
        [for_quarters(4, name="points")],
    ),
    "what is left of a growth": (
        Check.left,
        plan(YEAR, *parts(["0.05", "0.06"], name="growth", **BEFORE)),
        [for_quarters(3, 4, name="growth", **BEFORE)],
    ),
    "quarters that compound": (Check.growth, plan(*GROWTHS), [into_parts("growth")]),
    "months that compound": (
        Check.growth,
        plan(YEAR, mine("2026", "monthly", growth="0.017", every="month", parent="year", **BEFORE)),
        [into("monthly", "growth")],
    ),
    "points every month": (
        Check.total,
        plan(YEAR, mine("2026", "monthly", points="0.01", every="month", parent="year")),
        [into("monthly", "points")],
    ),
    "so many every week": (
        Check.total,
        plan(mine("2026", "year", value="416"), mine("2026", "weekly", value="7", every="week", parent="year")),
        [into("weekly", "value")],
    ),
    "a growth beyond that of its parts": (
        Check.growth,
        plan(YEAR, *parts(["0.05", "0.1", "0.05", "0.05"], name="growth")),
        [into("year", "growth")],
    ),
    "a value beside its growth": (
        Check.growth,
        plan(mine("2026", "year", value="1317", growth="0.2"), history=PAST),
        [into("year", "growth")],
    ),
    "a level": (
        Check.last,
        plan(mine("2026", "year", value="500"), *parts(["1", "2", "3", "480"]), indicators=[STOCK]),
        [into("q4", "value")],
    ),
    "a mean": (
        Check.mean,
        plan(mine("2026", "year", value="5"), *parts(["1", "2", "3", "4"]), indicators=[MEAN]),
        [into("year", "value")],
    ),
    "shares": (
        Check.shares,
        plan(
            mine("2026", "year", value="100"),
            *[
                mine("2026", n, level="team", parent="year", share=share, points="0")
                for n, share in zip("ab", ["0.6", "0.3"], strict=True)
            ],
        ),
        [into("b", "share")],
    ),
    "a share and its value": (
        Check.share,
        plan(
            mine("2026", "x", level="team", parent="c", share="0.333333333", value="0.2"),
            above=[mine("2026", "c", level="company", value="0.333333333")],
        ),
        [into("x", "value"), into("x", "share")],
    ),
    "a small share of much": (
        Check.share,
        plan(SHARED[1], above=[SHARED[0]]),
        [into("a", "value"), into("a", "share")],
    ),
    "tiers": (
        Check.tiers,
        plan(mine("2026", "year", value="100", stretch="90")),
        [into("year", "stretch")],
    ),
    "a commitment": (
        Check.commitment,
        plan(mine("2026", "year", value="5", every="week", committed="4")),
        [into("year", "committed"), into("year", "value")],
    ),
    "what the parts commit to": (
        Check.commitment,
        plan(
            mine("2026-Q1", "year", value="10", every="week"),
            mine("2026-Q1", "a", parent="year", value="5", committed="4", **WEEKLY),
            mine("2026-Q1", "b", parent="year", value="5", committed="5", **WEEKLY),
        ),
        [as_committed],
    ),
    "a task that brings too little": (
        Check.brings,
        plan(mine("2026-10", "year", value="20"), task("t", brings="2", every="week")),
        [into("t", "brings"), into("year", "value")],
    ),
    "tasks that bring too little every week": (
        Check.brings,
        plan(
            mine("2026-Q4", "year", value="5", every="week"),
            task("t", brings="2", every="week"),
            task("u", brings="3"),
        ),
        [into("year", "value")],
    ),
    "a task beside its funnel": (
        Check.rate,
        plan(
            mine("2026", "year", value="2"),
            task("t", takes="5", brings="2"),
            stage(1, "30"),
            stage(2, "8", indicator="revenue"),
        ),
        [into("t", "takes")],
    ),
    "a small task beside its funnel": (
        Check.rate,
        plan(
            mine("2026", "year", value="0.01"),
            task("t", takes="0.05", brings="0.01"),
            stage(1, "30"),
            stage(2, "27", indicator="revenue"),
        ),
        [into("t", "takes")],
    ),
    "a rate beside its plan": (
        Check.rate,
        plan(mine("2026", "year", value="1"), stage(1, "30"), stage(2, "10", rate="0.5")),
        [into("s2", "rate"), into("s2", "per_week")],
    ),
    "a plan of more than there is": (
        Check.rate,
        plan(mine("2026", "year", value="1"), stage(1, "30"), stage(2, "50", rate="0.5")),
        [into("s2", "per_week")],
    ),
    "a task that ends too late": (
        Check.dates,
        plan(mine("2026-Q1", "year", value="1"), task("t", end="2026-04-02")),
        [lambda at, _number: at.type("t", end=date(2026, 3, 31))],
    ),
    "a circle": (
        Check.parent,
        plan(mine("2026", "a", parent="b", value="1"), mine("2026", "b", parent="a", value="1")),
        [lambda at, _number: at.type("a", parent=None)],
    ),
    "a part outside": (
        Check.period,
        plan(mine("2026-Q1", "year", value="1"), mine("2026-04", "m", parent="year", points="0")),
        [lambda at, _number: at.type("m", parent=None)],
    ),
    "twins": (
        Check.twins,
        plan(mine("2026", "year", value="1", owner="o"), mine("2026", "b", value="1", owner="o")),
        [lambda at, _number: at.type("b", owner="another")],
    ),
    "nobody": (
        Check.owner,
        plan(target("2026", "year", value="1")),
        [lambda at, _number: at.type("year", owner="o")],
    ),
    "no task": (
        Check.task,
        plan(mine("2026", "year", value="1"), mine("2025", "old", value="1"), task("t", "old")),
        [lambda at, _number: at.tasks.update(u=task("u"))],
    ),
}


def numbers_in(mend: str) -> list[Decimal]:
    """Give what a mend says to type."""
    return [Decimal(text) for text in re.findall(r"(?:[Tt]ype|or|add up to) (-?\d+(?:\.\d+)?)(?= |\.$|$)", mend)]


@pytest.mark.parametrize("name", CASES)
def test_what_a_mend_says_to_type_mends_the_fault_and_brings_no_other(name: str) -> None:
    check, faulty, edits = CASES[name]
    (fault,) = faulty.prove()
    assert fault.check is check
    numbers = numbers_in(fault.mend) or [Decimal(0)]
    assert len(numbers) == len(edits), fault.mend
    for edit, number in zip(edits, numbers, strict=True):
        mended = Plan(dict(faulty.targets), dict(faulty.tasks), dict(faulty.stages), faulty.known)
        edit(mended, number)
        assert [found.sentence for found in mended.prove()] == [], (fault.mend, number)


def test_every_check_is_among_the_mends() -> None:
    assert {check for check, _plan, _edits in CASES.values()} == set(Check)
