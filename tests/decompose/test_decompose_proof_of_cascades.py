"""What the cascade divides, the proof finds nothing in; what it finds elsewhere, slow sums find too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stories import indicator, target

from kpinb.decompose import Tier, cascade_ratio, cascade_tiers, cascade_tree
from kpinb.decompose.proof import Check, prove
from kpinb.decompose.records import Rule, Target
from kpinb.errors import BadInput
from kpinb.measure import rounded, share_out
from kpinb.period import Period, PeriodKind

YEAR = Period.parse("2026", fiscal_start=4)
MONTHS = [str(month) for month in YEAR.months]
QUARTERS = [f"2026-Q{n}" for n in (1, 2, 3, 4)]
LEVELS = ["company", "team", "person", "person"]

Amount = st.decimals(-(10**14), 10**14, places=2)
Unit = st.sampled_from([None, Decimal(1), Decimal(10000), Decimal("0.01"), Decimal(3)])


def mine(period: str, identifier: str, **fields: Any) -> Target:
    return target(period, identifier, **{"owner": f"who carries {identifier}", **fields})


def as_targets(frame: pd.DataFrame) -> pd.DataFrame:
    """Write what `cascade_tree` gives as targets: teams, their people, and the months of each."""
    names = frame[["team", "person", "month"]].agg("/".join, axis=1)
    above = [
        "/".join([*row[: depth - 1], *[""] * (4 - depth)]) if depth else None
        for depth, *row in frame[["depth", "team", "person", "month"]].itertuples(index=False)
    ]
    return pd.DataFrame(
        {
            "id": names,
            "period": [month or "2026" for month in frame["month"]],
            "level": [LEVELS[depth] for depth in frame["depth"]],
            "owner": frame[["team", "person"]].agg("/".join, axis=1),
            "parent": above,
            "value": frame["value"],
            "held": frame["held"],
        }
    )


@settings(deadline=None)
@given(total=Amount, unit=Unit, teams=st.lists(st.integers(1, 4), min_size=1, max_size=4), data=st.data())
def test_a_hierarchy_that_was_divided_holds(
    total: Decimal, unit: Decimal | None, teams: list[int], data: st.DataObject
) -> None:
    rows = [
        # People of one name in every team.
        {"team": f"{n}组", "person": f"<b>{p}</b>", "month": month}
        for n, people in enumerate(teams)
        for p in range(people)
        for month in MONTHS
    ]
    leaves = pd.DataFrame(rows)
    weight = st.integers(0, 1000).map(Decimal)
    season = {month: data.draw(weight) for month in MONTHS}
    assume(any(season.values()))
    held = leaves.sample(data.draw(st.integers(0, 3)), random_state=1)
    holds = held.assign(value=[data.draw(st.decimals(-100, 100, places=3)) for _row in range(len(held))])
    rules: dict[str, Any] = {"team": Rule.even, "person": Rule.even, "month": season}
    try:
        frame = cascade_tree(total, leaves, rules, holds=holds, unit=unit)
    except BadInput:
        assume(False)  # noqa: FBT003 - what is held does not fit
    assert prove(as_targets(frame), fiscal_start=4) == []


@settings(deadline=None)
@given(
    totals=st.lists(st.decimals(0, 10**9, places=2), min_size=3, max_size=3, unique=True),
    weights=st.lists(st.integers(0, 100), min_size=1, max_size=6),
    falling=st.booleans(),
    unit=Unit,
)
def test_tiers_that_were_divided_hold(
    totals: list[Decimal], weights: list[int], unit: Decimal | None, *, falling: bool
) -> None:
    assume(any(weights))
    first, second, third = sorted(totals, reverse=falling)
    direction = indicator(direction="at_most" if falling else "at_least")
    frame = cascade_tiers(
        {Tier.target: first, Tier.stretch: second, Tier.challenge: third},
        {f"t{n}": weight for n, weight in enumerate(weights)},
        direction=direction.direction,
        unit=unit,
    )
    whole = mine("2026", "year", value=first, stretch=second, challenge=third)
    parts = [
        mine(
            "2026",
            row["member"],
            level="team",
            parent="year",
            value=row["target"],
            stretch=row["stretch"],
            challenge=row["challenge"],
        )
        for row in frame.to_dict("records")
    ]
    assert prove([whole, *parts], indicators=[direction]) == []


@settings(deadline=None)
@given(
    ratio=st.decimals(0, 1, places=4),
    bases=st.lists(st.integers(0, 10**6), min_size=1, max_size=6),
    held=st.none() | st.decimals(0, 1, places=4),
)
def test_a_ratio_that_was_divided_by_its_bases_holds(
    ratio: Decimal, bases: list[int], held: Decimal | None
) -> None:
    rate = indicator(over_time="ratio", over_teams="ratio", base="tickets", unit="%")
    try:
        frame = cascade_ratio(
            ratio,
            {f"t{n}": base for n, base in enumerate(bases)},
            holds=None if held is None else {"t0": held},
            highest=1,
        )
    except BadInput:
        assume(False)  # noqa: FBT003 - no base at all, or what is held does not fit
    parts = [
        mine("2026", row["member"], level="team", parent="year", value=rounded(row["value"], 9))
        for row in frame.to_dict("records")
        if row["base"]
    ]
    assert prove([mine("2026", "year", value=ratio), *parts], indicators=[rate]) == []


@settings(deadline=None)
@given(points=st.decimals(-1, 10, places=4), weights=st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_points_of_one_growth_that_were_divided_hold(points: Decimal, weights: list[int]) -> None:
    assume(any(weights))
    parts = share_out(points, [Decimal(weight) for weight in weights], unit=Decimal("0.0001"))
    quarters = [
        mine(period, f"q{n}", parent="year", points=part)
        for n, (period, part) in enumerate(zip(QUARTERS, parts, strict=True))
    ]
    assert prove([mine("2026", "year", points=points), *quarters]) == []


@st.composite
def trees(draw: st.DrawFn) -> list[Target]:
    """Give a year divided by time or people, its parts again, with numbers that need not fit."""
    small = st.integers(-3, 3).map(Decimal)
    targets = [mine("2026", "r", value=draw(small))]
    waiting = list(targets)
    while waiting and len(targets) < 30:
        whole = waiting.pop(0)
        period = Period.parse(whole.period)
        parts = []
        if period.kind is not PeriodKind.month and draw(st.booleans()):
            shorter = list(PeriodKind)[list(PeriodKind).index(period.kind) + 1 : -1]
            kind = draw(st.sampled_from(shorter))
            parts = [(str(p), whole.level, whole.owner) for p in period.children(kind)]
        elif whole.level.value != "person" and draw(st.booleans()):
            names = range(draw(st.integers(1, 3)))
            parts = [(whole.period, "person", f"{whole.id}/{n}") for n in names]
        made = [
            mine(at, f"{whole.id}-{n}", level=level, owner=owner, parent=whole.id, value=draw(small))
            for n, (at, level, owner) in enumerate(parts)
        ]
        targets += made
        waiting += made
    return targets


def differences(targets: list[Target]) -> set[str]:
    """Add up each target's parts one by one; give those that do not come to it."""
    found = set()
    for whole in targets:
        values = [part.value for part in targets if part.parent == whole.id]
        if values and sum(value for value in values if value is not None) != whole.value:
            found.add(whole.id)
    return found


@settings(deadline=None)
@given(targets=trees())
def test_every_sum_that_does_not_fit_is_in_a_fault_and_every_fault_is_about_one(targets: list[Target]) -> None:
    wrong = differences(targets)
    faults = prove(targets)
    assert {fault.check for fault in faults} <= {Check.total}
    about = [{fault.target, *fault.others} for fault in faults]
    assert wrong <= set().union(*about)
    for fault, those in zip(faults, about, strict=True):
        assert fault.expected != fault.found
        assert those & wrong
