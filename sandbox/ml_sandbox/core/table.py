"""A keyed store of rows with insertion order and indexes."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import islice
from typing import Any

Row = dict[str, Any]
"""One record as JSON values by field name."""

Key = int | str
IndexOf = Callable[[Row], Hashable | None]
"""Gives the indexed value of a row; None leaves the row out of the index."""


class Table:
    """Rows by key, in the order of their first insertion.

    Args:
        key: the field that identifies a row.
        indexes: by index name, what it looks up. An index is never unique by itself: a vendor that lets twins
            through (two creates in a race) can hold them.

    Rows are replaced whole by :meth:`put`; a row that was handed out must not be changed in place.
    """

    def __init__(self, key: str = "id", indexes: Mapping[str, IndexOf] | None = None) -> None:
        self.key = key
        self.version = 0
        self._sorted: tuple[int, list[Row]] = (0, [])
        self._rows: dict[Key, Row] = {}
        self._index_of = dict(indexes or {})
        self._indexes: dict[str, dict[Hashable, dict[Key, None]]] = {name: {} for name in self._index_of}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: Key) -> Row | None:
        """The row with this key, or None."""
        return self._rows.get(key)

    def put(self, row: Row) -> Row:
        """Insert the row, or replace the one with its key (which keeps its place); gives the row back."""
        key: Key = row[self.key]
        old = self._rows.get(key)
        if old is not None:
            self._unindex(key, old)
        self._rows[key] = row
        for name, index_of in self._index_of.items():
            value = index_of(row)
            if value is not None:
                self._indexes[name].setdefault(value, {})[key] = None
        self.version += 1
        return row

    def delete(self, key: Key) -> Row | None:
        """Remove and give back the row with this key, or None."""
        row = self._rows.pop(key, None)
        if row is not None:
            self._unindex(key, row)
            self.version += 1
        return row

    def clear(self) -> None:
        """Remove every row."""
        self._rows.clear()
        for index in self._indexes.values():
            index.clear()
        self.version += 1

    def find(self, index: str, value: Hashable) -> list[Row]:
        """The rows that have this value in an index, in the order in which they got it."""
        return [self._rows[key] for key in self._indexes[index].get(value, ())]

    def by_key(self) -> list[Row]:
        """All rows in the order of their keys; the list is shared and must not be changed."""
        if self._sorted[0] != self.version:
            self._sorted = (self.version, [self._rows[key] for key in sorted(self._rows, key=_sortable)])
        return self._sorted[1]

    def slice(self, start: int, count: int) -> list[Row]:
        """``count`` rows from position ``start`` of the insertion order."""
        return list(islice(self._rows.values(), start, start + count))

    def _unindex(self, key: Key, row: Row) -> None:
        for name, index_of in self._index_of.items():
            value = index_of(row)
            keys = self._indexes[name].get(value) if value is not None else None
            if keys is not None:
                keys.pop(key, None)
                if not keys:
                    del self._indexes[name][value]


def _sortable(key: Key) -> tuple[int, str]:
    return (key, "") if isinstance(key, int) else (0, key)


class IdSequence:
    """Rising whole numbers, as a vendor hands them out."""

    def __init__(self, first: int, step: int = 1) -> None:
        self._first = first
        self._next = first
        self._step = step

    def take(self) -> int:
        """The next number."""
        taken = self._next
        self._next += self._step
        return taken

    def pass_over(self, used: int) -> None:
        """Never hand out a number up to ``used``."""
        if used >= self._next:
            self._next = used + self._step

    def reset(self) -> None:
        """Begin again."""
        self._next = self._first
