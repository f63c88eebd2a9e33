"""Answers of the data service: the envelope, the rows, the next link."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.vendors.jde.tables import Column, Table
from ml_connector.vendors.jde.values import Read, Readers, Value, wrong_value

Row = dict[str, Value]

_ENVELOPE = ("fs_", "ds_")


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """One page as it came: rows by `TABLE_ALIAS`, whether more follow (None: not told), the next link."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    more: bool | None
    link: str | None


def grid_of(document: Any, table: str) -> Grid:
    """Return the page in an answer; SystemFault where there is none, as with any failure in a 200."""
    form = envelope_of(document, table)
    data = form.get("data")
    grid = data.get("gridData") if isinstance(data, Mapping) else None
    rows = grid.get("rowset") if isinstance(grid, Mapping) else None
    if not isinstance(grid, Mapping) or not isinstance(rows, list):
        raise _no_rows(table)
    summary = grid.get("summary")
    more = summary.get("moreRecords") if isinstance(summary, Mapping) else None
    columns = grid.get("columns") or grid.get("titles") or {}
    return Grid(tuple(columns), rows, more if isinstance(more, bool) else None, _next_link(document))


def envelope_of(document: Any, table: str) -> Mapping[str, Any]:
    """Return what an answer has for the target, found by its prefix."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            if name.startswith(_ENVELOPE) and isinstance(value, Mapping):
                return value
    raise _no_rows(table)


def _next_link(document: Mapping[str, Any]) -> str | None:
    links = document.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("rel") == "next" and link.get("href"):
            return str(link["href"])
    return None


def _no_rows(table: str) -> SystemFault:
    return SystemFault(
        f"The answer of the data service for {table} has no rows and says no reason.",
        fix="Check that the table is there and that the user may read it.",
    )


class RowReader:
    """Reads the rows of one table into values by alias, in the order of its columns."""

    def __init__(self, table: Table, readers: Readers) -> None:
        self.table = table
        self._cells: list[tuple[str, str, Column, Read]] = [
            (column.name, f"{table.name}_{column.name}", column, readers.of(table, column))
            for column in table.columns
        ]

    def rows(self, grid: Grid) -> list[Row]:
        """Return the rows of a page; SystemFault for a value or a column that cannot be read."""
        if grid.rows:
            self._require_columns({*grid.columns, *grid.rows[0]})
        return [self._row(raw) for raw in grid.rows]

    def _row(self, raw: Mapping[str, Any]) -> Row:
        row: Row = {}
        for name, cell, column, read in self._cells:
            value = raw.get(cell)
            if isinstance(value, Mapping):
                value = value.get("internalValue", value.get("value"))
            try:
                row[name] = read(value)
            except (ValueError, OverflowError):
                raise self._wrong(raw, column, value) from None
            if row[name] is None and name in self.table.key and column.name not in OPEN_KEYS:
                raise self._wrong(raw, column, value)
        return row

    def _wrong(self, raw: Mapping[str, Any], column: Column, value: Any) -> SystemFault:
        key = {name: raw.get(f"{self.table.name}_{name}") for name in self.table.key}
        return wrong_value(self.table.name, key, column.name, value, column.kind)

    def _require_columns(self, told: Collection[str]) -> None:
        """Stop where the server left a column out; a cell without value may be left out of its row."""
        missing = [name for name, cell, _, _ in self._cells if cell not in told]
        if missing:
            raise SystemFault(
                f"{self.table.name}: the answer lacks {', '.join(missing)}.",
                fix="Deselect these columns, or check column security and the release of the server.",
            )


# An address by date may have no date.
OPEN_KEYS = frozenset({"EFTB"})
