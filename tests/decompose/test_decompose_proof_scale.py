"""The proof over a large frame finds what is broken there, whatever the size of its numbers; nothing else."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
import pandas as pd
import pytest

from kpinb.decompose.proof import Check, prove
from kpinb.errors import BadInput
from kpinb.measure import EXACT

MONTHS = [f"2026-{n:02}" for n in range(1, 13)]
TEAMS, PEOPLE = 40, 12


def company(unit: Decimal = Decimal(1)) -> pd.DataFrame:
    """Give a company's year, each team's year and months, each person's year and months."""
    cells = np.random.default_rng(7).integers(1, 1000, (TEAMS, PEOPLE, len(MONTHS)))
    rows: list[tuple[object, ...]] = [("all", "2026", "company", "all", None, cells.sum())]
    for t in range(TEAMS):
        rows.append((f"t{t}", "2026", "team", f"t{t}", "all", cells[t].sum()))
        rows += [
            (f"t{t}-{month}", month, "team", f"t{t}", f"t{t}", cells[t, :, m].sum())
            for m, month in enumerate(MONTHS)
        ]
    for t, p in product(range(TEAMS), range(PEOPLE)):
        name = f"t{t}-p{p}"
        rows.append((name, "2026", "person", name, f"t{t}", cells[t, p].sum()))
        rows += [
            (f"{name}-{month}", month, "person", name, name, cells[t, p, m]) for m, month in enumerate(MONTHS)
        ]
    frame = pd.DataFrame(rows, columns=["id", "period", "level", "owner", "parent", "value"])
    return frame.assign(value=[EXACT.multiply(unit, int(value)) for value in frame["value"]])


def changed(frame: pd.DataFrame, **by: Decimal) -> pd.DataFrame:
    values = frame["value"].to_numpy(dtype=object, copy=True)
    for identifier, amount in by.items():
        row = frame.index[frame["id"] == identifier.replace("_", "-")][0]
        values[row] = EXACT.add(values[row], amount)
    return frame.assign(value=values)


SIZES = pytest.mark.parametrize(
    "unit",
    [
        Decimal(1),
        Decimal("0.01"),
        # Too large or too fine for 64 bits: their sum would wrap around to another number.
        Decimal(10) ** 15,
        Decimal("1E-9") + Decimal(10) ** 14,
        Decimal("0.00000000000000000000000000000001"),
    ],
)


@SIZES
def test_thousands_of_targets_that_hold_hold_whatever_their_size(unit: Decimal) -> None:
    assert prove(company(unit)) == []


@SIZES
def test_of_thousands_exactly_those_that_are_broken_are_named(unit: Decimal) -> None:
    wrong = {"t3_p5_2026_07": unit, "t17": -unit, "t20_2026_01": 3 * unit, "all": 100 * unit}
    found = prove(changed(company(unit), **wrong))
    assert {fault.target for fault in found} == {"t3-p5-2026-07", "t17", "t20-2026-01", "all"}
    assert {fault.check for fault in found} == {Check.total}
    leaf = next(fault for fault in found if fault.target == "t3-p5-2026-07")
    assert leaf.found is not None
    assert leaf.expected == EXACT.subtract(leaf.found, unit)


def test_the_smallest_unit_counts_beside_the_largest_number() -> None:
    frame = pd.DataFrame(
        {
            "id": ["year", "h1", "h2"],
            "period": ["2026", "2026-H1", "2026-H2"],
            "parent": [None, "year", "year"],
            "value": [Decimal("1000000000000000.000000001"), Decimal(10) ** 15, Decimal("0.000000002")],
        }
    )
    (fault,) = prove(frame)
    assert fault.found == Decimal("1000000000000000.000000002")
    assert "1,000,000,000,000,000.000000002" in fault.sentence


def test_whole_numbers_need_no_decimals() -> None:
    whole = company()
    assert prove(whole.assign(value=[int(v) for v in whole["value"]])) == []
    assert prove(whole.assign(value=[float(v) for v in whole["value"]])) == []


@pytest.mark.parametrize("value", [Decimal("Infinity"), Decimal("1E+999999"), Decimal("1E-999999"), float("inf")])
def test_a_number_that_is_none_is_refused_before_it_costs_anything(value: object) -> None:
    frame = pd.DataFrame(
        {"id": ["a", "b"], "period": ["2026", "2025"], "value": pd.Series([value, 1], dtype=object)}
    )
    with pytest.raises(BadInput, match="cannot be added up"):
        prove(frame)


def test_a_thousand_targets_without_an_owner_or_a_task_are_one_fault_each() -> None:
    frame = company().assign(owner="")
    owner, carried = prove(frame.assign(level="person"), [])
    assert len(owner.others) == len(frame) - 1
    assert len(carried.others) == (TEAMS * PEOPLE + TEAMS) * len(MONTHS) - 1
    assert len(owner.sentence) < 400


def test_a_thousand_targets_in_a_circle_are_one_fault() -> None:
    ids = [f"t{n}" for n in range(1000)]
    frame = pd.DataFrame({"id": ids, "period": "2026", "parent": [*ids[1:], ids[0]], "value": 1})
    (fault,) = prove(frame)
    assert (fault.check, len(fault.others)) == (Check.parent, 999)
    assert len(fault.sentence) < 400
