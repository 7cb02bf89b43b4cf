"""An analyst goes back to an earlier version: sees what it said, puts it back, and saves it or not."""

from __future__ import annotations

import pytest

from kpinb.clarify.records import BusinessGoal, Indicator
from kpinb.forms import RecordForm


@pytest.fixture
def book(book_of):
    book = book_of(Indicator(id="revenue", name="营收", owner="A", unit="元"))
    book.write(Indicator(id="revenue", name="营收", owner="B", unit="万元"), reason="new hand")
    book.write(Indicator(id="revenue", name="营收", owner="C", unit="万元", goals=["gone"]), author="me")
    return book


def form_of(book, **options) -> RecordForm:
    form = RecordForm(book, Indicator, references={"business_goal": BusinessGoal}, **options)
    form.picker.value = "revenue"
    return form


def differences(form: RecordForm) -> str:
    return form.versions._differences.value


def test_every_version_is_listed_with_who_wrote_it_when_and_why(book):
    form = form_of(book)
    assert [text for text, _version in form.versions.picker.options] == [
        "Version 3, 2026-11-02 08:03 UTC, me",
        "Version 2, 2026-11-02 08:02 UTC, sales-lead: new hand",
        "Version 1, 2026-11-02 08:01 UTC, sales-lead",
    ]
    assert form.versions.restore_button.disabled
    form.picker.value = ""
    assert form.versions.widget.layout.display == "none"


def test_an_older_version_is_compared_put_back_and_saved_as_a_new_one(book):
    form = form_of(book)
    form.versions.picker.value = 1
    assert '<th scope="col">Version 1</th><th scope="col">In the fields</th>' in differences(form)
    assert '<th scope="row">Owner</th><td>A</td><td>C</td>' in differences(form)
    assert differences(form).count('<th scope="row">') == 3
    form.versions.restore_button.click()
    assert (form["owner"].value, form["unit"].value, form["goals"].value) == ("A", "元", ())
    assert form.reason.value == "back to version 1"
    assert form.messages == ["The fields hold version 1 again. Nothing is saved until you save it."]
    assert len(book.history(Indicator, "revenue")) == 3
    form.save_button.click()
    newest = book.history(Indicator, "revenue")[-1]
    assert (newest.version, newest.reason, newest.record) == (
        4, "back to version 1", book.history(Indicator, "revenue")[0].record,
    )  # fmt: skip
    assert form.versions.picker.value == 4


def test_a_reason_that_was_typed_stays_and_reset_takes_the_version_out_again(book):
    form = form_of(book)
    form.reason.value = "agreed with finance"
    form.versions.picker.value = 2
    form.versions.restore_button.click()
    assert (form["owner"].value, form.reason.value) == ("B", "agreed with finance")
    form.reset_button.click()
    assert form["owner"].value == "C"


def test_a_proposed_reason_goes_with_the_version_that_it_was_for(book):
    form = form_of(book)
    for version in (1, 2):
        form.versions.picker.value = version
        form.versions.restore_button.click()
    assert form.reason.value == "back to version 2"
    form.reset_button.click()
    assert form.reason.value == ""


def test_a_form_of_some_fields_puts_back_those_alone(book):
    form = form_of(book, fields=["owner"])
    form.versions.picker.value = 1
    form.versions.restore_button.click()
    form.save_button.click()
    newest = book.history(Indicator, "revenue")[-1].record
    assert (newest.owner, newest.unit) == ("A", "万元")


def test_a_version_put_back_meets_a_conflict_like_any_other_change(book):
    form = form_of(book)
    form.versions.picker.value = 1
    form.versions.restore_button.click()
    book.write(Indicator(id="revenue", name="营收", owner="D"))
    form.save_button.click()
    assert form.messages[0] == "Somebody saved it first."
    assert form["owner"].value == "A"


def test_a_record_of_one_version_has_no_list(book_of):
    form = form_of(book_of(Indicator(id="revenue", name="营收")))
    assert form.versions.widget.layout.display == "none"


def test_hostile_reasons_and_values_stay_text(book):
    hostile = "<img src=x onerror=alert(1)>"
    book.write(Indicator(id="revenue", name=hostile), reason=hostile)
    book.write(Indicator(id="revenue", name="营收"))
    form = form_of(book)
    form.versions.picker.value = 4
    assert "&lt;img" in differences(form)
    assert "<img" not in differences(form)
