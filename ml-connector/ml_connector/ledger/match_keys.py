"""An index of dedupe keys: digest of a normalised value -> keys of the target's records that hold it.

It only proposes; a hit is confirmed at the vendor before it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables

_CHUNK = 500


class MatchKeyStore:
    """Table `match_key` of one integration, system and object, through one connection."""

    def __init__(self, connection: Connection, integration: str, system: str) -> None:
        self._connection = connection
        self._integration = integration
        self._system = system

    def owners(self, object_name: str, rung: str, digests: Sequence[bytes]) -> dict[bytes, list[str]]:
        """Per digest the keys of the records that hold the value."""
        table = tables.match_key
        found: dict[bytes, list[str]] = {}
        for start in range(0, len(digests), _CHUNK):
            query = select(table.c.digest, table.c.key).where(
                table.c.integration == self._integration,
                table.c.system == self._system,
                table.c.object == object_name,
                table.c.rung == rung,
                table.c.digest.in_(list(digests[start : start + _CHUNK])),
            )
            for digest, key in self._connection.execute(query):
                found.setdefault(digest, []).append(key)
        return found

    def put(self, object_name: str, entries: Iterable[tuple[str, str, bytes | None]]) -> None:
        """Note `(key, rung, digest)`: the record holds this value now, and no other on that rung."""
        rows = list(entries)
        table = tables.match_key
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            for rung in {rung for _, rung, _ in chunk}:
                self._connection.execute(
                    delete(table).where(
                        table.c.integration == self._integration,
                        table.c.system == self._system,
                        table.c.object == object_name,
                        table.c.rung == rung,
                        table.c.key.in_([key for key, of_rung, _ in chunk if of_rung == rung]),
                    )
                )
        self._insert(object_name, rows)

    def _insert(self, object_name: str, rows: list[tuple[str, str, bytes | None]]) -> None:
        values = [
            {
                "integration": self._integration,
                "system": self._system,
                "object": object_name,
                "rung": rung,
                "digest": digest,
                "key": key,
            }
            for key, rung, digest in rows
            if digest is not None
        ]
        if values:
            insert = sqlite_insert if self._connection.dialect.name == "sqlite" else postgres_insert
            self._connection.execute(insert(tables.match_key).on_conflict_do_nothing(), values)
