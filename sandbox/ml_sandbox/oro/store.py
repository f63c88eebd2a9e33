"""Rows of one resource type with indexes, and the journal by which writes are taken back."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro.schema import ResourceType

Key = int | str


class Journal:
    """What rows were before a write that may fail."""

    def __init__(self) -> None:
        self._entries: list[tuple[Store, str, Row | None]] | None = None

    def begin(self) -> None:
        """Remember from now on."""
        self._entries = []

    def note(self, store: "Store", row_id: str, before: Row | None) -> None:
        """A row is about to change."""
        if self._entries is not None:
            self._entries.append((store, row_id, before))

    def keep(self) -> None:
        """The writes stay."""
        self._entries = None

    def take_back(self) -> None:
        """Every row becomes what it was."""
        entries, self._entries = self._entries or [], None
        for store, row_id, before in reversed(entries):
            if before is None:
                store.delete(row_id)
            else:
                store.put(before)


class Store:
    """Rows by id, in the order of their ids.

    Args:
        resource: the type; indexed are its relationships and what can be filtered or is unique.
        journal: told of every change.

    Rows are flat: ``id`` as text, attributes and relationships by name; to-many ones that this side holds are
    tuples of ids, lists of e-mails tuples of texts. Rows are replaced whole by :meth:`put`.
    """

    def __init__(self, resource: ResourceType, journal: Journal) -> None:
        self.resource = resource
        self._journal = journal
        self._rows: dict[str, Row] = {}
        self._order: list[Any] = []
        self._indexes: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in _indexed(resource)}
        self._last = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter([self._rows[str(key)] for key in self._order])

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    def get(self, row_id: str) -> Row | None:
        """The row with this id."""
        return self._rows.get(row_id)

    def next_id(self) -> str:
        """An id that was never used."""
        self._last += 1
        return str(self._last)

    def put(self, row: Row) -> Row:
        """Insert a row, or replace the one with its id."""
        row_id: str = row["id"]
        old = self._rows.get(row_id)
        self._journal.note(self, row_id, old)
        if old is None:
            insort(self._order, self.key(row_id))
        else:
            self._unindex(old)
        self._rows[row_id] = row
        for name, index in self._indexes.items():
            for value in _values(row.get(name)):
                index.setdefault(value, {})[row_id] = None
        if not self.resource.named:
            self._last = max(self._last, int(row_id))
        return row

    def delete(self, row_id: str) -> Row | None:
        """Remove a row."""
        row = self._rows.pop(row_id, None)
        if row is not None:
            self._journal.note(self, row_id, row)
            del self._order[bisect_left(self._order, self.key(row_id))]
            self._unindex(row)
        return row

    def clear(self) -> None:
        """Remove every row; ids begin again."""
        self._rows.clear()
        self._order.clear()
        self._last = 0
        for index in self._indexes.values():
            index.clear()

    def key(self, row_id: str) -> Key:
        """What an id sorts by."""
        return row_id if self.resource.named else int(row_id)

    def after(self, key: Key, *, inclusive: bool) -> int:
        """The position of the first id above a key."""
        return (bisect_left if inclusive else bisect_right)(self._order, key)

    def ids(self, start: int = 0, end: int | None = None) -> list[str]:
        """Ids in order, of these positions."""
        return [str(key) for key in self._order[start:end]]

    def in_order(self, row_ids: Iterable[str]) -> list[str]:
        """The same ids in order."""
        return [str(key) for key in sorted(map(self.key, row_ids))]

    def is_indexed(self, field: str) -> bool:
        """Whether :meth:`holding` answers for a field."""
        return field in self._indexes

    def holding(self, field: str, value: Hashable) -> list[str]:
        """Ids of the rows that have this value in an indexed field."""
        return list(self._indexes[field].get(value, ()))

    def _unindex(self, row: Row) -> None:
        for name, index in self._indexes.items():
            for value in _values(row.get(name)):
                holders = index.get(value)
                if holders is not None:
                    holders.pop(row["id"], None)
                    if not holders:
                        del index[value]


def _indexed(resource: ResourceType) -> list[str]:
    kept = [name for name, item in resource.attributes.items() if item.filterable or item.unique]
    together = [name for group in resource.unique_together for name in group]
    held = [name for name, item in resource.relations.items() if not item.inverse]
    return list(dict.fromkeys([*kept, *together, *held]))


def _values(value: Any) -> tuple[Hashable, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
