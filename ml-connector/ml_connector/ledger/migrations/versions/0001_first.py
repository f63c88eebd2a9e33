"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('run_id', _id, nullable=False),
    sa.Column('at', sa.Float(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('source_key', sa.Text(), nullable=False),
    sa.Column('target_key', sa.Text(), nullable=True),
    sa.Column('link_id', _id, nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.Column('retries', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('audit_at', 'audit', ['at'], unique=False)
    op.create_index('audit_source', 'audit', ['integration', 'source_key'], unique=False)
    op.create_index('audit_target', 'audit', ['integration', 'target_key'], unique=False)
    op.create_table('field',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('integration', 'system', 'name')
    )
    op.create_table('journal',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('run_id', _id, nullable=False),
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('link_id', _id, nullable=True),
    sa.Column('key', sa.Text(), nullable=True),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('intended_at', sa.Float(), nullable=False),
    sa.Column('sent_at', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('journal_open', 'journal', ['integration', 'system'], unique=False)
    op.create_table('lease',
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('grant_no', sa.BigInteger(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('granted_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('integration')
    )
    op.create_table('link',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('linked_at', sa.Float(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=True),
    sa.Column('marked_at', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('match_key',
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('rung', sa.Text(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('integration', 'system', 'object', 'rung', 'digest', 'key')
    )
    op.create_index('match_key_owner', 'match_key', ['integration', 'system', 'object', 'key'], unique=False)
    op.create_table('meta',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('pause',
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('paused', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.Float(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('integration')
    )
    op.create_table('policy',
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('declared_by', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('integration', 'declared_by')
    )
    op.create_table('route',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('mapping', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('integration', 'source', 'stream', 'target', 'object')
    )
    op.create_table('run',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('plugin', sa.Text(), nullable=False),
    sa.Column('dry', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Integer(), nullable=True),
    sa.Column('host', sa.Text(), nullable=True),
    sa.Column('started_at', sa.Float(), nullable=False),
    sa.Column('beat_at', sa.Float(), nullable=False),
    sa.Column('ended_at', sa.Float(), nullable=True),
    sa.Column('exit_code', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('run_integration', 'run', ['integration', 'id'], unique=False)
    op.create_table('schema',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('digest')
    )
    op.create_table('letter',
    sa.Column('id', _id, autoincrement=True, nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('route_id', _id, nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('raw_key', sa.Text(), nullable=False),
    sa.Column('identity', sa.Text(), nullable=True),
    sa.Column('link_id', _id, nullable=True),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('field', sa.Text(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.Column('version', sa.Text(), nullable=True),
    sa.Column('extracted_at', sa.Float(), nullable=True),
    sa.Column('schema_digest', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('mapped', sa.LargeBinary(), nullable=True),
    sa.Column('overlay', sa.LargeBinary(), nullable=True),
    sa.Column('detail', sa.LargeBinary(), nullable=True),
    sa.Column('run_id', _id, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.Float(), nullable=False),
    sa.Column('tried_at', sa.Float(), nullable=False),
    sa.Column('closed_at', sa.Float(), nullable=True),
    sa.Column('closed_as', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['route_id'], ['route.id'], ),
    sa.ForeignKeyConstraint(['schema_digest'], ['schema.digest'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('letter_key', 'letter', ['route_id', 'raw_key'], unique=False)
    op.create_index('letter_open', 'letter', ['integration', 'target', 'closed_at'], unique=False)
    op.create_table('seen',
    sa.Column('route_id', _id, nullable=False),
    sa.Column('raw_key', sa.Text(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=True),
    sa.Column('version', sa.Text(), nullable=True),
    sa.Column('link_id', _id, nullable=True),
    sa.Column('rejected', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['route_id'], ['route.id'], ),
    sa.PrimaryKeyConstraint('route_id', 'raw_key'),
    sqlite_with_rowid=False
    )
    op.create_index('seen_link', 'seen', ['link_id'], unique=False)
    op.create_table('side',
    sa.Column('link_id', _id, nullable=False),
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('integration', sa.Text(), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('other', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('snapshot', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.Text(), nullable=True),
    sa.Column('written_at', sa.Float(), nullable=True),
    sa.Column('written_version', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('link_id', 'system'),
    sa.UniqueConstraint('integration', 'system', 'other', 'key')
    )
    op.create_index('side_record', 'side', ['integration', 'system', 'object', 'key'], unique=False)
