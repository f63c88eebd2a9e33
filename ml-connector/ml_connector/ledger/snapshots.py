"""Snapshots: per link and system one digest per field, packed into 14 bytes for a plain field.

A field's name is replaced by its number in the ledger's table `field` (4 bytes, big endian), followed
by the number of bytes (2) and the digests: 8 bytes for a plain value, 8 per element of a set field.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables

Snapshot = dict[str, bytes]

_head = struct.Struct(">IH")


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
        return b"".join(
            _head.pack(numbers[name], len(digest)) + digest for name, digest in sorted(snapshot.items())
        )

    def unpack(self, connection: Connection, packed: bytes) -> Snapshot:
        """The snapshot of `packed`."""
        entries = list(_entries(packed))
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


def _entries(packed: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(packed):
        number, length = _head.unpack_from(packed, position)
        position += _head.size
        yield number, packed[position : position + length]
        position += length
