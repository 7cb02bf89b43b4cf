"""Every version of every record in one table that only grows.

History, audit, the conflict of two people who edit one record, and "as it was known on the day" are one mechanism:
a save adds a version, a deletion is a version, and (department, kind, record id, version) is unique.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    FromClause,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from kpinb.errors import BadInput, BadRecord, EditConflict, NotFound, StoreUnusable
from kpinb.language import _, join_sentences
from kpinb.records import Record, Revision, at_field, parse_identifier, problems
from kpinb.store import migrations
from kpinb.store.engine import Database


class _Moment(TypeDecorator[datetime]):
    # SQLite drops the time zone and PostgreSQL answers in the session's: UTC goes in, UTC comes out.
    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

REVISION = Table(
    "revision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("department", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("record_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("recorded_at", _Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("operation", Text),
    # Its index also finds the latest version, and all records of a kind.
    UniqueConstraint("department", "kind", "record_id", "version", name="uq_revision_version"),
    UniqueConstraint("operation", name="uq_revision_operation"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record to be saved, with what the store notes about it.

    Parameters
    ----------
    department : str
        Whose record it is.
    record : Record
        The record.
    author : str
        Login name.
    at : datetime, optional
        When it was said, with a time zone; by default the moment of saving.
    reason : str
        Why it changes; may be empty.
    operation : str, optional
        Id made by the client: what carries it is stored once, however often it is sent.
    """

    department: str
    record: Record
    author: str
    at: datetime | None = None
    reason: str = ""
    operation: str | None = None

    def __post_init__(self) -> None:
        parse_identifier(self.department)
        _aware(self.at)


