"""Raw streams: the rows of one table each, as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window
from ml_connector.vendors.jde.answers import OPEN_KEYS, Row
from ml_connector.vendors.jde.business.fields import type_of
from ml_connector.vendors.jde.reading import Selection
from ml_connector.vendors.jde.tables import UPDATED, Kind, Table
from ml_connector.vendors.jde.values import Value
from tap_jde.base import KEY_SEPARATOR, JdeStream, is_empty

if TYPE_CHECKING:
    from tap_jde.tap import TapJde

_DESCRIPTIONS = {
    UPDATED: "Date of the last change.",
    "UPMT": "Time of the last change, HHMMSS without leading zeros.",
    "TDAY": "Time of the last change, HHMMSS without leading zeros.",
    "AN8": "Address number.",
}


class RawStream(JdeStream):
    """The rows of one table that changed in a window; fields are the columns by alias.

    It is not selected by default. A column that is not selected is not asked for.
    """

    selected_by_default = False

    def __init__(self, tap: TapJde, table: Table, name: str = "", *, is_full: bool = False) -> None:
        self.table = table
        super().__init__(tap, name=name or table.name.lower(), schema=schema_of(table))
        self.primary_keys = list(table.key)
        self.replication_key = UPDATED if table.is_dated and not is_full else None

    @property
    def first_table(self) -> Table:
        """The table of the stream."""
        return self.table

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the rows of a window, page by page."""
        since = self.rules.start_date if window.is_everything and self.replication_key else None
        for page in self._selected(window):
            rows = [row for row in page.rows if self._is_since(row, since)]
            if rows:
                yield Batch(rows, page.extracted)

    def _selected(self, window: Window) -> Iterator[Any]:
        table = self._narrow()
        if window.keys:
            keys = [self._key_of(text) for text in window.keys]
            if len(table.key) == 1:
                yield from self.reader.read(
                    table, Selection(column=table.key[0], values=[key[0] for key in dict.fromkeys(keys)])
                )
            else:
                yield from self.reader.read(table, Selection(keys=list(dict.fromkeys(keys))))
            return
        if self.replication_key is None or window.is_everything:
            yield from self.reader.read(table)
            return
        days = self.days_of(window)
        if not is_empty(days):
            yield from self.reader.read(table, Selection(days=days))

    def _is_since(self, row: Row, since: dt.datetime | None) -> bool:
        """Tell whether a complete read sends a row: not those from before `start_date`."""
        day = row.get(UPDATED)
        return since is None or day is None or str(day) >= self.reader.zone.local(since).date().isoformat()

    def _narrow(self) -> Table:
        """Return the table with the selected columns, its key and what the stream itself needs."""
        return self.table.only(
            {column.name for column in self.table.columns if self.mask.get(("properties", column.name), True)}
        )

    def _key_of(self, text: str) -> tuple[Value, ...]:
        parts = text.split(KEY_SEPARATOR)
        columns = [self.table.column(name) for name in self.table.key]
        try:
            if len(parts) != len(columns):
                raise ValueError
            return tuple(
                _key_value(column.kind, part.strip()) for column, part in zip(columns, parts, strict=True)
            )
        except ValueError:
            form = KEY_SEPARATOR.join(f"{column.name} ({column.kind.value})" for column in columns)
            raise SystemFault(
                f"The setting `keys` has {text!r}, which is no key of {self.name}.",
                fix=f"Give {form}, and select no stream with another key; dates as records have them.",
            ) from None


def schema_of(table: Table) -> dict[str, Any]:
    """Return the JSON schema of a table's records: key columns are never null, all others may be."""
    properties = {}
    for column in table.columns:
        prop = type_of(column.kind)
        is_key = column.name in table.key
        if is_key and column.name not in OPEN_KEYS:
            prop["type"] = [each for each in prop["type"] if each != "null"]
        prop["description"] = _DESCRIPTIONS.get(column.name) or (
            f"{table.name}.{column.name} ({column.kind.value}{', key' if is_key else ''})."
        )
        properties[column.name] = prop
    return {"type": "object", "properties": properties}


def _key_value(kind: Kind, text: str) -> Value:
    if kind is Kind.TEXT:
        return text
    if kind is Kind.DATE:
        return dt.date.fromisoformat(text).isoformat()
    return int(text)
