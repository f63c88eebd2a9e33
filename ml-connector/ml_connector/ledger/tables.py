"""The tables of the ledger.

Written for SQLite and PostgreSQL alike. Times are UTC seconds since 1970 (float), digests are keyed
BLAKE2b, and whatever could name a person is sealed (see `seal.py`) or reduced to a digest.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite only auto-increments a column declared INTEGER PRIMARY KEY.
_id = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("integration", Text, primary_key=True),
    Column("grant_no", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("granted_at", Float, nullable=False),
)

pause = Table(
    "pause",
    metadata,
    Column("integration", Text, primary_key=True),
    Column("paused", Integer, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("reason", Text, nullable=False, default=""),
)

route = Table(  # one stream on its way into one object of the target
    "route",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("mapping", Text),  # JSON: target field -> digest of its expression
    UniqueConstraint("integration", "source", "stream", "target", "object"),
)

field = Table(  # numbers for field names, so that a snapshot packs into 12 bytes a field
    "field",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("integration", "system", "name"),
)

policy = Table(
    "policy",
    metadata,
    Column("integration", Text, primary_key=True),
    Column("declared_by", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("linked_at", Float, nullable=False),
    Column("mark", Text),  # why the pair is out of use: deleted, merged
    Column("marked_at", Float),
)

side = Table(  # one record of one system in a link, and what it was last known to hold
    "side",
    metadata,
    Column("link_id", _id, ForeignKey("link.id", ondelete="CASCADE"), primary_key=True),
    Column("system", Text, primary_key=True),
    Column("integration", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("other", Text, nullable=False),  # the object on the link's other side
    Column("key", Text, nullable=False),
    Column("snapshot", LargeBinary, nullable=False, default=b""),
    Column("version", Text),  # of the record, as last seen
    Column("written_at", Float),  # our last settled write, by the clock of this machine
    Column("written_version", Text),  # the record's version that this write left
    UniqueConstraint("integration", "system", "other", "key"),
    Index("side_record", "integration", "system", "object", "key"),
)

seen = Table(  # per source record and route: what was settled last
    "seen",
    metadata,
    Column("route_id", _id, ForeignKey("route.id"), primary_key=True),
    Column("raw_key", Text, primary_key=True),
    Column("digest", LargeBinary),
    Column("version", Text),
    Column("link_id", _id),
    Column("rejected", LargeBinary),  # digest of the record in the open letter
    Index("seen_link", "link_id"),
    sqlite_with_rowid=False,
)

scan = Table(  # the newest version that a tap gave to records of a route, and the run that saw it begin
    "scan",
    metadata,
    Column("route_id", _id, ForeignKey("route.id"), primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("run_id", _id, nullable=False),
    Column("started_at", Float, nullable=False),
)

present = Table(  # the source records that came with the version of the scan under way
    "present",
    metadata,
    Column("route_id", _id, ForeignKey("route.id"), primary_key=True),
    Column("raw_key", Text, primary_key=True),
    sqlite_with_rowid=False,
)

match_key = Table(  # digest of a normalised dedupe key -> record of the target
    "match_key",
    metadata,
    Column("integration", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("object", Text, primary_key=True),
    Column("rung", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("key", Text, primary_key=True),
    Index("match_key_owner", "integration", "system", "object", "key"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("run_id", _id, nullable=False),
    Column("system", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("kind", Text, nullable=False),  # create | update
    Column("link_id", _id),
    Column("key", Text),  # of the target's record; none for a create
    Column("identity", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # JSON of JournalBody: digests only
    Column("status", Text, nullable=False),  # intent | sent
    Column("reference", Text),  # job or request id
    Column("intended_at", Float, nullable=False),
    Column("sent_at", Float),
    Index("journal_open", "integration", "system"),
)

run = Table(
    "run",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("plugin", Text, nullable=False),
    Column("dry", Integer, nullable=False, default=0),
    Column("pid", Integer),
    Column("host", Text),
    Column("started_at", Float, nullable=False),
    Column("beat_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("exit_code", Integer),
    Column("reason", Text),
    Column("summary", Text, nullable=False, default="{}"),  # JSON: counts, requests, quota, bookmark
    Index("run_integration", "integration", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("run_id", _id, nullable=False),
    Column("at", Float, nullable=False),
    Column("stream", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("source_key", Text, nullable=False),
    Column("target_key", Text),
    Column("link_id", _id),
    Column("outcome", Text, nullable=False),
    Column("fields", Text, nullable=False, default="{}"),  # JSON: field -> digest of the value written
    Column("reason", Text),
    Column("request_id", Text),
    Column("retries", Integer, nullable=False, default=0),
    Column("seconds", Float),
    Index("audit_source", "integration", "source_key"),
    Index("audit_target", "integration", "target_key"),
    Index("audit_at", "at"),
)

schema = Table(  # SCHEMA messages that letters need when they are replayed
    "schema",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("message", LargeBinary, nullable=False),
)

letter = Table(
    "letter",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("integration", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("route_id", _id, ForeignKey("route.id"), nullable=False),
    Column("stream", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("raw_key", Text, nullable=False),
    Column("identity", Text),
    Column("link_id", _id),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("field", Text),
    Column("request_id", Text),
    Column("version", Text),
    Column("extracted_at", Float),
    Column("schema_digest", LargeBinary, ForeignKey("schema.digest"), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # sealed JSON, as the tap sent it
    Column("mapped", LargeBinary),  # sealed JSON
    Column("overlay", LargeBinary),  # sealed JSON: mapped fields edited by a person
    Column("detail", LargeBinary),  # sealed JSON: both values of a conflict, candidates of a match
    Column("run_id", _id, nullable=False),
    Column("attempts", Integer, nullable=False, default=1),
    Column("created_at", Float, nullable=False),
    Column("tried_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("closed_as", Text),  # settled | superseded | discarded | decided | pending
    Index("letter_open", "integration", "target", "closed_at"),
    Index("letter_key", "route_id", "raw_key"),
)
