"""The form and the real store agree on what a version is and on who came first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kpinb.book import Book
from kpinb.clarify.records import BusinessGoal, Indicator
from kpinb.forms import RecordForm
from kpinb.period import Period
from kpinb.store import create_store


@pytest.fixture
def book(tmp_path):
    with create_store(f"sqlite:///{tmp_path / 'kpinb.sqlite'}") as store:
        yield Book(
            department="sales",
            name="销售部",
            period=Period.parse("2026-10"),
            store=store,
            facts=None,
            author="analyst",
            clock=lambda: datetime(2026, 11, 2, 8, 5, tzinfo=UTC),
        )


def form_of(book: Book) -> RecordForm:
    return RecordForm(book, Indicator, references={"business_goal": BusinessGoal})


def test_an_indicator_goes_through_the_form_into_the_store_and_back(book):
    form = form_of(book)
    form["name"].value = "营收"
    form["weight"].value = "0.60"
    form.save_button.click()
    assert form.messages == ["Indicator “营收” is saved: version 1, by analyst, 2026-11-02 08:05 UTC."]
    form["owner"].value = "销售部经理"
    form.reason.value = "agreed"
    form.save_button.click()
    later = form_of(book)
    later.picker.value = "indicator-1"
    assert (later["owner"].value, later["weight"].value) == ("销售部经理", "0.60")
    assert [(r.version, r.reason) for r in book.history(Indicator, "indicator-1")] == [(1, ""), (2, "agreed")]
    assert later["id"].disabled


def test_two_forms_on_one_record_meet_in_a_conflict(book):
    book.save(Indicator(id="revenue", name="营收"), expected=0)
    mine, theirs = form_of(book), form_of(book)
    for form, owner in ((mine, "销售代表A"), (theirs, "销售部经理")):
        form.picker.value = "revenue"
        form["owner"].value = owner
    theirs.save_button.click()
    mine.save_button.click()
    assert [(one.field, one.theirs, one.mine) for one in mine.draft.differences] == [
        ("owner", "销售部经理", "销售代表A")
    ]
    mine.save_mine_button.click()
    owners = [revision.record.owner for revision in book.history(Indicator, "revenue")]
    assert owners == ["", "销售部经理", "销售代表A"]


def test_the_id_of_a_deleted_record_can_be_taken_up_again_on_purpose(book):
    book.save(Indicator(id="indicator-1", name="旧"), expected=0)
    book.store.delete("sales", Indicator(id="indicator-1", name="旧"), author="analyst", expected=1)
    form = form_of(book)
    assert form["id"].value == "indicator-2"
    form["name"].value = "新"
    form["id"].value = "indicator-1"
    form.save_button.click()
    assert "was deleted by analyst" in form.messages[0]
    form.save_mine_button.click()
    assert [record.name for record in book.records(Indicator)] == ["新"]


def test_a_look_at_the_past_tells_that_it_cannot_be_changed(book):
    book.save(Indicator(id="revenue", name="营收"), expected=0)
    past = replace(book, as_of=datetime(2026, 12, 1, tzinfo=UTC))
    form = form_of(past)
    form.picker.value = "revenue"
    form["owner"].value = "销售代表A"
    form.save_button.click()
    assert form.messages[0].startswith("This workbook shows what was known at 2026-12-01")
    assert form["owner"].value == "销售代表A"


def test_the_company_s_records_can_be_referred_to(book):
    company = replace(book, department="company")
    company.save(BusinessGoal(id="growth", name="营收增长"), expected=0)
    assert form_of(book)["goals"].options == (("营收增长 (growth)", "growth"),)