class Store:
    """Revisions of records. Use `open_store` or `create_store` to get one, and `close` it or use it in ``with``.

    One store may be used by several threads at once.

    Parameters
    ----------
    database : Database
        What it is kept in, with all migrations applied.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def save(
        self,
        department: str,
        record: Record,
        *,
        author: str,
        at: datetime | None = None,
        expected: int | None = None,
        reason: str = "",
        operation: str | None = None,
    ) -> Revision:
        """Add a version of a record.

        A record that already stands word for word as the author saw it needs no new version: the latest is
        returned. A version is never dated earlier than the one before it, so that a clock set back cannot change
        what was known on a day that is past.

        Parameters
        ----------
        department : str
            Whose record it is.
        record : Record
            The record as it shall be.
        author : str
            Login name.
        at : datetime, optional
            When it was said, with a time zone; by default now.
        expected : int, optional
            The version that the author saw, 0 for a new record; a deletion counts as a version. Without it the
            record is saved on top of whatever is there.
        reason : str
            Why it changes; may be empty.
        operation : str, optional
            Id made by the client. To repeat a save of which it is not known whether it arrived, repeat its id: the
            revision already stored is returned.

        Raises
        ------
        EditConflict
            Someone else saved after the version that the author saw. Nothing is changed.
        BadInput
            The department's id or the moment is not usable, or the operation id stands for another record.
        """
        entry = Entry(
            department=department, record=record, author=author, at=at, reason=reason, operation=operation
        )
        return self._save(entry, expected=expected)

    def delete(
        self,
        department: str,
        record: Record,
        *,
        author: str,
        expected: int,
        at: datetime | None = None,
        reason: str = "",
    ) -> Revision:
        """Take a record away by adding a version that says so; its history stays.

        Deleting what the author saw deleted already adds nothing and returns the deletion that is there.

        Raises
        ------
        NotFound
            There never was such a record.
        EditConflict
            Someone else saved after the version that the author saw. Nothing is changed.
        """
        entry = Entry(department=department, record=record, author=author, at=at, reason=reason)
        return self._save(entry, expected=expected, delete=True)

    def load(self, entries: Iterable[Entry]) -> int:
        """Save many records in one transaction, on top of whatever is there.

        Repeating a load whose entries carry operation ids adds nothing, not even where someone has edited a record
        in the meantime.

        Returns
        -------
        int
            How many versions were added.

        Raises
        ------
        EditConflict
            Someone else saved one of the records at the same moment. Nothing of the load is stored.
        """
        waiting = list(entries)
        added = 0
        current: Entry | None = None
        try:
            with self._database.writing() as connection:
                for current in waiting:
                    added += self._append(connection, current)[1]
        except IntegrityError as error:
            if current is None:
                raise
            raise self._collision(current, error) from error
        return added

    def get(
        self, kind: type[Record], department: str, record_id: str, *, as_of: datetime | None = None
    ) -> Revision:
        """Give the latest version of a record, or the latest that was known at a moment.

        Raises
        ------
        NotFound
            There is no such record, or it is deleted.
        BadRecord
            What is stored no longer fits the record's rules.
        """
        with self._database.reading() as connection:
            row = self._latest(connection, kind, department, record_id, as_of)
        if row is None:
            raise _unknown(kind, department, record_id)
        if row.deleted:
            raise NotFound(
                _("{title} “{id}” of {department} was deleted by {author} on {moment}.").format(
                    title=_(kind.title),
                    id=record_id,
                    department=department,
                    author=row.author,
                    moment=_written(row.recorded_at),
                )
            )
        return _revision(kind, row)

    def all(self, kind: type[Record], department: str, *, as_of: datetime | None = None) -> list[Revision]:
        """Give the latest version of every living record of a kind, in the order in which they were first saved.

        Raises
        ------
        BadRecord
            What is stored of one of them no longer fits the record's rules.
        """
        first, other = REVISION.alias("first"), REVISION.alias("other")
        newest = (
            select(func.max(other.c.version))
            .where(_same_record(other, REVISION), *_known_at(other, as_of))
            .correlate(REVISION)
            .scalar_subquery()
        )
        query = (
            select(REVISION)
            .join(first, and_(_same_record(first, REVISION), first.c.version == 1))
            .where(
                REVISION.c.department == parse_identifier(department),
                REVISION.c.kind == kind.kind,
                REVISION.c.version == newest,
                REVISION.c.deleted.is_(False),
            )
            .order_by(first.c.id)
        )
        return self._revisions(kind, query)

    def history(
        self, kind: type[Record], department: str, record_id: str, *, as_of: datetime | None = None
    ) -> list[Revision]:
        """Give every version of a record, oldest first, deletions included; none if there never was one.

        Raises
        ------
        BadRecord
            What is stored of one of them no longer fits the record's rules.
        """
        query = _versions(kind, department, record_id, as_of).order_by(REVISION.c.version)
        return self._revisions(kind, query)

    def departments(self) -> list[str]:
        """Give the ids of the departments that ever saved anything, in the order of the alphabet."""
        with self._database.reading() as connection:
            return sorted(connection.execute(select(REVISION.c.department).distinct()).scalars())

    def _save(self, entry: Entry, *, expected: int | None, delete: bool = False) -> Revision:
        try:
            with self._database.writing() as connection:
                return self._append(connection, entry, expected=expected, delete=delete)[0]
        except IntegrityError as error:
            with self._database.reading() as connection:
                repeated = self._repeated(connection, entry)
            if repeated is not None:
                return repeated
            raise self._collision(entry, error, expected=expected, delete=delete) from error

    def _append(
        self, connection: Connection, entry: Entry, *, expected: int | None = None, delete: bool = False
    ) -> tuple[Revision, bool]:
        """Add a version where one is needed; the second value tells whether it was."""
        record, kind = entry.record, type(entry.record)
        if (repeated := self._repeated(connection, entry)) is not None:
            return repeated, False
        latest = self._latest(connection, kind, entry.department, record.id)
        if latest is None and (delete or expected):
            raise _unknown(kind, entry.department, record.id)
        # Before looking whether it stands already: two who both raise a count from 4 to 5 write the same, and one
        # of them would be lost.
        if expected is not None and latest is not None and expected != latest.version:
            raise _conflict(entry, latest, expected=expected, delete=delete)
        if latest is not None and _stands(latest, record, delete=delete):
            return _revision(kind, latest), False
        # The clock is read with the turn to write already taken, or versions could be dated in the wrong order.
        moment = (entry.at or datetime.now(UTC)).astimezone(UTC)
        values = {
            "department": entry.department,
            "kind": kind.kind,
            "record_id": record.id,
            "version": 1 if latest is None else latest.version + 1,
            "body": latest.body if delete and latest is not None else record.body(),
            "author": entry.author,
            "recorded_at": moment if latest is None else max(moment, latest.recorded_at),
            "reason": entry.reason,
            "deleted": delete,
            "operation": entry.operation,
        }
        connection.execute(insert(REVISION).values(values))
        # Not RETURNING, which the SQLite of some Pythons that are still supported does not know.
        row = connection.execute(
            _versions(kind, entry.department, record.id).order_by(REVISION.c.id.desc()).limit(1)
        )
        return _revision(kind, row.one()), True

    def _repeated(self, connection: Connection, entry: Entry) -> Revision | None:
        if entry.operation is None:
            return None
        row = connection.execute(select(REVISION).where(REVISION.c.operation == entry.operation)).first()
        if row is None:
            return None
        record = entry.record
        if (row.department, row.kind, row.record_id) != (entry.department, record.kind, record.id):
            raise BadInput(
                _(
                    "Operation “{operation}” has saved {stored} before and cannot save {given} as well: "
                    "make a new operation id for each save."
                ).format(
                    operation=entry.operation,
                    stored=f"{row.department}/{row.kind}/{row.record_id}",
                    given=f"{entry.department}/{record.kind}/{record.id}",
                )
            )
        return _revision(type(record), row)

    def _latest(
        self,
        connection: Connection,
        kind: type[Record],
        department: str,
        record_id: str,
        as_of: datetime | None = None,
    ) -> Row[Any] | None:
        query = _versions(kind, department, record_id, as_of).order_by(REVISION.c.version.desc()).limit(1)
        return connection.execute(query).first()

    def _collision(
        self, entry: Entry, error: IntegrityError, *, expected: int | None = None, delete: bool = False
    ) -> EditConflict:
        # Where no lock makes writers take turns, two can have read the same latest version: the key stopped one.
        with self._database.reading() as connection:
            theirs = self._latest(connection, type(entry.record), entry.department, entry.record.id)
        if theirs is None:
            raise error
        seen = theirs.version - 1 if expected is None else expected
        return _conflict(entry, theirs, expected=seen, delete=delete)

    def _revisions(self, kind: type[Record], query: Select[Any]) -> list[Revision]:
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [_revision(kind, row) for row in rows]


def open_store(url: str) -> Store:
    """Open a store that is there and up to date.

    Parameters
    ----------
    url : str
        Its address, such as ``sqlite:////srv/kpinb.sqlite``.

    Raises
    ------
    StoreUnusable
        There is none, its migrations are not those of this kpinb, or it lies in an unsafe place.
    """
    database = Database(url)
    if database.file is not None and not database.file.exists():
        raise StoreUnusable(
            _("There is no store at {store}. Run `kpinb init` to make it.").format(store=database.name)
        )
    with ExitStack() as when_unusable:
        when_unusable.callback(database.close)
        with database.reading() as connection:
            step = migrations.applied(connection)
        if step != migrations.HEAD:
            raise _not_at_head(database, step)
        when_unusable.pop_all()
    return Store(database)


def create_store(url: str) -> Store:
    """Open a store; make it if there is none, and bring it up to date if it is older.

    Parameters
    ----------
    url : str
        Its address, such as ``sqlite:////srv/kpinb.sqlite``.

    Raises
    ------
    StoreUnusable
        It was made by a later version of kpinb, or its place is unsafe or cannot be written.
    """
    database = Database(url)
    database.make_folder()
    with ExitStack() as when_unusable:
        when_unusable.callback(database.close)
        with database.writing() as connection:
            step = migrations.applied(connection)
            if step is not None and step not in migrations.known():
                raise _not_at_head(database, step)
            if step != migrations.HEAD:
                migrations.upgrade(connection)
        when_unusable.pop_all()
    return Store(database)


def _not_at_head(database: Database, step: str | None) -> StoreUnusable:
    if step is None:
        return StoreUnusable(
            _("{store} holds no table of records yet. Run `kpinb init` to make it.").format(store=database.name)
        )
    if step in migrations.known():
        text = _(
            "The store {store} is at schema version {found}, and this kpinb needs version {needed}. "
            "Make a copy of it, then run `kpinb init`, which brings it up to date."
        )
    else:
        text = _(
            "The store {store} is at schema version {found}, which this kpinb does not know (its last is "
            "{needed}): a later version made it. Install that version."
        )
    return StoreUnusable(text.format(store=database.name, found=step, needed=migrations.HEAD))


def _versions(kind: type[Record], department: str, record_id: str, as_of: datetime | None = None) -> Select[Any]:
    return select(REVISION).where(
        REVISION.c.department == parse_identifier(department),
        REVISION.c.kind == kind.kind,
        REVISION.c.record_id == record_id,
        *_known_at(REVISION, as_of),
    )


def _same_record(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in ("department", "kind", "record_id")))


def _known_at(table: FromClause, as_of: datetime | None) -> list[ColumnElement[bool]]:
    return [] if as_of is None else [table.c.recorded_at <= _aware(as_of)]


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.utcoffset() is None:
        raise BadInput(
            _("“{moment}” has no time zone: give it one, such as {moment}+00:00.").format(
                moment=moment.isoformat()
            )
        )
    return moment


def _stands(latest: Row[Any], record: Record, *, delete: bool) -> bool:
    if delete or latest.deleted:
        return delete and bool(latest.deleted)
    return bool(latest.body == record.body())


def _revision(kind: type[Record], row: Row[Any]) -> Revision:
    try:
        record = kind.model_validate(row.body)
    except ValidationError as error:
        raise BadRecord(
            _(
                "{title} “{id}” of {department}, version {version}, was saved under other rules and no longer "
                "fits: {problems} Save it anew with these put right."
            ).format(
                title=_(kind.title),
                id=row.record_id,
                department=row.department,
                version=row.version,
                problems=join_sentences(at_field(kind, name, text) for name, text in problems(error)),
            )
        ) from error
    return Revision(
        department=row.department,
        record=record,
        version=row.version,
        author=row.author,
        recorded_at=row.recorded_at,
        reason=row.reason,
        deleted=row.deleted,
    )


def _unknown(kind: type[Record], department: str, record_id: str) -> NotFound:
    return NotFound(
        _("{department} has no {title} “{id}”.").format(department=department, title=_(kind.title), id=record_id)
    )


def _conflict(entry: Entry, latest: Row[Any], *, expected: int, delete: bool) -> EditConflict:
    theirs = _revision(type(entry.record), latest)
    mine = Revision(
        department=entry.department,
        record=entry.record,
        version=expected + 1,
        author=entry.author,
        recorded_at=(entry.at or datetime.now(UTC)).astimezone(UTC),
        reason=entry.reason,
        deleted=delete,
    )
    if theirs.deleted:
        text = _(
            "{title} “{id}” was deleted by {author} on {moment} (version {version}). Nothing was changed now: "
            "to bring the record back, save it on top of that version."
        )
    elif expected == 0:
        text = _(
            "{title} “{id}” is there already: {author} saved it on {moment} (version {version}). "
            "Nothing was changed now: choose another id, or open that record and change it."
        )
    else:
        text = _(
            "{title} “{id}” was saved by {author} on {moment} (version {version}) after you had opened it. "
            "Nothing was changed now: compare both sides, then save again."
        )
    return EditConflict(
        text.format(
            title=_(type(entry.record).title),
            id=entry.record.id,
            author=theirs.author,
            moment=_written(theirs.recorded_at),
            version=theirs.version,
        ),
        mine=mine,
        theirs=theirs,
    )


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
