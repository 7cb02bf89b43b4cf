"""What a review carries over, and its bottom line: what is red, why, who does what by when."""

from __future__ import annotations

import pytest
from stories import MONTHS_2025, Workbook, actuals, day, indicator, noon, stand, target, year_of

from kpinb import language, retrospective
from kpinb.period import Period
from kpinb.retrospective.causes import findings_to_date
from kpinb.retrospective.learning import actions_in_review
from kpinb.retrospective.records import Action, ActionStatus, Finding, Lesson, SkillGap
from kpinb.retrospective.summary import summarise
from kpinb.track.pace import Standing
from kpinb.view import Tone

OCTOBER = Period.parse("2026-10")
END = day("2026-10-31")
LAST_YEAR = year_of(MONTHS_2025, 2025)


def id_of(text: str) -> str:
    return text.encode().hex()[:60]


def action(name: str, **fields: object) -> Action:
    values = {"opened_in": "2026-10", "owner": "销售主管", "due": "2026-11-27", "indicator": "revenue", **fields}
    return Action.build({"id": id_of(name), "name": name, **values})


def finding(cause: str, **fields: object) -> Finding:
    values = {"id": id_of(cause), "period": "2026-10", "indicator": "revenue", **fields}
    return Finding.build({"cause": cause, **values})


def reviewed(*actions: Action) -> list[tuple[object, ...]]:
    frame = actions_in_review(actions, OCTOBER, END)
    return list(zip(frame["name"], frame["status"], frame["carried_over"], frame["overdue_days"], strict=True))


def test_open_actions_of_earlier_months_carry_over_with_their_days_overdue() -> None:
    assert reviewed(
        action("new"),
        action("training", opened_in="2026-09"),
        action("late", opened_in="2026-07", due="2026-10-20"),
    ) == [
        ("late", ActionStatus.open, True, 11),
        ("new", ActionStatus.open, False, 0),
        ("training", ActionStatus.open, True, 0),
    ]


def test_an_action_is_overdue_from_the_day_after_its_due_day() -> None:
    assert reviewed(action("today", due="2026-10-31"))[0][3] == 0
    assert reviewed(action("yesterday", due="2026-10-30"))[0][3] == 1


def test_what_was_closed_in_the_month_is_shown_last_and_what_was_closed_before_is_gone() -> None:
    closed = action("closed", opened_in="2026-09", status="done", closed_on="2026-10-22", due="2026-10-01")
    before = action("before", opened_in="2026-08", status="done", closed_on="2026-09-30")
    assert reviewed(before, closed, action("open")) == [
        ("open", ActionStatus.open, False, 0),
        ("closed", ActionStatus.done, False, 0),
    ]


def test_what_was_closed_in_november_was_still_open_in_october_and_its_result_unknown() -> None:
    later = action("later", status="done", closed_on="2026-11-05", due="2026-10-21", result="It helped.")
    frame = actions_in_review([later], OCTOBER, END)
    assert frame[["status", "overdue_days", "result"]].to_numpy().tolist() == [[ActionStatus.open, 10, ""]]
    in_november = actions_in_review([later], OCTOBER.shift(1), day("2026-11-30"))
    assert in_november[["status", "overdue_days", "result"]].to_numpy().tolist() == [
        [ActionStatus.done, 0, "It helped."]
    ]


def test_what_is_decided_in_november_is_no_part_of_october() -> None:
    assert reviewed(action("next", opened_in="2026-11")) == []


def test_the_table_and_its_sentence_count_alike(workbook: Workbook) -> None:
    workbook.save("sales", action("old", opened_in="2026-09", due="2026-10-20"), action("new"))
    book = workbook.book()
    assert [row[0] for row in retrospective.action_table(book).texts()] == ["old", "new"]
    sentence = retrospective.action_sentence(book)
    assert sentence.text == ("2 improvement actions are open, 1 carried over from earlier months, 1 overdue.")
    assert sentence.tone is Tone.warn
    assert retrospective.action_sentence(workbook.book(period="2026-08")).text == "No improvement action is open."


def test_causes_are_those_of_the_year_up_to_the_month_latest_first() -> None:
    found = [
        finding("last-year", period="2025-12"),
        finding("july", period="2026-07"),
        finding("october"),
        finding("november", period="2026-11"),
    ]
    assert [f.cause for f in findings_to_date(found, OCTOBER)] == ["october", "july"]
    in_april_year = Period.parse("2027-02", fiscal_start=4)
    assert [f.cause for f in findings_to_date(found, in_april_year)] == ["november", "october", "july"]


def revenue(rate: float) -> Standing:
    this_year = year_of([round(v * rate, 2) for v in MONTHS_2025])
    return stand(
        indicator(name="Revenue", unit="万元"),
        [target("2026", growth="0.2")],
        actuals(LAST_YEAR, this_year),
        "2026-10",
    )


