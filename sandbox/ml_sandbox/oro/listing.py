"""Finding the rows of a list, by an index where one helps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.filters import Condition
from ml_sandbox.oro.query import ALL, Query
from ml_sandbox.oro.schema import Kind, ResourceType
from ml_sandbox.oro.store import Store


@dataclass(frozen=True)
class Page:
    """The rows of a page; ``total`` only when it was asked for."""

    rows: list[Row]
    has_more: bool
    total: int | None


class Listing:
    """Finds rows for one call."""

    def __init__(self, call: Call, resource: ResourceType) -> None:
        self._call = call
        self._resource = resource
        self._store: Store = call.world.store(resource.name)

    def page(self, query: Query, among: Iterable[str] | None = None) -> Page:
        """One page; ``among`` narrows the list to these ids."""
        rows = self._ordered(query, self._passing(query, among))
        if "totalCount" in self._call.wanted:
            everything = list(rows)
            start, end = self._bounds(query)
            return Page(everything[start:end], end is not None and len(everything) > end, len(everything))
        start, end = self._bounds(query)
        found = list(islice(rows, start, None if end is None else end + 1))
        size = len(found) if end is None else end - start
        return Page(found[:size], len(found) > size, None)

    def matching(self, query: Query, limit: int) -> list[Row]:
        """The first rows that pass the filters."""
        return list(islice(self._ordered(query, self._passing(query, None)), limit))

    def _bounds(self, query: Query) -> tuple[int, int | None]:
        if query.size == ALL:
            return 0, None
        start = (query.number - 1) * query.size
        return start, start + query.size

    def _passing(self, query: Query, among: Iterable[str] | None) -> Iterator[Row]:
        world, resource = self._call.world, self._resource
        tests = [
            (_reader(world, resource, condition.field), condition.test) for condition in query.conditions
        ]
        visible = self._call.identities.is_visible
        for row_id in self._candidates(query.conditions, among):
            row = self._store.get(row_id)
            if row is None or not self._call.sees(row) or not visible(resource.name, row):
                continue
            if all(test(read(row)) for read, test in tests):
                yield row

    def _candidates(self, conditions: Iterable[Condition], among: Iterable[str] | None) -> list[str]:
        if among is not None:
            return self._store.in_order(among)
        best: list[str] | None = None
        start = 0
        for condition in conditions:
            found = self._found(condition)
            if found is not None and (best is None or len(found) < len(best)):
                best = found
            if condition.above is not None:
                start = max(start, self._store.after(condition.above[0], inclusive=condition.above[1]))
        return self._store.in_order(best) if best is not None else self._store.ids(start)

    def _found(self, condition: Condition) -> list[str] | None:
        if condition.equals is None:
            return None
        if condition.field == "id":
            texts = dict.fromkeys(map(str, condition.equals))
            return [text for text in texts if text in self._store]
        if not self._store.is_indexed(condition.field):
            return None
        found = (self._store.holding(condition.field, value) for value in condition.equals)
        return list(dict.fromkeys(row_id for ids in found for row_id in ids))

    def _ordered(self, query: Query, rows: Iterator[Row]) -> Iterator[Row]:
        if not query.sort or query.sort[0] == ("id", False):
            return rows
        ordered = list(rows)
        for name, descending in reversed(query.sort):
            read = self._sorting(name)
            # A database puts nulls last, or first when it descends.
            ordered.sort(key=lambda row: _sortable(read(row)), reverse=descending)
        return iter(ordered)

    def _sorting(self, name: str) -> Any:
        """Gives what a field sorts by: ids and large numbers, which are kept as texts, by their value."""
        read = _reader(self._call.world, self._resource, name)
        relation, attribute = self._resource.relations.get(name), self._resource.attributes.get(name)
        counted = relation is not None and not self._call.identities.is_named(relation.target)
        if not counted and (attribute is None or attribute.kind is not Kind.BIGINT):
            return read
        return lambda row: None if read(row) is None else int(read(row))


def _reader(world: Any, resource: ResourceType, field: str) -> Any:
    if field == "id":
        return (lambda row: row["id"]) if resource.named else (lambda row: int(row["id"]))
    relation = resource.relations.get(field)
    if relation is not None and relation.inverse:
        return lambda row: world.related(resource, row, relation)
    return lambda row: row.get(field)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (True, 0) if value is None else (False, value)
