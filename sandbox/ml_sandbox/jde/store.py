"""Rows of the tables, with sorted views that are kept until a table changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.dictionary import Item, Kind

Value = int | Decimal | str | None
Row = dict[str, Value]
"""One row by alias: NUMBER as int or Decimal, TEXT trimmed, DATE as ``YYYY-MM-DD`` or None, UTIME as text."""
Key = tuple[Value, ...]
SortItem = tuple[str, bool]
"""An alias and whether it descends."""

_KEPT_VIEWS = 8


def blank(item: Item) -> Value:
    """What a column holds when nothing was entered: 0, no text, no date."""
    if item.kind is Kind.NUMBER:
        return 0
    return "" if item.kind is Kind.TEXT else None


class TableStore:
    """The rows of one table by unique key, in the order of insertion.

    A row that was handed out must not be changed in place: :meth:`put` replaces rows whole.
    """

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.version = 0
        self._blank: Row = {alias: blank(item) for alias, item in spec.columns.items()}
        self._rows: dict[Key, Row] = {}
        # By alias and value, the rows; for the first key column and for columns that were asked for.
        self._indexes: dict[str, dict[Value, dict[Key, Row]]] = {spec.key[0]: {}}
        self._places: dict[Key, int] = {}
        self._placed = 0
        self._views: dict[tuple[SortItem, ...], list[Row]] = {}
        self._viewed_at = -1

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> list[Row]:
        """All rows, in the order of insertion."""
        return list(self._rows.values())

    def key_of(self, row: Mapping[str, Value]) -> Key:
        """Give the unique key of a row."""
        return tuple(row[alias] for alias in self.spec.key)

    def get(self, *key: Value) -> Row | None:
        """Give the row with a key."""
        return self._rows.get(key)

    def beginning(self, value: Value) -> list[Row]:
        """Give the rows whose first key column has a value."""
        return self.having(self.spec.key[0], value)

    def having(self, alias: str, value: Value) -> list[Row]:
        """Give the rows whose column has a value, in the order of insertion."""
        return self.listed(alias, (value,))

    def listed(self, alias: str, values: Collection[Value]) -> list[Row]:
        """Give the rows whose column has one of some values, in the order of insertion."""
        index = self._index(alias)
        found = {key: row for value in values for key, row in index.get(value, {}).items()}
        return [found[key] for key in sorted(found, key=self._places.__getitem__)]

    def count_of(self, alias: str, values: Collection[Value]) -> int:
        """Count the rows whose column has one of some values."""
        index = self._index(alias)
        return sum(len(index.get(value, ())) for value in values)

    def _index(self, alias: str) -> dict[Value, dict[Key, Row]]:
        index = self._indexes.get(alias)
        if index is None:
            index = self._indexes[alias] = {}
            for key, row in self._rows.items():
                index.setdefault(row[alias], {})[key] = row
        return index

    def put(self, row: Mapping[str, Value]) -> Row:
        """Insert or replace a row; columns that are not given are blank."""
        full = {**self._blank, **row}
        key = self.key_of(full)
        self._unindex(key)
        if key not in self._places:
            self._placed += 1
            self._places[key] = self._placed
        self._rows[key] = full
        for alias, index in self._indexes.items():
            index.setdefault(full[alias], {})[key] = full
        self.version += 1
        return full

    def delete(self, *key: Value) -> None:
        """Remove a row for good; nothing remembers it."""
        if key in self._rows:
            self._unindex(key)
            del self._rows[key], self._places[key]
            self.version += 1

    def clear(self) -> None:
        """Remove all rows."""
        self._rows.clear()
        self._places.clear()
        self._indexes = {self.spec.key[0]: {}}
        self.version += 1

    def _unindex(self, key: Key) -> None:
        old = self._rows.get(key)
        if old is None:
            return
        for alias, index in self._indexes.items():
            rows = index[old[alias]]
            del rows[key]
            if not rows:
                del index[old[alias]]

    def view(self, sort: Sequence[SortItem]) -> list[Row]:
        """Give all rows in an order, nulls last when it ascends; the list is shared, leave it as it is."""
        if self._viewed_at != self.version:
            self._viewed_at = self.version
            self._views.clear()
        name = tuple(sort)
        view = self._views.get(name)
        if view is None:
            while len(self._views) >= _KEPT_VIEWS:
                del self._views[next(iter(self._views))]
            view = self._views[name] = sorted_rows(self._rows.values(), name)
        return view

    def between(self, sort: Sequence[SortItem], low: Value, high: Value) -> list[Row]:
        """Give the rows of a view that ascends by its first column, where that lies between two values.

        None leaves a side open; rows whose column is null are never among them.
        """
        view, alias = self.view(sort), sort[0][0]

        def place(row: Row) -> tuple[bool, Any]:
            return _null_last(row[alias])

        start = 0 if low is None else bisect_left(view, (False, low), key=place)
        end = (
            bisect_left(view, (True, 0), key=place)
            if high is None
            else bisect_right(view, (False, high), key=place)
        )
        return view[start:end]


def sorted_rows(rows: Iterable[Row], sort: Sequence[SortItem]) -> list[Row]:
    """Give rows in an order; rows that are equal keep theirs."""
    ordered = list(rows)
    for alias, descending in reversed(sort):
        ordered.sort(key=lambda row: _null_last(row[alias]), reverse=descending)
    return ordered


def _null_last(value: Value) -> tuple[bool, Any]:
    return (True, 0) if value is None else (False, value)
