"""Answers of BROWSE: rows of a table as grid data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.dictionary import Item, Kind
from ml_sandbox.jde.ranges import Query
from ml_sandbox.jde.requests import GRID_DATA, DataRequest
from ml_sandbox.jde.store import Row, SortItem, TableStore, Value, sorted_rows
from ml_sandbox.jde.values import format_date, renderer

GRID_ID = "146"
# More rows than these are not worth a sort: a view that is kept has them in order.
_SORTED_EACH_TIME = 1_000


def found(request: DataRequest, store: TableStore) -> Iterator[Row]:
    """Give the rows that a request finds one by one, in its order."""
    if not request.finds or request.demo:
        return iter(())
    query = request.query
    if query is None:
        return iter(store.view(request.sort))
    test = query.test
    return (row for row in _candidates(query, request.sort, store) if test(row))


def _candidates(query: Query, sort: Sequence[SortItem], store: TableStore) -> Sequence[Row]:
    """Give the rows that can meet a query, in order: by an index, or by the place in a sorted view."""
    listed = [
        (store.count_of(alias, one.values), alias, one.values)
        for alias, one in query.ranges.items()
        if one.values is not None
    ]
    if listed:
        count, alias, values = min(listed, key=lambda one: one[0])
        if count <= _SORTED_EACH_TIME:
            return sorted_rows(store.listed(alias, values), sort)
    first, descending = sort[0] if sort else ("", False)
    if first in query.ranges and not descending:
        return store.between(sort, query.ranges[first].low, query.ranges[first].high)
    return store.view(sort)


def first_rows(request: DataRequest, store: TableStore) -> tuple[Sequence[Row], Sequence[Row]]:
    """Give the rows of the first answer and those that are left.

    Unless they are wanted for next pages, one of those that are left has to do.
    """
    rows = found(request, store)
    if request.limit is None or request.paged:
        everything = list(rows)
        limit = len(everything) if request.limit is None else request.limit
        return everything[:limit], everything[limit:]
    first = list(islice(rows, request.limit))
    return first, list(islice(rows, 1))


def envelope(
    request: DataRequest, rows: Sequence[Row], settings: VendorSettings, *, more: bool
) -> dict[str, Any]:
    """Give the member ``fs_DATABROWSE_...`` with its rows."""
    spec = request.spec
    captions = {f"{spec.name}_{alias}": spec.columns[alias].caption for alias in request.columns}
    grid = {
        "id": int(GRID_ID),
        "fullGridId": GRID_ID,
        settings.text("captions_member"): captions,
        "rowset": rendered(request, rows, settings),
        "summary": {"records": len(rows), "moreRecords": more},
    }
    form = {
        "title": f"Data Browser - {spec.name} [{spec.title}]",
        "data": {"gridData": grid},
        "errors": [],
        "warnings": [],
    }
    return {f"fs_DATABROWSE_{spec.name}": form}


def closing(now: datetime) -> dict[str, Any]:
    """Give the members that follow the envelope."""
    return {
        "currentApp": "DATABROWSE",
        "timeStamp": f"{now:%Y-%m-%d:%H.%M.%S}",
        "sysErrors": [],
    }


def rendered(request: DataRequest, rows: Sequence[Row], settings: VendorSettings) -> list[dict[str, Any]]:
    """Give rows with the values of the wanted output type."""
    if request.output != GRID_DATA:
        return _cells(request, rows, settings)
    spec = request.spec
    columns = [
        (f"{spec.name}_{alias}", alias, renderer(spec.columns[alias], settings)) for alias in request.columns
    ]
    return [{name: render(row[alias]) for name, alias, render in columns} for row in rows]


def _cells(request: DataRequest, rows: Sequence[Row], settings: VendorSettings) -> list[dict[str, Any]]:
    """Give an object per cell, as the older output types do; internal dates are epoch milliseconds (n/c)."""
    pattern = settings.text("simple_date_format")
    return [_row_of_cells(request.spec, request.columns, row, settings, pattern) for row in rows]


def _row_of_cells(
    spec: TableSpec, columns: Sequence[str], row: Row, settings: VendorSettings, pattern: str
) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for alias in columns:
        item = spec.columns[alias]
        inner = renderer(item, settings)(row[alias])
        if item.kind is Kind.DATE and row[alias] is not None:
            inner = int(datetime.fromisoformat(f"{row[alias]}T00:00:00+00:00").timestamp() * 1000)
        cells[f"{spec.name}_{alias}"] = {
            "value": _displayed(item, row[alias], pattern),
            "internalValue": inner,
        }
    return cells


def _displayed(item: Item, value: Value, pattern: str) -> str:
    if value is None:
        return ""
    if item.kind is Kind.DATE:
        return format_date(datetime.fromisoformat(str(value)).date(), pattern)
    return str(value)
