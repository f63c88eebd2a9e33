"""The kinds of business record: their keys, schemas, and the tables behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping
from functools import partial
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


def business_object(name: str, options: Options, chosen: Container[str] | None = None) -> BusinessObject:
    """Return a kind of record by its name: customers, suppliers, contacts.

    `chosen`: the fields that are wanted beside the key, by default all. A table that no field comes from is
    not read, and a change in it is none.
    """
    if name == "contacts":
        return _contacts(options, chosen)
    key = ("address_number",)
    if name == "customers":
        names = _wanted(fields.CUSTOMER, key, chosen)
        role = _source("F03012", names, equal("CO", options.company))
        made = partial(compose.customer, names=names)
    else:
        names = _wanted(fields.SUPPLIER, key, chosen)
        role = _source("F0401", names)
        made = partial(compose.supplier, names=names)
    behind = fields.tables_of(names)
    reached = (
        Source(TABLES["F0111"].only(("MLNM",)), _ENTITY),
        Source(TABLES["F0115"].only(_PHONE), _ENTITY),
        Source(TABLES["F01151"].only(_MAIL), _ENTITY),
        _source("F0116", names),
    )
    sources = (
        _source("F0101", names, more=("EFTB",)),
        *(source for source in reached if source.table.name in behind),
        role,
    )
    return BusinessObject(name, key, ("AN8",), fields.schema_of(names, key), sources, made)


def _contacts(options: Options, chosen: Container[str] | None) -> BusinessObject:
    key = ("address_number", "line_number")
    names = _wanted(fields.CONTACT, key, chosen)
    behind = fields.tables_of(names)
    reached = (
        Source(TABLES["F0115"].only(_PHONE), _CONTACTS),
        Source(TABLES["F01151"].only(_MAIL), _CONTACTS),
    )
    sources = [
        Source(TABLES["F0111"].only((*fields.aliases_of(names, "F0111"), "ALPH", "MLNM")), _CONTACTS),
        *(source for source in reached if source.table.name in behind),
    ]
    if options.search_types:
        sources.append(Source(TABLES["F0101"].only(("AT1",))))
    schema = fields.schema_of(names, key)
    made = partial(compose.contacts, names=names)
    return BusinessObject("contacts", key, ("AN8", "IDLN"), schema, tuple(sources), made)


def _wanted(names: fields.Fields, key: tuple[str, ...], chosen: Container[str] | None) -> fields.Fields:
    always = {*key, "updated_at"}
    return {
        name: source for name, source in names.items() if chosen is None or name in always or name in chosen
    }


def _source(table: str, names: fields.Fields, *where: Condition, more: tuple[str, ...] = ()) -> Source:
    return Source(TABLES[table].only((*fields.aliases_of(names, table), *more)), where)


def _holds(condition: Condition, row: Row) -> bool:
    value = row[condition.column]
    if not condition.values:
        return not value
    wanted = condition.values[0].content
    if condition.operator == "GREATER":
        return isinstance(value, int) and value > int(wanted)
    return str(value) == wanted
