"""Alembic's entry point: runs migrations on the engine that the caller opened."""

from __future__ import annotations

from alembic import context

from ml_connector.ledger.tables import metadata

engine = context.config.attributes["engine"]
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
