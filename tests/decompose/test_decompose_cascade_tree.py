"""A target down time and organisation: every node and leaf, holds deep in the tree, and where they do not fit."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import product
from typing import Any

import pandas as pd
import pytest

from kpinb.decompose.dividing.cascade import cascade_tree
from kpinb.decompose.dividing.holds import HoldsTooLarge, HoldsTooSmall
from kpinb.decompose.dividing.rules import by_weights, even
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.measure import EXACT
from kpinb.period import Period

DEPARTMENTS = {"销售部": D(60), "产品部": D(30), "市场部": D(10)}
QUARTERS = {"2026-Q1": D(3000), "2026-Q2": D(3100), "2026-Q3": D(3000), "2026-Q4": D(2900)}
"""10,000 last year, 2,500 a quarter, and 5, 6, 5 and 4 points of the year added to them."""


def grid(**levels: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(list(product(*levels.values())), columns=list(levels), dtype=object)


def held(*rows: tuple[Any, ...], levels: tuple[str, ...] = ("team", "person")) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=[*levels, "value"], dtype=object)


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


def values(frame: pd.DataFrame, depth: int) -> dict[tuple[Any, ...], Any]:
    """Give the values of one depth by the names that lead to them."""
    at = frame[frame["depth"] == depth]
    names = at.iloc[:, :depth].itertuples(index=False, name=None)
    return dict(zip(names, at["value"], strict=True))


TWO_TEAMS = pd.DataFrame(
    [("North", "Ann"), ("North", "Bo"), ("South", "Cy"), ("South", "Di"), ("South", "Ed")],
    columns=["team", "person"],
)
TEAMS = {"North": 40, "South": 60}
RULES = {"team": TEAMS, "person": Rule.even}


def test_the_methods_revenue_goes_from_the_company_to_the_sales_people() -> None:
    quarters = {quarter: [str(m) for m in Period.parse(quarter).months] for quarter in QUARTERS}
    leaves = pd.DataFrame(
        [
            (department, quarter, month, person)
            for department in DEPARTMENTS
            for quarter, months in quarters.items()
            for month in months
            for person in (["销售代表A", "销售代表B", "销售代表C"] if department == "销售部" else [""])
        ],
        columns=["department", "quarter", "month", "person"],
    )
    rules = {"department": DEPARTMENTS, "quarter": QUARTERS, "month": Rule.even, "person": Rule.even}

    frame = cascade_tree(D(12000), leaves, rules, unit=D("0.01"))

    assert rows(frame.head(7)) == [
        ("", "", "", "", 0, False, D(12000)),
        ("销售部", "", "", "", 1, False, D(7200)),
        ("销售部", "2026-Q1", "", "", 2, False, D(1800)),
        ("销售部", "2026-Q1", "2026-01", "", 3, False, D(600)),
        ("销售部", "2026-Q1", "2026-01", "销售代表A", 4, False, D(200)),
        ("销售部", "2026-Q1", "2026-01", "销售代表B", 4, False, D(200)),
        ("销售部", "2026-Q1", "2026-01", "销售代表C", 4, False, D(200)),
    ]
    assert values(frame, 1) == {("销售部",): 7200, ("产品部",): 3600, ("市场部",): 1200}
    assert values(frame, 2)["市场部", "2026-Q2"] == 310
    assert len(frame) == 1 + 3 + 12 + 36 + 36
    assert sum(values(frame, 3).values()) == 12000
    assert frame.attrs["method"].startswith(
        "department: Divided in proportion to the weights given. quarter: Divided"
    )
    assert "month: Every part gets the same." in frame.attrs["method"]


def test_every_node_is_followed_by_its_parts_in_the_order_of_the_leaves() -> None:
    assert rows(cascade_tree(D(101), TWO_TEAMS, RULES, unit=1)) == [
        ("", "", 0, False, 101),
        ("North", "", 1, False, 40),
        ("North", "Ann", 2, False, 20),
        ("North", "Bo", 2, False, 20),
        ("South", "", 1, False, 61),
        ("South", "Cy", 2, False, 21),
        ("South", "Di", 2, False, 20),
        ("South", "Ed", 2, False, 20),
    ]


def test_a_hold_deep_in_the_tree_is_met_by_its_siblings() -> None:
    frame = cascade_tree(D(100), TWO_TEAMS, RULES, holds=held(("South", "Di", D("33.3"))), unit=1)
    assert rows(frame) == [
        ("", "", 0, False, 100),
        ("North", "", 1, False, 40),
        ("North", "Ann", 2, False, 20),
        ("North", "Bo", 2, False, 20),
        ("South", "", 1, False, 60),
        ("South", "Cy", 2, False, D("13.7")),
        ("South", "Di", 2, True, D("33.3")),
        ("South", "Ed", 2, False, 13),
    ]


def test_a_held_team_keeps_its_value_and_shares_it_among_its_people() -> None:
    frame = cascade_tree(D(100), TWO_TEAMS, RULES, holds=held(("North", "", D(10))), unit=1)
    assert values(frame, 1) == {("North",): 10, ("South",): 90}
    assert values(frame, 2)["North", "Bo"] == 5
    assert frame["held"].tolist() == [False, True, *[False] * 6]


def test_a_team_all_of_whose_people_are_held_is_held_at_their_sum() -> None:
    holds = held(("North", "Bo", D(7)), ("North", "Ann", D(5)))
    frame = cascade_tree(D(100), TWO_TEAMS, RULES, holds=holds, unit=1)
    assert values(frame, 1) == {("North",): 12, ("South",): 88}
    assert frame["held"].tolist()[:4] == [False, True, True, True]


def test_a_missing_total_leaves_only_what_is_held() -> None:
    holds = held(("North", "Bo", D(7)), ("North", "Ann", D(5)), ("South", "Ed", D(1)))
    frame = cascade_tree(None, TWO_TEAMS, RULES, holds=holds)
    assert frame["value"].tolist() == [None, 12, 5, 7, None, None, None, 1]
    assert frame.attrs["method"].endswith("The total is missing, so nothing was divided.")


def test_a_loss_is_divided_as_a_profit_would_be() -> None:
    gain = cascade_tree(D(101), TWO_TEAMS, RULES, holds=held(("South", "Di", D(3))), unit=1)
    loss = cascade_tree(D(-101), TWO_TEAMS, RULES, holds=held(("South", "Di", D(-3))), unit=1)
    assert loss["value"].tolist() == [-value for value in gain["value"]]


@pytest.mark.parametrize(
    ("holds", "error", "by", "message"),
    [
        (
            held(("South", "Di", D(70))),
            HoldsTooLarge,
            10,
            "What is held within “South” comes to 70, which is 10 beyond its 60: change or release one of the "
            "held values, or hold “South” itself at what it needs.",
        ),
        (
            held(("North", "", D(80)), ("South", "", D("20.5"))),
            HoldsTooLarge,
            D("0.5"),
            "The held values come to 100.5, which is 0.5 beyond the total of 100: change or release one of them.",
        ),
        (
            held(("North", "", D(30)), ("North", "Ann", D(10)), ("North", "Bo", D(10))),
            HoldsTooSmall,
            10,
            "What is held within “North” comes to 20, which leaves 10 of its 30 to parts that have no weight: "
            "change or release one of the held values, or give one of those parts a weight.",
        ),
        (
            held(("North", "", D(30)), ("South", "", D(30))),
            HoldsTooSmall,
            40,
            "The held values come to 60, which leaves 40 of the total of 100 to parts that have no weight: change "
            "or release one of them.",
        ),
    ],
)
def test_holds_that_do_not_fit_are_refused_saying_where_and_by_how_much(
    holds: pd.DataFrame, error: type[HoldsTooLarge | HoldsTooSmall], by: Any, message: str
) -> None:
    with pytest.raises(error) as refused:
        cascade_tree(D(100), TWO_TEAMS, RULES, holds=holds, unit=1)
    assert str(refused.value) == message
    assert (refused.value.over if isinstance(refused.value, HoldsTooLarge) else refused.value.short) == by


def test_a_weight_may_depend_on_what_stands_above() -> None:
    weights = pd.DataFrame(
        [("South", "Ed", 1), ("North", "Ann", 3), ("North", "Bo", 1), ("South", "Cy", 0), ("South", "Di", 1)],
        columns=["team", "person", "weight"],
    )
    frame = cascade_tree(D(100), TWO_TEAMS, {"team": TEAMS, "person": weights}, unit=1)
    assert values(frame, 2) == {
        ("North", "Ann"): 30,
        ("North", "Bo"): 10,
        ("South", "Cy"): 0,
        ("South", "Di"): 30,
        ("South", "Ed"): 30,
    }


def test_a_weight_may_depend_on_one_level_above_and_not_on_another() -> None:
    leaves = grid(team=["a", "b"], person=["x", "y"], month=[1, 2])
    season = pd.DataFrame(
        [("a", 1, 1), ("a", 2, 3), ("b", 1, 1), ("b", 2, 1)], columns=["team", "month", "weight"]
    )
    frame = cascade_tree(D(80), leaves, {"team": Rule.even, "person": Rule.even, "month": season}, unit=1)
    assert list(values(frame, 3).values()) == [5, 15, 5, 15, 10, 10, 10, 10]


def test_a_node_without_a_target_needs_no_weights_below_it() -> None:
    weights = pd.DataFrame(
        [("North", "Ann", 0), ("North", "Bo", 0), ("South", "Cy", 1), ("South", "Di", 1), ("South", "Ed", 1)],
        columns=["team", "person", "weight"],
    )
    rules = {"team": {"North": 0, "South": 1}, "person": weights}
    assert values(cascade_tree(D(9), TWO_TEAMS, rules, unit=1), 2)["North", "Ann"] == 0
    with pytest.raises(HoldsTooSmall, match=r"What is held within “North” comes to 0, which leaves 4 of its 4"):
        cascade_tree(D(10), TWO_TEAMS, {**rules, "team": TEAMS}, unit=1)


def test_levels_may_be_periods_and_leaves_may_end_above_the_last_level() -> None:
    months = Period.parse("2026-Q1").months
    leaves = pd.DataFrame(
        [*(("Sales", month) for month in months), ("Legal", None)], columns=["team", "month"], dtype=object
    )
    frame = cascade_tree(D(40), leaves, {"team": {"Sales": 3, "Legal": 1}, "month": even(months)}, unit=1)
    assert rows(frame) == [
        ("", "", 0, False, 40),
        ("Sales", "", 1, False, 30),
        *(("Sales", month, 2, False, 10) for month in months),
        ("Legal", "", 1, False, 10),
    ]


def test_the_same_name_in_two_teams_is_two_people() -> None:
    leaves = grid(team=["North", "South"], person=["Ann", "Bo"])
    frame = cascade_tree(D(100), leaves, RULES, holds=held(("South", "Ann", D(50))), unit=1)
    assert list(values(frame, 2).values()) == [20, 20, 50, 10]


def test_of_equals_the_earlier_in_the_rule_gets_the_last_unit_wherever_its_leaf_stands() -> None:
    leaves = pd.DataFrame({"team": ["c", "b", "a"]})
    assert values(cascade_tree(D(10), leaves, {"team": {"b": 1, "a": 1, "c": 1}}, unit=1), 1) == {
        ("c",): 3,
        ("b",): 4,
        ("a",): 3,
    }
    assert values(cascade_tree(D(10), leaves, {"team": Rule.even}, unit=1), 1)["a",] == 4


def test_amounts_beyond_64_bits_are_as_exact() -> None:
    total, least = D("12345678901234567890.123456789012"), D("0.000000000001")
    frame = cascade_tree(total, TWO_TEAMS, RULES, holds=held(("North", "Ann", least)))
    # 28 digits, the usual context, would not hold a sum of these.
    leaves = [int(value.scaleb(12, EXACT)) for value in values(frame, 2).values()]
    assert leaves[0] == 1
    assert sum(leaves) == 12345678901234567890123456789012
    # North's 40 %, to the twelfth place: 4938271560493827156.0493827156048.
    assert sum(leaves[:2]) == 4938271560493827156049382715605


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"leaves": TWO_TEAMS.iloc[:0]}, "no leaves"),
        ({"leaves": pd.concat([TWO_TEAMS, TWO_TEAMS.iloc[:1]])}, "The leaf “North, Ann” occurs twice"),
        (
            {"leaves": pd.DataFrame([("North", "Ann"), ("North", "")], columns=["team", "person"])},
            "“North” is given as a leaf and has parts of its own",
        ),
        ({"leaves": pd.DataFrame([("", "Ann")], columns=["team", "person"])}, "Row 1 has an empty cell above"),
        (
            {"leaves": pd.DataFrame([("North", "Ann"), (None, None)], columns=["team", "person"])},
            "Row 2 of the leaves is empty",
        ),
        ({"leaves": pd.DataFrame([("North", "")], columns=["team", "person"])}, "No leaf has a “person”"),
        ({"leaves": TWO_TEAMS.set_axis(["team", "value"], axis=1)}, "No level can be called “value”"),
        ({"leaves": TWO_TEAMS.set_axis(["team", "team"], axis=1)}, "No level can be called “team”"),
        ({"rules": {"team": TEAMS}}, "Nothing says how the level “person” is divided"),
        ({"rules": {**RULES, "teams": TEAMS}}, "no level “teams”. The closest matches: team"),
        ({"rules": {**RULES, "team": Rule.seasonal}}, "“by seasonality” needs weights"),
        ({"rules": {**RULES, "team": {"North": 1}}}, "“South” has no weight"),
        ({"rules": {**RULES, "team": {**TEAMS, "Soth": 1}}}, "“Soth” is not a team.*closest matches: South"),
        ({"rules": {**RULES, "team": {"North": 1, "South": -1}}}, "The weight of “South” is −1"),
        (
            {"rules": {**RULES, "person": pd.DataFrame({"team": ["North"], "weight": [1]})}},
            "need a column “person” and a column “weight”",
        ),
        (
            {"rules": {**RULES, "team": pd.DataFrame({"team": ["North"], "person": ["Ann"], "weight": [1]})}},
            "cannot depend on “person”",
        ),
        (
            {"rules": {**RULES, "team": pd.DataFrame({"team": ["North", "South", "North"], "weight": [1, 1, 2]})}},
            "“North” has two weights",
        ),
        (
            {"rules": {**RULES, "team": pd.DataFrame({"team": ["North", "South"], "weight": [1, None]})}},
            "“South” has no weight",
        ),
        (
            {
                "rules": {
                    **RULES,
                    "person": pd.DataFrame(
                        [*((*row, 1) for row in rows(TWO_TEAMS)), ("North", "Ed", 1)],
                        columns=["team", "person", "weight"],
                    ),
                }
            },
            "“North, Ed” has a weight, but is not in the hierarchy",
        ),
        ({"holds": held(("North", "An", D(1)))}, "“An” is not a person.*closest matches: Ann"),
        ({"holds": held(("North", "Ed", D(1)))}, "“North, Ed” is held, but is not in the hierarchy"),
        ({"holds": held(("North", "Ann", D(1)), ("North", "Ann", D(1)))}, "“North, Ann” is held twice"),
        ({"holds": held(("North", "Ann", None))}, "“North, Ann” is held without a value"),
        ({"holds": held(("", "", D(1)))}, "Row 1 of the held values names nobody"),
        ({"holds": held(("", "Ann", D(1)))}, "Row 1 has an empty cell above"),
        ({"holds": pd.DataFrame({"team": ["North"], "value": [1]})}, "need a column “person”"),
        ({"unit": -1}, "units of -1"),
        ({"total": D("NaN")}, "The value of “Total” is NaN"),
    ],
)
def test_what_cannot_be_divided_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    arguments = {"total": D(100), "leaves": TWO_TEAMS, "rules": RULES, **change}
    with pytest.raises(BadInput, match=message):
        cascade_tree(arguments.pop("total"), arguments.pop("leaves"), arguments.pop("rules"), **arguments)


def test_a_split_and_plain_weights_divide_alike() -> None:
    plain = cascade_tree(D(100), TWO_TEAMS, RULES, unit=1)
    split = cascade_tree(D(100), TWO_TEAMS, {**RULES, "team": by_weights(TEAMS)}, unit=1)
    assert rows(plain) == rows(split)
