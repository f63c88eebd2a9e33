"""The kinds of business record: their keys, schemas, and the tables behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ml_connector.vendors.jde.answers import Row
from ml_connector.vendors.jde.business import compose, fields
from ml_connector.vendors.jde.business.options import Options
from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.query import Condition, compared, equal
from ml_connector.vendors.jde.tables import Table

Key = tuple[int, ...]

_ENTITY = (equal("IDLN", 0),)
_CONTACTS = (compared("IDLN", "GREATER", 0),)
_PHONE = ("PHTP", "AR1", "PH1")
_MAIL = ("ETP", "EMAL")


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A table behind a kind of record, with the columns that are read, and which of its rows count."""

    table: Table
    where: tuple[Condition, ...] = ()

    def counts(self, row: Row) -> bool:
        """Tell whether a row is behind a record, whatever the server made of the conditions."""
        return all(_holds(each, row) for each in self.where)


@dataclasses.dataclass(frozen=True, slots=True)
class BusinessObject:
    """A kind of record. The first source has a row for each address number that may have one.

    `key` are fields of the record, `columns` those of rows behind it; a row without the last of them is
    behind all records of its address number.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    schema: Mapping[str, Any]
    sources: tuple[Source, ...]
    compose: compose.Compose

    def key_of(self, row: Row) -> Key:
        """Return the key of the record that a row is behind, or the beginning of several."""
        return tuple(int(str(row[name])) for name in self.columns if name in row)


def business_object(name: str, options: Options) -> BusinessObject:
    """Return a kind of record by its name: customers, suppliers, contacts."""
    if name == "contacts":
        return _contacts(options)
    key = ("address_number",)
    if name == "customers":
        terms = _source("F03012", fields.CUSTOMER, equal("CO", options.company))
        made = compose.customer
        names = fields.CUSTOMER
    else:
        terms = _source("F0401", fields.SUPPLIER)
        made = compose.supplier
        names = fields.SUPPLIER
    sources = (
        _source("F0101", names, more=("EFTB",)),
        Source(TABLES["F0111"].only(("MLNM",)), _ENTITY),
        Source(TABLES["F0115"].only(_PHONE), _ENTITY),
        Source(TABLES["F01151"].only(_MAIL), _ENTITY),
        _source("F0116", names),
        terms,
    )
    return BusinessObject(name, key, ("AN8",), fields.schema_of(names, key), sources, made)


def _contacts(options: Options) -> BusinessObject:
    key = ("address_number", "line_number")
    lines = TABLES["F0111"].only((*fields.aliases_of(fields.CONTACT, "F0111"), "ALPH", "MLNM"))
    sources = [
        Source(lines, _CONTACTS),
        Source(TABLES["F0115"].only(_PHONE), _CONTACTS),
        Source(TABLES["F01151"].only(_MAIL), _CONTACTS),
    ]
    if options.search_types:
        sources.append(Source(TABLES["F0101"].only(("AT1",))))
    return BusinessObject(
        "contacts",
        key,
        ("AN8", "IDLN"),
        fields.schema_of(fields.CONTACT, key),
        tuple(sources),
        compose.contacts,
    )


def _source(table: str, names: fields.Fields, *where: Condition, more: tuple[str, ...] = ()) -> Source:
    return Source(TABLES[table].only((*fields.aliases_of(names, table), *more)), where)


def _holds(condition: Condition, row: Row) -> bool:
    value, wanted = row[condition.column], condition.values[0].content
    if condition.operator == "GREATER":
        return isinstance(value, int) and value > int(wanted)
    return str(value) == wanted
