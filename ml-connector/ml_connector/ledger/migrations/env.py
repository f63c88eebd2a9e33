"""Alembic's entry point: runs migrations on the engine that the caller opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from ml_connector.ledger.tables import metadata

engine = context.config.attributes["engine"]
# Any number that every process takes alike: the second of two waits for the first, then finds nothing to do.
UPGRADE_LOCK = 0x6D6C5F6C65646765

with engine.begin() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": UPGRADE_LOCK})
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
