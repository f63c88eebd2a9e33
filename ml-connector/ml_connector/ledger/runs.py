"""Runs, their progress and summaries; pauses; the audit trail; pruning and forgetting."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from ml_connector.ledger import tables


@dataclass(slots=True)
class AuditRow:
    """What happened to one record in one run. `fields`: field written -> hex digest of the value."""

    stream: str
    object: str
    source_key: str
    outcome: str
    target_key: str | None = None
    link_id: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    request_id: str | None = None
    retries: int = 0
    seconds: float | None = None
    id: int = 0
    run_id: int = 0
    at: float = 0.0
    integration: str = ""


@dataclass(slots=True)
class Run:
    """One run of a plugin. `summary`: counts per outcome, requests, quota, bookmark, progress."""

    id: int
    integration: str
    plugin: str
    dry: bool
    pid: int | None
    host: str | None
    started_at: float
    beat_at: float
    ended_at: float | None
    exit_code: int | None
    reason: str | None
    summary: dict[str, Any]


class RunStore:
    """Tables `run`, `pause` and `audit`, through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, integration: str, plugin: str, *, dry: bool) -> int:
        """A new run. Runs of this integration that never ended are closed: the lease shows they died."""
        table, now = tables.run, time.time()
        self._connection.execute(
            update(table)
            .where(table.c.integration == integration, table.c.plugin == plugin, table.c.ended_at.is_(None))
            .values(ended_at=table.c.beat_at, reason="died")
        )
        number: int = self._connection.execute(
            insert(table)
            .values(
                integration=integration,
                plugin=plugin,
                dry=int(dry),
                pid=os.getpid(),
                host=socket.gethostname(),
                started_at=now,
                beat_at=now,
            )
            .returning(table.c.id)
        ).scalar_one()
        return number

    def beat(self, run_id: int, summary: Mapping[str, Any]) -> None:
        """Progress of a run under way."""
        self._connection.execute(
            update(tables.run)
            .where(tables.run.c.id == run_id)
            .values(beat_at=time.time(), summary=_json(summary))
        )

    def end(self, run_id: int, exit_code: int, reason: str | None, summary: Mapping[str, Any]) -> None:
        """The run is over."""
        now = time.time()
        self._connection.execute(
            update(tables.run)
            .where(tables.run.c.id == run_id)
            .values(beat_at=now, ended_at=now, exit_code=exit_code, reason=reason, summary=_json(summary))
        )

    def latest(
        self, *, integration: str | None = None, running: bool = False, limit: int = 20
    ) -> Sequence[Run]:
        """The last runs, newest first."""
        table = tables.run
        query = select(table).order_by(table.c.id.desc()).limit(limit)
        if integration is not None:
            query = query.where(table.c.integration == integration)
        if running:
            query = query.where(table.c.ended_at.is_(None))
        return [_run(row._mapping) for row in self._connection.execute(query)]

    def latest_each(self, *, integration: str | None = None) -> Sequence[Run]:
        """The last real run of each plugin in each integration, by integration, newest first."""
        table = tables.run
        newest = select(func.max(table.c.id)).where(table.c.dry == 0)
        if integration is not None:
            newest = newest.where(table.c.integration == integration)
        newest = newest.group_by(table.c.integration, table.c.plugin)
        query = select(table).where(table.c.id.in_(newest)).order_by(table.c.integration, table.c.id.desc())
        return [_run(row._mapping) for row in self._connection.execute(query)]

    def get(self, run_id: int) -> Run | None:
        """One run."""
        row = self._connection.execute(select(tables.run).where(tables.run.c.id == run_id)).first()
        return _run(row._mapping) if row else None

    def pause(self, integration: str, reason: str = "") -> None:
        """Let no run of the integration start until `resume`."""
        self._set_pause(integration, paused=True, reason=reason)

    def resume(self, integration: str) -> None:
        """Let runs start again, also where the configuration says that it starts paused."""
        self._set_pause(integration, paused=False, reason="")

    def _set_pause(self, integration: str, *, paused: bool, reason: str) -> None:
        table = tables.pause
        self._connection.execute(delete(table).where(table.c.integration == integration))
        self._connection.execute(
            insert(table).values(
                integration=integration, paused=int(paused), changed_at=time.time(), reason=reason
            )
        )

    def paused(self, integration: str, *, default: bool) -> tuple[bool, str]:
        """Whether runs may not start, and why. `default` counts until somebody paused or resumed."""
        table = tables.pause
        row = self._connection.execute(select(table).where(table.c.integration == integration)).first()
        return (bool(row.paused), row.reason) if row else (default, "a new integration starts paused")

    def pauses(self) -> list[dict[str, Any]]:
        """Every integration that was paused or resumed, with when and why."""
        return [dict(row._mapping) for row in self._connection.execute(select(tables.pause))]

    def audit(self, run_id: int, integration: str, rows: Iterable[AuditRow]) -> None:
        """Note what happened to these records."""
        now = time.time()
        values = [
            {
                "integration": integration,
                "run_id": run_id,
                "at": now,
                "stream": row.stream,
                "object": row.object,
                "source_key": row.source_key,
                "target_key": row.target_key,
                "link_id": row.link_id,
                "outcome": row.outcome,
                "fields": _json(row.fields),
                "reason": row.reason,
                "request_id": row.request_id,
                "retries": row.retries,
                "seconds": row.seconds,
            }
            for row in rows
        ]
        if values:
            self._connection.execute(insert(tables.audit), values)

    def history(self, key: str, *, integration: str | None = None, limit: int = 100) -> list[AuditRow]:
        """What happened to the record with this key, here or there, oldest first."""
        table = tables.audit
        query = select(table).where(or_(table.c.source_key == key, table.c.target_key == key))
        if integration is not None:
            query = query.where(table.c.integration == integration)
        rows = self._connection.execute(query.order_by(table.c.id.desc()).limit(limit)).all()
        return [_audit_row(row._mapping) for row in reversed(rows)]

    def rows_of(self, run_id: int, *, limit: int = 1000) -> list[AuditRow]:
        """What happened in one run, in order."""
        table = tables.audit
        query = select(table).where(table.c.run_id == run_id).order_by(table.c.id).limit(limit)
        return [_audit_row(row._mapping) for row in self._connection.execute(query)]

    def prune(self, *, before: float) -> dict[str, int]:
        """Delete audit rows, ended runs and closed letters older than `before` (UTC seconds)."""
        audit, run, letter = tables.audit, tables.run, tables.letter
        counts = {
            "audit": self._connection.execute(delete(audit).where(audit.c.at < before)).rowcount,
            "letters": self._connection.execute(delete(letter).where(letter.c.closed_at < before)).rowcount,
        }
        schema = tables.schema
        self._connection.execute(
            delete(schema).where(schema.c.digest.not_in(select(letter.c.schema_digest).distinct()))
        )
        kept = select(letter.c.run_id)
        counts["runs"] = self._connection.execute(
            delete(run).where(run.c.ended_at < before, run.c.id.not_in(kept))
        ).rowcount
        return counts

    def forget(self, key: str, *, integration: str | None = None) -> dict[str, int]:
        """Delete all that the ledger holds of the record with this key: a person's right.

        Links, snapshots, letters, audit rows and dedupe keys of both its sides.
        """
        side, letter, audit = tables.side, tables.letter, tables.audit
        scope = [] if integration is None else [side.c.integration == integration]
        links = list(
            self._connection.execute(select(side.c.link_id).where(side.c.key == key, *scope)).scalars()
        )
        keys = [key]
        if links:
            query = select(side.c.key).where(side.c.link_id.in_(links))
            keys = list({key, *self._connection.execute(query).scalars()})
        seen = tables.seen
        raw_keys = list(
            self._connection.execute(select(seen.c.raw_key).where(seen.c.link_id.in_(links))).scalars()
        )
        keys = list({*keys, *raw_keys})
        counts = {
            "letters": self._delete(
                letter, integration, or_(letter.c.raw_key.in_(keys), letter.c.identity.in_(keys))
            ),
            "audit": self._delete(
                audit, integration, or_(audit.c.source_key.in_(keys), audit.c.target_key.in_(keys))
            ),
            "keys": self._delete(tables.match_key, integration, tables.match_key.c.key.in_(keys)),
            "seen": self._forget_seen(keys, links, integration),
        }
        self._connection.execute(delete(side).where(side.c.link_id.in_(links)))
        counts["links"] = self._connection.execute(
            delete(tables.link).where(tables.link.c.id.in_(links))
        ).rowcount
        return counts

    def _forget_seen(self, keys: list[str], links: list[int], integration: str | None) -> int:
        seen, route, present = tables.seen, tables.route, tables.present
        scope = [] if integration is None else [route.c.integration == integration]
        routes = select(route.c.id).where(*scope)
        self._connection.execute(
            delete(present).where(present.c.raw_key.in_(keys), present.c.route_id.in_(routes))
        )
        condition = or_(seen.c.link_id.in_(links), seen.c.raw_key.in_(keys))
        return self._connection.execute(delete(seen).where(condition, seen.c.route_id.in_(routes))).rowcount

    def _delete(self, table: Any, integration: str | None, condition: Any) -> int:
        scope = [] if integration is None else [table.c.integration == integration]
        return self._connection.execute(delete(table).where(condition, *scope)).rowcount


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def _run(values: Mapping[Any, Any]) -> Run:
    return Run(**{**values, "dry": bool(values["dry"]), "summary": msgspec.json.decode(values["summary"])})


def _audit_row(values: Mapping[Any, Any]) -> AuditRow:
    return AuditRow(**{**values, "fields": msgspec.json.decode(values["fields"])})
