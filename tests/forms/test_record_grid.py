"""An analyst edits many records at once: pasted from Excel, marked where wrong, saved row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpinb.clarify.records import Indicator
from kpinb.decompose.records import Every, Target, Task
from kpinb.errors import KpinbError
from kpinb.forms import RecordGrid
from kpinb.language import use

REFERENCES = {"indicator": Indicator, "target": Target}
FIELDS = ("name", "owner", "start", "end", "deliverable", "target", "brings", "every", "key_action")
HOSTILE = "<img src=x onerror=alert(1)>"


class StoreDown(KpinbError):
    """Stands for any error that is told in a sentence."""


@pytest.fixture
def book(book_of):
    return book_of(
        Indicator(id="revenue", name="营收"),
        Target(id="t-q1", indicator="revenue", period="2026-Q1", value="100"),
        Task(id="task-1", name="客户拜访", owner="A", importance=5),
        Task(id="task-2", name="新品推广", owner="B"),
    )


def grid_of(book, **options) -> RecordGrid:
    return RecordGrid(book, Task, references=REFERENCES, fields=FIELDS, **options)


def put(form: RecordGrid, row: int, **texts: str) -> None:
    key = form.rows.grid.rows[row].key
    form.grid.receive({"do": "put", "cells": [[key, name, text] for name, text in texts.items()]})


def paste(form: RecordGrid, text: str, row: int, column: str = "name") -> None:
    form.grid.receive({"do": "paste", "text": text, "row": form.rows.grid.rows[row].key, "column": column})


def marked(form: RecordGrid) -> dict[tuple[int, str], str]:
    """Give the problems that the page shows, by number of the row and column."""
    return {
        (number, column): text
        for number, row in enumerate(form.grid.table["rows"])
        for column, text in row["problems"].items()
    }


def tasks(book) -> dict[str, Task]:
    return {record.id: record for record in book.shared(Task)}


def versions(book) -> list[tuple[str, int, str]]:
    return [
        (r.record.id, r.version, r.reason) for r in book.log if isinstance(r.record, Task) and r.author == "me"
    ]


def test_the_columns_are_those_of_the_record(book):
    columns = grid_of(book).grid.table["columns"]
    assert [(c["title"], c["sort"]) for c in columns] == [
        ("Task", "text"),
        ("Owner", "text"),
        ("Start", "date"),
        ("End", "date"),
        ("Deliverable", "text"),
        ("Serves the target", "choice"),
        ("Brings", "number"),
        ("How often", "choice"),
        ("Key action", "tick"),
    ]
    assert columns[5]["options"] == [["营收 · 2026-Q1", "t-q1"]]
    assert columns[7]["options"][1] == ["every week", "week"]


def test_one_cell_is_changed_and_only_its_record_is_saved(book):
    form = grid_of(book)
    put(form, 1, owner="C")
    form.reason.value = "new hand"
    form.save_button.click()
    assert versions(book) == [("task-2", 2, "new hand")]
    assert tasks(book)["task-2"] == Task(id="task-2", name="新品推广", owner="C")
    assert form.messages == ["One record is saved."]
    assert form.reason.value == ""
    assert form.rows.waiting == []


def test_twenty_rows_are_pasted_from_excel_and_saved(book):
    form = grid_of(book)
    lines = [
        f"任务{n}\t销售部\t2026/1/{n}\t2026-03-{n:02}\t纪要\t营收 · 2026-Q1\t{n}.5\tevery week\tyes"
        for n in range(1, 21)
    ]
    paste(form, "\r\n".join(lines) + "\r\n", 2)
    assert marked(form) == {}
    form.reason.value = "from Excel"
    form.save_button.click()
    assert form.messages == ["20 records are saved."]
    assert versions(book) == [(f"task-{n}", 1, "from Excel") for n in range(3, 23)]
    assert tasks(book)["task-22"] == Task(
        id="task-22",
        name="任务20",
        owner="销售部",
        start=date(2026, 1, 20),
        end=date(2026, 3, 20),
        deliverable="纪要",
        target="t-q1",
        brings=Decimal("20.5"),
        every=Every.week,
        key_action=True,
    )


def test_a_wrong_date_is_marked_at_its_cell_and_the_rest_is_kept(book):
    form = grid_of(book)
    paste(form, "电话\tA\t2026-01-05\t31.2.\n拜访\tB\t2026-01-06\t2026-01-31", 2)
    assert marked(form) == {(2, "end"): "“31.2.” is not a date: write it as 2026-06-10."}
    assert form.blockers == ["Row 3: End: “31.2.” is not a date: write it as 2026-06-10."]
    assert form.save_button.disabled
    form.save_button.click()
    assert versions(book) == []
    assert form.grid.table["rows"][2]["texts"]["end"] == "31.2."
    put(form, 2, end="2026-02-28")
    assert (marked(form), form.blockers) == ({}, [])
    form.save_button.click()
    assert [(task.name, task.end) for task in list(tasks(book).values())[2:]] == [
        ("电话", date(2026, 2, 28)),
        ("拜访", date(2026, 1, 31)),
    ]


def test_a_rule_across_fields_is_told_under_its_row(book):
    form = grid_of(book)
    put(form, 0, start="2026-03-02", end="2026-03-01")
    assert marked(form) == {(0, ""): "The end, 2026-03-01, lies before the start, 2026-03-02."}
    assert form.blockers == ["Row 1: the end, 2026-03-01, lies before the start, 2026-03-02."]


def test_a_problem_of_a_field_that_is_not_shown_names_it(book):
    form = RecordGrid(book, Target, references=REFERENCES, fields=["period", "value"])
    put(form, 1, period="2026", value="5")
    form.save_button.click()
    assert marked(form) == {(1, ""): "Indicator: this is required."}


def test_rules_passed_in_stand_in_the_way_or_only_advise(book):
    def together(records):
        return {(task.id, "owner"): "somebody must own it." for task in records if not task.owner}

    def better(records):
        return {(task.id, "deliverable"): "say what comes of it." for task in records if not task.deliverable}

    form = grid_of(book, check=together, advice=better)
    assert form.grid.table["rows"][0]["hints"] == {"deliverable": "Say what comes of it."}
    put(form, 0, owner="", deliverable="纪要")
    assert marked(form) == {(0, "owner"): "Somebody must own it."}
    assert form.save_button.disabled
    put(form, 0, owner="C")
    assert form.grid.table["rows"][0]["hints"] == {}
    assert not form.save_button.disabled


def test_a_rule_that_fails_loses_nothing_and_is_told(book, caplog):
    def broken(records):
        raise ZeroDivisionError(len(records))

    form = grid_of(book, check=broken)
    put(form, 0, owner="C")
    assert form.grid.table["notices"] == ["The rows could not be checked (2)."]
    assert "ZeroDivisionError" in caplog.text
    form.save_button.click()
    assert tasks(book)["task-1"].owner == "C"


def test_a_row_that_nobody_changed_does_not_stand_in_the_way(book):
    form = grid_of(book, check=lambda tasks: {(tasks[0].id, "owner"): "not he."})
    put(form, 1, owner="C")
    assert marked(form) == {(0, "owner"): "Not he."}
    form.save_button.click()
    assert tasks(book)["task-2"].owner == "C"


def test_a_conflict_is_shown_field_by_field_and_the_other_rows_are_saved(book):
    form = grid_of(book)
    put(form, 0, owner="mine")
    put(form, 1, owner="mine, too")
    book.write(Task(id="task-1", name="客户拜访", owner="theirs", deliverable="theirs", importance=5))
    form.save_button.click()
    assert form.messages[:2] == ["One record is saved.", "Row 1: Somebody saved it first."]
    assert tasks(book)["task-2"].owner == "mine, too"
    assert [(one.field, one.theirs, one.mine) for one in form.rows.draft("id:task-1").differences] == [
        ("owner", "theirs", "mine"),
        ("deliverable", "theirs", ""),
    ]
    assert "<td>theirs</td><td>mine</td>" in form._conflict._comparison.value
    assert form.save_button.disabled
    form.save_mine_button.click()
    assert form.messages == ["One record is saved."]
    assert (tasks(book)["task-1"].owner, book.history(Task, "task-1")[-1].version) == ("mine", 3)
    assert form.rows.waiting == []


def test_keeping_theirs_shows_it_in_the_row(book):
    form = grid_of(book)
    put(form, 0, owner="mine")
    book.write(Task(id="task-1", name="客户拜访", owner="theirs"))
    form.save_button.click()
    form.keep_theirs_button.click()
    assert form.messages == ["Their version is kept."]
    assert form.grid.table["rows"][0]["texts"]["owner"] == "theirs"
    assert versions(book) == []
    put(form, 0, owner="mine")
    form.save_button.click()
    assert book.history(Task, "task-1")[-1].version == 3


def test_what_the_grid_does_not_show_stays_theirs(book):
    form = grid_of(book)
    put(form, 0, owner="mine")
    book.write(Task(id="task-1", name="客户拜访", owner="theirs", importance=1, rhythm="每周五"))
    form.save_button.click()
    assert [one.field for one in form.rows.draft("id:task-1").differences] == ["owner"]
    form.save_mine_button.click()
    assert tasks(book)["task-1"] == Task(id="task-1", name="客户拜访", owner="mine", importance=1, rhythm="每周五")


def versions_in(form: RecordGrid) -> list[str]:
    return [text for text, _version in form.versions.versions.picker.options]


def test_an_earlier_version_is_put_back_into_its_row_and_saved_as_a_new_one(book):
    form = grid_of(book)
    assert form.versions.widget.layout.display == "none"
    book.write(Task(id="task-1", name="客户拜访", owner="B", end=date(2026, 3, 1), target="t-q1", key_action=True))
    book.write(Task(id="task-1", name="回访", importance=1))
    form = grid_of(book)
    assert form.versions.widget.layout.display == ""
    assert [name for name, _key in form.versions.picker.options] == ["1: 回访"]
    put(form, 1, owner="typed")
    form.versions.versions.picker.value = 2
    form.versions.versions.restore_button.click()
    assert form.grid.table["rows"][0]["texts"] == {
        "name": "客户拜访", "owner": "B", "start": "", "end": "2026-03-01", "deliverable": "", "target": "t-q1",
        "brings": "", "every": "", "key_action": "true",
    }  # fmt: skip
    assert form.messages == ["The fields hold version 2 again. Nothing is saved until you save it."]
    assert form.reason.value == "back to version 2"
    assert versions(book) == []
    form.save_button.click()
    assert versions(book) == [("task-1", 4, "back to version 2"), ("task-2", 2, "back to version 2")]
    assert tasks(book)["task-1"] == Task(
        id="task-1", name="客户拜访", owner="B", end=date(2026, 3, 1), target="t-q1", key_action=True, importance=1
    )
    assert [text[:9] for text in versions_in(form)] == ["Version 4", "Version 3", "Version 2", "Version 1"]
    assert [name for name, _key in form.versions.picker.options] == ["1: 客户拜访", "2: 新品推广"]


def test_the_versions_follow_the_row_that_the_person_goes_to_and_what_is_typed_there(book):
    for key, name in (("task-1", "客户拜访"), ("task-2", "新品推广")):
        book.write(Task(id=key, name=name, owner="C"), reason=f"of {key}")
    book.write(Task(id="task-3", name="样板"))
    form = grid_of(book)
    assert versions_in(form)[0].endswith("of task-1")
    form.grid.row = "id:task-2"
    assert (form.versions.picker.value, versions_in(form)[0][-9:]) == ("id:task-2", "of task-2")
    form.grid.row = "id:task-3"  # of one version: the choice stays
    assert form.versions.picker.value == "id:task-2"
    form.versions.picker.value = "id:task-1"
    assert form.grid.row == "id:task-1"  # so that going to row 2 again is told
    form.versions.versions.picker.value = 1
    assert "<td>A</td><td>C</td>" in form.versions.versions._differences.value
    put(form, 0, owner="A")
    assert form.versions.versions._differences.value == ""
    assert form.versions.versions.restore_button.disabled


def test_going_back_can_be_undone_and_meets_a_conflict_like_any_other_change(book):
    book.write(Task(id="task-1", name="客户拜访", owner="B"))
    form = grid_of(book)
    form.versions.versions.picker.value = 1
    form.versions.versions.restore_button.click()
    form.grid.receive({"do": "undo"})
    assert form.rows.waiting == []
    form.versions.versions.restore_button.click()
    book.write(Task(id="task-1", name="客户拜访", owner="D"))
    form.save_button.click()
    assert "<td>D</td><td>A</td>" in form._conflict._comparison.value
    form.reset_button.click()
    assert (form.reason.value, form.grid.table["rows"][0]["texts"]["owner"]) == ("", "D")
    assert len(versions_in(form)) == 3


def test_a_row_taken_away_comes_back_with_an_earlier_version(book):
    book.write(Task(id="task-1", name="客户拜访", owner="B"))
    form = grid_of(book)
    form.grid.receive({"do": "remove", "rows": ["id:task-1"]})
    form.versions.versions.picker.value = 1
    form.versions.versions.restore_button.click()
    assert form.grid.table["rows"][0]["state"] == "changed"
    assert form.grid.table["rows"][0]["texts"]["owner"] == "A"


def test_a_store_that_fails_while_versions_are_read_is_told_and_loses_nothing(book, monkeypatch):
    book.write(Task(id="task-1", name="客户拜访", owner="B"))
    book.write(Task(id="task-2", name="新品推广", owner="C"))
    form = grid_of(book)
    put(form, 0, owner="typed")

    def failing(*_given):
        raise StoreDown("The store cannot be reached; try again.")

    monkeypatch.setattr(book, "history", failing)
    form.grid.row = "id:task-2"
    assert form.messages == ["The store cannot be reached; try again."]
    assert form.grid.table["rows"][0]["texts"]["owner"] == "typed"


def test_two_people_who_add_a_row_keep_both(book):
    form = grid_of(book)
    put(form, 2, name="mine")
    book.write(Task(id="task-3", name="theirs"))
    form.save_button.click()
    assert [task.name for task in tasks(book).values()] == ["客户拜访", "新品推广", "theirs", "mine"]
    assert [row["texts"]["name"] for row in form.grid.table["rows"]] == [
        "客户拜访",
        "新品推广",
        "theirs",
        "mine",
        "",
    ]


def test_a_new_row_does_not_take_up_the_id_of_a_deleted_record(book):
    book.write(Task(id="task-3", name="旧"), deleted=True)
    form = grid_of(book)
    put(form, 2, name="新")
    form.save_button.click()
    assert form.messages == ["One record is saved."]
    assert list(tasks(book)) == ["task-1", "task-2", "task-4"]


def test_a_row_taken_away_is_a_version_that_says_so(book):
    form = grid_of(book)
    form.grid.receive({"do": "remove", "rows": ["id:task-1"]})
    assert form.grid.table["rows"][0]["state"] == "removed"
    assert versions(book) == []
    form.reason.value = "given up"
    form.save_button.click()
    assert form.messages == ["One record is deleted."]
    newest = book.history(Task, "task-1")[-1]
    assert (newest.version, newest.deleted, newest.reason) == (2, True, "given up")
    assert [row["texts"]["name"] for row in form.grid.table["rows"]] == ["新品推广", ""]


def test_a_deletion_meets_a_change(book):
    form = grid_of(book)
    form.grid.receive({"do": "remove", "rows": ["id:task-1"]})
    book.write(Task(id="task-1", name="客户拜访", owner="theirs"))
    form.save_button.click()
    assert form.messages[-1] == "Keep their version and leave the record there, or delete it all the same."
    form.save_mine_button.click()
    assert "task-1" not in tasks(book)
    other = grid_of(book)
    other.grid.receive({"do": "remove", "rows": ["id:task-2"]})
    book.write(Task(id="task-2", name="新品推广", owner="theirs"))
    other.save_button.click()
    other.keep_theirs_button.click()
    assert tasks(book)["task-2"].owner == "theirs"
    assert other.grid.table["rows"][0]["state"] == ""


def test_an_error_half_way_says_how_far_it_came_and_keeps_the_rest(book, monkeypatch):
    form = grid_of(book)
    paste(form, "a\nb\nc", 2)
    save, saved = book.save, []

    def failing(record, **options):
        if saved:
            raise StoreDown("The store cannot be reached; try again.")
        saved.append(record)
        return save(record, **options)

    monkeypatch.setattr(book, "save", failing)
    form.save_button.click()
    assert form.messages == ["One record is saved.", "The store cannot be reached; try again."]
    assert [row.texts["name"] for row in form.rows.waiting] == ["b", "c"]
    monkeypatch.setattr(book, "save", save)
    form.save_button.click()
    assert [task.name for task in tasks(book).values()][2:] == ["a", "b", "c"]


def test_a_fault_of_the_program_is_told_too(book, monkeypatch, caplog):
    form = grid_of(book)
    monkeypatch.setattr(form.rows.grid, "put", lambda _cells: 1 / 0)
    put(form, 0, owner="C")
    assert form.messages == ["Something went wrong (division by zero). What you typed is still here."]
    assert "division by zero" in caplog.text


def test_a_long_save_shows_how_far_it_is(book):
    form = grid_of(book)
    paste(form, "\n".join(f"task {n}" for n in range(25)), 2)
    shown = []
    form._answer.area.observe(lambda change: shown.append(change["new"]), "value")
    form.save_button.click()
    assert ["10 of 25" in text for text in shown].count(True) == 1
    assert ["20 of 25" in text for text in shown].count(True) == 1


def test_nothing_changed_and_a_row_changed_back_make_no_version(book):
    form = grid_of(book)
    form.save_button.click()
    assert form.messages == ["Nothing was changed, so there is nothing to save."]
    put(form, 0, owner="C")
    put(form, 0, owner="A")
    form.save_button.click()
    assert versions(book) == []


def test_reset_reads_the_store_again(book):
    form = grid_of(book)
    put(form, 0, owner="C")
    book.write(Task(id="task-9", name="theirs"))
    form.reset_button.click()
    assert [(row["texts"]["name"], row["state"]) for row in form.grid.table["rows"]] == [
        ("客户拜访", ""), ("新品推广", ""), ("theirs", ""), ("", "blank"),
    ]  # fmt: skip


def test_what_a_new_row_begins_with_is_not_emptied_by_an_empty_cell(book):
    form = RecordGrid(book, Task, references=REFERENCES, fields=["name", "importance"])
    paste(form, "电话\t\n拜访\t5", 2)
    form.save_button.click()
    assert [task.importance for task in tasks(book).values()] == [5, 3, 3, 5]


def test_a_grid_speaks_the_language_it_was_made_in(book):
    with use("zh"):
        form = grid_of(book)
    assert form.grid.table["columns"][0]["title"] == "任务"
    put(form, 0, end="soon")
    assert "不是日期" in marked(form)[0, "end"]
    assert form.save_button.description == "保存"


def test_hostile_text_stays_text(book):
    form = grid_of(book)
    put(form, 0, name=HOSTILE, brings=HOSTILE)
    assert HOSTILE in form.blockers[0]
    assert "<img" not in form._blocker_area.value
    put(form, 0, brings="")
    book.write(Task(id="task-1", name=HOSTILE + "!"))
    form.save_button.click()
    assert "<img" not in form._conflict._comparison.value
    assert "&lt;img" in form._conflict._comparison.value


def test_a_grid_that_cannot_be_made_is_a_fault_of_the_program(book):
    with pytest.raises(TypeError, match="goals: a grid has no cell for a list"):
        RecordGrid(book, Indicator, references={"business_goal": Indicator})
    with pytest.raises(TypeError, match="nmae"):
        RecordGrid(book, Task, references=REFERENCES, fields=["nmae"])
