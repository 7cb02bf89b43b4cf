import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from store_notes import Note, StrictNote, noon

from kpinb import language
from kpinb.clarify.records import BusinessGoal, Indicator
from kpinb.errors import BadInput, BadRecord, EditConflict, NotFound
from kpinb.records import Revision
from kpinb.store import Entry, open_store


def rows(revisions: list[Revision]) -> list[tuple[object, ...]]:
    return [(one.version, one.record.text, one.author, one.recorded_at, one.deleted) for one in revisions]


def test_a_saved_indicator_is_read_back_as_it_was_written(store, url) -> None:
    revenue = Indicator(id="revenue", name="营收", statement="营收增长20%", unit="万元", importance=5)
    saved = store.save("sales", revenue, author="lead", at=noon(1), expected=0, reason="年度目标下达")

    with open_store(url) as tomorrow:
        read = tomorrow.get(Indicator, "sales", "revenue")

    assert read == saved
    assert read == Revision("sales", revenue, 1, "lead", noon(1), "年度目标下达", deleted=False)


def test_numbers_come_back_exactly(store) -> None:
    store.save("sales", Note(id="share", count="0.10"), author="a")

    assert str(store.get(Note, "sales", "share").record.count) == "0.10"


def test_each_save_adds_a_version_and_the_history_keeps_all(store) -> None:
    for day, text in enumerate(["first", "second", "third"], start=1):
        store.save("sales", Note(id="n", text=text), author="a", at=noon(day), expected=day - 1)

    assert rows(store.history(Note, "sales", "n")) == [
        (1, "first", "a", noon(1), False),
        (2, "second", "a", noon(2), False),
        (3, "third", "a", noon(3), False),
    ]
    assert store.get(Note, "sales", "n").version == 3


def test_the_review_sees_what_was_known_on_the_day(store) -> None:
    store.save("sales", Note(id="n", text="forecast"), author="a", at=noon(1))
    store.save("sales", Note(id="n", text="result"), author="a", at=noon(20))
    store.save("sales", Note(id="late"), author="a", at=noon(21))

    assert store.get(Note, "sales", "n", as_of=noon(19)).record.text == "forecast"
    assert store.get(Note, "sales", "n", as_of=noon(20)).record.text == "result"
    assert [one.record.text for one in store.all(Note, "sales", as_of=noon(19))] == ["forecast"]
    assert len(store.history(Note, "sales", "n", as_of=noon(19))) == 1
    with pytest.raises(NotFound):
        store.get(Note, "sales", "n", as_of=noon(1) - timedelta(microseconds=1))


def test_moments_are_one_line_of_time_whatever_the_zone_they_are_written_in(store) -> None:
    shanghai = timezone(timedelta(hours=8))
    saved = store.save(
        "sales", Note(id="n"), author="a", at=datetime(2026, 10, 2, 7, 30, 0, 123456, tzinfo=shanghai)
    )

    assert saved.recorded_at == datetime(2026, 10, 1, 23, 30, 0, 123456, tzinfo=UTC)
    read = store.get(Note, "sales", "n", as_of=datetime(2026, 10, 2, 7, 30, 0, 123456, tzinfo=shanghai))
    assert read.recorded_at.tzinfo is UTC
    assert read == saved
    with pytest.raises(NotFound):
        store.get(Note, "sales", "n", as_of=datetime(2026, 10, 2, 7, 30, 0, 123455, tzinfo=shanghai))


def test_a_moment_without_a_time_zone_is_refused(store) -> None:
    local = datetime(2026, 10, 1, 12)  # noqa: DTZ001 - the fault under test
    with pytest.raises(BadInput, match=r"2026-10-01T12:00:00.*time zone"):
        store.save("sales", Note(id="n"), author="a", at=local)
    with pytest.raises(BadInput, match="time zone"):
        store.all(Note, "sales", as_of=local)
    assert store.all(Note, "sales") == []


def test_a_clock_set_back_does_not_change_what_was_known_before(store) -> None:
    store.save("sales", Note(id="n", text="first"), author="a", at=noon(10))
    second = store.save("sales", Note(id="n", text="second"), author="a", at=noon(5))

    assert second.recorded_at == noon(10)
    with pytest.raises(NotFound):
        store.get(Note, "sales", "n", as_of=noon(9))


def test_of_two_who_edit_one_record_the_second_is_told_and_both_texts_are_kept(store) -> None:
    store.save("sales", Note(id="n", text="as both saw it"), author="a", at=noon(1))
    store.save("sales", Note(id="n", text="hers"), author="her", at=noon(2), expected=1)

    with pytest.raises(EditConflict) as caught:
        store.save("sales", Note(id="n", text="his"), author="him", at=noon(3), expected=1, reason="typo")

    conflict = caught.value
    assert str(conflict) == (
        "Note “n” was saved by her on 2026-10-02 12:00 UTC (version 2) after you had opened it. "
        "Nothing was changed now: compare both sides, then save again."
    )
    assert conflict.mine == Revision("sales", Note(id="n", text="his"), 2, "him", noon(3), "typo")
    assert conflict.theirs == store.get(Note, "sales", "n")
    assert [one.record.text for one in store.history(Note, "sales", "n")] == ["as both saw it", "hers"]

    again = store.save("sales", conflict.mine.record, author="him", at=noon(3), expected=conflict.theirs.version)
    assert again.version == 3


