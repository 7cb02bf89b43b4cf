"""What a target asks of the drivers: of one left free, and of all in proportion to what each has moved."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stories import Workbook, actuals, indicator, target, year_of

from kpinb import language
from kpinb.decompose.drivers.solving import TOLERANCE, hits, solve_driver
from kpinb.decompose.drivers.spreading import Movability, movability, spread_change
from kpinb.decompose.drivers.targets import driver_target_sentences, driver_target_table, driver_targets
from kpinb.errors import BadInput
from kpinb.formula import parse
from kpinb.measure import Adding
from kpinb.view import Tone

REVENUE = parse("new_customers * new_price + repeat_customers * repeat_price")
TODAY: dict[str, D | None] = {
    "new_customers": D(200),
    "new_price": D(12),
    "repeat_customers": D(180),
    "repeat_price": D(20),
}
"""6000 in all: 2400 from new customers and 3600 from those who come again."""


def solve(text: str, goal: object, free: str, **values: object) -> tuple[object, ...]:
    given_ = {name: None if value is None else D(str(value)) for name, value in values.items()}
    found = solve_driver(parse(text), given_, D(str(goal)), free)
    return found.value, found.others, found.exact


# One driver left free.


@pytest.mark.parametrize(
    ("free", "asked"),
    [("new_customers", 300), ("new_price", 18), ("repeat_customers", 240), ("repeat_price", D(80) / 3)],
)
def test_growth_of_a_fifth_asks_so_much_of_each_driver_alone(free: str, asked: D | int) -> None:
    # 7200 − 3600 = 3600 = 300 × 12 = 200 × 18; 7200 − 2400 = 4800 = 240 × 20 = 180 × 26.67
    found = solve_driver(REVENUE, TODAY, D(7200), free)
    assert found.value is not None
    assert abs(found.value - asked) < D("1e-20")
    assert (found.others, found.exact, found.reason) == ((), True, "")


@pytest.mark.parametrize(
    ("text", "free", "asked"),
    [
        ("x + 3", "x", 7),
        ("3 + x", "x", 7),
        ("x - 3", "x", 13),
        ("3 - x", "x", -7),
        ("x * 4", "x", D("2.5")),
        ("4 / x", "x", D("0.4")),
        ("x / 4", "x", 40),
        ("-x", "x", -10),
        ("-(2 - x / 5) * 4", "x", D("22.5")),
        ("2 ^ 3 + x", "x", 2),
        ("max(1, 2) * x", "x", 5),
    ],
)
def test_each_operation_is_turned_round(text: str, free: str, asked: D | int) -> None:
    assert solve(text, 10, free) == (asked, (), True)


def test_the_solution_does_not_depend_on_the_present_figure() -> None:
    assert solve("c * p", 7200, "c", c=None, p="12.5") == (576, (), True)


@given(
    st.fixed_dictionaries({name: st.decimals("0.01", 10**6, places=2) for name in TODAY}),
    st.decimals(0, 10**9, places=2),
    st.sampled_from(sorted(TODAY)),
)
def test_what_was_solved_gives_the_target_when_computed(values: dict[str, D], goal: D, free: str) -> None:
    found = solve_driver(REVENUE, values, goal, free)
    assert found.value is not None
    assert abs(REVENUE.evaluate({**values, free: found.value}) - goal) <= TOLERANCE * max(goal, D(1))


POWERS = ["x ^ 2 + a", "x * (x + a)", "a * (1 + x) ^ 3", "x / a + x", "max(x, a) + x", "a - 1 / x ^ 3"]


@given(st.sampled_from(POWERS), st.decimals("0.1", 1000, places=2), st.decimals("0.1", 1000, places=2))
def test_what_was_searched_for_gives_the_target_when_computed(text: str, a: D, x: D) -> None:
    formula = parse(text)
    goal = formula.evaluate({"x": x, "a": a})
    found = solve_driver(formula, {"x": D(1), "a": a}, goal, "x")
    assert not found.exact
    assume(found.value is not None)
    assert found.value is not None
    for root in (found.value, *found.others):
        assert hits(formula, {"x": root, "a": a}, goal)


def test_a_rate_that_compounds_is_found() -> None:
    value, others, exact = solve("last * (1 + g) ^ 12", 120, "g", last=100, g="0.017")
    assert isinstance(value, D)
    assert round(value, 6) == D("0.015309")
    assert not exact
    assert [round(other, 3) for other in others] == [D("-2.015")]  # type: ignore[union-attr, attr-defined]


def test_of_two_solutions_the_nearest_to_today_is_taken_and_the_other_said() -> None:
    found = solve_driver(parse("x * (10 - x)"), {"x": D(7)}, D(16), "x")
    assert (found.value, found.others) == (8, (2,))
    assert found.reason == "With 2, “x” gives 16 as well; the figure nearest to the present one is taken."


def test_what_cannot_be_reached_is_said_and_never_guessed() -> None:
    for text, goal in (("x ^ 2", -1), ("min(x, 5)", 6), ("a / x", 0), ("1 / x ^ 2", -3)):
        found = solve_driver(parse(text), {"x": D(1), "a": D(2)}, D(goal), "x")
        assert (found.value, found.others) == (None, ())
        assert "No figure of “x” was found" in found.reason


def test_a_driver_without_effect_is_said_to_have_none() -> None:
    for text in ("x * a + b", "a / x + b"):
        found = solve_driver(parse(text), {"x": D(1), "a": D(0), "b": D(5)}, D(7), "x")
        assert found.value is None
        assert "“x” changes nothing" in found.reason


def test_a_flat_stretch_is_a_range_of_solutions() -> None:
    found = solve_driver(parse("max(x, 5)"), {"x": D(3)}, D(5), "x")
    assert found.value == 3
    assert found.reason == "A whole range of figures of “x” gives 5."


def test_a_pole_is_no_solution() -> None:
    # 1 / (x·x·x) changes its sign at 0 without ever being 0 there.
    found = solve_driver(parse("1 / (x * x * x)"), {"x": D(1)}, D(0), "x")
    assert found.value is None


def test_missing_figures_and_strangers_are_named() -> None:
    found = solve_driver(parse("a * b * c"), {"a": D(1), "b": None}, D(5), "a")
    assert (found.value, found.reason) == (None, "The figures of “b”, “c” are missing.")
    with pytest.raises(BadInput, match=r"“z” does not stand in the formula “a \* b”: choose one of “a”, “b”"):
        solve_driver(parse("a * b"), {}, D(5), "z")
    divided = solve_driver(parse("a + 1 / b"), {"a": D(1), "b": D(0)}, D(5), "a")
    assert divided.value is None
    assert "divides by zero" in divided.reason


# How far a driver moves.


def test_a_steady_growth_is_what_a_driver_moves() -> None:
    history = actuals(*(year_of([100 * 1.1**n] * 12, 2023 + n) for n in range(3)))
    moves = movability(history, Adding.mean)
    assert moves is not None
    # Three years hold thirteen runs of two years each.
    assert moves.comparisons == 13
    assert moves.rise <= D("0.1000001")
    assert D("0.09") < moves.typical <= D("0.1000001")
    assert moves.fall == 0


def test_one_pair_of_years_is_enough_and_less_is_not() -> None:
    two = actuals(year_of([10] * 12, 2024), year_of([9] * 12, 2025))
    assert movability(two, Adding.total) == Movability(D("0.1"), D(0), D("0.1"), 1)
    assert movability(actuals(year_of([10] * 12, 2024), year_of([9] * 11, 2025)), Adding.total) is None
    holed = actuals(year_of([10] * 5 + [None] + [10] * 6, 2024), year_of([9] * 12, 2025))
    assert movability(holed, Adding.total) is None
    assert movability(actuals(year_of([-1] * 12, 2024), year_of([9] * 12, 2025)), Adding.total) is None


def test_a_mean_moves_as_its_weights_make_it() -> None:
    weights = year_of([1] * 6 + [3] * 6, 2024) | year_of([1] * 6 + [3] * 6, 2025)
    history = actuals(year_of([10] * 12, 2024), year_of([10] * 6 + [12] * 6, 2025), bases=weights)
    moves = movability(history, Adding.mean)
    assert moves is not None
    assert moves.typical == D("0.15")


# A change spread over all.


def moves(typical: object, *, rise: object = 1, fall: object = 1) -> Movability:
    return Movability(D(str(typical)), D(str(rise)), D(str(fall)), 11)


def test_a_change_is_spread_as_far_as_each_can_move() -> None:
    # c·(1 + 0.1k) × p·(1 + 0.05k) = 1.2·c·p: 0.005k² + 0.15k − 0.2 = 0, k = 1.2788…
    found = spread_change(
        parse("c * p"), {"c": D(480), "p": D("12.5")}, D(7200), {"c": moves("0.1"), "p": moves("0.05")}
    )
    assert found.factor is not None
    assert round(found.factor, 4) == round((D("0.0265").sqrt() - D("0.15")) / D("0.01"), 4)
    rows = found.frame.to_dict("records")
    assert [row["driver"] for row in rows] == ["c", "p"]
    assert [round(row["change"], 4) for row in rows] == [D("0.1279"), D("0.0639")]
    assert [round(row["share"], 6) for row in rows] == [round(D(2) / 3, 6), round(D(1) / 3, 6)]
    assert abs(rows[0]["target"] * rows[1]["target"] - 7200) < D("1e-5")
    assert found.problems == []


def test_each_driver_moves_the_way_that_helps() -> None:
    found = spread_change(
        parse("revenue - cost"),
        {"revenue": D(100), "cost": D(80)},
        D(38),
        {"revenue": moves("0.1"), "cost": moves("0.1")},
    )
    assert [(row["driver"], round(row["target"], 9)) for row in found.frame.to_dict("records")] == [
        ("revenue", 110),
        ("cost", 72),
    ]
    assert found.factor is not None
    assert round(found.factor, 9) == 1


def test_what_has_no_history_or_is_held_stays_and_is_said() -> None:
    values = {"a": D(10), "b": D(10), "c": D(10), "d": D(10), "e": D(0)}
    found = spread_change(
        parse("a + b + c + d + e"),
        values,
        D(48),
        {"a": moves("0.1"), "b": None, "c": moves("0.1"), "d": moves("0.1"), "e": moves("0.1")},
        {"c": 0, "d": -1},
    )
    assert [round(row["target"], 9) for row in found.frame.to_dict("records")] == [18, 10, 10, 10, 0]
    assert found.problems == [
        "“b” stays as it is: there are no two full years of it to show how far it can move.",
        "“c” is held.",
        "“d” stays as it is: it may not move the way that would help.",
        "“e” stays as it is: it is zero or has not moved from year to year.",
    ]


def test_a_movement_without_precedent_is_marked() -> None:
    found = spread_change(
        parse("a + b"),
        {"a": D(100), "b": D(100)},
        D(220),
        {"a": moves("0.05", rise="0.09"), "b": moves("0.05", rise="0.2")},
    )
    assert [row["beyond"] for row in found.frame.to_dict("records")] == [True, False]


def test_a_target_out_of_reach_is_said() -> None:
    for text, goal in (("100 - a", 101), ("min(a, 10)", 12)):
        found = spread_change(parse(text), {"a": D(5)}, D(goal), {"a": moves("0.5")})
        assert found.frame.empty
        assert found.factor is None
        assert "cannot bring" in found.problems[-1]


def test_a_target_that_is_met_already_moves_nothing() -> None:
    found = spread_change(parse("a * b"), {"a": D(2), "b": D(3)}, D(6), {"a": moves("0.1"), "b": moves("0.1")})
    assert found.factor == 0
    assert [row["target"] for row in found.frame.to_dict("records")] == [2, 3]
    assert not any(row["beyond"] for row in found.frame.to_dict("records"))


@given(
    st.fixed_dictionaries({name: st.decimals(1, 1000, places=2) for name in TODAY}),
    st.fixed_dictionaries({name: st.decimals("0.01", "0.5", places=2) for name in TODAY}),
    st.decimals("0.3", 3, places=2),
)
def test_the_drivers_together_give_the_target(values: dict[str, D], typical: dict[str, D], times: D) -> None:
    goal = REVENUE.evaluate(values) * times
    found = spread_change(REVENUE, values, goal, {name: moves(each) for name, each in typical.items()})
    if found.factor is None:
        # All they have would not be enough of a fall for the slowest, once the fastest is at nothing.
        assert times < 1
        return
    rows = found.frame.to_dict("records")
    assert hits(REVENUE, {row["driver"]: row["target"] for row in rows}, goal)
    for row in rows:
        assert abs(row["change"] - found.factor * typical[row["driver"]] * (1 if times > 1 else -1)) < D("1e-15")
    assert abs(sum(row["share"] for row in rows) - (times != 1)) < D("1e-15")


# In the workbook.


def with_targets(workbook: Workbook, *records: object, **series: list[list[object]]) -> object:
    sales = indicator("revenue", name="营收", unit="万元", formula="customers * 客单价")
    price = indicator("average_order", name="客单价", unit="万元", over_time="mean", base="customers")
    workbook.save("sales", sales, price, *records)  # type: ignore[arg-type]
    months = {
        name: {m: v for n, year in enumerate(years) for m, v in year_of(year, 2024 + n).items()}
        for name, years in series.items()
    }
    return workbook.book(facts=workbook.write_actuals("sales", **months))


TWO_YEARS: dict[str, list[list[object]]] = {
    "customers": [[36] * 12, [40] * 12],
    "average_order": [[12] * 12, ["12.5"] * 12],
}


def test_a_growth_of_a_fifth_is_told_as_so_many_customers_or_so_high_a_price(workbook: Workbook) -> None:
    book = with_targets(workbook, target("2026", value="7200"), **TWO_YEARS)
    said = [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in driver_target_sentences(book)]
    assert said[0] == (
        "营收 is to come to 7,200 万元 in 2026, after 6,000 万元 the year before. If only one driver changes: "
        "customers from 480 to 576 (+20%), or 客单价 from 12.5 万元 to 15 万元 (+20%)."
    )
    assert said[1].startswith(
        "If all change in proportion to what each has moved in a typical year: customers from 480 to 54"
    )
    assert said[2:] == [
        "customers would have to rise by 14%; the most it has risen from one year to the next is 11.1%.",
        "客单价 would have to rise by 5.3%; the most it has risen from one year to the next is 4.2%.",
    ]
    rows = driver_target_table(book).texts()
    assert [row[0] for row in rows] == ["customers", "客单价"]
    assert rows[0][1:4] == ["480", "576", "+20%"]
    assert rows[0][6] == "11.1%"


def test_a_growth_is_resolved_against_the_computed_year_before(workbook: Workbook) -> None:
    book = with_targets(workbook, target("2026", growth="0.1"), **TWO_YEARS)
    found = driver_targets(book)
    assert found is not None
    assert (found.target, found.before) == (6600, 6000)
    assert [round(solved.value or 0, 9) for solved in found.alone] == [528, D("13.75")]


def test_drivers_that_are_computed_are_taken_apart(workbook: Workbook) -> None:
    customers = indicator("customers", name="客户数", formula="new + old")
    series: dict[str, list[list[object]]] = {
        "new": [[16] * 12, [20] * 12],
        "old": [[20] * 12, [20] * 12],
        "average_order": [[12] * 12, ["12.5"] * 12],
    }
    price = indicator("average_order", name="客单价", unit="万元", over_time="mean", over_teams="mean")
    book = with_targets(workbook, customers, price, target("2026", value="7200"), **series)
    assert [row[:4] for row in driver_target_table(book).texts()] == [
        ["new", "240", "336", "+40%"],
        ["old", "240", "336", "+40%"],
        ["客单价", "12.5\N{NO-BREAK SPACE}万元", "15\N{NO-BREAK SPACE}万元", "+20%"],
    ]
    assert any("“old” stays as it is" in line.text for line in driver_target_sentences(book))


def test_a_year_before_with_a_hole_gives_no_figure(workbook: Workbook) -> None:
    series = {**TWO_YEARS, "customers": [[36] * 12, [40] * 11 + [None]]}
    book = with_targets(workbook, target("2026", value="7200"), **series)
    (line,) = driver_target_sentences(book)
    assert line.tone is Tone.unknown
    assert "“customers” cannot be added up" in line.text or "“customers”, “客单价” cannot be added up" in line.text
    assert driver_target_table(book).texts() == []


def test_a_formula_that_holds_by_the_month_and_not_by_the_year_divides_nothing(workbook: Workbook) -> None:
    # Heads are the same people in every month: their sum over a year counts each of them twelve times.
    heads = indicator("heads", over_time="last", over_teams="total")
    total = indicator("output", formula="heads * each")
    series: dict[str, list[list[object]]] = {"heads": [[5] * 12, [5] * 12], "each": [[2] * 12, [2] * 12]}
    workbook.save("sales", heads, indicator("each", over_time="mean"), total)
    own = target("2026", "output-2026", value="200").model_copy(update={"indicator": "output"})
    book = with_targets(workbook, own, **series)
    (line,) = driver_target_sentences(book)
    assert "the formula gives 10 and the actual is 120" in line.text


def test_a_share_that_would_turn_negative_is_no_way(workbook: Workbook) -> None:
    profit = indicator("profit", formula="sales - cost")
    own = target("2026", "profit-2026", value="2000").model_copy(update={"indicator": "profit"})
    series: dict[str, list[list[object]]] = {"sales": [[100] * 12, [100] * 12], "cost": [[70] * 12, [60] * 12]}
    workbook.save("sales", profit)
    book = with_targets(workbook, own, **series)
    said = [line.text for line in driver_target_sentences(book)]
    assert "sales from 1,200 to 2,720" in said[0]
    assert said[1] == "cost alone cannot bring it: it would have to fall to −800."


def test_without_a_target_or_a_formula_nothing_is_asked(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", value="5"))
    assert driver_targets(workbook.book()) is None
    other = with_targets(workbook, target("2026-Q1", "q1", value="5", level="team"), **TWO_YEARS)
    assert driver_targets(other) is not None


@pytest.mark.parametrize("code", ["zh", "en"])
def test_both_languages_tell_it(workbook: Workbook, code: str) -> None:
    book = with_targets(workbook, target("2026", value="7200"), **TWO_YEARS)
    with language.use(code):
        texts = [line.text for line in driver_target_sentences(book)]
        assert len(driver_target_table(book).texts()) == 2
    assert not any("{" in text for text in texts)
    assert any("576" in text for text in texts)
