"""Rows of several tables in a temporary SQLite file, where they are joined: memory stays flat."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tap_oracle_ebs.catalog.tables import CHANGED, Table
from tap_oracle_ebs.gateway.answers import Row, Value

Parameters = Mapping[str, Any] | Sequence[Any]

_FETCHED = 1000
_LARGEST_INTEGER = 2**63 - 1


class Workspace:
    """A folder of its own, gone on exit, with one SQLite table per EBS table.

    Columns have no type: whole numbers stay numbers, other numbers are kept as text with all their digits.
    Where a row comes twice, the one that changed last stays.
    """

    def __init__(self, tables: Iterable[Table], indexes: Iterable[tuple[str, str]]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tap-oracle-ebs-")
        self.connection = sqlite3.connect(Path(self._folder.name) / "rows.db", isolation_level=None)
        for setting in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-16000"):
            self.connection.execute(f"PRAGMA {setting}")
        self._tables = {table.name: table for table in tables}
        for table in self._tables.values():
            columns = ", ".join(column.name for column in table.columns)
            key = ", ".join(table.key)
            self.connection.execute(
                f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID"
            )
        self._indexes = tuple(indexes)
        self.connection.execute("CREATE TABLE touched (kind, id, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()
        self._folder.cleanup()

    def index(self) -> None:
        """Make the indexes; after many rows were added this is faster than before."""
        for name, column in self._indexes:
            self.connection.execute(f"CREATE INDEX IF NOT EXISTS {name}_{column} ON {name} ({column})")

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Keep rows of a declared table."""
        spec = self._tables[table]
        names = [column.name for column in spec.columns]
        others = [name for name in names if name not in spec.key]
        statement = (
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
            f"ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in others)} "
            f"WHERE excluded.{CHANGED} >= {CHANGED} OR {CHANGED} IS NULL"
        )
        with self._together():
            self.connection.executemany(statement, ([stored(row[name]) for name in names] for row in rows))

    def empty(self, *kept: str) -> None:
        """Forget the rows of all tables but some, and not what was touched."""
        for name in self._tables:
            if name not in kept:
                self.connection.execute(f"DELETE FROM {name}")  # noqa: S608 - names of declared tables

    def count(self, table: str) -> int:
        """Return the number of rows of a table, or of the `touched` keys."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def touch(self, kind: str, keys: Iterable[Value]) -> None:
        """Note records of a kind that have to be sent."""
        with self._together():
            self.connection.executemany(
                "INSERT OR IGNORE INTO touched VALUES (?, ?)", ((kind, stored(key)) for key in keys)
            )

    def touch_selected(self, kind: str, query: str, parameters: Parameters = ()) -> None:
        """Note the records of a kind whose keys a query selects."""
        statement = f"INSERT OR IGNORE INTO touched SELECT '{kind}', * FROM ({query})"  # noqa: S608
        self.connection.execute(statement, parameters)

    def touched(self, kind: str, size: int) -> Iterator[list[int]]:
        """Yield the noted keys of a kind, rising, in lists of at most `size`."""
        last: Any = None
        while True:
            rows = self.connection.execute(
                "SELECT id FROM touched WHERE kind = ? AND (? IS NULL OR id > ?) ORDER BY id LIMIT ?",
                (kind, last, last, size),
            ).fetchall()
            if not rows:
                return
            yield [int(row[0]) for row in rows]
            last = rows[-1][0]

    def values(self, query: str, parameters: Parameters = ()) -> list[int]:
        """Return the distinct numbers that a query of one column selects, nulls left out."""
        rows = self.connection.execute(query, parameters)
        return sorted({int(row[0]) for row in rows if row[0] is not None})

    def rows(self, query: str, parameters: Parameters = ()) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query as dictionaries by column name."""
        cursor = self.connection.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        while fetched := cursor.fetchmany(_FETCHED):
            for row in fetched:
                yield dict(zip(names, row, strict=True))

    @contextlib.contextmanager
    def _together(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("COMMIT")


def stored(value: Value) -> str | int | None:
    """Return a value as SQLite keeps it without loss."""
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) > _LARGEST_INTEGER):
        return str(value)
    return value