def test_a_new_record_cannot_take_the_id_of_another(store) -> None:
    store.save("sales", Note(id="n", text="old"), author="her", at=noon(1), expected=0)

    with pytest.raises(EditConflict, match=r"is there already: her saved it .* choose another id"):
        store.save("sales", Note(id="n", text="new"), author="him", expected=0)


def test_saving_on_top_of_a_record_that_never_was_is_refused(store) -> None:
    with pytest.raises(NotFound, match=r"sales has no Note “n”\."):
        store.save("sales", Note(id="n"), author="a", expected=3)


def test_without_an_expected_version_a_save_lands_on_top(store) -> None:
    store.save("sales", Note(id="n", text="one"), author="a")

    assert store.save("sales", Note(id="n", text="two"), author="b").version == 2


def test_saving_what_stands_already_adds_nothing(store) -> None:
    first = store.save("sales", Note(id="n", text="same"), author="her", at=noon(1))

    assert store.save("sales", Note(id="n", text="same"), author="him", at=noon(2), expected=1) == first
    assert store.save("sales", Note(id="n", text="same"), author="him", at=noon(2)) == first
    assert len(store.history(Note, "sales", "n")) == 1


def test_two_who_count_the_same_thing_up_at_once_do_not_pass_for_one(store) -> None:
    store.save("sales", Note(id="n", count=4), author="a")
    store.save("sales", Note(id="n", count=5), author="her", expected=1)

    with pytest.raises(EditConflict):
        store.save("sales", Note(id="n", count=5), author="him", expected=1)


def test_a_deletion_is_one_more_version(store) -> None:
    store.save("sales", Note(id="n", text="first"), author="a", at=noon(1))
    deletion = store.delete(
        "sales", Note(id="n", text="unsaved draft"), author="b", at=noon(2), expected=1, reason="twice"
    )

    assert deletion == Revision("sales", Note(id="n", text="first"), 2, "b", noon(2), "twice", deleted=True)
    assert store.all(Note, "sales") == []
    assert rows(store.history(Note, "sales", "n")) == [
        (1, "first", "a", noon(1), False),
        (2, "first", "b", noon(2), True),
    ]
    with pytest.raises(NotFound, match=r"Note “n” of sales was deleted by b on 2026-10-02 12:00 UTC\."):
        store.get(Note, "sales", "n")
    assert store.get(Note, "sales", "n", as_of=noon(1)).record.text == "first"
    assert [one.version for one in store.all(Note, "sales", as_of=noon(1))] == [1]


def test_a_deleted_record_comes_back_only_on_top_of_its_deletion(store) -> None:
    note = Note(id="n", text="same")
    store.save("sales", note, author="a", at=noon(1))
    store.delete("sales", note, author="b", at=noon(2), expected=1)

    for stale in (0, 1):
        with pytest.raises(
            EditConflict, match=r"was deleted by b on 2026-10-02 12:00 UTC \(version 2\)"
        ) as caught:
            store.save("sales", note, author="c", expected=stale)
        assert caught.value.theirs.deleted
    assert store.save("sales", note, author="c", expected=2).version == 3
    assert [one.record for one in store.all(Note, "sales")] == [note]


def test_deleting_what_someone_changed_meanwhile_is_a_conflict(store) -> None:
    store.save("sales", Note(id="n", text="old"), author="a")
    store.save("sales", Note(id="n", text="new"), author="b")

    with pytest.raises(EditConflict) as caught:
        store.delete("sales", Note(id="n", text="old"), author="a", expected=1)

    assert caught.value.mine.deleted
    assert store.get(Note, "sales", "n").record.text == "new"


def test_deleting_twice_adds_nothing_and_deleting_nothing_is_an_error(store) -> None:
    store.save("sales", Note(id="n"), author="a")
    deletion = store.delete("sales", Note(id="n"), author="a", expected=1)

    assert store.delete("sales", Note(id="n"), author="b", expected=2) == deletion
    with pytest.raises(NotFound, match="sales has no Note “other”"):
        store.delete("sales", Note(id="other"), author="a", expected=0)


def test_a_retried_save_is_stored_once(store) -> None:
    first = store.save("sales", Note(id="n", text="one"), author="a", expected=0, operation="op-1")
    store.save("sales", Note(id="n", text="two"), author="b", expected=1)

    retried = store.save("sales", Note(id="n", text="one"), author="a", expected=0, operation="op-1")

    assert retried == first
    assert len(store.history(Note, "sales", "n")) == 2


