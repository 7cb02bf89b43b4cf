"""The importance–urgency matrix: core before supporting, four quadrants, one point a pair of scores."""

from __future__ import annotations

import pytest
from stories import Workbook, indicator

from kpinb import clarify, language
from kpinb.clarify.charts.matrix import draw_matrix
from kpinb.clarify.priority import Class, Quadrant, priority_sentence, quadrant, rank


@pytest.mark.parametrize(
    ("importance", "urgency", "place"),
    [
        (4, 4, Quadrant.do_now),
        (5, 3, Quadrant.schedule),
        (3, 4, Quadrant.delegate),
        (3, 3, Quadrant.batch),
        (1, 5, Quadrant.delegate),
    ],
)
def test_from_four_on_a_score_is_high(importance: int, urgency: int, place: Quadrant) -> None:
    assert quadrant(importance, urgency) is place


def test_importance_decides_then_goal_value_then_urgency_then_the_order_of_entry() -> None:
    found = rank(
        [
            indicator("late", importance=5, goal_value=3, urgency=1),
            indicator("urgent", importance=5, goal_value=3, urgency=5),
            indicator("worth", importance=5, goal_value=4, urgency=1),
            indicator("small", importance=2, goal_value=5, urgency=5),
            indicator("late-too", importance=5, goal_value=3, urgency=1),
        ]
    )
    assert found["id"].tolist() == ["worth", "urgent", "late", "late-too", "small"]
    assert found["class_"].tolist() == [Class.core] * 4 + [Class.supporting]


def test_the_sentence_names_the_core() -> None:
    core, other = indicator("revenue", importance=5), indicator("forms", importance=2)
    assert (
        "Core indicators: revenue, growth. Indicators in all: 3."
        in priority_sentence(rank([core, indicator("growth", importance=4), other])).text
    )
    assert "Core indicators: revenue." in priority_sentence(rank([core, other])).text
    assert "none is core yet" in priority_sentence(rank([other])).text


@pytest.mark.parametrize("code", ["zh", "en"])
def test_indicators_with_the_same_scores_share_a_point(code: str) -> None:
    with language.use(code):
        figure = draw_matrix(
            rank(
                [indicator("a", importance=5, urgency=4), indicator("b", importance=5, urgency=4), indicator("c")]
            )
        )
        spec = figure.specification()
        comma, core, supporting = language._(", "), Class.core.label, Class.supporting.label
        corners = [Quadrant.do_now.label, Quadrant.schedule.label]
    points = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert [(p["importance"], p["urgency"], p["name"], p["class_"]) for p in points] == [
        (3, 3, "c", supporting),
        (5, 4, comma.join("ab"), core),
    ]
    # Important things stand above, urgent ones on the right.
    names = {
        row["text"]: (row["x"], row["y"]) for rows in spec["datasets"].values() for row in rows if "text" in row
    }
    assert names[corners[0]][0] > 4 < names[corners[0]][1]
    assert names[corners[1]][0] < 4 < names[corners[1]][1]
    assert spec["description"] == figure.sentence.text


def test_the_table_and_the_chart_of_a_book(workbook: Workbook) -> None:
    book = workbook.book()
    assert clarify.matrix_chart(book).chart is None
    workbook.save("sales", indicator("forms", importance=2), indicator("revenue", importance=5, weight="0.4"))
    rows = clarify.priority_table(book).texts()
    assert [row[0] for row in rows] == ["revenue", "forms"]
    assert "40%" in rows[0]
    assert "–" in rows[1]
    assert clarify.matrix_chart(book).chart is not None
