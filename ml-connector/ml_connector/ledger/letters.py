"""Letters: records that were not settled, kept whole with the reason until they are.

Rejected records, held conflicts, children that wait for a parent, creates of unknown outcome: one table
and one way back, the replay tap.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables
from ml_connector.ledger.seal import Sealer

# Causes that pass by themselves: the target tries such letters again without being asked.
PASSING_CAUSES = frozenset({"waiting", "retry"})
CONFLICT = "conflict"
# How conflicts that a policy decided are closed: from the start, nobody has to act on them. Those whose
# write is not settled yet are pending; only the engine sees them.
DECIDED, PENDING = "decided", "pending"
_CHUNK = 500
_SEALED = ("raw", "mapped", "overlay", "detail")


@dataclass(slots=True)
class Letter:
    """A record that was not settled. `raw` is the RECORD as the tap sent it, `schema` its SCHEMA message."""

    route_id: int
    stream: str
    object: str
    raw_key: str
    cause: str
    reason: str
    raw: dict[str, Any]
    digest: bytes
    schema: Mapping[str, Any]
    identity: str | None = None
    link_id: int | None = None
    field: str | None = None
    request_id: str | None = None
    version: str | None = None
    extracted_at: float | None = None
    mapped: dict[str, Any] | None = None
    overlay: dict[str, Any] | None = None
    detail: dict[str, Any] | None = None
    id: int = 0
    run_id: int = 0
    attempts: int = 1
    created_at: float = 0.0
    tried_at: float = 0.0
    closed_at: float | None = None
    closed_as: str | None = None

    def extracted_iso(self) -> str | None:
        """When the tap read the record, as a Singer message says it."""
        if self.extracted_at is None:
            return None
        return dt.datetime.fromtimestamp(self.extracted_at, dt.UTC).isoformat()


@dataclass(slots=True)
class LetterFilter:
    """Which letters are meant; fields left None do not restrict. Ages in seconds. `key`: of the record."""

    ids: Sequence[int] | None = None
    stream: str | None = None
    streams: Sequence[str] | None = None
    cause: str | None = None
    reason: str | None = None
    run_id: int | None = None
    older_than: float | None = None
    newer_than: float | None = None
    only_open: bool = True
    causes: frozenset[str] | None = None
    identities: Sequence[str] | None = field(default=None)
    key: str | None = None
    closed_as: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a query."""
        table, now = tables.letter, time.time()
        equal = {"stream": self.stream, "cause": self.cause, "run_id": self.run_id}
        equal |= {"closed_as": self.closed_as}
        among = {"stream": self.streams, "id": self.ids, "identity": self.identities, "cause": self.causes}
        found = [table.c[name] == value for name, value in equal.items() if value is not None]
        found += [table.c[name].in_(values) for name, values in among.items() if values is not None]
        if self.reason is not None:
            found.append(func.lower(table.c.reason).contains(self.reason.lower(), autoescape=True))
        if self.older_than is not None:
            found.append(table.c.created_at <= now - self.older_than)
        if self.newer_than is not None:
            found.append(table.c.created_at >= now - self.newer_than)
        if self.key is not None:
            found.append(or_(table.c.raw_key == self.key, table.c.identity == self.key))
        if self.closed_as is None and self.only_open:
            found.append(table.c.closed_at.is_(None))
        elif self.closed_as is None:
            found.append(func.coalesce(table.c.closed_as, "") != PENDING)
        return found


