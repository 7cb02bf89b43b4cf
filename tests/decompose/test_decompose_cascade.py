"""One level of a target: what each part gets, what is held, and what cannot be."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pandas as pd
import pytest

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.holds import HoldsTooLarge, HoldsTooSmall
from kpinb.decompose.dividing.push import Onto, push
from kpinb.decompose.dividing.ratio import cascade_ratio
from kpinb.decompose.dividing.rules import by_weights, even
from kpinb.decompose.dividing.tiers import Tier, cascade_tiers
from kpinb.errors import BadInput
from kpinb.measure import Direction, apportion

QUARTER = {"January": 10, "February": 20, "March": 30}

STATES_1790 = {
    "Virginia": (630560, 11, 21),
    "Massachusetts": (475327, 8, 16),
    "Pennsylvania": (432879, 7, 14),
    "North Carolina": (353523, 6, 12),
    "New York": (331589, 6, 11),
    "Maryland": (278514, 5, 9),
    "Connecticut": (236841, 4, 8),
    "South Carolina": (206236, 3, 7),
    "New Jersey": (179570, 3, 6),
    "New Hampshire": (141822, 2, 5),
    "Vermont": (85533, 1, 3),
    "Georgia": (70835, 1, 2),
    "Kentucky": (68705, 1, 2),
    "Rhode Island": (68446, 1, 2),
    "Delaware": (55540, 1, 2),
}
"""The census of 1790, and seats by Hamilton's method: of 60 (Electowiki, “Hamilton method”), and of the 120 of the
bill that Washington vetoed (COMAP, For All Practical Purposes, 10th edition, table 14.5)."""


def values(frame: pd.DataFrame) -> dict[Any, Any]:
    return dict(zip(frame["member"], frame["value"], strict=True))


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


def test_twelve_thousand_go_sixty_thirty_ten_to_the_departments() -> None:
    frame = cascade(D(12000), {"销售部": D(60), "产品部": D(30), "市场部": D(10)}, unit=1)
    assert list(frame.columns) == ["member", "weight", "share", "held", "value"]
    assert rows(frame) == [
        ("销售部", D(60), D("0.6"), False, D(7200)),
        ("产品部", D(30), D("0.3"), False, D(3600)),
        ("市场部", D(10), D("0.1"), False, D(1200)),
    ]
    assert frame.attrs["method"] == (
        "Divided in proportion to the weights given. Rounded to multiples of 1 by largest remainder; the parts "
        "add up to the total exactly."
    )


def test_a_quarter_goes_from_60_to_100_with_february_held_at_20() -> None:
    frame = cascade(D(100), QUARTER, holds={"February": D(20)})
    assert values(frame) == {"January": 20, "February": 20, "March": 60}
    assert frame["held"].tolist() == [False, True, False]
    assert "1 value is held; the others share what is left." in frame.attrs["method"]


@pytest.mark.parametrize(("seats", "column"), [(60, 1), (120, 2)])
def test_the_seats_of_1790_are_those_of_hamiltons_method(seats: int, column: int) -> None:
    populations = {state: D(figures[0]) for state, figures in STATES_1790.items()}
    assert values(cascade(D(seats), populations, unit=1)) == {
        state: figures[column] for state, figures in STATES_1790.items()
    }


def test_a_last_unit_goes_to_the_earlier_of_equals() -> None:
    assert values(cascade(100, even(["a", "b", "c"]), unit=1)) == {"a": 34, "b": 33, "c": 33}


def test_ten_thousands_stay_whole_and_what_is_beyond_them_goes_to_the_largest_weight() -> None:
    frame = cascade(D("1234567.8"), {"a": 1, "b": 3, "c": 3}, unit=10000)
    assert values(frame) == {"a": 180000, "b": D("524567.8"), "c": 530000}
    assert "What the total has beyond multiples of 10,000 is with “b”." in frame.attrs["method"]


def test_without_a_unit_small_amounts_keep_six_digits_and_large_ones_their_cents() -> None:
    assert cascade(D("0.001"), even("abc"))["value"].tolist() == [
        D("0.000333334"),
        D("0.000333333"),
        D("0.000333333"),
    ]
    assert cascade(D(100000), even("abc"))["value"].tolist() == [D("33333.34"), D("33333.33"), D("33333.33")]


def test_a_loss_is_divided_as_a_profit_would_be() -> None:
    assert values(cascade(D(-100), QUARTER, holds={"February": D(-20)}, unit=1)) == {
        "January": -20,
        "February": -20,
        "March": -60,
    }
    assert values(cascade(D(-100), even("abc"), unit=1)) == {"a": -34, "b": -33, "c": -33}


def test_a_held_loss_leaves_more_than_the_total_to_the_others() -> None:
    assert values(cascade(D(100), QUARTER, holds={"February": D(-20)})) == {
        "January": 30,
        "February": -20,
        "March": 90,
    }


def test_a_weight_of_zero_gets_nothing_not_even_a_last_unit() -> None:
    assert values(cascade(D(5), {"a": 0, "b": 1, "c": 1, "d": 0}, unit=2)) == {"a": 0, "b": 3, "c": 2, "d": 0}


def test_a_total_of_zero_is_zero_for_everyone() -> None:
    assert values(cascade(0, QUARTER)) == dict.fromkeys(QUARTER, 0)


def test_a_missing_total_leaves_all_missing_but_what_is_held_and_says_so() -> None:
    frame = cascade(None, QUARTER, holds={"February": 20})
    assert values(frame) == {"January": None, "February": 20, "March": None}
    assert frame.attrs["method"].endswith("The total is missing, so nothing was divided.")


@pytest.mark.parametrize(
    ("total", "holds", "over"),
    [
        (100, {"February": 120}, 20),
        (100, {"January": 70, "March": D("30.5")}, D("0.5")),
        (-100, {"February": -120}, 20),
        (0, {"February": 5}, 5),
        (100, {"January": 50, "February": 50, "March": 1}, 1),
    ],
)
def test_more_held_than_there_is_is_refused_with_the_amount(total: int, holds: dict[str, Any], over: Any) -> None:
    with pytest.raises(HoldsTooLarge) as refused:
        cascade(D(total), QUARTER, holds=holds)
    assert refused.value.over == over


def test_the_refusal_says_how_much_and_what_to_do() -> None:
    with pytest.raises(HoldsTooLarge) as refused:
        cascade(D(100), QUARTER, holds={"February": D("120.125")})
    assert str(refused.value) == (
        "The held values come to 120.125, which is 20.125 beyond the total of 100: change or release one of them."
    )
    with pytest.raises(HoldsTooSmall, match="leaves 40 of the total of 100"):
        cascade(D(100), QUARTER, holds={"January": 20, "February": 20, "March": 20})


@pytest.mark.parametrize(
    ("weights", "holds", "short"),
    [
        ({"a": 1, "b": 1}, {"a": 10, "b": 20}, 70),
        ({"a": 1, "b": 0}, {"a": 10}, 90),
        ({"a": 1, "b": 1}, {"a": -10, "b": -20}, 130),
    ],
)
def test_what_nobody_is_left_to_take_is_refused_with_the_amount(
    weights: dict[str, int], holds: dict[str, int], short: int
) -> None:
    with pytest.raises(HoldsTooSmall) as refused:
        cascade(D(100), weights, holds=holds)
    assert refused.value.short == short


def test_holds_that_leave_nothing_leave_nothing_to_the_others() -> None:
    assert values(cascade(100, QUARTER, holds={"January": 40, "February": 60}))["March"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rule": {"a": 1, "b": -2}}, "The weight of “b” is −2, below zero"),
        ({"rule": {"a": 0, "b": 0}}, "All weights are zero"),
        ({"rule": {"a": 1, "b": None}}, "“b” has no weight"),
        ({"rule": {"a": 1, "b": D("NaN")}}, "“b” has no weight"),
        ({"rule": {"a": 1, "b": D("Infinity")}}, "The value of “b” is Infinity"),
        ({"rule": {"a": 1, "b": D("1e1000000")}}, "The value of “b” is 1E\\+1000000"),
        ({"rule": {}}, "nothing to divide among"),
        ({"holds": {"Febuary": 20}}, "“Febuary” is held.*closest matches: February"),
        ({"holds": {"February": None}}, "“February” is held without a value"),
        ({"unit": 0}, "units of 0"),
        ({"unit": D(-1)}, "units of -1"),
        ({"total": D("Infinity")}, "The value of “Total” is Infinity"),
    ],
)
def test_what_cannot_be_divided_is_refused_by_name(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        cascade(**{"total": D(100), "rule": QUARTER, **arguments})


def test_a_hostile_name_is_cut_in_the_refusal() -> None:
    with pytest.raises(BadInput) as refused:
        cascade(1, QUARTER, holds={"\x1b[31m" + "x" * 10000: 1})
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 300


# Ratios


def test_a_rate_is_asked_of_everyone_alike_and_never_added() -> None:
    frame = cascade_ratio(D("0.95"), {"a": 200, "b": 37})
    assert list(frame.columns) == ["member", "base", "held", "numerator", "value"]
    assert rows(frame) == [
        ("a", 200, False, D(190), D("0.95")),
        ("b", 37, False, D("35.15"), D("0.95")),
    ]
    assert "A ratio is not divided" in frame.attrs["method"]


def test_a_held_rate_is_made_up_for_by_the_others_and_the_numerators_come_to_the_whole() -> None:
    frame = cascade_ratio(D("0.95"), {"a": 100, "b": 200, "c": 100}, holds={"a": D("0.89")}, highest=1)
    assert rows(frame) == [
        ("a", 100, True, D(89), D("0.89")),
        ("b", 200, False, D(194), D("0.97")),
        ("c", 100, False, D(97), D("0.97")),
    ]
    assert sum(frame["numerator"]) == D("0.95") * 400


def test_a_part_without_a_base_has_no_rate() -> None:
    assert rows(cascade_ratio(D("0.5"), {"a": 4, "b": 0})) == [
        ("a", 4, False, D(2), D("0.5")),
        ("b", 0, False, D(0), None),
    ]


def test_a_missing_rate_asks_nothing_but_what_is_held() -> None:
    assert rows(cascade_ratio(None, {"a": 4, "b": 4}, holds={"b": D("0.5")})) == [
        ("a", 4, False, None, None),
        ("b", 4, True, D(2), D("0.5")),
    ]


def test_rates_that_would_have_to_exceed_all_there_is_are_refused_with_the_amount() -> None:
    with pytest.raises(HoldsTooSmall, match=r"would have to come to 1.1, and 1 is the most") as refused:
        cascade_ratio(D("0.95"), {"a": 100, "b": 100}, holds={"a": D("0.8")}, highest=1)
    assert refused.value.short == 10
    with pytest.raises(HoldsTooLarge, match=r"leave −0.1 to the others") as below:
        cascade_ratio(D("0.4"), {"a": 100, "b": 100}, holds={"a": D("0.9")}, highest=1)
    assert below.value.over == 10
    with pytest.raises(BadInput, match=r"“a” is held at 1.2, and 1 is the most"):
        cascade_ratio(D("0.4"), {"a": 100, "b": 100}, holds={"a": D("1.2")}, highest=1)
    with pytest.raises(HoldsTooSmall, match="Every part that has a base is held"):
        cascade_ratio(D("0.4"), {"a": 100, "b": 0}, holds={"a": D("0.3")})


# A change of one part


def test_a_change_is_taken_up_by_the_siblings_and_the_total_stays() -> None:
    frame = cascade(D(60), QUARTER, holds={"February": 20}, unit=1)
    pushed = push(frame, "January", D(20), onto=Onto.siblings, unit=1)
    assert values(pushed.frame) == {"January": 20, "February": 20, "March": 20}
    assert pushed.frame["held"].tolist() == [False, True, False]
    assert pushed.total == 60
    assert pushed.moves == (
        "“January” moves from 10 to 20.",
        "“March” moves from 30 to 20.",
        "1 held part stays.",
        "The total stays at 60.",
    )
    assert values(frame)["January"] == 10


def test_an_earlier_change_keeps_its_place_among_the_siblings() -> None:
    frame = cascade(D(60), QUARTER, unit=1)
    first = push(frame, "March", D(0), onto=Onto.siblings, unit=1)
    assert values(first.frame) == {"January": 20, "February": 40, "March": 0}
    second = push(first.frame, "January", D(30), onto=Onto.siblings, unit=1)
    assert values(second.frame) == {"January": 30, "February": 30, "March": 0}


def test_siblings_that_are_all_zero_take_a_change_up_by_their_weights() -> None:
    frame = cascade(D(60), QUARTER, unit=1)
    all_in_january = push(frame, "January", D(60), onto=Onto.siblings, unit=1).frame
    assert values(push(all_in_january, "January", D(10), onto=Onto.siblings, unit=1).frame) == {
        "January": 10,
        "February": 20,
        "March": 30,
    }


def test_a_change_is_taken_up_by_the_total_and_the_siblings_stay() -> None:
    pushed = push(cascade(D(60), QUARTER, unit=1), "February", D(25), onto=Onto.parent)
    assert values(pushed.frame) == {"January": 10, "February": 25, "March": 30}
    assert pushed.total == 65
    assert pushed.moves == (
        "“February” moves from 20 to 25.",
        "The total moves from 60 to 65; the other parts stay.",
    )


def test_of_many_that_move_the_first_are_named_and_the_others_counted() -> None:
    pushed = push(cascade(D(1000), even(range(10))), 3, D(10), onto=Onto.siblings)
    assert pushed.moves[6:] == ("4 more parts move in proportion.", "The total stays at 1,000.")


def test_what_cannot_be_pushed_is_refused() -> None:
    frame = cascade(D(60), QUARTER, holds={"February": 20})
    with pytest.raises(HoldsTooLarge) as refused:
        push(frame, "January", D(50), onto=Onto.siblings)
    assert refused.value.over == 10
    with pytest.raises(BadInput, match="“February” is held: release it"):
        push(frame, "February", D(50), onto=Onto.parent)
    with pytest.raises(BadInput, match="closest matches: March"):
        push(frame, "Marhc", D(50), onto=Onto.parent)
    with pytest.raises(BadInput, match="“January” has no value yet"):
        push(cascade(None, QUARTER), "January", D(50), onto=Onto.siblings)


# Three tiers


def test_three_tiers_each_add_up_and_lie_beyond_one_another() -> None:
    frame = cascade_tiers(
        {Tier.target: D(12000), Tier.stretch: D(13200), Tier.challenge: D(15000)},
        {"销售部": 60, "产品部": 30, "市场部": 10},
        unit=1,
    )
    assert list(frame.columns) == ["member", "weight", "share", "held", "target", "stretch", "challenge"]
    assert rows(frame[["member", "target", "stretch", "challenge"]]) == [
        ("销售部", 7200, 7920, 9000),
        ("产品部", 3600, 3960, 4500),
        ("市场部", 1200, 1320, 1500),
    ]


ALABAMA = {"A": 21878, "B": 9713, "C": 4167, "D": 3252, "E": 1065}
"""Five states: of 44 seats the fourth gets fewer than of 43 (the example of the npm package “apportionment”)."""


def test_nobodys_stretch_falls_short_of_their_target_where_plain_rounding_would_let_it() -> None:
    # The control: each tier divided for itself takes one from D.
    assert apportion(43, list(ALABAMA.values()), 1) == [24, 10, 4, 4, 1]
    assert apportion(44, list(ALABAMA.values()), 1) == [24, 11, 5, 3, 1]
    frame = cascade_tiers({Tier.target: 43, Tier.stretch: 44}, ALABAMA, unit=1)
    assert frame["target"].tolist() == [24, 10, 4, 4, 1]
    assert frame["stretch"].tolist() == [25, 10, 4, 4, 1]


def test_where_less_is_better_each_tier_is_lower_and_nobody_is_asked_for_less_than_nothing() -> None:
    frame = cascade_tiers(
        {Tier.target: 44, Tier.stretch: 20, Tier.challenge: 2}, ALABAMA, direction=Direction.at_most, unit=1
    )
    assert [sum(frame[tier]) for tier in ("target", "stretch", "challenge")] == [44, 20, 2]
    for target, stretch, challenge in rows(frame[["target", "stretch", "challenge"]]):
        assert target >= stretch >= challenge >= 0


def test_a_held_part_is_held_in_every_tier_and_a_missing_tier_stays_missing() -> None:
    frame = cascade_tiers(
        {Tier.target: 100, Tier.stretch: None, Tier.challenge: 140}, QUARTER, holds={"February": 20}, unit=1
    )
    assert rows(frame[["member", "held", "target", "stretch", "challenge"]]) == [
        ("January", False, 20, None, 30),
        ("February", True, 20, 20, 20),
        ("March", False, 60, None, 90),
    ]


@pytest.mark.parametrize(
    ("totals", "direction"),
    [
        ({Tier.target: 100, Tier.stretch: 90}, Direction.at_least),
        ({Tier.target: 100, Tier.stretch: 100}, Direction.at_least),
        ({Tier.target: 100, Tier.challenge: 110}, Direction.at_most),
    ],
)
def test_a_tier_that_is_not_beyond_the_one_before_is_refused(
    totals: dict[Tier, int], direction: Direction
) -> None:
    with pytest.raises(BadInput, match="does not lie beyond Target, 100"):
        cascade_tiers(totals, QUARTER, direction=direction)


def test_a_range_has_no_tiers() -> None:
    with pytest.raises(BadInput, match="range"):
        cascade_tiers({Tier.target: 1, Tier.stretch: 2}, by_weights(QUARTER), direction=Direction.between)


@pytest.mark.parametrize("unit", [D("NaN"), D("Infinity"), 0, -1])
def test_a_unit_that_is_no_amount_is_refused(unit: D) -> None:
    with pytest.raises(BadInput):
        cascade(10, {"a": 1, "b": 1}, unit=unit)