def test_the_bottom_line_says_what_is_red_why_and_who_does_what_by_when() -> None:
    causes = [
        finding("Price war cut the order value by 10 %", certainty="confirmed"),
        finding("Too few new customers。"),
        finding("Not of this one", indicator="other"),
    ]
    actions = actions_in_review(
        [
            action("Train the script", opened_in="2026-09", due="2026-10-26"),
            action("Not of this one", indicator="x"),
        ],
        OCTOBER,
        END,
    )
    lines = list(summarise([revenue(1.12)], causes, actions))
    assert lines[0].text == "1 indicator: 1 off."
    assert "60% of the promised change" in lines[1].text
    assert lines[2].text == "Why: Price war cut the order value by 10 %; Too few new customers。 (suspected)."
    assert lines[3].text == "销售主管: Train the script, by 26 October 2026. 5 days overdue."
    assert [line.tone for line in lines] == [Tone.bad, Tone.bad, Tone.plain, Tone.bad]


def test_a_red_indicator_without_cause_and_action_says_both() -> None:
    lines = list(summarise([revenue(1.0)], [], actions_in_review([], OCTOBER, END)))
    assert lines[2].text == "Why Revenue misses its target has not been noted yet."
    assert lines[3].text == "Nobody has taken on an action for Revenue yet."
    assert lines[3].tone is Tone.warn


def test_an_action_that_only_names_its_finding_counts_for_the_indicator() -> None:
    mine = action("Train", indicator=None, finding=id_of("price-war"))
    lines = list(summarise([revenue(1.0)], [finding("price-war")], actions_in_review([mine], OCTOBER, END)))
    assert lines[-1].text == "销售主管: Train, by 27 November 2026."
    control = list(summarise([revenue(1.0)], [], actions_in_review([mine], OCTOBER, END)))
    assert control[-1].text.startswith("Nobody")


def test_a_closed_action_is_nobody_s_next_step() -> None:
    closed = action("Done", status="done", closed_on="2026-10-22")
    lines = list(summarise([revenue(1.0)], [], actions_in_review([closed], OCTOBER, END)))
    assert lines[-1].text.startswith("Nobody")


def test_an_unknown_indicator_asks_for_its_figure_and_not_for_a_cause() -> None:
    unknown = stand(indicator(), [target("2026", value="1200")], actuals(year_of([1, None])), "2026-02")
    lines = list(summarise([unknown], [], actions_in_review([], OCTOBER, END)))
    assert [line.tone for line in lines] == [Tone.unknown, Tone.unknown]
    assert "February 2026 has no figure" in lines[1].text


def test_a_department_that_is_well_says_so_and_one_without_targets_does_not(workbook: Workbook) -> None:
    assert [s.tone for s in summarise([revenue(1.2)], [], actions_in_review([], OCTOBER, END))] == [Tone.good]
    assert [s.tone for s in retrospective.bottom_line(workbook.book())] == [Tone.unknown]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_book_s_review_in_both_languages(workbook: Workbook, code: str) -> None:
    workbook.save("sales", indicator(name="营收"), target("2026", growth="0.2"), finding("价格战"), action("培训"))
    lesson = {"period": "2026-10", "outcome": "worked", "sop": "客户分层维护SOP", "name": "会员体系"}
    workbook.save("sales", Lesson.build({"id": "a", **lesson}))
    workbook.save("sales", Lesson.build({"id": "b", **lesson, "period": "2026-11"}))
    workbook.save("sales", SkillGap.build({"id": "g", "who": "销售代表组", "skill": "数据分析"}))
    facts = workbook.write_actuals("sales", revenue=LAST_YEAR | year_of(MONTHS_2025))
    book = workbook.book(facts=facts)
    with language.use(code):
        lines = [line.text for line in retrospective.bottom_line(book)]
        assert "价格战" in lines[2]
        assert "培训" in lines[3]
        assert retrospective.finding_table(book).texts()[0][1:3] == ["营收", "价格战"]
        assert len(retrospective.lesson_table(book).texts()) == 1
        assert retrospective.skill_table(book).texts()[0][:2] == ["销售代表组", "数据分析"]


def test_the_review_as_it_was_known_on_the_day(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", value="1200"))
    workbook.save("sales", finding("Suspected on the third"), at=noon(2026, 11, 3))
    facts = workbook.write_actuals("sales", revenue=LAST_YEAR | year_of([50] * 10))
    before = retrospective.bottom_line(workbook.book(facts=facts, as_of=noon(2026, 11, 2)))
    after = retrospective.bottom_line(workbook.book(facts=facts, as_of=noon(2026, 11, 4)))
    assert "has not been noted yet" in before.items[2].text
    assert "Suspected on the third" in after.items[2].text
