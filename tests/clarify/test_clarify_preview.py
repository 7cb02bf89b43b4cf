"""What the forms say while somebody types: vague words, what saving ends, what formula and criterion give."""

from __future__ import annotations

import pytest
from stories import Workbook, noon, year_of

from kpinb.book import Book
from kpinb.clarify.form import criterion_form, indicator_form
from kpinb.clarify.preview import advise_indicator, preview_criterion, preview_indicator
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, VagueTerm
from kpinb.view import Figure, Sentences

LOYALTY = BusinessGoal(id="loyalty", name="Loyalty")
REVENUE = Indicator.build(
    {
        "id": "revenue",
        "name": "Revenue",
        "statement": "Grow by 20 %",
        "goals": ["loyalty"],
        "issuer": "Board",
        "owner": "Ann",
        "unit": "万元",
        "formula": "customers * price",
    }
)
ENOUGH = Criterion.build(
    {
        "id": "enough",
        "indicator": "revenue",
        "threshold": "90",
        "unit": "万元",
        "population": "all orders",
        "source": "orders",
    }
)


@pytest.fixture
def book(workbook: Workbook) -> Book:
    customers = [8, 6, 9, 7, 8, 10, 8, 9, 10, 8, 8, 9]
    facts = workbook.write_actuals(
        "sales",
        revenue=year_of([n * 10 for n in customers]),
        customers=year_of(customers),
        price=year_of([10] * 12),
    )
    workbook.save("company", LOYALTY)
    workbook.save("sales", REVENUE, ENOUGH)
    return workbook.book(facts=facts)


def said(shown: list[Sentences | Figure]) -> str:
    return "\n".join(str(item) for part in shown if isinstance(part, Sentences) for item in part).replace(
        "\xa0", " "
    )


def test_a_vague_instruction_is_marked_with_what_a_measurable_one_would_say(book: Book) -> None:
    values = dict(REVENUE) | {"id": "speed", "statement": "优化客户服务响应速度"}
    (sentence,) = advise_indicator(book, values).values()
    assert "“优化”" in sentence
    assert advise_indicator(book, values | {"statement": "平均响应时间≤2小时"}) == {}
    assert advise_indicator(book, values | {"statement": ""}) == {}


def test_a_formula_that_gives_another_unit_is_said_beside_it(book: Book) -> None:
    values = dict(REVENUE)
    assert advise_indicator(book, values) == {}
    assert "“prise”" in advise_indicator(book, values | {"formula": "customers * prise"})["formula"]
    assert advise_indicator(book, values | {"formula": "customers *"}) == {}
    assert "in a circle" in advise_indicator(book, values | {"formula": "revenue + 1"})["formula"]


def test_words_of_the_company_are_marked_as_well(workbook: Workbook, book: Book) -> None:
    values = dict(REVENUE) | {"id": "more", "statement": "多拓新客户。"}
    assert advise_indicator(book, values) == {}
    workbook.save("company", VagueTerm(id="duo", term="多拓", needs="Say how many, by when."))
    assert "Say how many, by when." in advise_indicator(book, values)["statement"]


def test_a_complete_card_may_be_confirmed_and_an_empty_one_says_what_is_missing(book: Book) -> None:
    assert "Everything is there: once saved, it can be confirmed" in said(preview_indicator(book, REVENUE))
    nobody = REVENUE.model_copy(update={"issuer": ""})
    assert "Revenue: name the issuer" in said(preview_indicator(book, nobody))


def test_a_formula_is_computed_and_drawn_while_it_is_typed(book: Book) -> None:
    shown = preview_indicator(book, REVENUE)
    assert "Revenue is computed as customers × price." in said(shown)
    assert [part.chart is not None for part in shown if isinstance(part, Figure)] == [True]
    unknown = REVENUE.model_copy(update={"formula": "customers * prise"})
    assert "“prise”" in said(preview_indicator(book, unknown))
    assert not [part for part in preview_indicator(book, unknown) if isinstance(part, Figure)]


def test_who_changes_what_was_agreed_is_told_before_saving(workbook: Workbook, book: Book) -> None:
    workbook.save(
        "sales",
        Agreement.build({"id": "revenue", "agreed_with": "Board", "on": "2026-02-01"}),
        at=noon(2026, 2, 1),
    )
    warning = "Saving this change ends that"
    assert warning not in said(preview_indicator(book, REVENUE))
    assert warning not in said(preview_indicator(book, REVENUE.model_copy(update={"urgency": 5})))
    assert warning in said(preview_indicator(book, REVENUE.model_copy(update={"unit": "元"})))
    assert warning not in said(preview_criterion(book, ENOUGH))
    assert warning in said(preview_criterion(book, ENOUGH.model_copy(update={"threshold": 95})))
    assert warning in said(preview_criterion(book, ENOUGH.model_copy(update={"id": "another"})))


def test_a_criterion_runs_on_its_source_before_it_is_saved(book: Book) -> None:
    stricter = ENOUGH.model_copy(update={"threshold": 200})
    shown = preview_criterion(book, stricter)
    assert "In October 2026 it came to 80 万元, which does not meet ≥ 200 万元." in said(shown)
    assert "natural range" in said(shown)
    assert [part.chart is not None for part in shown if isinstance(part, Figure)] == [True]


def test_a_source_that_is_not_there_is_a_sentence_and_no_traceback(book: Book) -> None:
    shown = preview_criterion(book, ENOUGH.model_copy(update={"fact": "reveneu"}))
    assert "revenue" in said(shown)
    assert all(part.chart is None for part in shown if isinstance(part, Figure))


def test_the_forms_show_it(book: Book) -> None:
    form = indicator_form(book)
    form.picker.value = "revenue"
    form["statement"].value = "尽快提升营收"
    assert "text/html" in form.panel.outputs[0]
    assert "Everything is there" in form.panel.outputs[0]["text/plain"]
    criterion = criterion_form(book)
    criterion.picker.value = "enough"
    criterion["threshold"].value = "200"
    assert any("≥ 200" in output["text/plain"] for output in criterion.panel.outputs)
