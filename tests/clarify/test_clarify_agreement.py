"""草稿 → 已厘清 → 已确认: derived from what is written down, and ended by any later edit of what was agreed."""

from __future__ import annotations

from typing import Any

import pytest
from stories import Workbook, day, indicator, noon

from kpinb import clarify, language
from kpinb.book import Book
from kpinb.clarify.agreement import SCORES, Standing, State, states
from kpinb.clarify.blockers import blockers
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.view import Tone

LOYALTY = BusinessGoal(id="loyalty", name="增强用户粘性")
RESPONSE = indicator(
    "response", name="Response time", goals=["loyalty"], issuer="管理层", owner="客服部经理", unit="hours"
)
TWO_HOURS = Criterion.build(
    {
        "id": "two-hours",
        "indicator": "response",
        "statistic": "mean",
        "direction": "at_most",
        "threshold": "2",
        "unit": "hours",
        "source": "工单系统",
        "population": "全部工单",
    }
)
AGREED = Agreement(id="response", agreed_with="管理层", on=day("2026-01-13"))


def changed(record: Any, **fields: object) -> Any:
    return type(record).build({**record.body(), **fields})


@pytest.fixture
def book(workbook: Workbook) -> Book:
    """Response time, agreed on 13 January."""
    workbook.save("company", LOYALTY)
    workbook.save("sales", RESPONSE, TWO_HOURS, at=noon(2026, 1, 5))
    workbook.save("sales", AGREED, at=noon(2026, 1, 13))
    return workbook.book()


def only(book: Book) -> State:
    (state,) = states(book)
    return state


# What keeps an indicator from being agreed


def test_a_clear_indicator_has_no_blockers() -> None:
    assert blockers(RESPONSE, [TWO_HOURS], [], [LOYALTY]) == []


def test_a_vague_indicator_is_told_everything_it_lacks() -> None:
    asked = OpenQuestion(id="q", indicator="vague", question="Stickiness or revenue?")
    assert blockers(
        indicator("vague"), [TWO_HOURS], [asked], [LOYALTY], ["vague: the formula names no unit."]
    ) == [
        "vague: name the business goal it serves.",
        "vague: name the issuer, who can be asked what it is for.",
        "vague: name the owner.",
        "vague: name the unit, such as hours or %.",
        "vague: say in a criterion what number is good enough.",
        "vague: the question “Stickiness or revenue?” has no answer yet.",
        "vague: the formula names no unit.",
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"goals": []}, "Response time: name the business goal it serves."),
        (
            {"goals": ["loyalty", "gone"], "purpose": "loyalty first"},
            "Response time: there is no business goal “gone”. Write it, or name another.",
        ),
        ({"issuer": ""}, "Response time: name the issuer, who can be asked what it is for."),
        ({"owner": ""}, "Response time: name the owner."),
        ({"unit": ""}, "Response time: name the unit, such as hours or %."),
    ],
)
def test_each_field_of_the_card_that_is_missing_has_its_sentence(fields: dict[str, object], says: str) -> None:
    assert blockers(changed(RESPONSE, **fields), [TWO_HOURS], [], [LOYALTY]) == [says]


def test_of_several_goals_the_purpose_says_which_comes_first() -> None:
    goals = [LOYALTY, BusinessGoal(id="revenue", name="提高营收")]
    both = changed(RESPONSE, goals=["loyalty", "revenue"])
    assert blockers(both, [TWO_HOURS], [], goals) == [
        "Response time: it serves several business goals. Say in its purpose which one comes first."
    ]
    assert blockers(changed(both, purpose="先增强用户粘性"), [TWO_HOURS], [], goals) == []
    assert blockers(changed(RESPONSE, goals=["loyalty", "loyalty"]), [TWO_HOURS], [], goals) == []


def test_a_criterion_without_unit_source_or_population_can_be_misread() -> None:
    bare = changed(TWO_HOURS, unit="", source="", population="")
    assert blockers(RESPONSE, [TWO_HOURS, changed(bare, id="bare")], [], [LOYALTY]) == [
        "Response time: name the unit of the criterion “mean ≤ 2, each calendar month”.",
        "Response time: name the source of the criterion “mean ≤ 2, each calendar month”: the system or table.",
        "Response time: say in the population of the criterion “mean ≤ 2, each calendar month” what is counted.",
    ]


def test_only_an_indicator_s_own_unanswered_questions_count() -> None:
    asked = OpenQuestion(id="q", indicator="response", question="Nights too?")
    others = OpenQuestion(id="r", indicator="revenue", question="With tax?")
    answered = OpenQuestion(id="s", indicator="response", question="First reply?", answer="Yes.")
    assert blockers(RESPONSE, [TWO_HOURS], [asked, others, answered], [LOYALTY]) == [
        "Response time: the question “Nights too?” has no answer yet."
    ]


