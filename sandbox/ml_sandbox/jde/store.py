"""Rows of the tables, with sorted views that are kept until a table changes."""

from collections.abc import Iterable, Mapping, Sequence
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
        self._by_first: dict[Value, dict[Key, Row]] = {}
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
        return list(self._by_first.get(value, {}).values())

    def put(self, row: Mapping[str, Value]) -> Row:
        """Insert or replace a row; columns that are not given are blank."""
        full = {**self._blank, **row}
        key = self.key_of(full)
        self._rows[key] = full
        self._by_first.setdefault(key[0], {})[key] = full
        self.version += 1
        return full

    def delete(self, *key: Value) -> None:
        """Remove a row for good; nothing remembers it."""
        if self._rows.pop(key, None) is not None:
            del self._by_first[key[0]][key]
            self.version += 1

    def clear(self) -> None:
        """Remove all rows."""
        self._rows.clear()
        self._by_first.clear()
        self.version += 1

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


def sorted_rows(rows: Iterable[Row], sort: Sequence[SortItem]) -> list[Row]:
    """Give rows in an order; rows that are equal keep theirs."""
    ordered = list(rows)
    for alias, descending in reversed(sort):
        ordered.sort(key=lambda row: _null_last(row[alias]), reverse=descending)
    return ordered


def _null_last(value: Value) -> tuple[bool, Any]:
    return (True, 0) if value is None else (False, value)
