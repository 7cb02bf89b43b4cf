"""The departments' targets against the company's: 60, 30 and 10 percent are the whole, and nothing else is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import company
from kpinb.view import Tone

SHARES = {"sales": ("销售部", "0.6"), "product": ("产品部", "0.3"), "marketing": ("市场部", "0.1")}
WHOLE = target("2026", "whole", level="company", owner="管理层", value="12000")


def departments(workbook: Workbook, **changed: dict[str, object]) -> None:
    workbook.save("company", indicator(unit="万元"), WHOLE)
    for identifier, (name, share) in SHARES.items():
        fields = {"value": str(12000 * Decimal(share)), "share": share, **changed.get(identifier, {})}
        workbook.save(
            identifier, indicator(unit="万元"), target("2026", "mine", parent="whole", owner=name, **fields)
        )
        workbook.department(identifier, name, "")


def said(workbook: Workbook) -> list[str]:
    book = workbook.book("company")
    return [s.text.replace("\xa0", " ") for s in company.cascade_sentences(book, company.overview(book))]


def test_sixty_thirty_and_ten_percent_come_to_the_company_s_target(workbook: Workbook) -> None:
    departments(workbook)
    book = workbook.book("company")
    (verdict,) = company.cascade_sentences(book, company.overview(book))
    assert verdict.tone is Tone.good
    assert verdict.text.startswith("3 targets of departments are parts of the company's")


def test_five_percent_that_nobody_carries_are_found(workbook: Workbook) -> None:
    departments(workbook, marketing={"share": "0.05", "value": "600"})
    verdict, *faults = said(workbook)
    assert verdict == "2 points between the company's targets and the departments' do not hold."
    assert any("95% and not to 100%" in text for text in faults)
    assert any("11,400 万元, 600 万元 less than the 12,000 万元" in text for text in faults)


def test_less_committed_from_below_than_asked_from_above_is_found(workbook: Workbook) -> None:
    departments(workbook, sales={"committed": "6500"})
    verdict, *faults = said(workbook)
    assert verdict == "1 point between the company's targets and the departments' does not hold."
    assert "7,200 万元" in faults[0]
    assert "6,500 万元" in faults[0]


@pytest.mark.parametrize(("growth", "lines"), [("0.2", 1), ("0.1", 2)])
def test_a_department_s_growth_is_over_its_own_year_before(workbook: Workbook, growth: str, lines: int) -> None:
    workbook.save("company", indicator(), target("2026", "whole", level="company", owner="Board", value="1200"))
    for name, part in (("north", Decimal("0.75")), ("south", Decimal("0.25"))):
        facts = workbook.write_actuals(name, revenue=year_of([part * n for n in MONTHS_2025], 2025))
        rate = growth if name == "south" else "0.2"
        workbook.save(name, indicator(), target("2026", "mine", parent="whole", owner=name, growth=rate))
        workbook.department(name, name, facts)
    assert len(said(workbook)) == lines


def test_a_fault_of_the_company_s_own_stands_on_its_own_pages(workbook: Workbook) -> None:
    departments(workbook)
    workbook.save("company", target("2026-Q1", "q1", level="company", parent="whole", value="3000"))
    assert len(said(workbook)) == 1


def test_without_parts_there_is_nothing_to_compare(workbook: Workbook) -> None:
    workbook.save("company", indicator(), WHOLE)
    assert said(workbook) == ["No department's target is part of one of the company's."]
