"""The hierarchy of the method's table: season, month, person."""

from __future__ import annotations

from decimal import Decimal

from stories import MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import decompose
from kpinb.decompose.hierarchy import hierarchy
from kpinb.decompose.records import Target, Task
from kpinb.view import Tone


def steps(targets: list[Target], tasks: list[Task] | None = None, **values: str) -> list[object]:
    given = {t.id: t.value for t in targets} | {key: Decimal(v) for key, v in values.items()}
    return hierarchy(targets, [indicator()], tasks or [], given)  # type: ignore[return-value]


def test_each_target_stands_before_its_parts() -> None:
    targets = [
        target("2026-Q1", "person", parent="team", level="person", value="20"),
        target("2026-Q2", "q2", parent="year", value="60"),
        target("2026-Q1", "q1", parent="year", value="50"),
        target("2026-Q1", "team", parent="q1", level="team", value="50"),
        target("2026", "year", value="200"),
    ]
    assert [(s.target.id, s.depth) for s in steps(targets)] == [
        ("year", 0),
        ("q1", 1),
        ("team", 2),
        ("person", 3),
        ("q2", 1),
    ]


def test_a_circle_of_targets_loses_none() -> None:
    targets = [target("2026", "a", parent="b", value="1"), target("2026", "b", parent="a", value="1")]
    assert sorted(s.target.id for s in steps(targets)) == ["a", "b"]


def test_the_book_s_hierarchy_resolves_growth_and_says_the_target_first(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        indicator(unit="万元"),
        target("2026", "year", growth="0.2", owner="销售部经理", share="0.6", statement="Revenue grows by 20 %"),
        target("2026-Q1", "q1", points="0.05", parent="year", owner="销售部经理", statement="Q1 grows by 5 %"),
        target("2026-Q2", "q2", points="0.06", parent="year", owner="销售部经理"),
        target("2026-Q3", "q3", points="0.05", parent="year", owner="销售部经理"),
        target("2026-Q4", "q4", points="0.04", parent="year", owner="销售部经理"),
        target("2026", "monthly", growth="0.0153", basis="period_before", every="month", parent="year", owner="a"),
        target("2025", "old", value="1"),
        Task(id="t", name="Ten roadshows", target="year"),
    )
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025))
    book = workbook.book(facts=facts)
    rows = decompose.cascade_table(book).texts()
    assert [row[0] for row in rows[:3]] == [
        "Revenue grows by 20 %",
        "\N{EM SPACE}revenue",
        "\N{EM SPACE}Q1 grows by 5 %",
    ]
    # A growth on the month before is no amount: it is shown as it was asked for.
    assert [row[2] for row in rows[:3]] == [
        "1,200\N{NO-BREAK SPACE}万元",
        "+1.5% every month",
        "280\N{NO-BREAK SPACE}万元",
    ]
    first, verdict = decompose.bottom_line(book)
    assert "1,200\N{NO-BREAK SPACE}万元" in first.text
    assert "60%" in first.text
    assert verdict.tone is Tone.good


def test_without_a_target_the_bottom_line_is_unknown_and_not_good(workbook: Workbook) -> None:
    assert [s.tone for s in decompose.bottom_line(workbook.book())] == [Tone.unknown]
