"""A database made of its address: transactions that read, transactions that write, one sentence when it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from filelock import Timeout
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from kpinb.errors import StoreUnusable
from kpinb.language import _
from kpinb.store import sqlite


class Database:
    """What the store is kept in.

    Parameters
    ----------
    url : str
        Address in SQLAlchemy's form, such as ``sqlite:////srv/kpinb.sqlite``.

    Attributes
    ----------
    name : str
        How messages call it; never shows a password.
    file : Path or None
        The file, if the database is one.

    Raises
    ------
    StoreUnusable
        The address is none, its driver is not installed, or it names an unsafe place.
    """

    name: str
    file: Path | None
    _engine: Engine
    _lock: AbstractContextManager[object]

    def __init__(self, url: str) -> None:
        # Readable JSON: whoever opens the database by hand sees 营收, not escapes.
        settings: dict[str, Any] = {"json_serializer": partial(json.dumps, ensure_ascii=False)}
        try:
            address = make_url(url)
            # Without its query too: a driver takes a password there as well.
            self.name = address.set(query={}).render_as_string(hide_password=True)
            if address.get_backend_name() == "sqlite":
                self.file = sqlite.database_file(address)
                self.name = str(self.file)
                sqlite.refuse_network_folder(self.file)
                self._lock = sqlite.write_lock(self.file)
                self._engine = sqlite.make_engine(self.file, **settings)
            else:
                self.file = None
                self._lock = nullcontext()
                self._engine = create_engine(address, pool_pre_ping=True, **settings)
        except (ArgumentError, NoSuchModuleError, ValueError):
            # Neither the address nor the cause is shown: an “@” in a password makes the rest of it the host or
            # port, which SQLAlchemy then quotes.
            raise StoreUnusable(
                _(
                    "The address of the store is not understood. "
                    "Write one such as sqlite:///var/kpinb.sqlite or postgresql+psycopg://user@host/name."
                )
            ) from None
        except ModuleNotFoundError as error:
            raise StoreUnusable(
                _("The store {store} needs the Python package {package}: install it.").format(
                    store=self.name, package=error.name
                )
            ) from error

    def make_folder(self) -> None:
        """Make the folder that the file lies in, if there is a file."""
        if self.file is not None:
            with self._sentences():
                self.file.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one transaction: everything as it stood at one moment."""
        with self._sentences(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction: all of it or nothing."""
        with (
            self._sentences(),
            self._lock,
            self._engine.connect().execution_options(**{sqlite.WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every connection."""
        with ExitStack() as held:
            # A lock that cannot be had, because someone hangs or the folder is gone, must not keep them open.
            with suppress(OSError):
                held.enter_context(self._lock)
            self._engine.dispose()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise StoreUnusable(
                _(
                    "The store {store} has been written by someone else for {seconds} seconds. "
                    "Nothing was saved: try again, or look for a program that hangs."
                ).format(store=self.name, seconds=sqlite.PATIENCE)
            ) from error
        except IntegrityError:
            # Two wrote the same version: the caller knows which record that was.
            raise
        except (DBAPIError, sqlite.Error, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StoreUnusable(
                _("The store {store} cannot be used: {cause}.").format(
                    store=self.name, cause=str(cause).rstrip(".")
                )
            ) from error