# From draft to agreed


def test_from_a_vague_instruction_to_an_agreed_definition(workbook: Workbook) -> None:
    book = workbook.book()
    workbook.save("company", LOYALTY)
    workbook.save("sales", RESPONSE)
    assert only(book).standing is Standing.draft
    workbook.save("sales", TWO_HOURS)
    assert only(book).standing is Standing.clarified
    workbook.save("sales", AGREED)
    assert only(book).standing is Standing.agreed
    assert only(book).ended == ""


def test_an_indicator_is_clarified_only_once_its_formula_can_be_computed(workbook: Workbook) -> None:
    workbook.save("company", LOYALTY)
    workbook.save("sales", RESPONSE.model_copy(update={"formula": "waiting / tickets"}), TWO_HOURS)
    (state,) = states(workbook.book())
    assert state.standing is Standing.draft
    assert [text for text in state.blockers if "“waiting”" in text] != []


def test_a_question_that_comes_up_later_is_an_open_point_and_ends_no_agreement(
    workbook: Workbook, book: Book
) -> None:
    workbook.save("sales", OpenQuestion(id="q", indicator="response", question="Nights too?"), at=noon(2026, 2, 1))
    assert only(book).standing is Standing.agreed
    assert only(book).blockers == ("Response time: the question “Nights too?” has no answer yet.",)


# Any later edit ends it


def test_an_edit_of_the_indicator_ends_the_agreement_and_says_so(workbook: Workbook, book: Book) -> None:
    workbook.store.save("sales", changed(RESPONSE, owner="客服主管"), author="lead", at=noon(2026, 1, 20))
    state = only(book)
    assert state.standing is Standing.clarified
    assert state.ended == (
        "Response time was agreed with 管理层 on 13 January 2026 and is no longer confirmed. "
        "lead changed it on 20 January 2026, 12:00 +00:00: Owner: 客服部经理 → 客服主管. Confirm it again."
    )
    workbook.save("sales", changed(AGREED, on="2026-01-21"), at=noon(2026, 1, 21))
    assert only(book).standing is Standing.agreed


@pytest.mark.parametrize("field", SCORES)
def test_scores_and_weights_are_set_anew_every_month_and_end_nothing(
    workbook: Workbook, book: Book, field: str
) -> None:
    assert set(SCORES) < set(Indicator.model_fields)
    workbook.save("sales", changed(RESPONSE, **{field: 1}), at=noon(2026, 1, 20))
    assert only(book).standing is Standing.agreed


def test_an_edit_of_both_is_told_without_the_scores(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(RESPONSE, importance=5, unit="minutes"), at=noon(2026, 1, 20))
    assert "Unit: hours → minutes." in only(book).ended
    assert "Importance" not in only(book).ended


def test_a_criterion_changed_added_or_deleted_later_ends_the_agreement(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(TWO_HOURS, threshold="3"), at=noon(2026, 1, 20))
    assert "changed the criterion “mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month”" in only(book).ended
    assert "Threshold: 2 → 3." in only(book).ended
    workbook.save("sales", TWO_HOURS, changed(TWO_HOURS, id="new", statistic="median"), at=noon(2026, 1, 21))
    assert only(book).ended == (
        "Response time was agreed with 管理层 on 13 January 2026 and is no longer confirmed. "
        "analyst added the criterion “median ≤ 2\N{NO-BREAK SPACE}hours, each calendar month” on "
        "21 January 2026, 12:00 +00:00. Confirm it again."
    )
    workbook.store.delete(
        "sales", changed(TWO_HOURS, id="new", statistic="median"), author="lead", expected=1, at=noon(2026, 1, 22)
    )
    assert only(book).standing is Standing.agreed
    workbook.store.delete("sales", TWO_HOURS, author="lead", expected=3, at=noon(2026, 1, 23))
    state = only(book)
    assert state.standing is Standing.draft
    assert "lead deleted the criterion “mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month” on" in state.ended


def test_a_criterion_that_moves_to_another_indicator_leaves_one_and_joins_the_other(
    workbook: Workbook, book: Book
) -> None:
    workbook.save("sales", indicator("other"), changed(AGREED, id="other"), at=noon(2026, 1, 14))
    workbook.save("sales", changed(TWO_HOURS, indicator="other"), at=noon(2026, 1, 20))
    assert [bool(state.ended) for state in states(book)] == [True, True]
    assert all("Indicator: response → other" in state.ended for state in states(book))


def test_an_edit_that_is_taken_back_leaves_what_was_agreed(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(RESPONSE, owner="客服主管"), at=noon(2026, 1, 20))
    assert only(book).standing is Standing.clarified
    workbook.save("sales", RESPONSE, at=noon(2026, 1, 21))
    assert only(book).standing is Standing.agreed


