"""Rows of the tables as the business procedures look at them: by column, within operating units."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable

from ml_sandbox.ebs.package.inputs import Units
from ml_sandbox.ebs.store import TableStore, Tuple, Value


class Record:
    """A row whose columns are asked for by name."""

    __slots__ = ("_position", "_row")

    def __init__(self, row: Tuple, position: dict[str, int]) -> None:
        self._row = row
        self._position = position

    def __getitem__(self, column: str) -> Value:
        return self._row[self._position[column]]

    def text(self, column: str) -> str:
        """Give a column as text; null as empty text."""
        value = self._row[self._position[column]]
        return "" if value is None else str(value)


class Reader:
    """Finds rows; those of operating units that are not shown are not there."""

    def __init__(self, store_of: Callable[[str], TableStore], units: Units) -> None:
        self._store_of = store_of
        self.units = units

    def store(self, table: str) -> TableStore:
        """Give a table."""
        return self._store_of(table)

    def shown(self, table: str, rows: Iterable[Tuple]) -> list[Tuple]:
        """Leave out the rows of other operating units."""
        position = self.store(table).spec.organization_position
        if position is None or self.units.is_open:
            return list(rows)
        return [row for row in rows if self.units.shows(row[position])]

    def having(self, table: str, column: str, *values: Value) -> list[Record]:
        """Give the rows whose column has one of the values; null is none."""
        store = self.store(table)
        known = [value for value in values if value is not None]
        if not known:
            return []
        position = store.spec.position
        rows = store.having(position[column], known)
        return [Record(row, position) for row in self.shown(table, rows)]

    def one(self, table: str, key: Value) -> Record | None:
        """Give the row with a key of one column, whatever its operating unit."""
        store = self.store(table)
        row = None if key is None else store.get((key,))
        return None if row is None else Record(row, store.spec.position)

    def between(self, table: str, column: str, low: str | None, high: str | None) -> list[Tuple]:
        """Give the rows whose date lies from `low` to `high`, both within."""
        store = self.store(table)
        view = store.view(((store.spec.position[column], False),))
        dates = view.leading or []
        start = 0 if low is None else bisect_left(dates, low)
        stop = len(dates) if high is None else bisect_right(dates, high)
        return self.shown(table, view.rows[start : max(start, stop)])
