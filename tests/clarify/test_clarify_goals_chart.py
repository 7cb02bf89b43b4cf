"""The tree of goals as a picture: every name readable, nothing on top of anything else, whatever was typed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Workbook, indicator

from kpinb import clarify, language
from kpinb.clarify.agreement import Standing, State, derive
from kpinb.clarify.charts.goals import draw_goals
from kpinb.clarify.charts.names import cut
from kpinb.clarify.records import BusinessGoal
from kpinb.report.drawing import PHONE, draw
from kpinb.view.theme import COLOURS

LONG = "在保持毛利率不下降的前提下把华东与华南两个大区的企业客户年度续约率提高到行业前四分之一并降低流失率"


def goal(identifier: str, name: str = "", parent: str | None = None) -> BusinessGoal:
    return BusinessGoal(id=identifier, name=name or identifier, parent=parent)


def stand(identifier: str, *goals: str, name: str = "", issuer: str = "管理层", blocked: bool = True) -> State:
    one = indicator(identifier, name=name or identifier, goals=list(goals), issuer=issuer)
    return derive(one, ["missing"] if blocked else [], None, [])


def spec_of(states: list[State], goals: list[BusinessGoal]) -> dict[str, Any]:
    return draw_goals(states, goals).specification()


def layers(spec: dict[str, Any], mark: str) -> list[list[dict[str, Any]]]:
    return [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"] if layer["mark"]["type"] == mark]


def rows(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [row for rows in layers(spec, mark) for row in rows]


def ends(spec: dict[str, Any]) -> set[tuple[str, float, float]]:
    """Give the threads: name, height at the goal, height at the indicator."""
    points = rows(spec, "line")
    return {
        (
            name,
            next(p["y"] for p in points if p["thread"] == name and p["step"] == 0),
            next(p["y"] for p in points if p["thread"] == name and p["step"] == 3),
        )
        for name in {p["thread"] for p in points}
    }


EXAMPLE = [
    goal("growth", "营收增长20%"),
    goal("raise", "提高营收", "growth"),
    goal("loyalty", "增强用户粘性"),
    goal("skill", "提升团队能力"),
]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_threads_lead_from_each_goal_to_each_of_its_indicators(code: str) -> None:
    with language.use(code):
        figure = draw_goals(
            [stand("revenue", "growth"), stand("repeat", "loyalty", "raise"), stand("forms")], EXAMPLE
        )
        spec = figure.specification()
        standings = [standing.label for standing in Standing]
    heights = {row["name"]: (row["y"] + row["y2"]) / 2 for row in rows(spec, "rect")}
    marks = {row["name"]: row["y"] for row in rows(spec, "point")}
    assert ends(spec) == {
        ("growth revenue", heights["营收增长20%"], marks["revenue"]),
        ("loyalty repeat", heights["增强用户粘性"], marks["repeat"]),
        ("raise repeat", heights["提高营收"], marks["repeat"]),
    }
    assert list(heights) == ["营收增长20%", "提高营收", "增强用户粘性", "提升团队能力"]
    assert sorted(heights.values()) == list(heights.values())
    assert [row["name"] for row in rows(spec, "point")] == ["revenue", "repeat", "forms"]
    assert {row["standing"] for row in rows(spec, "point")} == {standings[0]}
    assert spec["description"] == figure.sentence.text


def test_a_goal_stands_indented_below_the_one_it_serves_and_is_tied_to_it() -> None:
    spec = spec_of([], EXAMPLE[:2])
    above, below = rows(spec, "rect")
    assert below["x"] > above["x"]
    assert below["y"] > above["y2"]
    down, across = rows(spec, "rule")
    assert (down["y"], down["y2"]) == (above["y2"], (below["y"] + below["y2"]) / 2)
    assert (across["x"], across["x2"], across["y"]) == (down["x"], below["x"], down["y2"])


def test_colour_and_shape_say_how_far_an_indicator_is() -> None:
    spec = spec_of([stand("a"), stand("b", blocked=False)], [])
    (marks,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    assert [row["standing"] for row in rows(spec, "point")] == ["draft", "clarified"]
    assert marks["encoding"]["color"]["scale"] == {
        "domain": ["draft", "clarified", "agreed"],
        "range": [COLOURS["unknown"], COLOURS["warn"], COLOURS["good"]],
    }
    assert len(set(marks["encoding"]["shape"]["scale"]["range"])) == 3


def test_the_issuer_stands_below_the_name() -> None:
    texts = rows(spec_of([stand("revenue", name="营收"), stand("x", name="客单价", issuer="")], []), "text")
    assert [row["text"] for row in texts[2:]] == ["营收", "管理层", "客单价"]


def test_an_unknown_goal_is_drawn_as_one_that_is_not_there() -> None:
    spec = spec_of([stand("revenue", "gone")], [goal("growth")])
    boxes = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    assert "stroke" not in boxes[0]
    assert boxes[1]["stroke"] == COLOURS["bad"]
    assert "“gone” is not written down" in " ".join(row["text"] for row in rows(spec, "text"))
    assert [name for name, _from, _to in ends(spec)] == ["gone revenue"]


def test_nothing_to_draw_is_said() -> None:
    assert draw_goals([], []).chart is None
    assert draw_goals([], []).sentence.text == "There is no indicator yet. Add one in the notebook's form."


names = st.text("营收增长 abWM%（）", min_size=1, max_size=90).filter(lambda text: text.strip() != "")


@st.composite
def forests(draw_from: st.DrawFn) -> tuple[list[State], list[BusinessGoal]]:
    ids = [f"g{n}" for n in range(draw_from(st.integers(0, 12)))]
    anywhere = st.none() | st.sampled_from([*ids, "gone"])
    goals = [goal(one, draw_from(names), draw_from(anywhere)) for one in ids]
    count = draw_from(st.integers(0 if goals else 1, 20))
    hung = st.lists(st.sampled_from([*ids, "gone"]), max_size=3)
    return [stand(f"i{n}", *draw_from(hung), name=draw_from(names)) for n in range(count)], goals


@settings(max_examples=60, deadline=None)
@given(forests())
def test_nothing_lies_on_anything_else_whatever_was_typed(forest: tuple[list[State], list[BusinessGoal]]) -> None:
    states, goals = forest
    spec = spec_of(states, goals)
    boxes = sorted((row["y"], row["y2"]) for row in rows(spec, "rect"))
    assert all(upper[1] <= lower[0] for upper, lower in pairwise(boxes))
    assert len(boxes) >= len(goals)
    assert len(rows(spec, "point")) == len(states)
    lines = rows(spec, "text")
    for side in (lambda row: row["x"] < 180, lambda row: row["x"] >= 180):
        heights = sorted(row["y"] for row in lines if side(row))
        assert all(lower - upper >= 14.9 for upper, lower in pairwise(heights))
    assert all(0 <= row["y"] <= spec["height"] for row in lines)


@pytest.mark.parametrize("code", ["zh-CN", "en"])
def test_the_largest_tree_is_drawn_and_a_phone_shows_it_whole(code: str) -> None:
    goals = [goal(f"g{n}", LONG[: 10 + 3 * n], f"g{n - 1}" if n % 6 else None) for n in range(12)]
    states = [stand(f"i{n}", f"g{n * 5 % 12}", f"g{n * 7 % 12}", name=LONG[: 10 + 2 * n]) for n in range(20)]
    spec = spec_of(states, goals)
    drawing = draw(spec, language=code)
    assert drawing.width <= PHONE
    assert drawing.svg.count('aria-roledescription="point"') == 20


def test_names_are_cut_where_a_reader_would() -> None:
    assert cut("营收", 250) == ["营收"]
    assert cut("New customers won in each month of the year", 170) == [
        "New customers won in",
        "each month of the year",
    ]
    assert cut(LONG, 130) == [LONG[:10], LONG[10:19] + "…"]
    assert cut("a" * 200, 130, most=1) == ["a" * 18 + "…"]
    assert cut("WWWW WWWW WWWW", 100) == ["WWWW WWWW", "WWWW"]
    assert cut("", 130) == [""]


def test_a_book_draws_its_indicators_on_the_company_s_goals(workbook: Workbook) -> None:
    book = workbook.book()
    assert clarify.goals_chart(book).chart is None
    workbook.save("company", goal("growth"))
    workbook.save("sales", indicator("revenue", goals=["growth"]), goal("own"))
    figure = clarify.goals_chart(book)
    assert figure.sentence.text == (
        "Indicators that serve a business goal: 1 of 1. Goals they serve: 1 of 2. "
        "No indicator here serves these goals: own."
    )
    assert len(ends(figure.specification())) == 1
