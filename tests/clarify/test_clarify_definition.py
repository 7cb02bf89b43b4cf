"""Where an indicator comes from, what it means in numbers, and what is still to be asked."""

from __future__ import annotations

import pytest
from stories import Workbook, indicator, noon

from kpinb import clarify, language
from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.records import BusinessGoal, Criterion, OpenQuestion
from kpinb.clarify.trace import goal_path, goal_tree, trace, tree_sentence
from kpinb.view import Tone


def goal(identifier: str, parent: str | None = None) -> BusinessGoal:
    return BusinessGoal(id=identifier, name=identifier, purpose=f"for {identifier}", parent=parent)


def criterion(**fields: object) -> Criterion:
    return Criterion.build({"id": "c", "indicator": "response", **fields})


RESPONSE = indicator("response", name="Response time", goals=["loyalty"], issuer="管理层", owner="客服部经理")
TWO_HOURS = criterion(statistic="mean", direction="at_most", threshold="2", unit="hours", window="month")


def test_a_goal_is_followed_up_and_a_circle_of_goals_ends() -> None:
    goals = [goal("repeat", "loyalty"), goal("loyalty", "revenue"), goal("revenue")]
    assert [g.id for g in goal_path("repeat", goals)] == ["repeat", "loyalty", "revenue"]
    assert goal_path("unknown", goals) == []
    circle = [goal("a", "b"), goal("b", "a")]
    assert [g.id for g in goal_path("a", circle)] == ["a", "b"]
    assert [g.id for g in goal_path("own", [goal("own", "own")])] == ["own"]


def test_an_indicator_has_a_row_for_each_goal_and_one_without_any() -> None:
    frame = trace(
        [indicator("repeat", goals=["loyalty", "revenue"]), indicator("vague"), indicator("lost", goals=["gone"])],
        [goal("loyalty", "revenue"), goal("revenue")],
    )
    assert frame[["id", "path", "purpose"]].to_numpy().tolist() == [
        ["repeat", "loyalty → revenue", "for loyalty"],
        ["repeat", "revenue", "for revenue"],
        ["vague", "", ""],
        ["lost", "", ""],
    ]


def test_in_the_tree_each_goal_stands_once_below_the_one_it_serves() -> None:
    tree = goal_tree(
        [indicator("repeat", goals=["loyalty", "raise", "loyalty"]), indicator("vague")],
        [
            goal("raise", "growth"),
            goal("loyalty"),
            goal("growth"),
            goal("price", "raise"),
            goal("share", "growth"),
        ],
    )
    assert [(node.id, node.depth, node.parent) for node in tree.nodes] == [
        ("loyalty", 0, None),
        ("growth", 0, None),
        ("raise", 1, "growth"),
        ("price", 2, "raise"),
        ("share", 1, "growth"),
    ]
    assert tree.hangs == {"repeat": ("loyalty", "raise"), "vague": ()}
    assert tree.served == {"loyalty", "raise", "growth"}
    assert tree.circles == ()


def test_goals_in_a_circle_and_goals_that_are_not_there_are_kept_and_named() -> None:
    indicators = [indicator("calls", goals=["b", "gone"])]
    tree = goal_tree(
        indicators, [goal("a", "b"), goal("b", "a"), goal("c", "b"), goal("own", "own"), goal("d", "lost")]
    )
    assert [(node.id, node.depth, node.known) for node in tree.nodes] == [
        ("a", 0, True),
        ("b", 1, True),
        ("c", 2, True),
        ("own", 0, True),
        ("d", 0, True),
        ("lost", 0, False),
        ("gone", 0, False),
    ]
    assert tree.circles == (("a", "b"), ("own",))
    text = tree_sentence(indicators, tree).text
    assert text == (
        "Indicators that serve a business goal: 1 of 1. Goals they serve: 2 of 5. "
        "No indicator here serves these goals: c, own, d. "
        "These goals are named and not written down: lost, gone. "
        "These goals serve each other in a circle: a, b. Take one of them out of it. "
        "These goals serve each other in a circle: own. Take one of them out of it."
    )


def test_of_a_goal_that_company_and_department_both_wrote_the_department_s_counts() -> None:
    theirs = goal("growth").model_copy(update={"name": "Company growth"})
    tree = goal_tree([indicator("revenue", goals=["growth"])], [theirs, goal("growth")])
    assert [(node.id, node.name) for node in tree.nodes] == [("growth", "growth")]


