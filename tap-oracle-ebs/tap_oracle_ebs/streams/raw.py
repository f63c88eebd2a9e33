"""Raw streams: the rows of one table each, as they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window, parse_instant
from tap_oracle_ebs.catalog.tables import CHANGED, Column, Kind, Table
from tap_oracle_ebs.gateway.answers import Row, Value, integer_of
from tap_oracle_ebs.reading.selection import Reader, Selection
from tap_oracle_ebs.streams.base import EbsStream

if TYPE_CHECKING:
    from tap_oracle_ebs.tap import TapOracleEbs

KEY_SEPARATOR = "~"
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": ["string"]},
    Kind.INTEGER: {"type": ["integer"]},
    Kind.NUMBER: {"type": ["number"]},
    Kind.DATE: {"type": ["string"], "format": "date-time"},
}
_DESCRIPTIONS = {
    CHANGED: "When the row was last changed, as EBS stamped it.",
    "CREATION_DATE": "When the row was made.",
    "ORG_ID": "Operating unit of the row.",
}


class RawStream(EbsStream):
    """The rows of one table that changed in a window; fields are the columns in lower case.

    It is not selected by default. ORG_ID is in every record of a table that is split by operating unit, and
    rows of other units than `org_ids` are left out; rows without one stay.
    """

    selected_by_default = False

    def __init__(self, tap: TapOracleEbs, table: Table, name: str = "", *, is_full: bool = False) -> None:
        self.table = table
        super().__init__(tap, name=name or table.name.lower(), schema=schema_of(table))
        self.primary_keys = [column.lower() for column in table.key]
        self.replication_key = CHANGED.lower() if table.is_dated and not is_full else None

    @property
    def way(self) -> Reader:
        """The reader that this stream's access names."""
        return self.package if self.access == "plsql" else self.reader

    def system_time(self) -> dt.datetime:
        """Return the server's time, by an operation that this stream reads anyway."""
        return self.or_own_time(self.way.server_time(self._narrow()))

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the rows of a window, page by page."""
        if window.number == 1:
            self.logger.info("%s: read by %s", self.name, self.way.place(self.table))
        self.way.require_visible(self.table)
        selection = Selection(window.start, window.read_until, window.closed, lower_names=True)
        if window.keys:
            selection = Selection(keys=self._given(window), lower_names=True)
        count = 0
        for page in self.way.read(self._narrow(), selection):
            rows = self._own(page.rows)
            count += len(rows)
            if rows:
                yield Batch(rows, page.extracted)
        if not count and window.is_everything and self.table.is_split:
            self.logger.warning(
                "%s: %s shows no row at all. If it should: its view or package may read a name that the "
                "multi-org policy filters, or `org_ids` names units that the responsibility does not see.",
                self.name,
                self.way.place(self.table),
            )

    def read_keys(self) -> Iterator[Batch]:
        """Yield the keys of all rows that exist now: records with nothing but the key."""
        self.way.require_visible(self.table)
        keys = self.primary_keys
        for page in self.way.read(self.table, Selection(keys_only=True, lower_names=True)):
            rows = self._own(page.rows)
            yield Batch([{name: row[name] for name in keys} for row in rows], page.extracted)

    def _narrow(self) -> Table:
        """Return the table with the selected columns, its key and what the stream itself needs."""
        needed = {*self.table.key, CHANGED, "ORG_ID"}
        columns = tuple(
            column
            for column in self.table.columns
            if column.name in needed or self.mask.get(("properties", column.name.lower()), True)
        )
        return dataclasses.replace(self.table, columns=columns)

    def _own(self, rows: Sequence[Row]) -> Sequence[Row]:
        units = self._ebs.units
        if not units or not rows or "org_id" not in rows[0]:
            return rows
        return [row for row in rows if row["org_id"] is None or row["org_id"] in units]

    def _given(self, window: Window) -> tuple[tuple[Value, ...], ...]:
        return tuple(dict.fromkeys(self._key_of(text) for text in window.keys))

    def _key_of(self, text: str) -> tuple[Value, ...]:
        parts = text.split(KEY_SEPARATOR)
        columns = [self.table.column(name) for name in self.table.key]
        try:
            if len(parts) != len(columns):
                raise ValueError
            return tuple(
                _key_value(column, part.strip()) for column, part in zip(columns, parts, strict=True)
            )
        except (ValueError, SystemFault):
            form = KEY_SEPARATOR.join(f"{column.name} ({column.kind.value})" for column in columns)
            raise SystemFault(
                f"The setting `keys` has {text!r}, which is no key of {self.name}.",
                fix=f"Give {form}, and select no stream with another key; dates as records have them.",
            ) from None


def schema_of(table: Table) -> dict[str, Any]:
    """Return the JSON schema of a table's records: key columns are never null, all others may be."""
    properties = {}
    for column in table.columns:
        prop = dict(_TYPES[column.kind])
        if column.name not in table.key:
            prop["type"] = [*prop["type"], "null"]
        prop["description"] = _DESCRIPTIONS.get(column.name) or (
            f"{table.name}.{column.name} ({column.kind.value}{', key' if column.name in table.key else ''})."
        )
        properties[column.name.lower()] = prop
    return {"type": "object", "properties": properties}


def _key_value(column: Column, text: str) -> Value:
    if not text:
        raise ValueError("empty")
    if column.kind is Kind.TEXT:
        return text
    if column.kind is Kind.DATE:
        return parse_instant(text).strftime("%Y-%m-%dT%H:%M:%SZ")
    return integer_of(text)
