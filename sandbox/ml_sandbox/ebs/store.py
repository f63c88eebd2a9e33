"""Rows of one table, their sorted views and indexes, and what is not committed yet."""

import heapq
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ml_sandbox.ebs.catalog import TableSpec

Value = int | Decimal | str | None
Tuple = tuple[Value, ...]
SortItem = tuple[int, bool]
"""Position of a column and whether it descends."""

_CACHED_VIEWS = 12


class SortedView:
    """All rows in one order, with the values of the first sort column for bisection."""

    def __init__(self, rows: list[Tuple], sort: Sequence[SortItem]) -> None:
        self.rows = rows
        for position, descending in reversed(sort):
            self.rows.sort(key=_null_last(position), reverse=descending)
        self.leading: list[Any] | None = None
        if sort and not sort[0][1]:
            position = sort[0][0]
            self.leading = [row[position] for row in rows if row[position] is not None]


def _null_last(position: int) -> Callable[[Tuple], tuple[bool, Any]]:
    """Sort as the database does: null is greater than everything."""

    def key(row: Tuple) -> tuple[bool, Any]:
        value = row[position]
        return (True, 0) if value is None else (False, value)

    return key


class TableStore:
    """The rows of one table.

    Rows are tuples in the order of the table's columns: NUMBER as int or Decimal, DATE as text
    `YYYY-MM-DDTHH:MM:SS`, null as None. The unsorted order is that of insertion.
    """

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.version = 0
        self._rows: dict[Tuple, Tuple] = {}
        self._pending: list[tuple[float, int, Tuple]] = []
        self._staged = 0
        self._cached_at = -1
        self._views: dict[tuple[SortItem, ...], SortedView] = {}
        self._indexes: dict[int, dict[Value, list[Tuple]]] = {}
        self._results: dict[object, list[Tuple]] = {}
        self._highest = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> list[Tuple]:
        """All visible rows, in the order of insertion."""
        return list(self._rows.values())

    def key_of(self, row: Tuple) -> Tuple:
        """Give the primary key of a row."""
        return tuple(row[position] for position in self.spec.key_positions)

    def get(self, key: Tuple) -> Tuple | None:
        """Give the visible row with a key."""
        return self._rows.get(key)

    def next_key(self) -> int:
        """Give the next surrogate key, for tables whose key is one number."""
        self._highest += 1
        return self._highest

    def put(self, row: Tuple) -> None:
        """Insert or replace a row, visible at once."""
        key = self.key_of(row)
        self._rows[key] = row
        if len(key) == 1 and isinstance(key[0], int):
            self._highest = max(self._highest, key[0])
        self.version += 1

    def stage(self, row: Tuple, visible_at: float) -> None:
        """Write a row that its transaction commits later, at a time of the vendor's clock."""
        self._staged += 1
        heapq.heappush(self._pending, (visible_at, self._staged, row))

    def commit_due(self, now: float) -> None:
        """Make staged rows visible whose time has come."""
        while self._pending and self._pending[0][0] <= now:
            self.put(heapq.heappop(self._pending)[2])

    def delete(self, key: Tuple) -> None:
        """Remove a row for good; nothing remembers it."""
        self._rows.pop(key, None)
        self.version += 1

    def clear(self) -> None:
        """Remove all rows, also those that are not committed."""
        self._rows.clear()
        self._pending.clear()
        self._highest = 0
        self.version += 1

    def view(self, sort: tuple[SortItem, ...]) -> SortedView:
        """Give all rows in an order; kept until the table changes."""
        self._forget_stale()
        view = self._views.get(sort)
        if view is None:
            view = self._views[sort] = SortedView(self.rows, sort)
            _shrink(self._views)
        return view

    def having(self, position: int, values: Sequence[Value]) -> list[Tuple]:
        """Give the rows whose column has one of the values."""
        self._forget_stale()
        index = self._indexes.get(position)
        if index is None:
            index = self._indexes[position] = {}
            for row in self._rows.values():
                index.setdefault(row[position], []).append(row)
        return [row for value in dict.fromkeys(values) for row in index.get(value, ())]

    def result(self, name: object, compute: Callable[[], list[Tuple]]) -> list[Tuple]:
        """Give a computed list of rows, kept under its name until the table changes."""
        self._forget_stale()
        rows = self._results.get(name)
        if rows is None:
            rows = self._results[name] = compute()
            _shrink(self._results)
        return rows

    def _forget_stale(self) -> None:
        if self._cached_at != self.version:
            self._cached_at = self.version
            self._views.clear()
            self._indexes.clear()
            self._results.clear()


def _shrink(cache: dict[Any, Any]) -> None:
    while len(cache) > _CACHED_VIEWS:
        del cache[next(iter(cache))]
