"""Several who write at once. Each guard is tried with and without it, so that no test passes by itself."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_notes import Note, noon

from kpinb.errors import EditConflict, StoreUnusable
from kpinb.store import Entry, create_store, open_store, sqlite

WRITER = Path(__file__).with_name("writer.py")


def start_writer(url: str, author: str, share: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), url, author, str(share)], stdout=subprocess.PIPE, text=True
    )


def acknowledged(text: str) -> list[tuple[int, str]]:
    return [(int(version), author) for version, author in (line.split() for line in text.splitlines())]


def lost(said: list[tuple[int, str]], store) -> list[tuple[int, str]]:
    """Give the saves that were acknowledged and of which the store knows nothing."""
    kept = [(one.version, one.author) for one in store.history(Note, "sales", "tally")]
    missing = list(said)
    for one in kept:
        if one in missing:
            missing.remove(one)
    return missing


def integrity(url: str) -> str:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        return raw.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        raw.close()


def test_four_processes_that_add_to_one_tally_lose_nothing(store, url) -> None:
    store.save("sales", Note(id="tally", count=0), author="start")

    writers = [start_writer(url, f"writer-{number}", 25) for number in range(4)]
    said = [one for writer in writers for one in acknowledged(writer.communicate()[0])]

    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    assert len(said) == 100
    assert lost(said, store) == []
    assert store.get(Note, "sales", "tally").record.count == 100
    assert [one.version for one in store.history(Note, "sales", "tally")] == list(range(1, 102))
    assert integrity(url) == "ok"


def test_a_killed_writer_loses_no_acknowledged_save(store, url) -> None:
    store.save("sales", Note(id="tally", count=0), author="start")

    said: list[tuple[int, str]] = []
    for number in range(3):
        writer = start_writer(url, f"victim-{number}", 100_000)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(5)]
        os.kill(writer.pid, signal.SIGKILL)
        said += acknowledged("".join(lines) + writer.communicate()[0])
        assert writer.returncode == -signal.SIGKILL

    assert len(said) >= 15
    assert lost(said, store) == []
    assert integrity(url) == "ok"
    # The dead left no lock behind.
    latest = store.get(Note, "sales", "tally")
    store.save("sales", Note(id="tally", count=-1), author="next", expected=latest.version)


def test_control_a_save_acknowledged_before_its_commit_is_lost_and_found_out(store) -> None:
    entry = Entry(department="sales", record=Note(id="tally", count=1), author="hasty")
    said = []
    with pytest.raises(KeyboardInterrupt), store._database.writing() as connection:
        said.append((store._append(connection, entry)[0].version, "hasty"))
        raise KeyboardInterrupt

    assert lost(said, store) == [(1, "hasty")]


def test_control_a_naive_tally_loses_a_save(store, url) -> None:
    store.save("sales", Note(id="tally", count=0), author="start")
    with open_store(url) as hers, open_store(url) as his:
        both_saw = [one.get(Note, "sales", "tally").record.count for one in (hers, his)]
        # Neither says which version it saw, so nobody is told.
        for one, saw, author in zip((hers, his), both_saw, ("her", "him"), strict=True):
            one.save("sales", Note(id="tally", count=saw + 1, text=author), author=author)

    assert store.get(Note, "sales", "tally").record.count == 1


def overtaken(monkeypatch: pytest.MonkeyPatch, store) -> None:
    """Let the next write see the store as it was on 1 October, before others saved, as PostgreSQL may show it."""
    honest = store._latest
    once = [noon(1)]
    monkeypatch.setattr(store, "_latest", lambda *where: honest(*where[:4], once.pop() if once else None))


def test_two_saves_at_the_same_instant_collide_on_the_key(store, monkeypatch) -> None:
    store.save("sales", Note(id="tally", count=0), author="start", at=noon(1))
    store.save("sales", Note(id="tally", count=1), author="her", at=noon(2), expected=1)
    overtaken(monkeypatch, store)

    with pytest.raises(EditConflict) as caught:
        store.save("sales", Note(id="tally", count=1, text="x"), author="him", at=noon(3), expected=1)

    assert (caught.value.mine.author, caught.value.mine.version) == ("him", 2)
    assert caught.value.theirs.author == "her"
    assert lost([(1, "start"), (2, "her")], store) == []


def test_a_load_that_is_overtaken_says_so_and_stores_nothing(store, monkeypatch) -> None:
    store.save("sales", Note(id="tally", count=0), author="start", at=noon(1))
    store.save("sales", Note(id="tally", count=1), author="her", at=noon(2))
    overtaken(monkeypatch, store)

    with pytest.raises(EditConflict):
        store.load(
            [
                Entry(department="sales", record=Note(id="tally", count=5), author="him", at=noon(3)),
                Entry(department="sales", record=Note(id="other"), author="him", at=noon(3)),
            ]
        )

    assert [one.record.id for one in store.all(Note, "sales")] == ["tally"]
    assert store.get(Note, "sales", "tally").author == "her"


def test_a_retry_that_races_its_own_first_try_gets_the_stored_revision(store, monkeypatch) -> None:
    first = store.save("sales", Note(id="tally", count=0), author="a", at=noon(1), operation="op")
    honest = store._repeated
    blind = [None]
    monkeypatch.setattr(store, "_repeated", lambda *given: blind.pop() if blind else honest(*given))

    assert store.save("sales", Note(id="tally", count=0, text="x"), author="a", operation="op") == first


def test_control_without_the_unique_key_both_writers_succeed_and_one_is_hidden(store, url, monkeypatch) -> None:
    store.save("sales", Note(id="tally", count=0), author="start", at=noon(1))
    store.save("sales", Note(id="tally", count=1), author="her", at=noon(2), expected=1)
    raw = sqlite3.connect(url.removeprefix("sqlite:///"))
    raw.executescript("ALTER TABLE revision RENAME TO kept; CREATE TABLE revision AS SELECT * FROM kept;")
    raw.close()
    overtaken(monkeypatch, store)

    store.save("sales", Note(id="tally", count=1, text="x"), author="him", at=noon(3), expected=1)

    assert [one.version for one in store.history(Note, "sales", "tally")] == [1, 2, 2]


def test_a_writer_has_the_lock_from_the_beginning_and_a_reader_has_none(store, url) -> None:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with store._database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        raw.execute("BEGIN IMMEDIATE")
    with store._database.reading():
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")
    raw.close()


def test_control_a_deferred_transaction_that_reads_then_writes_is_thrown_out(store, url) -> None:
    path = url.removeprefix("sqlite:///")
    late = sqlite3.connect(path, timeout=5, isolation_level=None)
    late.execute("BEGIN DEFERRED")
    late.execute("SELECT count(*) FROM revision").fetchone()
    store.save("sales", Note(id="n"), author="a")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        late.execute("UPDATE revision SET reason = 'late'")
    late.close()


def test_a_reader_sees_the_store_as_it_was_while_someone_writes(store) -> None:
    store.save("sales", Note(id="n", text="before"), author="a")
    with store._database.reading() as connection:
        assert store._latest(connection, Note, "sales", "n").version == 1
        store.save("sales", Note(id="n", text="after"), author="a")
        assert store._latest(connection, Note, "sales", "n").version == 1
    assert store.get(Note, "sales", "n").version == 2


def test_threads_share_one_store(store) -> None:
    def add(author: str) -> None:
        for number in range(10):
            store.save("sales", Note(id=f"{author}-{number}"), author=author, expected=0)

    threads = [threading.Thread(target=add, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.all(Note, "sales")) == 40


def test_a_writer_that_never_gets_its_turn_is_told(url, monkeypatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0)
    with create_store(url) as store:
        other = sqlite.write_lock(store._database.file)
        with other, pytest.raises(StoreUnusable, match=r"has been written by someone else .* Nothing was saved"):
            store.save("sales", Note(id="n"), author="a")
        # Control: with the lock free the same save succeeds.
        store.save("sales", Note(id="n"), author="a")
