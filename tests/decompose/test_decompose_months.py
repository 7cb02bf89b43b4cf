"""The months' table, the sentence on the method, and the chart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import decompose, language
from kpinb.view import Tone


def with_revenue(workbook: Workbook, *targets: object, start: int = 1) -> object:
    workbook.save("sales", indicator(unit="万元"), *targets)  # type: ignore[arg-type]
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025, start=start))
    return workbook.book(facts=facts, start=start)


def test_the_table_ends_with_the_year_and_its_growth(workbook: Workbook) -> None:
    book = with_revenue(workbook, target("2026", growth="0.2"))
    rows = decompose.months_table(book).texts()
    assert len(rows) == 12 + 4 + 1
    assert rows[3] == ["Q1 2026", "276.00", "230.00", "+20%"]
    assert rows[-1] == ["2026", "1,200.00", "1,000.00", "+20%"]


def test_a_person_s_target_is_no_part_of_the_departments_months(workbook: Workbook) -> None:
    book = with_revenue(workbook, target("2026", growth="0.2"), target("2026", "rep-a", level="person", value="9"))
    assert decompose.months_table(book).texts()[-1][1] == "1,200.00"
    assert [s.tone for s in decompose.method_sentences(book)] == [Tone.plain]


def test_the_company_has_months_of_its_own_level(workbook: Workbook) -> None:
    workbook.save(
        "company", indicator(), target("2026", level="company", value="1200"), target("2026", "d", value="5")
    )
    assert decompose.months_table(workbook.book("company")).texts()[-1][1] == "1,200.00"


def test_a_target_that_cannot_be_resolved_is_spoken_of(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", growth="0.2"))
    sentences = list(decompose.method_sentences(workbook.book()))
    assert "Give the value itself" in sentences[0].text
    assert sentences[0].tone is Tone.warn


def test_the_growth_over_a_loss_is_not_shown(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", value="12"))
    facts = workbook.write_actuals("sales", revenue=year_of([-1] * 12, 2025))
    assert {row[3] for row in decompose.months_table(workbook.book(facts=facts)).texts()} == {"–"}


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chart_has_twelve_bars_and_the_year_before(workbook: Workbook, code: str) -> None:
    book = with_revenue(workbook, target("2026", growth="0.2"))
    with language.use(code):
        figure = decompose.months_chart(book)
        spec = figure.specification()
    bars, line = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [row["value"] for row in bars] == pytest.approx([1.2 * v for v in MONTHS_2025], abs=0.01)
    assert [row["value"] for row in line] == [float(v) for v in MONTHS_2025]
    assert len({row["series"] for row in bars + line}) == 2
    assert "120" in figure.sentence.text
    assert "72" in figure.sentence.text
    assert spec["description"] == figure.sentence.text


def test_months_that_are_all_asked_alike_are_said_in_one_breath(workbook: Workbook) -> None:
    workbook.save("sales", indicator(unit="%", over_time="mean", base="tickets"), target("2026", value="0.95"))
    facts = workbook.write_actuals("sales", revenue=year_of([0.9] * 12, 2025), tickets=year_of([10] * 12, 2025))
    figure = decompose.months_chart(workbook.book(facts=facts))
    assert figure.sentence.text == "revenue: every month is asked for 95%."


def test_without_a_target_there_is_nothing_to_draw(workbook: Workbook) -> None:
    book = workbook.book()
    assert decompose.months_chart(book).chart is None
    assert decompose.months_table(book).texts() == []


def test_an_april_year_shows_its_own_quarters(workbook: Workbook) -> None:
    book = with_revenue(workbook, target("2026", growth="0.2"), start=4)
    rows = decompose.months_table(book).texts()
    assert [rows[0][0], rows[3][0], rows[-2][0]] == ["April 2026", "Q1 2026", "Q4 2026"]
    assert Decimal(rows[-1][1].replace(",", "").split("\N{NO-BREAK SPACE}")[0]) == 1200
