"""Both sides confirm what an indicator means: blockers first, then one click, and a record of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from stories import Workbook, day, indicator, noon

from kpinb import clarify, language
from kpinb.book import Book
from kpinb.clarify.form.agreement import AgreementForm
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion

LOYALTY = BusinessGoal(id="loyalty", name="增强用户粘性")
RESPONSE = indicator(
    "response",
    name="Response time",
    statement="优化客户服务响应速度。",
    goals=["loyalty"],
    issuer="管理层",
    owner="客服部经理",
    unit="hours",
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
AGREED = Agreement(id="response", agreed_with="管理层", on=day("2026-01-13"), note="电话确认")


def changed(record: Any, **fields: object) -> Any:
    return type(record).build({**record.body(), **fields})


@pytest.fixture
def book(workbook: Workbook) -> Book:
    """A clear indicator and a vague one."""
    workbook.save("company", LOYALTY)
    workbook.save("sales", RESPONSE, TWO_HOURS, indicator("vague", name="Be faster"), at=noon(2026, 1, 5))
    return workbook.book(on=noon(2026, 11, 3))


def form_of(book: Book, picked: str = "response") -> AgreementForm:
    form = clarify.agreement_form(book)
    form.picker.value = picked
    return form


def agreements(book: Book) -> list[tuple[int, str, str, str]]:
    return [
        (r.version, r.record.agreed_with, str(r.record.on), r.record.note)  # type: ignore[attr-defined]
        for r in book.history(Agreement, "response")
    ]


def shown_blockers(form: AgreementForm) -> str:
    return str(form.widget.children[-1].value)


def test_a_clear_indicator_is_confirmed_with_one_click(book: Book) -> None:
    form = form_of(book)
    assert form.picker.options == (("Response time: clarified", "response"), ("Be faster: draft", "vague"))
    assert (form.agreed_with.value, form.on.value, form.note.value) == ("管理层", day("2026-11-03"), "")
    assert form.blockers == []
    form.note.value = "首次人工回复"
    form.confirm_button.click()
    assert agreements(book) == [(1, "管理层", "2026-11-03", "首次人工回复")]
    assert form.messages == [
        "Response time is confirmed: agreed with 管理层 on 3 November 2026, saved by analyst."
    ]
    assert form.picker.options[0] == ("Response time: agreed", "response")
    assert clarify.bottom_line(book).items[0].text == "1 of 2 indicators are agreed with their issuers."


def test_the_card_shows_what_is_agreed_to_and_typed_text_stays_text(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(RESPONSE, statement="<script>alert(1)</script>"))
    shown = " ".join(str(child.value) for child in form_of(book).widget.children if hasattr(child, "value"))
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "增强用户粘性" in shown
    assert "mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month; 全部工单; 工单系统" in shown


def test_under_the_disabled_button_stands_what_is_missing(workbook: Workbook, book: Book) -> None:
    form = form_of(book, "vague")
    assert form.confirm_button.disabled
    assert form.blockers == [
        "Be faster: name the business goal it serves.",
        "Be faster: name the issuer, who can be asked what it is for.",
        "Be faster: name the owner.",
        "Be faster: name the unit, such as hours or %.",
        "Be faster: say in a criterion what number is good enough.",
        "Agreed with: this is required.",
    ]
    assert "This cannot be confirmed yet.<ul><li>Be faster: name the business goal" in shown_blockers(form)
    form.confirm_button.click()
    assert form.messages == ["Not confirmed: see what is missing."]
    assert book.records(Agreement) == []
    workbook.save(
        "sales",
        changed(RESPONSE, id="vague", name="Be faster"),
        changed(TWO_HOURS, id="faster", indicator="vague"),
    )
    form.refresh_button.click()
    form.agreed_with.value = "管理层"
    assert form.blockers == []
    assert not form.confirm_button.disabled


def test_a_field_that_is_wrong_is_named(book: Book) -> None:
    form = form_of(book)
    form.agreed_with.value = " "
    assert form.blockers == ["Agreed with: this is required."]
    form.agreed_with.value = "管理层"
    form.on.value = None
    assert form.blockers == ["On: this is required."]
    form.on.value = day("2026-11-04")
    assert form.blockers == ["On: this day is yet to come."]
    form.on.value = day("2026-11-03")
    assert form.blockers == []


def test_an_agreement_in_force_is_not_saved_twice(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", AGREED, at=noon(2026, 1, 13))
    form = form_of(book)
    assert (form.agreed_with.value, form.on.value, form.note.value) == ("管理层", day("2026-01-13"), "电话确认")
    assert form.blockers == ["It is agreed already, and nothing was changed since."]
    assert shown_blockers(form) == ""  # the message above says it
    form.note.value = "电话确认，邮件为证"
    form.confirm_button.click()
    assert [row[3] for row in agreements(book)] == ["电话确认", "电话确认，邮件为证"]


def test_after_an_edit_the_form_says_so_and_confirms_again(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", AGREED, at=noon(2026, 1, 13))
    workbook.store.save("sales", changed(TWO_HOURS, threshold="3"), author="lead", at=noon(2026, 1, 20))
    form = form_of(book)
    assert form.state is not None
    assert "is no longer confirmed. lead changed the criterion" in form.state.ended
    assert any("is no longer confirmed" in str(getattr(child, "value", "")) for child in form.widget.children)
    assert (form.agreed_with.value, form.on.value, form.note.value) == ("管理层", day("2026-11-03"), "")
    form.confirm_button.click()
    assert agreements(book)[-1] == (2, "管理层", "2026-11-03", "")
    assert form.state is not None
    assert form.state.ended == ""


def test_on_one_day_a_second_agreement_needs_its_own_words(workbook: Workbook, book: Book) -> None:
    form = form_of(book)
    form.confirm_button.click()
    workbook.save("sales", changed(TWO_HOURS, threshold="3"), at=noon(2026, 11, 4))
    form.refresh_button.click()
    assert form.blockers == ["This agreement is on record already: say in the note what was agreed this time."]
    form.note.value = "3 hours at night"
    form.book = replace(book, clock=lambda: noon(2026, 11, 5))
    form.confirm_button.click()
    assert [row[0] for row in agreements(book)] == [1, 2]
    assert clarify.bottom_line(book).items[0].text.startswith("1 of 2")


def test_nobody_confirms_what_they_have_not_seen(workbook: Workbook, book: Book) -> None:
    form = form_of(book)
    form.note.value = "2 hours"
    workbook.save("sales", changed(TWO_HOURS, threshold="3"), at=noon(2026, 11, 2))
    form.confirm_button.click()
    assert form.messages[0].startswith("Not confirmed: the definition was changed while this form was open.")
    assert book.records(Agreement) == []
    assert form.note.value == "2 hours"
    form.confirm_button.click()
    assert agreements(book) == [(1, "管理层", "2026-11-03", "2 hours")]


def test_of_two_who_confirm_the_second_sees_the_first(
    workbook: Workbook, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(book)
    form.note.value = "mine"

    # Theirs arrives after this form has looked, and before it writes.
    def first(*_anything: object, **_more: object) -> Any:
        monkeypatch.undo()
        workbook.save("sales", AGREED, at=noon(2026, 11, 2))
        return workbook.book(on=noon(2026, 11, 3)).save(
            changed(AGREED, note="mine", on="2026-11-03"), expected=0, reason=""
        )

    monkeypatch.setattr(Book, "save", first)
    form.confirm_button.click()
    assert "is there already: analyst saved it" in form.messages[0]
    assert form.messages[1] == "What you typed is still here."
    assert form.note.value == "mine"
    assert agreements(book) == [(1, "管理层", "2026-01-13", "电话确认")]
    form.confirm_button.click()
    assert agreements(book)[-1] == (2, "管理层", "2026-11-03", "mine")


def test_an_agreement_that_was_deleted_can_be_made_again(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", AGREED, at=noon(2026, 1, 13))
    workbook.store.delete("sales", AGREED, author="lead", expected=1, at=noon(2026, 1, 14))
    form = form_of(book)
    form.confirm_button.click()
    assert agreements(book)[-1][0] == 3


def test_what_was_typed_for_one_indicator_is_kept_while_another_is_looked_at(book: Book) -> None:
    form = form_of(book)
    form.note.value = "half written"
    form.picker.value = "vague"
    assert form.note.value == ""
    form.picker.value = "response"
    assert form.note.value == "half written"
    form.note.value = ""
    form.picker.value = "vague"
    form.picker.value = "response"
    assert form.note.value == ""


def test_an_open_question_blocks_until_it_is_answered(workbook: Workbook, book: Book) -> None:
    asked = OpenQuestion(id="q", indicator="response", question="Nights too?")
    workbook.save("sales", asked)
    form = form_of(book)
    assert form.blockers == ["Response time: the question “Nights too?” has no answer yet."]
    workbook.save("sales", changed(asked, answer="Yes."))
    form.refresh_button.click()
    form.confirm_button.click()
    assert len(agreements(book)) == 1


def test_a_look_at_the_past_cannot_be_confirmed(workbook: Workbook, book: Book) -> None:
    form = form_of(workbook.book(as_of=noon(2026, 2, 1)))
    form.confirm_button.click()
    assert form.messages[0].startswith("This workbook shows what was known at 2026-02-01")
    assert book.records(Agreement) == []


def test_a_fault_is_told_and_nothing_typed_is_lost(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(book)
    form.note.value = "kept"

    def broken(*_anything: object, **_more: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(Book, "save", broken)
    form.confirm_button.click()
    assert form.messages == ["Something went wrong (disk full). What you typed is still here."]
    assert form.note.value == "kept"


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_department_without_indicators_has_nothing_to_confirm(workbook: Workbook, code: str) -> None:
    with language.use(code):
        form = clarify.agreement_form(workbook.book())
    assert form.confirm_button.disabled
    form.refresh_button.click()
    form.confirm_button.click()
    assert form.state is None
    workbook.save("sales", indicator("first"))
    form.refresh_button.click()
    assert form.picker.value == "first"
    assert [type(one) for one in workbook.book().records(Indicator)] == [Indicator]
