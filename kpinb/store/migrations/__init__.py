"""The steps by which the store's tables came to be, and the way to take those that are missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, String, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The last step. Said here so that opening a store need not load Alembic; a test compares."""


def applied(connection: Connection) -> str | None:
    """Give the last step that a database has taken, or None when it has taken none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step = column("version_num", String)
    return connection.execute(select(step).select_from(table("alembic_version", step))).scalars().first()


def known() -> set[str]:
    """Give the steps that this version of kpinb knows."""
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(connection: Connection) -> None:
    """Take the missing steps within the connection's transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    # No .ini file: Alembic would take its logging section for the whole process.
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
