"""Where an indicator comes from, what it means in numbers, and what is still to be asked."""

from __future__ import annotations

import pytest
from stories import Workbook, indicator, noon

from kpinb import clarify, language
from kpinb.clarify.definition import blockers, criterion_text, goal_path, trace
from kpinb.clarify.records import BusinessGoal, Criterion, OpenQuestion, Standing
from kpinb.view import Tone


def goal(identifier: str, parent: str | None = None) -> BusinessGoal:
    return BusinessGoal(id=identifier, name=identifier, purpose=f"for {identifier}", parent=parent)


def criterion(**fields: object) -> Criterion:
    return Criterion.build({"id": "c", "indicator": "response", **fields})


RESPONSE = indicator("response", name="Response time", goals=["loyalty"], issuer="管理层", owner="客服部经理")
TWO_HOURS = criterion(statistic="mean", direction="at_most", threshold="2", unit="hours", window="each month")


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


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {
                "statistic": "mean",
                "direction": "at_most",
                "threshold": "2",
                "unit": "hours",
                "window": "each month",
            },
            "mean ≤ 2\N{NO-BREAK SPACE}hours, each month",
        ),
        ({"statistic": "share_within", "threshold": "0.95", "unit": "%"}, "share within a limit ≥ 95%"),
        ({"direction": "between", "threshold": "5", "upper": "8"}, "sum 5 to 8"),
    ],
)
def test_a_criterion_is_written_as_it_is_said(fields: dict[str, str], says: str) -> None:
    assert criterion_text(criterion(**fields)) == says


def test_a_vague_indicator_is_told_everything_it_lacks() -> None:
    asked = OpenQuestion(id="q", indicator="vague", question="Stickiness or revenue?")
    found = blockers(indicator("vague"), [TWO_HOURS], [asked], [])
    assert len(found) == 5
    assert "the question “Stickiness or revenue?” has no answer yet" in found[-1]
    answered = asked.model_copy(update={"answer": "Stickiness.", "indicator": "response"})
    assert blockers(RESPONSE, [TWO_HOURS], [answered], [goal("loyalty")]) == []
    assert blockers(RESPONSE, [], [], [goal("loyalty")]) == [
        "Response time: say in a criterion what number is good enough."
    ]


def test_a_goal_that_does_not_exist_is_no_goal(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, TWO_HOURS)
    lines = [line.text for line in clarify.bottom_line(workbook.book())]
    assert any("“loyalty”" in line for line in lines)
    workbook.save("company", goal("loyalty"))
    assert len(clarify.bottom_line(workbook.book())) == 1


def test_the_bottom_line_is_good_only_when_all_is_agreed_and_answered(workbook: Workbook) -> None:
    book = workbook.book()
    assert [line.tone for line in clarify.bottom_line(book)] == [Tone.unknown]
    workbook.save("company", goal("loyalty"))
    workbook.save("sales", RESPONSE.model_copy(update={"standing": Standing.agreed}), TWO_HOURS)
    (line,) = clarify.bottom_line(book)
    assert (line.text, line.tone) == ("1 of 1 indicator is agreed with its issuer.", Tone.good)
    workbook.save("sales", OpenQuestion(id="q", indicator="response", question="Working hours only?"))
    assert [line.tone for line in clarify.bottom_line(book)] == [Tone.warn, Tone.warn]


def test_a_card_has_its_criteria_and_only_its_own(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, indicator("other"), TWO_HOURS)
    rows = clarify.card_table(workbook.book()).texts()
    assert [(row[0], row[2]) for row in rows] == [
        ("Response time", "mean ≤ 2\N{NO-BREAK SPACE}hours, each month"),
        ("other", "–"),
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
    assert clarify.history_table(workbook.book(), "older").texts()[0][0] == "older"
    assert clarify.history_table(workbook.book(), "unheard-of").texts() == []
    earlier = workbook.book(as_of=noon(2026, 1, 6))
    assert len(clarify.history_table(earlier).texts()) == 1


def test_questions_name_their_indicator(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, OpenQuestion(id="q", indicator="response", question="Nights too?"))
    assert clarify.question_table(workbook.book()).texts()[0][:2] == ["Response time", "Nights too?"]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_both_languages_show_an_empty_and_a_full_stage(workbook: Workbook, code: str) -> None:
    tables = (clarify.trace_table, clarify.card_table, clarify.question_table, clarify.history_table)
    with language.use(code):
        assert [table(workbook.book()).texts() for table in tables] == [[], [], [], []]
        workbook.save("company", goal("loyalty"))
        workbook.save("sales", RESPONSE, TWO_HOURS)
        assert "loyalty" in clarify.trace_table(workbook.book()).as_text()
        assert "≤ 2" in clarify.card_table(workbook.book()).as_text()