def test_the_tree_is_read_aloud() -> None:
    goals = [goal("growth"), goal("skill")]
    hanging, loose = indicator("revenue", goals=["growth"]), indicator("forms")
    both = [hanging, loose]
    said = tree_sentence(both, goal_tree(both, goals))
    assert said.text == (
        "Indicators that serve a business goal: 1 of 2. Goals they serve: 1 of 2. "
        "Without a business goal: forms. No indicator here serves these goals: skill."
    )
    assert said.tone is Tone.warn
    assert tree_sentence([hanging], goal_tree([hanging], goals)).tone is Tone.plain
    assert tree_sentence([], goal_tree([], goals)).tone is Tone.unknown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"statistic": "mean", "direction": "at_most", "threshold": "2", "unit": "hours", "window": "month"},
            "mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month",
        ),
        (
            {"statistic": "share_within", "threshold": "0.95", "unit": "%", "window": "year"},
            "share within a limit ≥ 95%, each year",
        ),
        (
            {"direction": "between", "threshold": "5", "upper": "8", "window": "week"},
            "sum 5 to 8, an average week of each month",
        ),
    ],
)
def test_a_criterion_is_written_as_it_is_said(fields: dict[str, str], says: str) -> None:
    assert criterion_text(criterion(**fields)) == says


def test_in_chinese_a_criterion_s_window_is_chinese_too() -> None:
    with language.use("zh"):
        assert language._(TWO_HOURS.window.message) in criterion_text(TWO_HOURS)


def test_a_card_has_its_criteria_and_only_its_own_and_says_how_far_it_is(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, indicator("other"), TWO_HOURS)
    rows = clarify.card_table(workbook.book()).texts()
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("Response time", "mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month", "draft"),
        ("other", "–", "draft"),
    ]


def test_the_history_tells_what_changed_and_why_latest_first(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, at=noon(2026, 1, 5))
    workbook.store.save(
        "sales",
        RESPONSE.model_copy(update={"owner": "客服主管"}),
        author="lead",
        at=noon(2026, 1, 9),
        reason="Owner moved",
    )
    workbook.save("sales", indicator("older"), at=noon(2026, 1, 2))
    rows = clarify.history_table(workbook.book()).texts()
    assert [(row[0], row[1]) for row in rows] == [("Response time", "2"), ("Response time", "1")]
    assert "Owner moved" in rows[0]
    assert "Owner: 客服部经理 → 客服主管" in rows[0]
    workbook.save("company", BusinessGoal(id="loyalty", name="增强用户粘性"))
    workbook.save("sales", RESPONSE.model_copy(update={"owner": "客服主管", "goals": ["loyalty", "gone"]}))
    assert clarify.history_table(workbook.book()).texts()[0][-1].endswith("→ 增强用户粘性, gone")
    assert clarify.history_table(workbook.book(), "older").texts()[0][0] == "older"
    assert clarify.history_table(workbook.book(), "unheard-of").texts() == []
    earlier = workbook.book(as_of=noon(2026, 1, 6))
    assert len(clarify.history_table(earlier).texts()) == 1


def test_questions_name_their_indicator_and_say_when_they_were_asked_and_answered(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        RESPONSE,
        OpenQuestion(id="q", indicator="response", question="Nights too?", asked_of="管理层", asked_in="2026-01"),
        OpenQuestion.build(
            {
                "id": "r",
                "indicator": "gone",
                "question": "First reply or last?",
                "answer": "First.",
                "answered_on": "2026-01-13",
            }
        ),
    )
    assert clarify.question_table(workbook.book()).texts() == [
        ["Response time", "Nights too?", "管理层", "January 2026", "–", "–"],
        ["gone", "First reply or last?", "–", "–", "First.", "13 January 2026"],
    ]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_both_languages_show_an_empty_and_a_full_stage(workbook: Workbook, code: str) -> None:
    tables = (clarify.trace_table, clarify.card_table, clarify.question_table, clarify.history_table)
    with language.use(code):
        assert [table(workbook.book()).texts() for table in tables] == [[], [], [], []]
        workbook.save("company", goal("loyalty"))
        workbook.save("sales", RESPONSE, TWO_HOURS)
        assert "loyalty" in clarify.trace_table(workbook.book()).as_text()
        assert "≤ 2" in clarify.card_table(workbook.book()).as_text()
