"""Answers of BROWSE: rows of a table as grid data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.dictionary import Item, Kind
from ml_sandbox.jde.requests import GRID_DATA, DataRequest
from ml_sandbox.jde.store import Row, TableStore, Value
from ml_sandbox.jde.values import format_date, renderer

GRID_ID = "146"


def found(request: DataRequest, store: TableStore) -> list[Row]:
    """Give all rows that a request finds, in its order."""
    if not request.finds or request.demo:
        return []
    rows = store.view(request.sort)
    test = request.test
    return rows if test is None else [row for row in rows if test(row)]


def first_rows(request: DataRequest, store: TableStore) -> tuple[Sequence[Row], Sequence[Row]]:
    """Give the rows of the first answer, and those that are left."""
    rows = found(request, store)
    limit = len(rows) if request.limit is None else request.limit
    return rows[:limit], rows[limit:]


def envelope(
    request: DataRequest, rows: Sequence[Row], settings: VendorSettings, *, more: bool
) -> dict[str, Any]:
    """Give the member ``fs_DATABROWSE_...`` with its rows."""
    spec = request.spec
    captions = {f"{spec.name}_{alias}": spec.columns[alias].caption for alias in request.columns}
    grid = {
        "id": int(GRID_ID),
        "fullGridId": GRID_ID,
        "columns": captions,
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