def test_the_sentence_names_who_made_the_difference_and_not_who_set_a_score_after(
    workbook: Workbook, book: Book
) -> None:
    other = changed(RESPONSE, owner="客服主管")
    workbook.store.save("sales", other, author="lead", at=noon(2026, 1, 20))
    workbook.store.save("sales", changed(other, urgency=5), author="someone-else", at=noon(2026, 1, 25))
    assert "lead changed it on 20 January" in only(book).ended
    assert "someone-else" not in only(book).ended


def test_another_indicator_s_edits_and_a_goal_s_own_text_end_nothing(workbook: Workbook, book: Book) -> None:
    workbook.save("company", changed(LOYALTY, purpose="用户愿意留下来"), at=noon(2026, 1, 20))
    workbook.save("sales", indicator("other"), changed(TWO_HOURS, id="x", indicator="other"), at=noon(2026, 1, 20))
    assert states(book)[0].standing is Standing.agreed


def test_what_was_saved_with_the_agreement_in_one_file_belongs_to_it(workbook: Workbook) -> None:
    workbook.save("company", LOYALTY)
    workbook.save("sales", AGREED, RESPONSE, TWO_HOURS)
    assert only(workbook.book()).standing is Standing.agreed


def test_an_indicator_written_after_its_agreement_was_not_what_was_agreed(workbook: Workbook) -> None:
    workbook.save("company", LOYALTY)
    workbook.save("sales", AGREED, at=noon(2026, 1, 13))
    workbook.save("sales", RESPONSE, at=noon(2026, 1, 14))
    assert "analyst wrote it anew on 14 January 2026" in only(workbook.book()).ended


def test_an_agreement_that_was_deleted_is_none(workbook: Workbook, book: Book) -> None:
    workbook.store.delete("sales", AGREED, author="lead", expected=1, at=noon(2026, 1, 20))
    assert (only(book).standing, only(book).ended) == (Standing.clarified, "")


@pytest.mark.usefixtures("book")
def test_a_look_at_the_past_sees_the_agreement_as_it_stood_then(workbook: Workbook) -> None:
    workbook.save("sales", changed(RESPONSE, owner="客服主管"), at=noon(2026, 1, 20))
    seen = {d: only(workbook.book(as_of=noon(2026, 1, d))).standing for d in (6, 15, 25)}
    assert seen == {6: Standing.clarified, 15: Standing.agreed, 25: Standing.clarified}


def test_a_long_purpose_does_not_fill_the_page(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(RESPONSE, purpose="长" * 4000), at=noon(2026, 1, 20))
    assert len(only(book).ended) < 600
    assert "…. Confirm it again." in only(book).ended


# The bottom line


def test_the_bottom_line_is_good_only_when_all_is_agreed_and_answered(workbook: Workbook) -> None:
    book = workbook.book()
    assert [line.tone for line in clarify.bottom_line(book)] == [Tone.unknown]
    workbook.save("company", LOYALTY)
    workbook.save("sales", RESPONSE, TWO_HOURS)
    assert [(line.text, line.tone) for line in clarify.bottom_line(book)] == [
        ("0 of 1 indicator is agreed with its issuer.", Tone.warn),
        ("Clear and not yet confirmed: Response time.", Tone.warn),
    ]
    workbook.save("sales", AGREED)
    (line,) = clarify.bottom_line(book)
    assert (line.text, line.tone) == ("1 of 1 indicator is agreed with its issuer.", Tone.good)
    workbook.save("sales", OpenQuestion(id="q", indicator="response", question="Working hours only?"))
    assert [line.tone for line in clarify.bottom_line(book)] == [Tone.warn, Tone.warn]


def test_the_bottom_line_tells_of_an_agreement_that_has_ended(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(RESPONSE, owner="客服主管"), at=noon(2026, 1, 20))
    first, second = [line.text for line in clarify.bottom_line(book)]
    assert first == "0 of 1 indicator is agreed with its issuer."
    assert second == only(book).ended


def test_a_goal_that_does_not_exist_is_no_goal(workbook: Workbook) -> None:
    workbook.save("sales", RESPONSE, TWO_HOURS)
    lines = [line.text for line in clarify.bottom_line(workbook.book())]
    assert any("“loyalty”" in line for line in lines)
    workbook.save("company", LOYALTY)
    assert not any("“loyalty”" in line.text for line in clarify.bottom_line(workbook.book()))


@pytest.mark.parametrize("code", ["zh", "en"])
def test_cards_show_how_far_each_indicator_is(workbook: Workbook, book: Book, code: str) -> None:
    workbook.save("sales", indicator("vague"))
    with language.use(code):
        table = clarify.card_table(book)
        assert [row[4] for row in table.texts()] == [Standing.agreed.label, Standing.draft.label]
        assert "kpinb-good" in table.as_html()
