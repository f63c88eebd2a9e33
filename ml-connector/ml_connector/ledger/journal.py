"""The journal: what is about to be sent and what is sent. Entries leave it when they are settled.

Whatever is in it when a run starts was left by a run that died, and is resolved before anything is
judged.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from ml_connector.ledger import tables

_CHUNK = 500

Kind = Literal["create", "update"]


class JournalBody(msgspec.Struct, frozen=True):
    """What one entry needs to be judged by reading the record: digests only, no values.

    `fields`: target field -> digest of the value sent, as the vendor will store it. `behind`: target
    field -> the source's snapshot names that it was made from. `source`: digests of the source's snapshot
    once all is settled. `adopted`: digests of the target's snapshot that move without being sent, by its
    own names; `dropped`: target fields whose snapshot is forgotten. `lookup`: the value of our own key, on
    the rung `lookup_field`, by which a create can be found. `mark`: put on the link once it is written.
    `decided`: the letter of the conflicts that a policy decided in it. The rest restores the row of
    `seen`; without a digest the record is to be looked at again.
    """

    route_id: int
    raw_key: str
    digest: bytes | None
    version: str | None
    fields: dict[str, bytes]
    behind: dict[str, list[str]]
    source: dict[str, bytes] = {}
    adopted: dict[str, bytes] = {}
    stream: str = ""
    lookup: str | int | None = None
    lookup_field: str | None = None
    dropped: list[str] = []
    mark: str | None = None
    decided: int | None = None


class Entry(msgspec.Struct):
    """One row of the journal. `reference` is the job or request that carries it, once known."""

    kind: Kind
    object: str
    link_id: int | None
    identity: str
    body: JournalBody
    key: str | None = None
    id: int = 0
    run_id: int = 0
    status: str = "intent"
    reference: str | None = None
    intended_at: float = 0.0
    sent_at: float | None = None


class JournalStore:
    """Table `journal` of one integration and target system, through one connection."""

    def __init__(self, connection: Connection, integration: str, system: str) -> None:
        self._connection = connection
        self._integration = integration
        self._system = system

    def intend(self, run_id: int, entries: Sequence[Entry]) -> None:
        """Write entries before anything of them is sent; gives each its id and time."""
        now = time.time()
        rows = [
            {
                "integration": self._integration,
                "run_id": run_id,
                "system": self._system,
                "object": entry.object,
                "kind": entry.kind,
                "link_id": entry.link_id,
                "key": entry.key,
                "identity": entry.identity,
                "body": msgspec.msgpack.encode(entry.body),
                "status": "intent",
                "intended_at": now,
            }
            for entry in entries
        ]
        if not rows:
            return
        table = tables.journal
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        for entry, number in zip(entries, self._connection.execute(statement, rows).scalars(), strict=True):
            entry.id, entry.run_id, entry.intended_at = number, run_id, now

    def sent(self, ids: Iterable[int], reference: str | None) -> None:
        """These entries were accepted by the vendor, as the job or request `reference`."""
        table = tables.journal
        for chunk in _chunks(list(ids)):
            self._connection.execute(
                update(table)
                .where(table.c.id.in_(chunk))
                .values(status="sent", reference=reference, sent_at=time.time())
            )

    def close(self, ids: Iterable[int]) -> None:
        """These entries are settled, or known not to have been sent."""
        for chunk in _chunks(list(ids)):
            self._connection.execute(delete(tables.journal).where(tables.journal.c.id.in_(chunk)))

    def open_entries(self) -> list[Entry]:
        """Everything not settled yet, oldest first."""
        table = tables.journal
        query = (
            select(table)
            .where(table.c.integration == self._integration, table.c.system == self._system)
            .order_by(table.c.id)
        )
        return [
            Entry(
                kind=row.kind,
                object=row.object,
                link_id=row.link_id,
                identity=row.identity,
                body=msgspec.msgpack.decode(row.body, type=JournalBody),
                key=row.key,
                id=row.id,
                run_id=row.run_id,
                status=row.status,
                reference=row.reference,
                intended_at=row.intended_at,
                sent_at=row.sent_at,
            )
            for row in self._connection.execute(query)
        ]


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
