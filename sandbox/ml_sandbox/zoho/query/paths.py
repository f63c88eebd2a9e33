"""Finding the records of a query without looking at all of them."""

from collections.abc import Iterable, Iterator

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.ordered import SORTS, SortKey
from ml_sandbox.zoho.query.conditions import Columns
from ml_sandbox.zoho.query.tree import Comparison, Order, Query, required

Bounds = tuple[SortKey | None, SortKey | None]


class Paths:
    """The ways to the records of one query; each gives at least those that the query finds."""

    def __init__(self, module: Module, columns: Columns, query: Query) -> None:
        self._module = module
        self._columns = columns
        self._query = query
        self._required = required(query.where)

    def by_value(self) -> list[Row] | None:
        """The records with the ids or keys that the query names, by their ids; None when it names none."""
        for one in self._required:
            if one.operator in {"=", "in"} and one.column in self._indexed():
                found = {row["id"]: row for value in one.values for row in self._holders(one.column, value)}
                return sorted(found.values(), key=lambda row: int(row["id"]))
        return None

    def in_order(self) -> Iterator[Row] | None:
        """The records in the order of the query, where the module keeps one that is the same."""
        order = self._query.order or (Order("id"),)
        names = [one.column for one in order]
        directions = {one.descending for one in order}
        kept = names in [[name] for name in SORTS] or names in [[name, "id"] for name in SORTS[1:]]
        # An order by a time alone says nothing about equal times: any order of those is right.
        if not kept or len(directions) > 1 or any(name not in self._module.fields for name in names):
            return None
        low, high = self._bounds(names[0])
        return self._module.records.between(names[0], low, high, descending=order[0].descending)

    def _indexed(self) -> set[str]:
        keys = {found.api_name for found in self._module.unique_fields() if not found.case_sensitive}
        return {"id", *keys}

    def _holders(self, column: str, value: object) -> Iterable[Row]:
        if column != "id":
            return self._module.holders(column, value)
        row = self._module.records.get(str(value))
        return [row] if row is not None else []

    def _bounds(self, name: str) -> Bounds:
        """The least key that can be found, and the first that cannot be any more."""
        low: SortKey | None = None
        high: SortKey | None = None
        for one in self._required:
            if one.column != name:
                continue
            least, end = self._interval(one)
            low = max(low or least, least) if least is not None else low
            high = min(high or end, end) if end is not None else high
        return low, high

    def _interval(self, one: Comparison) -> Bounds:
        column = self._columns.find(one.column)
        values = [self._columns.compared(column, value) for value in one.values]
        first = values[0] if values else 0
        intervals: dict[str, Bounds] = {
            "=": ((first, 0), (first + 1, 0)),
            ">": ((first + 1, 0), None),
            ">=": ((first, 0), None),
            "<": (None, (first, 0)),
            "<=": (None, (first + 1, 0)),
            "between": ((first, 0), (values[-1] + 1, 0) if values else None),
        }
        return intervals.get(one.operator, (None, None))
