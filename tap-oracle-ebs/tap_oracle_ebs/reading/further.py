"""Tables that the setting `tables` names, beside those that are known."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from tap_oracle_ebs.catalog.tables import CHANGED, Column, Kind, Table

_NAME = re.compile(r"[A-Z][A-Z0-9_$#]*")
_STREAM = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ColumnsOf = Callable[["FurtherTable"], Sequence[Column]]


@dataclasses.dataclass(frozen=True)
class FurtherTable:
    """One entry of `tables`; without `columns` the service tells them."""

    name: str
    stream: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    alias: str = ""
    operation: str = ""
    is_full: bool = False

    def table(self, columns_of: ColumnsOf) -> Table:
        """Return the declaration of the table; SystemFault where it lacks a key column."""
        columns = tuple(self.columns or columns_of(self))
        missing = set(self.key) - {column.name for column in columns}
        if missing:
            raise SystemFault(
                f"`tables`: {self.name} has no column {', '.join(sorted(missing))}, which its key names.",
                fix="Add it to `columns`, or correct `key`.",
            )
        return Table(self.name, self.key, columns)


def further_tables(settings: Mapping[str, Any]) -> list[FurtherTable]:
    """Return the entries of `tables`; SystemFault for one that cannot be used."""
    found = [_entry(entry) for entry in settings.get("tables") or ()]
    _require_single("table", (entry.name for entry in found))
    _require_single("stream", (entry.stream for entry in found))
    return found


def with_places(settings: Mapping[str, Any], tables: Iterable[FurtherTable]) -> dict[str, Any]:
    """Return the settings of readers, in which these tables have their own aliases and operations."""
    merged = dict(settings)
    for table in tables:
        for value, by_table, by_stream in (
            (table.alias, "aliases", "package_aliases"),
            (table.operation, "operations", "package_operations"),
        ):
            if value:
                merged[by_table] = {**(merged.get(by_table) or {}), table.name: value}
                merged[by_stream] = {**(merged.get(by_stream) or {}), table.name.lower(): value}
    return merged


def _entry(entry: Mapping[str, Any]) -> FurtherTable:
    name = str(entry["name"]).strip().upper()
    key = tuple(str(column).strip().upper() for column in entry["key"])
    columns = tuple(
        Column(str(column).strip().upper(), Kind(kind))
        for column, kind in (entry.get("columns") or {}).items()
    )
    stream = str(entry.get("stream") or name.lower())
    for text in (name, *key, *(column.name for column in columns)):
        if not _NAME.fullmatch(text):
            raise SystemFault(f"`tables`: {text!r} is no name of a table or column.")
    if not _STREAM.fullmatch(stream):
        raise SystemFault(f"`tables`: {stream!r} is no name of a stream.", fix="Use letters, digits and _.")
    if len(set(key)) < len(key):
        raise SystemFault(f"`tables`: the key of {name} names a column twice.")
    return FurtherTable(
        name,
        stream,
        key,
        _whole_keys(columns, key),
        str(entry.get("alias") or ""),
        str(entry.get("operation") or ""),
        is_full=entry.get("replication") == "full",
    )


def _whole_keys(columns: tuple[Column, ...], key: tuple[str, ...]) -> tuple[Column, ...]:
    """Make what tells when a row changed a date, and numbers that are keys whole ones."""
    wrong = [column for column in columns if column.name == CHANGED and column.kind is not Kind.DATE]
    if wrong:
        raise SystemFault(f"`tables`: {CHANGED} must be of the type DATE, not {wrong[0].kind.value}.")
    return tuple(
        Column(column.name, Kind.INTEGER) if column.name in key and column.kind is Kind.NUMBER else column
        for column in columns
    )


def _require_single(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SystemFault(f"`tables` names the {what} {name} twice.", fix="Keep one of the entries.")
        seen.add(name)
