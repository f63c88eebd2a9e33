"""Tables that the setting `tables` names, beside those that are known."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.reading import Selection, TableReader
from ml_connector.vendors.jde.tables import UPDATED, Column, Kind, Table

logger = logging.getLogger(__name__)

_TABLE = re.compile(r"F[0-9][A-Z0-9]{1,9}")
_ALIAS = re.compile(r"[A-Z][A-Z0-9]{0,9}")
_STREAM = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS = {"TEXT": Kind.TEXT, "INTEGER": Kind.INTEGER, "NUMBER": Kind.NUMBER}
_KINDS |= {"DATE": Kind.DATE, "INSTANT": Kind.INSTANT}
# Types of the data dictionary (OWTP): character, string, numeric, date, UTIME.
_DICTIONARY_KINDS = {"1": Kind.TEXT, "2": Kind.TEXT, "9": Kind.NUMBER, "11": Kind.DATE, "55": Kind.INSTANT}
_DICTIONARY = Table("F9210", ("DTAI",), (Column("DTAI", Kind.TEXT), Column("OWTP", Kind.TEXT)))
_WHOLE = frozenset({"UPMT", "TDAY"})


@dataclasses.dataclass(frozen=True)
class FurtherTable:
    """One entry of `tables`; without `columns` the server tells them."""

    name: str
    stream: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    is_full: bool = False

    def table(self, reader: TableReader | None) -> Table:
        """Return the declaration of the table; SystemFault where it lacks a key column."""
        columns = self.columns or _discovered(reader, self.name)
        missing = set(self.key) - {column.name for column in columns}
        if missing:
            raise SystemFault(
                f"`tables`: {self.name} has no column {', '.join(sorted(missing))}, which its key names.",
                fix="Add it to `columns`, or correct `key`.",
            )
        return Table(self.name, self.key, _whole(columns, self.key))


def further_tables(settings: Mapping[str, Any]) -> list[FurtherTable]:
    """Return the entries of `tables`; SystemFault for one that cannot be used."""
    found = [_entry(entry) for entry in settings.get("tables") or ()]
    _require_single("table", (entry.name for entry in found))
    _require_single("stream", (entry.stream for entry in found))
    return found


def _entry(entry: Mapping[str, Any]) -> FurtherTable:
    name = str(entry["name"]).strip().upper()
    key = tuple(str(column).strip().upper() for column in entry["key"])
    columns = tuple(
        Column(str(column).strip().upper(), _KINDS[str(kind)])
        for column, kind in (entry.get("columns") or {}).items()
    )
    stream = str(entry.get("stream") or name.lower())
    if not _TABLE.fullmatch(name):
        raise SystemFault(f"`tables`: {name!r} is no name of a table.", fix="Give one such as F01112.")
    for text in (*key, *(column.name for column in columns)):
        if not _ALIAS.fullmatch(text):
            raise SystemFault(
                f"`tables`: {text!r} is no name of a column.", fix="Give its alias, such as AN8."
            )
    if not _STREAM.fullmatch(stream):
        raise SystemFault(f"`tables`: {stream!r} is no name of a stream.", fix="Use letters, digits and _.")
    if len(set(key)) < len(key):
        raise SystemFault(f"`tables`: the key of {name} names a column twice.", fix="Correct `key`.")
    return FurtherTable(name, stream, key, columns, is_full=entry.get("replication") == "full")


def _discovered(reader: TableReader | None, name: str) -> tuple[Column, ...]:
    """Return the columns that the server names, with the types of its data dictionary."""
    if reader is None:
        raise SystemFault(f"`tables`: {name} has no columns.", fix="Name them in `columns`.")
    aliases = reader.columns(name)
    if not aliases:
        raise SystemFault(f"`tables`: the server names no columns of {name}.", fix="Name them in `columns`.")
    known = {column.name: column.kind for table in TABLES.values() for column in table.columns}
    unknown = [alias for alias in aliases if alias not in known]
    kinds = known | _dictionary_kinds(reader, unknown)
    return tuple(Column(alias, kinds.get(alias, Kind.TEXT)) for alias in aliases)


def _dictionary_kinds(reader: TableReader, aliases: list[str]) -> dict[str, Kind]:
    if not aliases:
        return {}
    try:
        rows = list(reader.rows(_DICTIONARY, Selection(column="DTAI", values=aliases)))
    except SystemFault as fault:
        logger.warning("The data dictionary cannot be read; unknown columns are text: %s", fault.message)
        return {}
    found = {str(row["DTAI"]): str(row["OWTP"] or "").strip() for row in rows}
    return {alias: _DICTIONARY_KINDS[kind] for alias, kind in found.items() if kind in _DICTIONARY_KINDS}


def _whole(columns: tuple[Column, ...], key: tuple[str, ...]) -> tuple[Column, ...]:
    """Make the date of change a date, and numbers that are keys or times whole ones."""
    made = []
    for column in columns:
        kind = column.kind
        if column.name == UPDATED and kind is not Kind.DATE:
            raise SystemFault(f"`tables`: {UPDATED} must be of the type DATE, not {kind.value.upper()}.")
        if kind is Kind.NUMBER and (column.name in key or column.name in _WHOLE):
            kind = Kind.INTEGER
        made.append(Column(column.name, kind))
    return tuple(made)


def _require_single(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SystemFault(f"`tables` names the {what} {name} twice.", fix="Keep one of the entries.")
        seen.add(name)
