"""All departments at a glance: totals that are never too small, and the worst first."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import company, language
from kpinb.book import Book
from kpinb.company.departments import departments
from kpinb.company.overview import add_departments, department_frame
from kpinb.period import Period
from kpinb.retrospective.records import Action, Finding
from kpinb.track.pace import Status
from kpinb.view import Tone

OCTOBER = Period.parse("2026-10")
SHARES = {
    "sales": ("销售部", "0.6", "1.12"),
    "product": ("产品部", "0.3", "1.195"),
    "marketing": ("市场部", "0.1", "1.195"),
}


def scaled(share: str, rate: str = "1") -> list[Decimal]:
    return [Decimal(v) * Decimal(share) * Decimal(rate) for v in MONTHS_2025]


@pytest.fixture
def opened(workbook: Workbook) -> Book:
    """Give the company of the method: shares of 60, 30 and 10 percent, and 15 % of growth where 20 were asked."""
    workbook.save("company", indicator(unit="万元"), target("2026", level="company", value="1200", growth="0.2"))
    for identifier, (name, share, rate) in SHARES.items():
        workbook.save(
            identifier,
            indicator(unit="万元"),
            target("2026", value=str(1200 * Decimal(share)), growth="0.2"),
        )
        months = year_of(scaled(share), 2025) | year_of(scaled(share, rate)[:10])
        workbook.department(identifier, name, workbook.write_actuals(identifier, revenue=months))
    return workbook.book("company")


def test_the_company_s_revenue_is_the_sum_of_its_departments(opened: Book) -> None:
    seen = company.overview(opened)
    (total,) = seen.totals
    assert (total.to_date.actual, total.to_date.start, total.to_date.expected) == (Decimal("954.5"), 830, 996)
    assert (total.to_date.reached, total.status) == (Decimal("0.75"), Status.lagging)
    (row,) = company.total_table(seen).texts()
    assert row[4:] == ["+15%", "+20%", "75%", "lagging"]


def test_the_worst_department_stands_first(opened: Book) -> None:
    seen = company.overview(opened)
    assert [(one.department.name, one.status) for one in seen.departments] == [
        ("销售部", Status.off),
        ("市场部", Status.on_track),
        ("产品部", Status.on_track),
    ]
    lines = company.bottom_line(seen).items
    assert lines[0].text.startswith("revenue, January 2026 to October 2026: 954.5")
    assert lines[1].text == "3 departments: 1 off, 2 on track."
    assert lines[2].text.startswith("销售部 – revenue, January 2026 to October 2026")
    assert len(lines) == 3


@pytest.mark.parametrize("broken", ["no such file", "broken rows", "broken parameters"])
def test_a_department_that_cannot_be_read_makes_the_total_unknown_and_not_small(
    workbook: Workbook, opened: Book, broken: str
) -> None:
    if broken == "no such file":
        (workbook.root / "product.csv").unlink()
    elif broken == "broken rows":
        (workbook.root / "product.csv").write_text("month,indicator,value\n2026-01,revenue\n", encoding="utf-8")
    else:
        (workbook.root / "params" / "product.yaml").write_text("department: [", encoding="utf-8")
    seen = company.overview(opened)
    (total,) = seen.totals
    assert (total.status, total.to_date.actual, total.to_date.reached) == (Status.unknown, None, None)
    one = next(one for one in seen.departments if one.department.id == "product")
    assert (one.status, one.found) == (Status.unknown, [])
    assert one.problem
    lines = company.bottom_line(seen).items
    assert one.department.name in lines[0].text
    assert "cannot be read" in lines[0].text
    assert lines[0].tone is Tone.unknown
    assert any(one.problem in line.text for line in lines[2:])
    assert seen.departments[0].department.id == "sales"
    frame = department_frame(seen)
    assert frame[frame["id"] == "product"]["worst"].tolist() == [one.problem]
    # It has a tile of its own: what cannot be read must not vanish from the picture.
    spec = company.department_chart(seen).specification()
    rows = next(iter(spec["datasets"].values()))
    assert [r["status"] for r in rows if r["department"] == one.department.name] == ["unknown"]


def test_a_hole_in_one_department_is_a_hole_in_the_company(workbook: Workbook, opened: Book) -> None:
    months = year_of(scaled("0.1"), 2025) | year_of([*scaled("0.1")[:4], None, *scaled("0.1")[5:10]])
    workbook.write_actuals("marketing", revenue=months)
    (total,) = company.overview(opened).totals
    assert total.to_date.missing == [Period.parse("2026-05")]
    assert total.to_date.actual is None
    assert total.month.actual is not None


def test_zero_in_one_department_is_a_figure(workbook: Workbook, opened: Book) -> None:
    workbook.write_actuals("marketing", revenue=year_of(scaled("0.1"), 2025) | year_of([0] * 10))
    (total,) = company.overview(opened).totals
    assert total.to_date.missing == []
    assert total.to_date.actual == Decimal("954.5") - Decimal("99.185")


def test_a_department_without_the_indicator_carries_no_part_of_it(workbook: Workbook, opened: Book) -> None:
    workbook.save(
        "service", indicator("response", direction="at_most", over_time="mean"), target("2026", value="2")
    )
    workbook.department("service", "客服部", "")
    seen = company.overview(opened)
    assert seen.totals[0].to_date.actual == Decimal("954.5")
    service = next(one for one in seen.departments if one.department.id == "service")
    assert service.problem == ""
    assert service.status is Status.unknown


@pytest.mark.parametrize("how", ["mean", "ratio"])
def test_a_rate_of_the_company_is_weighted_with_each_department_s_base(workbook: Workbook, how: str) -> None:
    rate = indicator("solved", over_time=how, over_teams=how, fact="solved", base="tickets", unit="%")
    workbook.save("company", rate, target("2026", indicator="solved", level="company", value="0.95"))
    # 90 of 100 and 297 of 300: 96.75 % of all, not 94.5 %.
    for name, share, tickets in (("north", "0.9", 100), ("south", "0.99", 300)):
        workbook.save(name, rate)
        solved = Decimal(share) * (tickets if how == "ratio" else 1)
        facts = workbook.write_actuals(name, solved=year_of([solved]), tickets=year_of([tickets]))
        workbook.department(name, name, facts)
    book = workbook.book("company", "2026-01")
    found, unread = add_departments(book, rate, departments(book, "params"))
    january = Period.parse("2026-01")
    assert (found.of(january), found.bases[january], unread) == (Decimal("0.9675"), 400, [])
    (total,) = company.overview(book).totals
    assert total.status is Status.on_track


def test_causes_and_overdue_actions_stand_beside_the_department(workbook: Workbook, opened: Book) -> None:
    cause = {"id": "f", "period": "2026-09", "indicator": "revenue", "cause": "竞品价格战导致客单价下降10%。"}
    workbook.save("sales", Finding.build(cause))
    for name, due in (("late", "2026-10-20"), ("in-time", "2026-11-20")):
        todo = {"id": name, "name": name, "opened_in": "2026-09", "owner": "销售主管", "due": due}
        workbook.save("sales", Action.build(todo))
    seen = company.overview(opened)
    (row,) = [row for row in department_frame(seen).to_dict("records") if row["id"] == "sales"]
    assert (row["cause"], row["overdue"]) == ("竞品价格战导致客单价下降10%。", 1)
    assert company.bottom_line(seen).items[2].text.endswith("Why: 竞品价格战导致客单价下降10%.")


def test_the_company_s_own_parameters_are_no_department(workbook: Workbook, opened: Book) -> None:
    workbook.department("company", "公司", "")
    assert [d.id for d in departments(opened, "params")] == ["marketing", "product", "sales"]
    assert {d.book.period for d in departments(opened, "params") if d.book} == {OCTOBER}


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chart_has_a_tile_for_each_indicator_worst_department_on_top(opened: Book, code: str) -> None:
    with language.use(code):
        seen = company.overview(opened)
        figure = company.department_chart(seen)
        spec = figure.specification()
        assert "2" in figure.sentence.text
        assert company.department_table(seen).texts()[0][0] == "销售部"
    rows = next(iter(spec["datasets"].values()))
    assert [(r["department"], r["place"]) for r in rows] == [("销售部", 0), ("市场部", 0), ("产品部", 0)]
    assert "60%" in rows[0]["text"]
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["销售部", "市场部", "产品部"]


def test_a_company_without_departments_says_so(workbook: Workbook) -> None:
    seen = company.overview(workbook.book("company"))
    assert company.department_chart(seen).chart is None
    assert company.department_table(seen).texts() == []
    assert company.bottom_line(seen).items[0].tone is Tone.unknown


def test_the_review_of_an_april_year_is_added_up_alike(workbook: Workbook) -> None:
    workbook.save("company", indicator(), target("2026", level="company", value="1200", phasing="even"))
    for name in ("north", "south"):
        workbook.save(name, indicator())
        facts = workbook.write_actuals(name, revenue=year_of([50] * 12, start=4))
        workbook.department(name, name, facts)
    (total,) = company.overview(workbook.book("company", "2027-02", start=4)).totals
    assert (total.to_date.actual, total.to_date.expected, len(total.to_date.months)) == (1100, 1100, 11)