def test_an_operation_id_cannot_stand_for_two_records(store) -> None:
    store.save("sales", Note(id="n"), author="a", operation="op-1")

    with pytest.raises(BadInput, match=r"“op-1” has saved sales/note/n .* cannot save sales/note/m"):
        store.save("sales", Note(id="m"), author="a", operation="op-1")


def test_records_are_listed_in_the_order_in_which_they_were_first_saved(store) -> None:
    for id_ in ("c", "a", "b"):
        store.save("sales", Note(id=id_, text="1"), author="x")
    store.save("sales", Note(id="a", text="2"), author="x")
    store.delete("sales", Note(id="c"), author="x", expected=1)
    store.save("sales", Note(id="c", text="3"), author="x", expected=2)

    listed = store.all(Note, "sales")

    assert [(one.record.id, one.version) for one in listed] == [("c", 3), ("a", 2), ("b", 1)]


def test_departments_and_kinds_are_kept_apart(store) -> None:
    store.save("sales", Note(id="n", text="ours"), author="a")
    store.save("product", Note(id="n", text="theirs"), author="b")
    store.save("sales", BusinessGoal(id="n", name="营收"), author="a")

    assert [one.record.text for one in store.all(Note, "sales")] == ["ours"]
    assert [one.record.name for one in store.all(BusinessGoal, "sales")] == ["营收"]
    assert store.history(BusinessGoal, "product", "n") == []
    assert store.departments() == ["product", "sales"]


@pytest.mark.parametrize("department", ["", "Sales", "../etc", "a/b", "sales\n"])
def test_a_department_whose_id_could_not_be_a_file_name_is_refused(store, department: str) -> None:
    with pytest.raises(BadInput, match="cannot be an id"):
        store.save(department, Note(id="n"), author="a")
    with pytest.raises(BadInput, match="cannot be an id"):
        store.get(Note, department, "n")


def test_a_stored_record_that_no_longer_fits_is_named_and_can_be_put_right(store) -> None:
    store.save("sales", Note(id="good", text="long enough a text"), author="a")
    store.save("sales", Note(id="n", text="short"), author="a")

    for read in (store.all, lambda *where: store.get(*where, "n"), lambda *where: store.history(*where, "n")):
        with pytest.raises(BadRecord, match=r"Note “n” of sales, version 1, .* Text: this is required"):
            read(StrictNote, "sales")

    with language.use("zh"), pytest.raises(BadRecord, match=r"版本.*Text：[^ ]"):
        store.get(StrictNote, "sales", "n")

    store.save("sales", StrictNote(id="n", text="this is long enough"), author="a")
    assert len(store.all(StrictNote, "sales")) == 2


def test_a_worked_example_loads_at_once_and_only_once(store) -> None:
    entries = [
        Entry(
            department="sales",
            record=Note(id=f"n{number}", count=Decimal(number)),
            author="example",
            at=noon(1),
            reason="worked example",
            operation=f"example-{number}",
        )
        for number in range(300)
    ]

    assert store.load(entries) == 300
    store.save("sales", Note(id="n7", text="edited by a person"), author="a", expected=1)
    assert store.load(entries) == 0

    assert store.get(Note, "sales", "n7").record.text == "edited by a person"
    assert [one.record.id for one in store.all(Note, "sales")] == [f"n{number}" for number in range(300)]


def test_a_load_that_fails_half_way_leaves_nothing(store) -> None:
    entries = [
        Entry(department="sales", record=Note(id="a"), author="x", operation="op"),
        Entry(department="sales", record=Note(id="b"), author="x", operation="op"),
    ]

    with pytest.raises(BadInput, match="make a new operation id"):
        store.load(entries)

    assert store.departments() == []


def test_the_file_holds_words_a_person_can_read(store, url) -> None:
    store.save("sales", Note(id="n", text="营收增长"), author="a")

    with sqlite3.connect(url.removeprefix("sqlite:///")) as raw:
        assert "营收增长" in raw.execute("SELECT body FROM revision").fetchone()[0]
    raw.close()


def test_reading_all_records_takes_one_query_that_an_index_serves(store) -> None:
    seen: list[str] = []
    store.save("sales", Note(id="n"), author="a")
    engine = store._database._engine
    from sqlalchemy import event

    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    store.all(Note, "sales", as_of=noon(1))

    (query,) = [one for one in seen if one.startswith("SELECT")]
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("sales",) * query.count("?")).all()
    steps = [step[3] for step in plan]
    assert not [step for step in steps if step.startswith("SCAN")]
    # Control: without a department there is nothing to search by.
    with engine.connect() as connection:
        everything = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM revision").all()
    assert everything[0][3].startswith("SCAN")