class LetterStore:
    """Table `letter` of one integration and target system, through one connection."""

    def __init__(self, connection: Connection, integration: str, target: str, sealer: Sealer) -> None:
        self._connection = connection
        self._integration = integration
        self._target = target
        self._sealer = sealer

    def write(self, run_id: int, letters: Iterable[Letter]) -> list[int]:
        """Keep these letters. An open letter of the same route and key is replaced by the new one.

        Returns the ids of the letters that are new; a replaced one counts a further attempt.
        """
        return [number for letter in letters if (number := self._write_one(run_id, letter)) is not None]

    def write_closed(self, run_id: int, letter: Letter, closed_as: str) -> int:
        """Keep a letter that is closed from the start; an open one of its record stays. Returns its id."""
        now = time.time()
        return self._insert(letter, self._values(run_id, letter, now), closed_at=now, closed_as=closed_as)

    def _values(self, run_id: int, letter: Letter, now: float) -> dict[str, Any]:
        return {
            "identity": letter.identity,
            "link_id": letter.link_id,
            "cause": letter.cause,
            "reason": letter.reason,
            "field": letter.field,
            "request_id": letter.request_id,
            "version": letter.version,
            "extracted_at": letter.extracted_at,
            "schema_digest": self._keep_schema(letter.stream, letter.schema),
            "digest": letter.digest,
            "raw": self._sealer.close(letter.raw),
            "mapped": None if letter.mapped is None else self._sealer.close(letter.mapped),
            "detail": None if letter.detail is None else self._sealer.close(letter.detail),
            "run_id": run_id,
            "tried_at": now,
        }

    def _write_one(self, run_id: int, letter: Letter) -> int | None:
        values = self._values(run_id, letter, time.time())
        table = tables.letter
        same = (
            table.c.route_id == letter.route_id,
            table.c.raw_key == letter.raw_key,
            table.c.closed_at.is_(None),
        )
        known = self._connection.execute(select(table.c.id, table.c.attempts).where(*same)).first()
        if known:
            letter.id = known.id
            values["attempts"] = known.attempts + 1
            self._connection.execute(update(table).where(table.c.id == known.id).values(**values))
            return None
        return self._insert(letter, values)

    def _insert(self, letter: Letter, values: Mapping[str, Any], **closed: Any) -> int:
        names = {"integration": self._integration, "target": self._target, "route_id": letter.route_id}
        names |= {"stream": letter.stream, "object": letter.object, "raw_key": letter.raw_key}
        overlay = None if letter.overlay is None else self._sealer.close(letter.overlay)
        more = {"overlay": overlay, "created_at": values["tried_at"], **closed}
        table = tables.letter
        letter.id = self._connection.execute(
            insert(table).values(**names, **values, **more).returning(table.c.id)
        ).scalar_one()
        return letter.id

    def _keep_schema(self, stream: str, message: Mapping[str, Any]) -> bytes:
        body = msgspec.json.encode(message, order="deterministic")
        digest = hashlib.blake2b(body, digest_size=16).digest()
        insert_into = sqlite_insert if self._connection.dialect.name == "sqlite" else postgres_insert
        self._connection.execute(
            insert_into(tables.schema)
            .values(digest=digest, stream=stream, message=body)
            .on_conflict_do_nothing()
        )
        return digest

    def close(self, route_id: int, raw_keys: Sequence[str], closed_as: str) -> int:
        """Close the open letters of these source records. Returns how many there were."""
        table = tables.letter
        closed = 0
        for start in range(0, len(raw_keys), _CHUNK):
            closed += self._connection.execute(
                update(table)
                .where(
                    table.c.route_id == route_id,
                    table.c.raw_key.in_(list(raw_keys[start : start + _CHUNK])),
                    table.c.closed_at.is_(None),
                )
                .values(closed_at=time.time(), closed_as=closed_as)
            ).rowcount
        return closed

    def close_ids(self, ids: Sequence[int], closed_as: str) -> int:
        """Close these letters where they are open. Returns how many were."""
        table = tables.letter
        return self._connection.execute(
            update(table)
            .where(table.c.id.in_(ids), table.c.closed_at.is_(None), self._own())
            .values(closed_at=time.time(), closed_as=closed_as)
        ).rowcount

    def discard(self, ids: Sequence[int]) -> int:
        """Close these letters as not wanted. Returns how many were open.

        Their records count as settled: the same ones are `unchanged` from now on, a newer one is judged.
        """
        letter, seen = tables.letter, tables.seen
        refused = (
            select(letter.c.id)
            .where(letter.c.id.in_(ids), letter.c.closed_at.is_(None), self._own())
            .where(letter.c.route_id == seen.c.route_id, letter.c.raw_key == seen.c.raw_key)
            .where(letter.c.digest == seen.c.rejected)
        )
        self._connection.execute(
            update(seen).where(refused.exists()).values(digest=seen.c.rejected, rejected=None)
        )
        return self.close_ids(ids, "discarded")

    def seal_anew(self) -> int:
        """Seal every letter of the ledger with the newest key. Returns how many there are."""
        table = tables.letter
        columns = [table.c[name] for name in _SEALED]
        numbers = list(self._connection.execute(select(table.c.id).order_by(table.c.id)).scalars())
        for start in range(0, len(numbers), _CHUNK):
            chunk = table.c.id.in_(numbers[start : start + _CHUNK])
            for row in self._connection.execute(select(table.c.id, *columns).where(chunk)).all():
                values = {name: self._sealed_anew(row._mapping[name]) for name in _SEALED}
                self._connection.execute(update(table).where(table.c.id == row.id).values(**values))
        return len(numbers)

    def _sealed_anew(self, content: bytes | None) -> bytes | None:
        return None if content is None else self._sealer.close(self._sealer.open(content))

    def conflicts_elsewhere(self, link_ids: Sequence[int]) -> list[Letter]:
        """Open conflicts of these links that the other direction of the integration wrote."""
        table = tables.letter
        found: list[Letter] = []
        for start in range(0, len(link_ids), _CHUNK):
            query = (
                select(table, tables.schema.c.message)
                .join(tables.schema, tables.schema.c.digest == table.c.schema_digest)
                .where(
                    table.c.integration == self._integration,
                    table.c.target != self._target,
                    table.c.closed_at.is_(None),
                    table.c.cause == CONFLICT,
                    table.c.link_id.in_(list(link_ids[start : start + _CHUNK])),
                )
            )
            found += [self._letter(row) for row in self._connection.execute(query)]
        return found

    def close_elsewhere(self, ids: Sequence[int], closed_as: str) -> None:
        """Close these letters of the integration, whatever their target."""
        if ids:
            table = tables.letter
            self._connection.execute(
                update(table)
                .where(table.c.id.in_(ids), table.c.integration == self._integration)
                .values(closed_at=time.time(), closed_as=closed_as)
            )

    def set_overlay(self, letter_id: int, overlay: Mapping[str, Any] | None) -> None:
        """Mapped fields that a person edited; they are laid over the mapping when it is replayed."""
        sealed = None if overlay is None else self._sealer.close(dict(overlay))
        self._connection.execute(
            update(tables.letter).where(tables.letter.c.id == letter_id).values(overlay=sealed)
        )

    def set_detail(self, letter_id: int, detail: Mapping[str, Any]) -> None:
        """What is known of the letter besides the record: both values of a conflict, a decision."""
        sealed = self._sealer.close(dict(detail))
        self._connection.execute(
            update(tables.letter).where(tables.letter.c.id == letter_id, self._own()).values(detail=sealed)
        )

    def _own(self) -> ColumnElement[bool]:
        table = tables.letter
        return (table.c.integration == self._integration) & (table.c.target == self._target)

    def select(self, wanted: LetterFilter) -> Iterator[Letter]:
        """The letters meant by `wanted`, oldest first, whole."""
        table = tables.letter
        query = (
            select(table, tables.schema.c.message)
            .join(tables.schema, tables.schema.c.digest == table.c.schema_digest)
            .where(self._own(), *wanted.conditions())
            .order_by(table.c.id)
            .execution_options(yield_per=_CHUNK)
        )
        with self._connection.execute(query) as rows:
            for row in rows:
                yield self._letter(row)

    def _letter(self, row: Row[Any]) -> Letter:
        values = dict(row._mapping)
        sealed = {name: self._sealer.open(values.pop(name)) for name in _SEALED}
        message = msgspec.json.decode(values.pop("message"))
        for name in ("integration", "target", "schema_digest"):
            values.pop(name)
        return Letter(**values, **sealed, schema=message)

    def schemas(self, wanted: LetterFilter) -> dict[str, list[dict[str, Any]]]:
        """The SCHEMA messages of the letters meant, by stream, in the order of their first letters."""
        table, schema = tables.letter, tables.schema
        query = (
            select(table.c.stream, schema.c.message)
            .join(schema, schema.c.digest == table.c.schema_digest)
            .where(self._own(), *wanted.conditions())
            .group_by(table.c.stream, schema.c.digest, schema.c.message)
            .order_by(func.min(table.c.id))
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for stream, message in self._connection.execute(query):
            found.setdefault(stream, []).append(msgspec.json.decode(message))
        return found

    def targets(self, *, only_open: bool = True) -> list[str]:
        """The targets that have letters in this integration."""
        table = tables.letter
        query = select(table.c.target).where(table.c.integration == self._integration).distinct()
        if only_open:
            query = query.where(table.c.closed_at.is_(None))
        return list(self._connection.execute(query.order_by(table.c.target)).scalars())

    def homes(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """The integration and target of each of these letters, whosever they are; unknown ids are absent."""
        table = tables.letter
        query = select(table.c.id, table.c.integration, table.c.target).where(table.c.id.in_(ids))
        return {row.id: (row.integration, row.target) for row in self._connection.execute(query)}

    def all_homes(self) -> list[tuple[str, str]]:
        """Every integration and target that has or had letters."""
        by = (tables.letter.c.integration, tables.letter.c.target)
        return [(row.integration, row.target) for row in self._connection.execute(select(*by).distinct())]

    def open_counts(self) -> dict[tuple[str, str], int]:
        """How many letters are open, by integration and target, of the whole ledger."""
        table = tables.letter
        by = (table.c.integration, table.c.target)
        query = select(*by, func.count().label("letters")).where(table.c.closed_at.is_(None)).group_by(*by)
        return {(row.integration, row.target): row.letters for row in self._connection.execute(query)}

    def groups(self, wanted: LetterFilter) -> list[dict[str, Any]]:
        """Counts of the letters meant by `wanted` by stream, cause, field and reason, most first."""
        table = tables.letter
        by = (table.c.stream, table.c.cause, table.c.field, table.c.reason)
        count = func.count().label("letters")
        query = (
            select(
                *by,
                count,
                func.min(table.c.created_at).label("oldest"),
                func.max(table.c.id).label("example"),
            )
            .where(self._own(), *wanted.conditions())
            .group_by(*by)
            .order_by(count.desc())
        )
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def count_open(self) -> int:
        """How many letters are open."""
        table = tables.letter
        return self._connection.execute(
            select(func.count()).select_from(table).where(self._own(), table.c.closed_at.is_(None))
        ).scalar_one()
