"""The hierarchy of the method's table: season, month, person; what does not add up is said."""

from __future__ import annotations

from decimal import Decimal

from stories import MONTHS_2025, Workbook, day, indicator, target, year_of

from kpinb import decompose
from kpinb.decompose.hierarchy import hierarchy, inconsistencies
from kpinb.decompose.records import Target, Task
from kpinb.period import Period
from kpinb.view import Tone


def steps(targets: list[Target], tasks: list[Task] | None = None, **values: str) -> list[object]:
    given = {t.id: t.value for t in targets} | {key: Decimal(v) for key, v in values.items()}
    return hierarchy(targets, [indicator()], tasks or [], given)  # type: ignore[return-value]


def said(*args: object, **kwargs: str) -> str:
    return "\n".join(inconsistencies(steps(*args, **kwargs), Period.parse("2026-01")))  # type: ignore[arg-type]


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


def test_sixty_thirty_and_ten_percent_are_the_whole_and_sixty_thirty_and_five_are_not() -> None:
    whole = target("2026", "whole", level="company", owner="管理层", value="1200")

    def parts(last: str) -> list[Target]:
        shares = {"sales": "0.6", "product": "0.3", "marketing": last}
        return [
            target(
                "2026", name, parent="whole", owner=name, share=share, value=str(Decimal(1200) * Decimal(share))
            )
            for name, share in shares.items()
        ]

    tasks = [Task(id=f"do-{n}", name=n, target=n) for n in ("sales", "product", "marketing")]
    assert said([whole, *parts("0.1")], tasks) == ""
    wrong = said([whole, *parts("0.05")], tasks)
    assert "come to 95% and not to 100%" in wrong
    assert "+60 is to be placed" in wrong


def test_four_quarters_that_miss_their_year_say_by_how_much_and_three_are_not_compared() -> None:
    year = target("2026", "year", owner="o", value="1200")
    held = [target(f"2026-Q{n}", f"q{n}", parent="year", owner="o", value="290") for n in (1, 2, 3, 4)]
    tasks = [Task(id=f"do-{t.id}", name="do", target=t.id) for t in held]
    assert "come to 1,160, the target is 1,200: +40" in said([year, *held], tasks)
    assert said([year, *held[:3]], tasks) == ""


def test_points_of_a_growth_are_added_as_points() -> None:
    def year(*points: str) -> str:
        held = [
            target(f"2026-Q{n}", f"q{n}", parent="year", owner="o", points=part)
            for n, part in enumerate(points, start=1)
        ]
        tasks = [Task(id="do", name="do", target="year")]
        values = {t.id: "300" for t in held} | {"year": "1200"}
        return said([target("2026", "year", owner="o", growth="0.2"), *held], tasks, **values)

    assert year("0.05", "0.06", "0.05", "0.04") == ""
    assert "come to 19% of growth, the target is 20%" in year("0.05", "0.06", "0.04", "0.04")


def test_a_target_nobody_owns_or_carries_and_a_task_that_ends_too_late_are_named() -> None:
    text = said([target("2026-Q1", "q1", value="1", statement="Q1 grows")])
    assert "“Q1 grows, Q1 2026” has no owner" in text
    assert "No task carries these targets: Q1 grows, Q1 2026." in text
    late = Task(id="late", name="Roadshow", target="q1", end=day("2026-04-02"))
    assert "“Roadshow” ends on 2 April 2026" in said([target("2026-Q1", "q1", owner="o", value="1")], [late])
    in_time = late.model_copy(update={"end": day("2026-03-31")})
    assert said([target("2026-Q1", "q1", owner="o", value="1")], [in_time]) == ""


def test_the_book_s_hierarchy_resolves_growth_and_says_the_target_first(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        indicator(unit="万元"),
        target("2026", "year", growth="0.2", owner="销售部经理", share="0.6", statement="Revenue grows by 20 %"),
        target("2026-Q1", "q1", points="0.05", parent="year", owner="销售部经理", statement="Q1 grows by 5 %"),
        target("2025", "old", value="1"),
        Task(id="t", name="Ten roadshows", target="q1"),
    )
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025))
    book = workbook.book(facts=facts)
    rows = decompose.cascade_table(book).texts()
    assert [row[0] for row in rows] == ["Revenue grows by 20 %", "\N{EM SPACE}Q1 grows by 5 %"]
    assert [row[2] for row in rows] == ["1,200\N{NO-BREAK SPACE}万元", "280\N{NO-BREAK SPACE}万元"]
    first, verdict = decompose.bottom_line(book)
    assert "1,200\N{NO-BREAK SPACE}万元" in first.text
    assert "60%" in first.text
    assert verdict.tone is Tone.good


def test_without_a_target_the_bottom_line_is_unknown_and_not_good(workbook: Workbook) -> None:
    assert [s.tone for s in decompose.bottom_line(workbook.book())] == [Tone.unknown]
