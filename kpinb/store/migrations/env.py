"""Runs the migrations on the connection that `kpinb.store.migrations.upgrade` hands over."""

from alembic import context

from kpinb.store.revisions import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
