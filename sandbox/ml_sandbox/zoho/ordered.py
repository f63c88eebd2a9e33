"""The records of a module, kept in the orders in which the API lists them."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping

from ml_sandbox.core.table import IndexOf, Key, Row, Table

SortKey = tuple[int, int]
SORTS = ("id", "Created_Time", "Modified_Time")
MANY_CHANGES = 500
"""From so many changes on, sorting again is cheaper than putting each in its place."""


def sort_key(row: Row, sort_by: str) -> SortKey:
    """What a list is sorted by; equal instants are told apart by the id."""
    number = int(row["id"])
    return (number, number) if sort_by == "id" else (row.get(sort_by) or 0, number)


class Order:
    """Sort keys in rising order, with the changes since the last look not yet put in."""

    def __init__(self) -> None:
        self._keys: list[SortKey] = []
        self._added: set[SortKey] = set()
        self._gone: set[SortKey] = set()

    def change(self, old: SortKey | None, new: SortKey | None) -> None:
        """A record's key is another one now; None for a record that was not, or is no longer, there."""
        if old == new:
            return
        if old is not None and old not in self._added:
            self._gone.add(old)
        elif old is not None:
            self._added.discard(old)
        if new is not None and new in self._gone:
            self._gone.discard(new)
        elif new is not None:
            self._added.add(new)

    def keys(self) -> list[SortKey]:
        """All keys, rising; shared, not to be changed."""
        if len(self._added) + len(self._gone) > MANY_CHANGES:
            self._keys = sorted([*(key for key in self._keys if key not in self._gone), *self._added])
        else:
            for key in self._gone:
                del self._keys[bisect_left(self._keys, key)]
            for key in self._added:
                insort(self._keys, key)
        self._gone.clear()
        self._added.clear()
        return self._keys


class Records(Table):
    """A table whose ``id`` is a text of digits, with its rows in rising and falling order of three fields."""

    def __init__(self, indexes: Mapping[str, IndexOf] | None = None) -> None:
        super().__init__(indexes=indexes)
        self._orders = {name: Order() for name in SORTS}

    def put(self, row: Row) -> Row:
        """Insert the row, or replace the one with its id."""
        self._change(self.get(row["id"]), row)
        return super().put(row)

    def delete(self, key: Key) -> Row | None:
        """Remove and give back the row with this id, or None."""
        row = super().delete(key)
        if row is not None:
            self._change(row, None)
        return row

    def clear(self) -> None:
        """Remove every row."""
        super().clear()
        self._orders = {name: Order() for name in SORTS}

    def between(
        self,
        sort_by: str,
        low: SortKey | None = None,
        high: SortKey | None = None,
        *,
        descending: bool = False,
    ) -> Iterator[Row]:
        """The rows whose sort key is at least ``low`` and less than ``high``, in order."""
        keys = self._orders[sort_by].keys()
        start = bisect_left(keys, low) if low is not None else 0
        end = bisect_left(keys, high) if high is not None else len(keys)
        places: Iterable[int] = range(end - 1, start - 1, -1) if descending else range(start, end)
        for place in places:
            row = self.get(str(keys[place][1]))
            if row is not None:
                yield row

    def _change(self, old: Row | None, new: Row | None) -> None:
        for name, order in self._orders.items():
            order.change(
                sort_key(old, name) if old is not None else None,
                sort_key(new, name) if new is not None else None,
            )
