import logging
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from store_notes import Note

from kpinb.errors import StoreUnusable
from kpinb.store import create_store, migrations, open_store, sqlite
from kpinb.store.engine import Database
from kpinb.store.revisions import METADATA, REVISION


def alter(url: str, statement: str) -> None:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    raw.execute(statement)
    raw.close()


def test_the_migrations_lead_to_the_tables_that_the_code_uses(store) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        # Control: a table that no migration makes is noticed.
        more = MetaData()
        for table in METADATA.tables.values():
            table.to_metadata(more)
        Table("forgotten", more, Column("id", Integer, primary_key=True))
        assert len(compare_metadata(context, more)) == 1


def test_the_last_migration_is_the_one_the_code_expects() -> None:
    assert ScriptDirectory.from_config(migrations._config()).get_heads() == [migrations.HEAD]


def test_creating_a_store_that_is_there_keeps_what_it_holds(store, url) -> None:
    store.save("sales", Note(id="n", text="kept"), author="a")

    with create_store(url) as again:
        assert [one.record.text for one in again.all(Note, "sales")] == ["kept"]


def test_two_who_create_the_store_at_once_both_get_it(url) -> None:
    code = "import sys; from kpinb.store import create_store; create_store(sys.argv[1]).close()"
    makers = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(2)]

    assert [maker.wait() for maker in makers] == [0, 0]
    open_store(url).close()


def test_opening_a_store_that_is_not_there_says_how_to_make_it_and_makes_nothing(url, tmp_path) -> None:
    with pytest.raises(StoreUnusable, match=r"There is no store at .*kpinb\.sqlite\. Run `kpinb init`"):
        open_store(url)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_the_table_is_no_store_yet(url, tmp_path) -> None:
    (tmp_path / "var").mkdir()
    alter(url, "CREATE TABLE elsewhere (id INTEGER)")

    with pytest.raises(StoreUnusable, match=r"holds no table of records yet\. Run `kpinb init`"):
        open_store(url)
    with create_store(url) as store:
        assert store.departments() == []


@pytest.mark.usefixtures("store")
def test_a_store_that_lacks_a_migration_is_not_opened(url, monkeypatch) -> None:
    monkeypatch.setattr(migrations, "HEAD", "0002")

    with pytest.raises(
        StoreUnusable, match=r"is at schema version 0001, and this kpinb needs version 0002\. .*`kpinb init`"
    ):
        open_store(url)


@pytest.mark.usefixtures("store")
def test_a_store_of_a_later_kpinb_is_neither_opened_nor_changed(url) -> None:
    alter(url, "UPDATE alembic_version SET version_num = '9999'")

    for use in (open_store, create_store):
        with pytest.raises(StoreUnusable, match=r"is at schema version 9999, which this kpinb does not know"):
            use(url)


def test_a_migration_that_fails_leaves_nothing_behind(url, monkeypatch) -> None:
    honest = migrations.upgrade

    def failing(connection) -> None:
        honest(connection)
        raise OSError("disk full")

    monkeypatch.setattr(migrations, "upgrade", failing)
    with pytest.raises(StoreUnusable, match="disk full"):
        create_store(url)
    with pytest.raises(StoreUnusable, match="holds no table of records yet"):
        open_store(url)


def test_a_file_that_is_no_database_is_named(url, tmp_path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "kpinb.sqlite").write_text("month,value\n2026-01,5\n" * 100)

    with pytest.raises(StoreUnusable, match=r"kpinb\.sqlite cannot be used: file is not a database\."):
        open_store(url)


def test_a_folder_that_is_a_file_is_one_sentence(url, tmp_path) -> None:
    (tmp_path / "var").write_text("")

    with pytest.raises(StoreUnusable, match=r"kpinb\.sqlite cannot be used: "):
        create_store(url)


def test_making_a_store_leaves_the_process_s_logging_alone(url) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("alembic").level)

    create_store(url).close()

    assert (root.level, list(root.handlers), logging.getLogger("alembic").level) == before
    assert not logging.getLogger("kpinb").disabled


