"""Everything that is SQLite's own: how the embedded store is opened so that no acknowledged save is lost.

The settings are those that lost nothing when writers were killed and power was cut: a write-ahead log flushed at
each commit, a write transaction that takes the lock when it begins, and one writer at a time by a lock file.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event

from kpinb.errors import StoreUnusable
from kpinb.language import _

WRITES = "kpinb_writes"
"""Execution option of a connection that is going to write."""

Error = sqlite3.Error
"""What a connection raises before SQLAlchemy has taken it over."""

PATIENCE = 60
"""Seconds that a writer waits for its turn."""

NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "coda", "davfs", "davfs2", "glusterfs", "goofys", "gpfs", "lustre", "ncpfs", "nfs"}
    | {"nfs4", "rclone", "s3fs", "smb2", "smb3", "smbfs", "sshfs"}
)
"""Names, without ``fuse.``, of file systems on which several machines can hold one file open.

The write-ahead log needs memory that all writers share, and file locks that hold between machines. 9p is left
out: sandboxes use it for a local disk, and where it cannot share memory the change to WAL mode already fails.
"""

_MOUNTS = Path("/proc/self/mountinfo")


def database_file(url: URL) -> Path:
    """Give the file of an embedded store.

    Raises
    ------
    StoreUnusable
        The address names no file, so nothing would be kept.
    """
    name = url.database or ""
    if name in {"", ":memory:"} or name.startswith("file:"):
        raise StoreUnusable(
            _("The store “{url}” has no file of its own. Name one, such as sqlite:///var/kpinb.sqlite.").format(
                url=url.render_as_string(hide_password=True)
            )
        )
    return Path(name).absolute()


def refuse_network_folder(file: Path) -> None:
    """Make sure that the store is not put where several machines could write it at once.

    Raises
    ------
    StoreUnusable
        The folder is on a network file system.
    """
    kind = file_system(file.parent, _MOUNTS.read_text("utf-8", "replace") if _MOUNTS.exists() else "")
    if kind.removeprefix("fuse.") in NETWORK_FILE_SYSTEMS:
        raise StoreUnusable(
            _(
                "The store {file} would lie on a network file system ({kind}), where SQLite can lose what was "
                "saved. Choose a folder on a disk of this machine, or a PostgreSQL database."
            ).format(file=file, kind=kind)
        )


def file_system(folder: Path, mounts: str) -> str:
    """Name the type of the file system that a folder is on.

    Parameters
    ----------
    folder : Path
        The folder; it need not exist yet.
    mounts : str
        Linux's ``/proc/self/mountinfo``; empty elsewhere.

    Returns
    -------
    str
        Such as ``ext4`` or ``nfs4``; empty when it cannot be told.
    """
    folder = folder.resolve()
    deepest, found = 0, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        # Blanks in a path are written as their octal code.
        point = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[4]))
        # What is mounted later at the same place hides what was there before.
        if (folder == point or point in folder.parents) and len(point.parts) >= deepest:
            deepest, found = len(point.parts), fields[fields.index("-") + 1]
    return found


def make_engine(file: Path, **settings: Any) -> Engine:
    """Make the engine of an embedded store; every connection gets the safe settings."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)), connect_args={"timeout": PATIENCE}, **settings
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def write_lock(file: Path) -> FileLock:
    """Make the lock that lets one writer in at a time, among threads and processes.

    SQLite alone makes writers poll, and some wait for very long; holding this lock through commit and close also
    keeps two connections from resetting the log at once (see `wal_reset_bug`).
    """
    return FileLock(f"{file}.lock", timeout=PATIENCE, poll_interval=0.01)


def wal_reset_bug(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Tell whether this SQLite can damage a database when two connections write or checkpoint at one instant.

    Versions 3.7.0 to 3.51.2 can, save for the repaired 3.44.6 and 3.50.7 (sqlite.org/wal.html#walresetbug).
    """
    repaired = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return (3, 7, 0) <= version < (3, 51, 3) and not repaired


def _set_up(connection: Any, _record: Any) -> None:
    # Python's own transaction handling would begin too late, at the first write; see _begin.
    connection.isolation_level = None
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise StoreUnusable(
            _(
                "The folder of the store does not let SQLite keep a write-ahead log (it answers “{mode}”). "
                "Choose a folder on a disk of this machine, or a PostgreSQL database."
            ).format(mode=mode)
        )
    # NORMAL would lose acknowledged saves when the power fails.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and then writes fails as "locked" whenever another wrote in between,
    # however long it is ready to wait.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
