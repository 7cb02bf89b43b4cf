"""All indicators on one page: scores, proposed urgency, and weights that add up before anything is saved."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from stories import Workbook, indicator, noon, rows_of, year_of

from kpinb import clarify, language
from kpinb.book import Book
from kpinb.clarify.agreement import Standing, states
from kpinb.clarify.form.priority import PriorityForm
from kpinb.clarify.records import Agreement, Criterion, Indicator


def changed(record: Any, **fields: object) -> Any:
    return type(record).build({**record.body(), **fields})


REVENUE = indicator("revenue", name="Revenue", unit="万元", importance=5, urgency=4, goal_value=5, weight="0.6")
CUSTOMERS = indicator("customers", name="Customers", importance=4, urgency=3, weight="0.4")


@pytest.fixture
def book(workbook: Workbook) -> Book:
    """Two indicators; revenue is a fifth short in October."""
    facts = workbook.write_actuals("sales", revenue=year_of([100] * 9 + [80]))
    year_end = Criterion.build(
        {"id": "c", "indicator": "revenue", "threshold": "100", "unit": "万元", "due": "2026-12-31"}
    )
    workbook.save("sales", REVENUE, CUSTOMERS, year_end)
    return workbook.book(facts=facts, on=noon(2026, 11, 3))


def put(form: PriorityForm, one_id: str, **values: object) -> None:
    for name, value in values.items():
        form.rows[one_id].fields[name].value = value


def stored(book: Book) -> list[tuple[str, int, int, int, D | None]]:
    return [(i.id, i.importance, i.urgency, i.goal_value, i.weight) for i in book.records(Indicator)]


def sides(form: PriorityForm) -> list[tuple[str, ...]]:
    """Give the rows of the comparison: field, theirs, mine."""
    return rows_of(form._conflict._comparison.value)


def html(form: PriorityForm) -> str:
    found, waiting = [], [form.widget]
    while waiting:
        widget = waiting.pop()
        waiting.extend(getattr(widget, "children", ()))
        found.append(str(getattr(widget, "value", "")))
    return "\n".join(found)


def test_the_form_opens_with_what_stands_and_what_is_proposed(book: Book) -> None:
    form = clarify.priority_form(book)
    assert list(form.rows) == ["revenue", "customers"]
    assert {name: field.value for name, field in form.rows["revenue"].fields.items()} == {
        "importance": 5,
        "urgency": 4,
        "goal_value": 5,
        "weight": "0.6",
    }
    assert form.blockers == []
    assert form.total == 1
    shown = html(form)
    assert "proposed: 5" in shown
    assert "days left: 61. So far 20% of what is asked is missing." in shown
    assert "proposed: 0.75" in shown
    assert "proposed: 0.25" in shown
    assert "proposed: –" in shown
    assert "Sum of the weights: 100%" in shown


def test_scores_and_weights_of_all_that_changed_are_saved_with_a_reason(book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", urgency=5, weight="0.7")
    put(form, "customers", weight="0.30")
    form.reason.value = "季度例会"
    form.save_button.click()
    assert stored(book) == [("revenue", 5, 5, 5, D("0.7")), ("customers", 4, 3, 3, D("0.30"))]
    assert [r.reason for r in book.revisions(Indicator)] == ["季度例会", "季度例会"]
    assert form.messages == ["Saved: Revenue, Customers.", "The weights add up to 100%."]
    assert form.reason.value == ""


def test_only_what_changed_gets_a_new_version(book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "customers", importance=5)
    form.save_button.click()
    assert [r.version for r in book.revisions(Indicator)] == [1, 2]
    form.save_button.click()
    assert form.messages == ["Nothing was changed, so there is nothing to save."]
    assert [r.version for r in book.revisions(Indicator)] == [1, 2]


def test_while_the_weights_do_not_add_up_nothing_can_be_saved(book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight="0.555")
    assert form.save_button.disabled
    assert form.blockers == ["The weights add up to 95.5%, which is 4.5% too little: raise some of them."]
    assert "Sum of the weights: 95.5%" in html(form)
    form.save_button.click()
    assert form.messages == ["Not saved: see what is missing."]
    assert stored(book)[0][4] == D("0.6")
    put(form, "customers", weight="0.445")
    assert not form.save_button.disabled
    form.save_button.click()
    assert [row[4] for row in stored(book)] == [D("0.555"), D("0.445")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Revenue has no weight: give it one, 0 if it does not count."),
        ("60%", "Revenue: “60%” is not a number: write digits and at most one decimal point, such as 1234.5."),
        ("60", "Revenue: the weight 60 is not between 0 and 1. Write 0.4 for 40%."),
        ("-0.1", "Revenue: the weight -0.1 is not between 0 and 1. Write 0.4 for 40%."),
        ("０.６", "Revenue: “０.６” is not a number: write digits and at most one decimal point, such as 1234.5."),
    ],
)
def test_a_weight_that_cannot_be_is_told_and_stays_as_typed(book: Book, typed: str, says: str) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight=typed)
    assert form.blockers == [
        "The weights add up to 40%, which is 60% too little: raise some of them.",
        says,
    ]
    assert form.save_button.disabled
    assert form.rows["revenue"].fields["weight"].value == typed


def test_the_proposed_weights_follow_the_scores_and_are_taken_over_with_one_click(book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "customers", importance=5, goal_value=5, urgency=5)
    assert "proposed: 0.25" in html(form)
    form.take_button.click()
    assert [row.fields["weight"].value for row in form.rows.values()] == ["0.25", "0.75"]
    assert stored(book)[0][4] == D("0.6")
    form.save_button.click()
    assert [row[4] for row in stored(book)] == [D("0.25"), D("0.75")]


def test_a_first_set_of_weights_begins_with_the_proposed_ones(workbook: Workbook) -> None:
    workbook.save("sales", *(indicator(f"i{n}") for n in range(3)))
    book = workbook.book()
    form = clarify.priority_form(book)
    assert form.save_button.disabled
    form.take_button.click()
    form.save_button.click()
    assert [row[4] for row in stored(book)] == [D("0.34"), D("0.33"), D("0.33")]


def test_scores_end_no_agreement(workbook: Workbook) -> None:
    workbook.save("sales", REVENUE, CUSTOMERS)
    workbook.save("sales", Agreement.build({"id": "revenue", "agreed_with": "管理层", "on": "2026-01-14"}))
    book = workbook.book()
    form = clarify.priority_form(book)
    put(form, "revenue", importance=4, urgency=1, goal_value=1)
    form.take_button.click()
    form.save_button.click()
    assert form.messages[0] == "Saved: Revenue, Customers."
    assert states(book)[0].standing is Standing.agreed


def test_what_another_saved_meanwhile_is_shown_before_anything_is_saved(workbook: Workbook, book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight="0.7")
    put(form, "customers", weight="0.3")
    workbook.store.save("sales", changed(REVENUE, weight="0.5", urgency=2), author="lead", at=noon(2026, 11, 2))
    form.save_button.click()
    assert form.messages == [
        "Nothing was saved, because something else was saved in the meantime.",
        "lead changed Revenue: Urgency: 4 → 2; Weight: 0.6 → 0.5.",
        "What you typed is still here. Keep their version and drop yours, or overwrite theirs with yours.",
    ]
    assert stored(book)[0] == ("revenue", 5, 2, 5, D("0.5"))
    # Theirs where nothing was typed, and what was typed elsewhere.
    assert form.rows["revenue"].fields["urgency"].value == 2
    assert form.rows["revenue"].fields["weight"].value == "0.7"
    assert sides(form) == [("Weight", "0.5", "0.7")]
    assert form.blockers == [
        "Revenue: First choose between your version and the one saved in the meantime.",
    ]
    form.save_button.click()
    assert form.messages == ["Not saved: see what is missing."]
    form.save_mine_button.click()
    assert stored(book) == [("revenue", 5, 2, 5, D("0.7")), ("customers", 4, 3, 3, D("0.3"))]
    assert form.messages == ["Saved: Revenue, Customers.", "The weights add up to 100%."]
    assert form._conflict.widget.layout.display == "none"


def test_keeping_theirs_leaves_what_was_typed_in_other_rows_and_asks_for_weights_that_add_up(
    workbook: Workbook, book: Book
) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight="0.7", importance=3)
    put(form, "customers", weight="0.3", urgency=1)
    workbook.save("sales", changed(REVENUE, weight="0.5", owner="销售部经理"), at=noon(2026, 11, 2))
    form.save_button.click()
    form.keep_theirs_button.click()
    assert form.messages == ["Their version is kept."]
    assert form.rows["revenue"].values == {"importance": 5, "urgency": 4, "goal_value": 5, "weight": "0.5"}
    assert form.rows["customers"].values == {"importance": 4, "urgency": 1, "goal_value": 3, "weight": "0.3"}
    assert form.blockers == ["The weights add up to 80%, which is 20% too little: raise some of them."]
    put(form, "customers", weight="0.5")
    form.save_button.click()
    assert stored(book) == [("revenue", 5, 4, 5, D("0.5")), ("customers", 4, 1, 3, D("0.5"))]
    assert [r.version for r in book.history(Indicator, "revenue")] == [1, 2]


def test_two_conflicts_are_decided_one_after_the_other_and_all_is_saved_together(
    workbook: Workbook, book: Book
) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight="0.7")
    put(form, "customers", weight="0.3")
    workbook.save("sales", changed(REVENUE, weight="0.5", owner="甲"), at=noon(2026, 11, 2))
    workbook.save("sales", changed(CUSTOMERS, weight="0.5", unit="家"), at=noon(2026, 11, 2))
    form.save_button.click()
    assert sides(form) == [("Weight", "0.5", "0.7")]
    form.save_mine_button.click()
    assert form.messages[0] == "analyst changed Customers: Unit: – → 家; Weight: 0.4 → 0.5."
    assert sides(form) == [("Weight", "0.5", "0.3")]
    assert stored(book)[0][4] == D("0.5")  # what is stored adds up at every moment
    form.save_mine_button.click()
    assert [(i.weight, i.owner, i.unit) for i in book.records(Indicator)] == [
        (D("0.7"), "甲", "万元"),
        (D("0.3"), "", "家"),
    ]


def test_mine_that_cannot_be_saved_does_not_go_over_theirs(workbook: Workbook, book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", weight="0.7")
    put(form, "customers", weight="0.3")
    workbook.save("sales", changed(REVENUE, weight="0.5"), at=noon(2026, 11, 2))
    form.save_button.click()
    put(form, "revenue", weight="7")
    assert form.save_mine_button.disabled
    put(form, "revenue", weight="0.6")
    form.save_mine_button.click()
    assert form.messages == ["Not saved: see what is missing."]
    assert stored(book)[0][4] == D("0.5")
    put(form, "customers", weight="0.4")
    put(form, "revenue", weight="0.6")
    form.save_button.click()
    assert stored(book)[0][4] == D("0.6")


def test_an_earlier_version_is_put_back_into_its_row_and_saved_as_a_new_one(
    workbook: Workbook, book: Book
) -> None:
    assert clarify.priority_form(book).versions.widget.layout.display == "none"
    workbook.save("sales", changed(REVENUE, weight="0.8", urgency=1, owner="甲"), at=noon(2026, 11, 2))
    workbook.save("sales", changed(CUSTOMERS, weight="0.2"), at=noon(2026, 11, 2))
    form = clarify.priority_form(book)
    assert [name for name, _key in form.versions.picker.options] == ["Revenue", "Customers"]
    put(form, "customers", importance=1)
    form.versions.picker.value = "revenue"
    versions = form.versions.versions
    versions.picker.value = 1
    assert rows_of(versions._differences.value) == [("Urgency", "4", "1"), ("Weight", "0.6", "0.8")]
    versions.restore_button.click()
    assert form.rows["revenue"].values == {"importance": 5, "urgency": 4, "goal_value": 5, "weight": "0.6"}
    assert form.reason.value == "back to version 1"
    assert form.messages == ["The fields hold version 1 again. Nothing is saved until you save it."]
    assert len(book.history(Indicator, "revenue")) == 2
    put(form, "customers", weight="0.4")
    form.save_button.click()
    newest = book.history(Indicator, "revenue")[-1]
    assert (newest.version, newest.reason, newest.record) == (3, "back to version 1", changed(REVENUE, owner="甲"))
    assert stored(book)[1] == ("customers", 1, 3, 3, D("0.4"))
    assert [text[:9] for text, _version in versions.picker.options] == ["Version 3", "Version 2", "Version 1"]


def test_a_proposed_reason_goes_when_the_form_is_reset(workbook: Workbook, book: Book) -> None:
    workbook.save("sales", changed(REVENUE, urgency=1), at=noon(2026, 11, 2))
    form = clarify.priority_form(book)
    form.versions.versions.picker.value = 1
    form.versions.versions.restore_button.click()
    assert form.rows["revenue"].fields["urgency"].value == 4
    form.reset_button.click()
    assert (form.reason.value, form.rows["revenue"].fields["urgency"].value) == ("", 1)


def test_another_s_edit_of_the_definition_stays_and_stops_nothing(workbook: Workbook, book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", urgency=1)
    workbook.save("sales", changed(REVENUE, owner="销售部经理"), at=noon(2026, 11, 2))
    form.save_button.click()
    assert form.messages[0] == "Saved: Revenue."
    saved = book.records(Indicator)[0]
    assert (saved.owner, saved.urgency) == ("销售部经理", 1)


def test_an_indicator_that_came_or_went_meanwhile_is_told(workbook: Workbook, book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", urgency=1)
    workbook.save("sales", indicator("new", name="New one"))
    workbook.store.delete("sales", CUSTOMERS, author="lead", expected=1)
    form.save_button.click()
    assert form.messages[1:3] == ["New one is new.", "Customers was deleted."]
    assert list(form.rows) == ["revenue", "new"]
    assert form.rows["revenue"].fields["urgency"].value == 1
    assert stored(book)[0][2] == 4


def test_of_two_who_save_at_the_same_moment_the_second_is_told_what_was_saved(
    workbook: Workbook, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", urgency=1)
    put(form, "customers", urgency=1)
    save = Book.save

    def racing(self: Book, record: Any, **more: Any) -> Any:
        if record.id == "customers":
            monkeypatch.undo()
            workbook.save("sales", changed(CUSTOMERS, urgency=5), at=noon(2026, 11, 3))
        return save(self, record, **more)

    monkeypatch.setattr(Book, "save", racing)
    form.save_button.click()
    assert form.messages == [
        "Saved before that: Revenue.",
        "analyst changed Customers: Urgency: 3 → 5.",
        "What you typed is still here. Keep their version and drop yours, or overwrite theirs with yours.",
    ]
    assert form.rows["customers"].fields["urgency"].value == 1
    assert sides(form) == [("Urgency", "5", "1")]
    form.save_mine_button.click()
    assert [row[2] for row in stored(book)] == [1, 1]


def test_reset_goes_back_to_what_is_stored(book: Book) -> None:
    form = clarify.priority_form(book)
    put(form, "revenue", urgency=1, weight="0.9")
    form.reset_button.click()
    assert form.rows["revenue"].fields["urgency"].value == 4
    assert form.rows["revenue"].fields["weight"].value == "0.6"
    assert form.blockers == []


def test_a_look_at_the_past_cannot_be_changed_and_loses_nothing(workbook: Workbook, book: Book) -> None:
    form = clarify.priority_form(workbook.book(as_of=noon(2026, 2, 1)))
    put(form, "revenue", urgency=1)
    form.save_button.click()
    assert form.messages[0].startswith("This workbook shows what was known at 2026-02-01")
    assert form.rows["revenue"].fields["urgency"].value == 1
    assert stored(book)[0][2] == 4


def test_actuals_that_cannot_be_read_cost_the_proposals_and_not_the_form(workbook: Workbook, book: Book) -> None:
    workbook.save(
        "sales",
        changed(CUSTOMERS, fact="no-such-series"),
        Criterion.build({"id": "d", "indicator": "customers", "threshold": "1"}),
    )
    form = clarify.priority_form(book)
    assert "no-such-series" in html(form)
    assert not form.save_button.disabled


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_department_without_indicators_has_nothing_to_save(workbook: Workbook, code: str) -> None:
    with language.use(code):
        form = clarify.priority_form(workbook.book())
    assert form.save_button.disabled
    assert form.take_button.disabled
    form.take_button.click()
    form.save_button.click()
    assert form.rows == {}


def test_a_name_cannot_break_the_page(workbook: Workbook) -> None:
    workbook.save("sales", indicator("x", name="<img src=x onerror=alert(1)>"))
    shown = html(clarify.priority_form(workbook.book()))
    assert "<img" not in shown
    assert "&lt;img" in shown
