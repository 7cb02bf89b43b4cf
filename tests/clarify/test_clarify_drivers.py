"""An indicator computed from its drivers: what the names mean, what each month gives, whether actuals agree."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, actuals, indicator, year_of

from kpinb import language
from kpinb.actuals import Actuals
from kpinb.clarify.charts.drivers import draw_drivers, driver_chart
from kpinb.clarify.drivers.check import compare, formula_check
from kpinb.clarify.drivers.computing import Source, compute_history, find_driver, formula_notes, formula_problems
from kpinb.clarify.drivers.expanded import called, expanded
from kpinb.clarify.drivers.tree import Kind, driver_sentences, driver_table, driver_tree, month_shown, tree_of
from kpinb.clarify.history import Histories, computed_history, history_of
from kpinb.clarify.records import Indicator
from kpinb.errors import NotFound
from kpinb.formula import parse
from kpinb.period import Period
from kpinb.report.drawing import PHONE, draw
from kpinb.view import Tone

REVENUE = indicator("revenue", name="营收", unit="万元", formula="customers * 客单价", importance=5)
PRICE = indicator("average_order", name="客单价", unit="万元", over_time="mean", base="customers")
CUSTOMERS = [10, 20, 30]
PRICES = ["2", "3", "4"]


def month(text: str) -> Period:
    return Period.parse(text)


def first_months(history: Actuals, count: int = 3, year: str = "2026") -> list[D | None]:
    return [history.of(each) for each in month(year).months[:count]]


# What a name in a formula stands for.


def test_a_name_is_first_an_id_then_a_name_and_then_a_series() -> None:
    indicators = [indicator("price", name="cost"), indicator("cost", name="price", unit="元")]
    series = ["price", "leads"]
    by_id = find_driver("price", indicators, series)
    assert by_id is not None
    assert (by_id.source, by_id.key, by_id.title) == (Source.indicator, "price", "cost")
    by_name = find_driver("客单价", [PRICE], ["客单价"])
    assert by_name is not None
    assert (by_name.source, by_name.key, by_name.unit) == (Source.indicator, "average_order", "万元")
    by_series = find_driver("leads", indicators, series)
    assert by_series is not None
    assert (by_series.source, by_series.key, by_series.unit) == (Source.series, "leads", "")
    assert find_driver("lead", indicators, series) is None


def test_names_are_compared_in_normal_form() -> None:
    decomposed = "cafe\u0301"
    assert find_driver("café", [indicator("c", name=decomposed)], []) is not None
    found = find_driver("café", [], [decomposed])
    assert found is not None
    assert found.key == decomposed


def test_a_misspelt_driver_is_answered_with_the_nearest() -> None:
    one = REVENUE.model_copy(update={"formula": "custmers * 客单"})
    assert formula_problems(one, [one, PRICE], ["customers"]) == [
        "营收: The formula needs “custmers”, which is not there: write “customers” if that is meant.",
        "营收: The formula needs “客单”, which is not there: write “客单价” if that is meant.",
    ]


def test_a_name_that_two_indicators_have_is_not_guessed() -> None:
    two = [
        indicator("a", name="单价"),
        indicator("b", name="单价"),
        indicator("c", name="营收", formula="单价 * 2"),
    ]
    (says,) = formula_problems(two[2], two, [])
    assert "“单价” is the name of several indicators, “a”, “b”: write the id" in says


def test_indicators_in_a_circle_are_shown_by_their_names() -> None:
    revenue = REVENUE.model_copy(update={"formula": "客单价 * customers"})
    price = PRICE.model_copy(update={"formula": "revenue / customers"})
    (says,) = formula_problems(revenue, [revenue, price], ["customers"])
    assert "营收 → 客单价 → 营收" in says or "客单价 → 营收 → 客单价" in says
    own = indicator("x", formula="x * 1.1")
    assert "x → x" in formula_problems(own, [own], ["x"])[0]
    # A circle elsewhere in the department is not this indicator's.
    assert formula_problems(indicator("y", formula="customers * 2"), [revenue, price], ["customers"]) == []


def test_units_are_checked_once_the_names_are_right() -> None:
    in_yuan = PRICE.model_copy(update={"unit": "元"})
    new = indicator("customers", name="客户数", unit="个")
    (says,) = formula_problems(REVENUE, [REVENUE, in_yuan, new], [])
    assert "1 万元 is 10000 元" in says
    assert formula_problems(REVENUE, [REVENUE, PRICE, new], []) == []
    assert formula_notes(REVENUE, [REVENUE, PRICE, new], []) == []
    (note,) = formula_notes(REVENUE, [REVENUE, PRICE], ["customers"])
    assert "the unit of “customers” is not known" in note


def test_a_draft_takes_the_place_of_what_is_in_the_store() -> None:
    draft = REVENUE.model_copy(update={"formula": "revenue + 1"})
    assert formula_problems(draft, [REVENUE, PRICE], ["customers"]) != []
    assert formula_problems(REVENUE, [draft, PRICE], ["customers"]) == []
    assert formula_problems(indicator("plain"), [], []) == []


def test_a_base_that_is_no_series_is_said() -> None:
    rate = indicator("rate", formula="signed / leads", over_time="ratio", base="lead")
    assert "The base “lead” is no series" in formula_problems(rate, [rate], ["signed", "leads"])[0]


# What each month gives.


def test_a_month_without_a_driver_is_missing_and_one_divided_by_zero_is_not_computable() -> None:
    histories = {
        "signed": actuals(year_of([8, 8, None, 8])),
        "leads": actuals(year_of([50, 0, 50])),
    }
    months = month("2026").months[:4]
    found = compute_history(parse("signed / leads"), histories, months)
    assert [found.actuals.of(each) for each in months] == [D("0.16"), None, None, None]
    assert "divides by zero" in found.reasons[months[1]]
    assert found.reasons[months[2]] == "The actuals lack “signed”."
    assert found.reasons[months[3]] == "The actuals lack “leads”."
    assert months[0] not in found.reasons


@given(st.lists(st.tuples(st.integers(0, 10**6), st.decimals(0, 10**4, places=2)), min_size=12, max_size=12))
def test_a_year_of_products_is_the_sum_of_the_months(pairs: list[tuple[int, D]]) -> None:
    histories = {"c": actuals(year_of([c for c, _p in pairs])), "p": actuals(year_of([p for _c, p in pairs]))}
    months = month("2026").months
    found = compute_history(parse("c * p"), histories, months)
    assert found.actuals.combined(months, REVENUE.over_time) == sum((c * p for c, p in pairs), D(0))


def with_facts(workbook: Workbook, *records: Indicator, **series: list[object]) -> object:
    workbook.save("sales", *records)
    facts = workbook.write_actuals("sales", **{name: year_of(months) for name, months in series.items()})
    return workbook.book(facts=facts, period="2026-03")


def test_an_indicator_without_a_series_is_computed(workbook: Workbook) -> None:
    book = with_facts(workbook, REVENUE, PRICE, customers=CUSTOMERS, average_order=PRICES)
    assert first_months(history_of(book, REVENUE)) == [20, 60, 120]
    assert computed_history(book, REVENUE).reasons.keys() == set(month("2025").months) | {
        m for year in ("2023", "2024") for m in month(year).months
    }


def test_an_own_series_is_the_truth_and_the_formula_a_check(workbook: Workbook) -> None:
    book = with_facts(
        workbook, REVENUE, PRICE, customers=CUSTOMERS, average_order=PRICES, revenue=[20, "60.2", 150]
    )
    assert first_months(history_of(book, REVENUE)) == [20, D("60.2"), 150]
    assert first_months(computed_history(book, REVENUE).actuals) == [20, 60, 120]
    assert formula_check(book).texts() == [
        [
            "营收",
            "March 2026",
            "150\N{NO-BREAK SPACE}万元",
            "120\N{NO-BREAK SPACE}万元",
            "−30\N{NO-BREAK SPACE}万元",
        ]
    ]
    said = list(driver_sentences(book))
    assert said[-1].tone is Tone.warn
    assert "differs from the actuals in 1 of 3 months by more than 0.5%" in said[-1].text
    assert "Most in March 2026: it gives 120" in said[-1].text


def test_a_formula_that_agrees_is_said_to(workbook: Workbook) -> None:
    book = with_facts(workbook, REVENUE, PRICE, customers=CUSTOMERS, average_order=PRICES, revenue=[20, 60, 120])
    assert formula_check(book).texts() == []
    assert [line.tone for line in driver_sentences(book)][-1] is Tone.good
    assert "all 3 known months" in [line.text for line in driver_sentences(book)][-1]


@pytest.mark.parametrize(
    ("actual", "computed", "unit", "agrees"),
    [
        ("1000", "1005", "", True),
        ("1000", "1005.01", "", False),
        ("-1000", "-1005", "", True),
        ("0", "0.005", "", True),
        ("0", "0.006", "", False),
        ("0.1", "0.104", "", True),
        ("0.1", "0.104", "%", False),
        ("0.1", "0.1005", "%", True),
    ],
)
def test_rounding_is_no_difference(actual: str, computed: str, unit: str, agrees: bool) -> None:  # noqa: FBT001
    one = month("2026-01")
    frame = compare(Actuals({one: D(actual)}), Actuals({one: D(computed)}), [one], unit)
    assert frame.to_dict("records") == [
        {
            "month": one,
            "actual": D(actual),
            "computed": D(computed),
            "difference": D(computed) - D(actual),
            "agrees": agrees,
        }
    ]


def test_a_month_that_only_one_side_knows_is_not_compared() -> None:
    months = month("2026").months[:2]
    assert compare(actuals(year_of([1, None])), actuals(year_of([None, 2])), months, "").empty


def test_a_series_that_is_named_and_not_there_stays_a_slip_of_the_pen(workbook: Workbook) -> None:
    named = REVENUE.model_copy(update={"fact": "turnover"})
    book = with_facts(workbook, named, PRICE, customers=CUSTOMERS, average_order=PRICES)
    with pytest.raises(NotFound, match="turnover"):
        history_of(book, named)


def test_a_new_indicator_is_missing_and_stops_nothing(workbook: Workbook) -> None:
    new = indicator("new", formula="clicks * rate")
    book = with_facts(workbook, new, customers=CUSTOMERS)
    assert first_months(history_of(book, indicator("other"))) == [None, None, None]
    assert first_months(history_of(book, new)) == [None, None, None]
    reason = computed_history(book, new).reasons[month("2026-01")]
    assert "“clicks”" in reason
    assert [line.tone for line in driver_sentences(book)] == [Tone.bad, Tone.bad]


def test_a_computed_rate_of_a_quarter_is_that_of_its_sums(workbook: Workbook) -> None:
    rate = indicator(
        "rate", formula="signed / leads", unit="%", over_time="ratio", over_teams="ratio", base="leads"
    )
    book = with_facts(workbook, rate, signed=[8, 9, 1], leads=[50, 30, 20])
    history = history_of(book, rate)
    whole = history.combined(month("2026-Q1").months, rate.over_time)
    assert whole is not None
    assert round(whole, 20) == D("0.18")
    (says, *_rest) = driver_sentences(book)
    assert "weighted with “leads”" in says.text


def test_computed_drivers_are_computed_first(workbook: Workbook) -> None:
    customers = indicator("customers", name="客户数", unit="个", formula="new_customers + old_customers")
    book = with_facts(
        workbook, REVENUE, PRICE.model_copy(update={"base": ""}), customers,
        new_customers=[4, 5, 6], old_customers=[6, 15, None], average_order=PRICES,
    )  # fmt: skip
    assert first_months(history_of(book, REVENUE)) == [20, 60, None]
    histories = Histories(book)
    assert str(expanded(REVENUE, histories)) == "(new_customers + old_customers) * 客单价"
    assert month_shown(histories, REVENUE) == month("2026-02")
    tree = [(b.depth, b.sign, b.name, b.value, b.unit, b.kind) for b in tree_of(histories, REVENUE)]
    assert tree == [
        (0, "", "营收", 60, "万元", Kind.computed),
        (1, "", "客户数", 20, "个", Kind.computed),
        (2, "", "new_customers", 5, "", Kind.measured),
        (2, "+", "old_customers", 15, "", Kind.measured),
        (1, "×", "客单价", 3, "万元", Kind.measured),
    ]
    assert [row[0] for row in driver_table(book).texts()][:3] == [
        "营收",
        "\N{EM SPACE}客户数",
        "\N{EM SPACE}" * 2 + "new_customers",
    ]
    assert driver_table(book).texts()[0][1:] == [
        "60\N{NO-BREAK SPACE}万元",
        "February 2026",
        "computed by a formula",
    ]


def test_a_tree_that_doubles_at_each_step_is_not_followed_for_ever(workbook: Workbook) -> None:
    chain = [indicator(f"x{n}", formula=f"x{n + 1} * x{n + 1} + x{n + 1}") for n in range(30)]
    book = with_facts(workbook, *chain, x30=CUSTOMERS)
    histories = Histories(book)
    assert len(str(expanded(chain[0], histories))) < 5000
    assert len(tree_of(histories, chain[0])) < 200


def test_drivers_are_called_as_readers_call_them_unless_two_are_called_alike(workbook: Workbook) -> None:
    one = indicator("total", formula="a + b")
    book = with_facts(workbook, one, indicator("a", name="新客户"), indicator("b", name="老客户"), a=[1], b=[2])
    read, drivers = called(parse(one.formula), Histories(book))
    assert (str(read), list(drivers)) == ("新客户 + 老客户", ["新客户", "老客户"])
    workbook.save("sales", indicator("b", name="新客户"))
    assert str(called(parse(one.formula), Histories(workbook.book(facts="sales.csv")))[0]) == "a + b"


# The tree and its picture.


def plant(formula: str, **values: object) -> list[tuple[object, ...]]:
    one = indicator("x", formula=formula)
    tree = driver_tree(
        one, [one], list(values), lambda driver: None if values[driver.key] is None else D(str(values[driver.key]))
    )
    return [(b.depth, b.sign, b.name, b.value) for b in tree]


def test_a_sum_is_one_step_with_a_sign_for_each_part() -> None:
    assert plant("a - (b - c) - -d", a=10, b=4, c=1, d=2) == [
        (0, "", "x", 9),
        (1, "", "a", 10),
        (1, "−", "b", 4),
        (1, "+", "c", 1),
        (1, "+", "d", 2),
    ]
    assert plant("-a + b", a=1, b=3)[1:] == [(1, "−", "a", 1), (1, "+", "b", 3)]


def test_parts_of_parts_stand_below_with_their_own_figures() -> None:
    assert plant("(a + b) * c / min(d, 2) ^ 2", a=1, b=2, c=8, d=3) == [
        (0, "", "x", 6),
        (1, "", "a + b", 3),
        (2, "", "a", 1),
        (2, "+", "b", 2),
        (1, "×", "c", 8),
        (1, "÷", "min(d, 2)^2", 4),
        (2, "", "min(d, 2)", 2),
        (3, "", "d", 3),
        (3, "min", "2", 2),
        (2, "^", "2", 2),
    ]


def test_a_missing_driver_leaves_out_only_what_needs_it() -> None:
    assert plant("a * b + c / e", a=2, b=3, c=None, e=0) == [
        (0, "", "x", None),
        (1, "", "a × b", 6),
        (2, "", "a", 2),
        (2, "×", "b", 3),
        (1, "+", "c ÷ e", None),
        (2, "", "c", None),
        (2, "÷", "e", 0),
    ]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_picture_has_a_box_for_each_place_and_is_read_aloud(workbook: Workbook, code: str) -> None:
    book = with_facts(workbook, REVENUE, PRICE, customers=CUSTOMERS, average_order=PRICES)
    with language.use(code):
        figure = driver_chart(book)
        spec = figure.specification()
    rows = [row for data in spec["datasets"].values() for row in data]
    assert [row["name"] for row in rows if "name" in row] == ["营收", "customers", "客单价"]
    assert [row["sign"] for row in rows if "sign" in row] == ["×"]
    assert "120" in figure.sentence.text
    assert {"en": "customers (30)", "zh": "customers（30）"}[code] in figure.sentence.text
    assert "{" not in figure.sentence.text
    assert spec["description"] == figure.sentence.text


def test_boxes_never_overlap_and_parents_stand_beside_their_parts() -> None:
    one = indicator("x", formula="(a + b) * c - d / (e + f + g)")
    tree = driver_tree(one, [one], list("abcdefg"), lambda _driver: D(1))
    spec = draw_drivers(tree, month("2026-01")).specification()
    boxes = next(
        rows for rows in spec["datasets"].values() if rows and {"left", "right", "top", "bottom"} <= rows[0].keys()
    )
    assert len(boxes) == len(tree)
    for n, box in enumerate(boxes):
        for other in boxes[n + 1 :]:
            apart = box["right"] < other["left"] or other["right"] < box["left"]
            assert apart or box["bottom"] < other["top"] or other["bottom"] < box["top"]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_phone_shows_an_indicator_and_its_drivers_whole_with_long_names_in_two_lines(
    workbook: Workbook, code: str
) -> None:
    long = indicator("average_order", name="Average revenue per new customer", unit="万元")
    revenue = indicator("revenue", name="营收", unit="万元", formula="customers * average_order", importance=5)
    book = with_facts(workbook, revenue, long, customers=CUSTOMERS, average_order=PRICES)
    with language.use(code):
        spec = driver_chart(book).specification()
    names = [row["name"] for data in spec["datasets"].values() for row in data if "name" in row]
    assert names[-2:] == ["Average revenue per", "new customer"]
    assert draw(spec, language="zh-CN").width <= PHONE


def test_more_than_twelve_drivers_are_left_to_the_table() -> None:
    names = [f"d{n}" for n in range(13)]
    one = indicator("x", formula=" + ".join(names))
    figure = draw_drivers(driver_tree(one, [one], names, lambda _driver: D(1)), month("2026-01"))
    assert figure.chart is None
    assert figure.sentence.text.endswith("It has 13 drivers, too many for a picture: the table shows them.")


def test_without_a_formula_there_is_nothing_to_draw_and_nothing_to_say(workbook: Workbook) -> None:
    workbook.save("sales", indicator())
    book = workbook.book()
    assert driver_chart(book).chart is None
    assert driver_table(book).texts() == []
    assert [line.text for line in driver_sentences(book)] == ["No indicator is computed from others."]


def test_a_chart_of_a_named_indicator_is_of_that_one(workbook: Workbook) -> None:
    other = indicator("other", name="另一个", formula="customers + 1")
    book = with_facts(workbook, REVENUE, PRICE, other, customers=CUSTOMERS, average_order=PRICES)
    assert driver_chart(book).sentence.text.startswith("营收")
    assert driver_chart(book, "other").sentence.text.startswith("另一个")
    assert driver_chart(book, "unheard-of").chart is None


def test_a_formula_that_never_has_a_value_says_why(workbook: Workbook) -> None:
    book = with_facts(workbook, indicator("rate", formula="signed / leads"), signed=[1, 2, 3], leads=[0, 0, 0])
    (says, *_rest) = driver_sentences(book)
    assert says.tone is Tone.unknown
    assert "“leads” is 0" in says.text
    assert driver_chart(book).sentence.tone is Tone.unknown