@pytest.mark.parametrize(("verb", "loaded"), [("open_store", "False"), ("create_store", "True")])
def test_only_making_a_store_loads_alembic(verb: str, loaded: str, tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'kpinb.sqlite'}"
    if verb == "open_store":
        create_store(url).close()
    code = f"import sys; from kpinb import store; store.{verb}({url!r}).close(); print('alembic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == f"{loaded}\n"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite://", "has no file of its own"),
        ("sqlite:///:memory:", "has no file of its own"),
        ("sqlite:///file:x?mode=memory&uri=true", "has no file of its own"),
        ("no address, secret=canary", "address of the store is not understood"),
        ("nosuch://user:canary@host/name", "address of the store is not understood"),
    ],
)
def test_an_address_that_cannot_hold_a_store_is_refused_without_showing_a_password(
    url: str, sentence: str
) -> None:
    with pytest.raises(StoreUnusable, match=sentence) as caught:
        create_store(url)
    assert "canary" not in str(caught.value)


def test_the_store_stays_where_it_is_when_the_process_changes_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with create_store("sqlite:///var/kpinb.sqlite") as store:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        store.save("sales", Note(id="n"), author="a")

    assert sorted(file.name for file in (tmp_path / "var").iterdir()) == ["kpinb.sqlite", "kpinb.sqlite.lock"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_store_whose_folder_is_gone_can_still_be_closed(url, tmp_path) -> None:
    store = create_store(url)
    store.departments()
    shutil.rmtree(tmp_path / "var")

    store.close()

    with pytest.raises(StoreUnusable, match=r"cannot be used: "):
        store.save("sales", Note(id="n"), author="a")


def test_every_connection_flushes_each_commit_to_the_disk(store) -> None:
    with store._database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    # 2 is FULL; with 1, NORMAL, acknowledged saves are lost when the power fails.
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_place_without_a_write_ahead_log_is_refused() -> None:
    class Unable:
        """A connection on a file system that cannot share memory: SQLite answers with the mode it stays in."""

        isolation_level: object = ""

        def execute(self, _statement: str) -> "Unable":
            return self

        def fetchone(self) -> tuple[str]:
            return ("delete",)

    with pytest.raises(StoreUnusable, match="it answers “delete”"):
        sqlite._set_up(Unable(), None)


MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:40 / /home rw - nfs4 server:/home rw
23 21 0:41 / /home/me/local rw - xfs /dev/sdb1 rw
24 21 0:42 / /mnt/团队\\040share rw - fuse.sshfs me@host: rw
25 21 8:2 / /srv rw - ext4 /dev/sdc1 rw
26 25 0:43 / /srv rw - cifs //host/srv rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/me", "nfs4"),
        ("/home/me/local/kpi", "xfs"),
        ("/homes", "ext4"),
        ("/mnt/团队 share/kpi", "fuse.sshfs"),
        ("/srv/kpi", "cifs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount(folder: str, kind: str) -> None:
    assert sqlite.file_system(Path(folder), MOUNTS) == kind


def test_a_network_folder_is_refused_and_a_local_one_is_not(tmp_path, monkeypatch) -> None:
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(sqlite, "_MOUNTS", mounts)
    place = tmp_path / "var" / "kpinb.sqlite"

    mounts.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:4 / {tmp_path} rw - fuse.sshfs me@host: rw\n")
    with pytest.raises(StoreUnusable, match=r"network file system \(fuse\.sshfs\)"):
        create_store(f"sqlite:///{place}")
    assert not place.parent.exists()

    mounts.write_text("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")
    create_store(f"sqlite:///{place}").close()


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_a_sqlite_that_can_damage_its_log_is_recognised(version: tuple[int, int, int], affected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert sqlite.wal_reset_bug(version) is affected


def test_a_company_s_database_whose_driver_is_missing_names_the_package(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreUnusable, match=r"postgresql\+psycopg://kpinb:\*\*\*@host/kpi needs .* psycopg"):
        Database("postgresql+psycopg://kpinb:canary@host/kpi")


def test_a_company_s_database_gets_the_same_table_in_its_own_words() -> None:
    table = str(CreateTable(REVISION).compile(dialect=postgresql.dialect()))
    assert "recorded_at TIMESTAMP WITH TIME ZONE NOT NULL" in table
    assert "CONSTRAINT uq_revision_version UNIQUE (department, kind, record_id, version)" in table
