"""Snapshots: per link and system one digest per field, packed into 12 bytes a field.

A field's name is replaced by its number in the ledger's table `field` (4 bytes, big endian), followed
by the 8-byte digest of its value.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables
from ml_connector.ledger.digests import FIELD_DIGEST_BYTES

Snapshot = dict[str, bytes]

_entry = struct.Struct(f">I{FIELD_DIGEST_BYTES}s")


class FieldNumbers:
    """Field names of one integration and system, as numbers. Grows as new names are seen."""

    def __init__(self, integration: str, system: str) -> None:
        self._integration = integration
        self._system = system
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def forget(self) -> None:
        """Drop what was learnt: after a rollback the numbers given in it may be given to other names."""
        self._numbers.clear()
        self._names.clear()

    def pack(self, connection: Connection, snapshot: Mapping[str, bytes]) -> bytes:
        """The snapshot as bytes."""
        if not snapshot.keys() <= self._numbers.keys():
            self._learn(connection, sorted(snapshot.keys() - self._numbers.keys()))
        numbers = self._numbers
        return b"".join(_entry.pack(numbers[name], digest) for name, digest in sorted(snapshot.items()))

    def unpack(self, connection: Connection, packed: bytes) -> Snapshot:
        """The snapshot of `packed`."""
        entries = list(_entry.iter_unpack(packed))
        if any(number not in self._names for number, _ in entries):
            self._load(connection)
        names = self._names
        return {names[number]: digest for number, digest in entries}

    def _learn(self, connection: Connection, names: list[str]) -> None:
        insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
        rows = [{"integration": self._integration, "system": self._system, "name": name} for name in names]
        connection.execute(insert(tables.field).on_conflict_do_nothing(), rows)
        self._load(connection)

    def _load(self, connection: Connection) -> None:
        query = select(tables.field.c.id, tables.field.c.name).where(
            tables.field.c.integration == self._integration, tables.field.c.system == self._system
        )
        for number, name in connection.execute(query):
            self._numbers[name] = number
            self._names[number] = name
