"""Units in formulas: what may be added to what, and what a product is in."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb import language
from kpinb.formula import UnitMismatch, check_units, parse
from kpinb.formula.units import parse_unit


def problems(text: str, result: str, **units: str) -> list[str]:
    return check_units(parse(text), units, result).problems


@pytest.mark.parametrize(
    ("text", "dimensions", "scale"),
    [
        ("万元", {"元": 1}, 10_000),
        ("百万元", {"元": 1}, 1_000_000),
        ("亿元", {"元": 1}, 100_000_000),
        ("kUSD", {"美元": 1}, 1000),
        ("million USD", {"美元": 1}, 1_000_000),
        ("个", {}, 1),
        ("Customers", {}, 1),
        ("万人", {}, 10_000),
        ("%", {}, 1),
        ("个百分点", {}, Fraction(1, 100)),
        ("hours", {"秒": 1}, 3600),
        ("小时", {"秒": 1}, 3600),
        ("分钟", {"秒": 1}, 60),
        ("天", {"秒": 1}, 86400),
        ("季度", {"月": 1}, 3),
        ("kg", {"克": 1}, 1000),
        ("千克", {"克": 1}, 1000),
        ("m²", {"m": 2}, 1),
        ("万元/个", {"元": 1}, 10_000),
        ("元/100人", {"元": 1}, Fraction(1, 100)),
        ("元/人·月", {"元": 1, "月": -1}, 1),
        ("元/(人·月)", {"元": 1, "月": -1}, 1),
        ("hours per ticket", {"秒": 1}, 3600),
        ("1/月", {"月": -1}, 1),
        ("积分", {"积分": 1}, 1),
        ("net promoter score", {"net promoter score": 1}, 1),
        ("人天", {"人天": 1}, 1),
    ],
)
def test_a_unit_is_read_as_people_write_it(text: str, dimensions: dict[str, int], scale: int | Fraction) -> None:
    unit = parse_unit(text)
    assert unit is not None
    assert (unit.dimensions, unit.scale) == (dimensions, scale)


def test_nothing_written_is_a_unit_that_is_not_known() -> None:
    assert parse_unit("") is None
    assert parse_unit("  ") is None


@pytest.mark.parametrize("price", ["万元", "万元/个", "万元 per customer"])
def test_customers_times_price_is_money(price: str) -> None:
    assert problems("客户数 * 客单价", "万元", 客户数="个", 客单价=price) == []
    (says,) = problems("客户数 * 客单价", "小时", 客户数="个", 客单价=price)
    assert says.endswith("and the indicator is in 小时: correct the formula or the unit.")


@pytest.mark.parametrize(
    ("text", "result", "units"),
    [
        ("signed / leads", "%", {"signed": "个", "leads": "条"}),
        ("leads * rate", "个", {"leads": "条", "rate": "%"}),
        ("last * (1 + growth)", "万元", {"last": "万元", "growth": "%"}),
        ("(1 + growth) ^ (1 / 12) - 1", "%", {"growth": "%"}),
        ("new + old", "个", {"new": "个", "old": "家"}),
        ("a * b + c", "万元", {"a": "个", "b": "万元", "c": "万元"}),
        ("hours * 60 + minutes", "分钟", {"hours": "小时", "minutes": "分钟"}),
        ("price * customers / 10000", "万元", {"price": "元", "customers": "个"}),
        ("0.0001 * price * customers", "万元", {"price": "元", "customers": "个"}),
        ("max(hours, 8)", "小时", {"hours": "小时"}),
        ("hours / each", "个", {"hours": "小时", "each": "小时/个"}),
        ("side ^ 2", "m²", {"side": "m"}),
        ("-cost + revenue", "万元", {"cost": "万元", "revenue": "万元"}),
        ("7", "万元", {}),
    ],
)
def test_what_goes_together_is_left_alone(text: str, result: str, units: dict[str, str]) -> None:
    found = check_units(parse(text), units, result)
    assert (found.problems, found.unchecked) == ([], [])


def test_two_scales_are_told_with_their_factor() -> None:
    assert problems("a + b", "万元", a="万元", b="元") == [
        "“a + b” puts “a” in 万元 together with “b” in 元: 1 万元 is 10000 元. Write “/ 10000” after “b”."
    ]
    assert problems("a + b / 10000", "万元", a="万元", b="元") == []
    assert problems("min(a, b)", "分钟", a="分钟", b="小时") == [
        "“min(a, b)” puts “a” in 分钟 together with “b” in 小时: 1 小时 is 60 分钟. Write “* 60” after “b”."
    ]
    assert problems("c * p", "万元", c="个", p="元") == [
        "The formula “c * p” gives 元, and the indicator is in 万元: 1 万元 is 10000 元. Write “/ 10000” after "
        "the formula, in parentheses where it is a sum."
    ]


def test_a_number_that_converts_nothing_is_no_excuse() -> None:
    assert len(problems("a / 5 + b", "万元", a="元", b="万元")) == 1
    assert len(problems("a / 100 + b", "万元", a="元", b="万元")) == 1
    # Once it has been taken for a conversion it is one everywhere.
    assert len(problems("(a / 10000 + b) + c", "万元", a="元", b="万元", c="元")) == 1


@pytest.mark.parametrize(
    ("text", "units", "says"),
    [
        ("a - b", {"a": "小时", "b": "万元"}, "“a - b” puts “a” in 小时 together with “b” in 万元"),
        ("a + g", {"a": "个", "g": "%"}, "puts “a” in 个 together with “g” in %"),
        ("1 + x * (a + b)", {"x": "个", "a": "kg", "b": "月"}, "“a + b” puts “a” in kg together with “b” in 月"),
        ("2 ^ t", {"t": "年"}, "The exponent in “2^t” is in 年: an exponent has no unit"),
        ("a ^ n", {"a": "万元", "n": "%"}, "the exponent is not a number"),
        ("max(1, a, b)", {"a": "kg", "b": "积分"}, "“a” in kg together with “b” in 积分"),
    ],
)
def test_what_does_not_go_together_names_the_part_and_both_units(
    text: str, units: dict[str, str], says: str
) -> None:
    (found,) = problems(text, "万元", **units)
    assert says in found
    assert found.endswith(".")
    with pytest.raises(UnitMismatch, match=r"puts|exponent"):
        check_units(parse(text), units, "").refuse()


def test_one_mistake_is_said_once_and_others_beside_it_as_well() -> None:
    found = problems("(a + b) * c + (a - d)", "万元", a="万元", b="小时", c="个", d="元")
    assert len(found) == 2
    assert "“a + b”" in found[0]
    assert "“a - d”" in found[1]


def test_a_unit_that_is_not_known_is_not_checked_and_that_is_said() -> None:
    found = check_units(parse("customers * price"), {"price": "万元"}, "小时")
    assert found.problems == []
    assert found.unchecked == [
        "The units of the formula are checked only in part, because the unit of “customers” is not known: make it "
        "an indicator that has a unit."
    ]
    # What can be checked beside it, is.
    assert len(problems("customers * (price + cost)", "万元", price="万元", cost="元")) == 1
    (says,) = check_units(parse("price"), {"price": "万元"}, "").unchecked
    assert "because the indicator has none" in says


@pytest.mark.parametrize("text", ["signed / leads * 100", "100 * (signed / leads)", "rate * 100"])
def test_percent_is_kept_as_a_share_so_nothing_is_multiplied_by_a_hundred(text: str) -> None:
    (says,) = problems(text, "%", signed="单", leads="条", rate="%")
    assert says == (
        f"The formula “{text}” multiplies by 100, and the indicator is in %: 95% is kept as 0.95. "
        "Take the 100 out."
    )
    assert problems("signed / leads", "%", signed="单", leads="条") == []


def test_a_factor_between_percent_and_another_unit_is_never_said_in_percent() -> None:
    (says,) = problems("wan / yuan", "%", wan="万元", yuan="元")
    assert "1 万元/元 is 10000, and 95% is kept as 0.95. Write “* 10000”" in says
    (says,) = problems("points", "%", points="百分点")
    assert "1 百分点 is 0.01, and 95% is kept as 0.95. Write “/ 100”" in says


def test_names_are_compared_in_normal_form() -> None:
    units = {"cafe\u0301": "kg", "b": "月"}
    assert len(check_units(parse("café + b"), units, "kg").problems) == 1


UNITS = st.sampled_from(
    ["万元", "元", "个", "%", "小时", "分钟", "kg", "元/人·月", "积分", "", "hours per ticket"]
)


@given(UNITS, UNITS)
def test_a_sum_is_fine_exactly_where_its_turned_round_twin_is(one: str, other: str) -> None:
    there = problems("a + b", "", a=one, b=other)
    back = problems("b - a", "", a=one, b=other)
    assert bool(there) == bool(back)
    assert problems("a + b", "", a=one, b=one) == []
    assert problems("a / b * b", one, a=one, b=other) == []


@given(st.text(max_size=200), st.text(alphabet="万千百k元个/·*^()%每 per12", max_size=200))
def test_any_text_is_a_unit_or_none(text: str, likely: str) -> None:
    for each in (text, likely):
        unit = parse_unit(each)
        if unit is not None:
            assert str(unit)
            assert problems("a + b", each, a=each, b=each) == []


def test_the_longest_formula_is_checked() -> None:
    formula = parse("a+" * 249 + "aa")
    assert check_units(formula, {"a": "元", "aa": "元"}, "元").problems == []
    # Numbers that may convert are bounded: the scales would otherwise double with each of them.
    many = parse("*".join(f"a/1{'0' * (n % 9 + 1)}" for n in range(40)))
    found = check_units(many, {"a": "元"}, "小时")
    assert found.problems == []
    assert "could not be followed to the end" in found.unchecked[0]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_sentence_is_told_in_both_languages(code: str) -> None:
    with language.use(code):
        for text in ("a + b", "a + c", "2 ^ b", "a ^ d"):
            (says,) = problems(text, "", a="万元", b="小时", c="元", d="个")
            assert "{" not in says
