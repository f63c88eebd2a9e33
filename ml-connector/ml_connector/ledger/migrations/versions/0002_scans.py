"""Scans: which records of a stream a tap said to exist, under which version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("route_id", _id, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("run_id", _id, nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"]),
        sa.PrimaryKeyConstraint("route_id"),
    )
    op.create_table(
        "present",
        sa.Column("route_id", _id, nullable=False),
        sa.Column("raw_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"]),
        sa.PrimaryKeyConstraint("route_id", "raw_key"),
        sqlite_with_rowid=False,
    )
