"""One read of a table: which rows, in which order, which of them."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice

from ml_sandbox.ebs.catalog import Operation
from ml_sandbox.ebs.conditions import Condition, Test
from ml_sandbox.ebs.store import SortedView, SortItem, TableStore, Tuple

_MAX_INDEXED_SHARE = 4


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a table; `offset` counts from 0."""

    operation: Operation
    columns: tuple[int, ...]
    condition: Condition | None
    sort: tuple[SortItem, ...]
    limit: int
    offset: int
    organizations: frozenset[int] | None
    """Operating units to which a filtered name is narrowed; None for the whole table."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and whether it lies beyond the last row."""

    rows: list[Tuple]
    beyond_end: bool


def run(query: Query, store: TableStore) -> Page:
    """Read one page."""
    if query.offset == 0:
        return Page(_first(query, store), beyond_end=False)
    name = (query.condition, query.sort, query.organizations)
    rows = store.result(name, lambda: list(_matching(query, store)))
    page = rows[query.offset : query.offset + query.limit]
    return Page(page, beyond_end=not page)


def _first(query: Query, store: TableStore) -> list[Tuple]:
    return list(islice(_matching(query, store), query.limit))


def _matching(query: Query, store: TableStore) -> "islice[Tuple] | filter[Tuple]":
    """Give the rows that match, lazily and in order."""
    test = _test(query)
    candidates = _indexed(query, store)
    if candidates is not None:
        return filter(test, SortedView(candidates, query.sort).rows)
    view = store.view(query.sort)
    start, stop = _range(query, view)
    rows = islice(view.rows, start, stop)
    return rows if test is None else filter(test, rows)


def _test(query: Query) -> Test | None:
    own = query.condition.compiled() if query.condition else None
    position = query.operation.spec.organization_position
    if query.organizations is None or position is None:
        return own
    organizations = query.organizations
    if own is None:
        return lambda row: row[position] in organizations
    return lambda row: row[position] in organizations and own(row)


def _indexed(query: Query, store: TableStore) -> list[Tuple] | None:
    """Give the rows that a key list or an equality leaves, when they are few."""
    if query.condition is None:
        return None
    for position in query.condition.named_columns():
        values = query.condition.values(position)
        if values is not None:
            rows = store.having(position, values)
            if len(rows) * _MAX_INDEXED_SHARE <= len(store):
                return rows
    return None


def _range(query: Query, view: SortedView) -> tuple[int, int]:
    """Narrow the rows to those that the bounds of the first sort column leave."""
    if query.condition is None or view.leading is None:
        return 0, len(view.rows)
    bounds = query.condition.bounds(query.sort[0][0])
    start = 0 if bounds.low is None else bisect_left(view.leading, bounds.low)
    stop = len(view.rows) if bounds.high is None else bisect_right(view.leading, bounds.high)
    return start, max(start, stop)
