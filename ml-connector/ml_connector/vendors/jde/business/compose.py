"""From rows to records. Blank is null; the order of fields is that of `fields`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ml_connector.vendors.jde.answers import Row
from ml_connector.vendors.jde.business import fields
from ml_connector.vendors.jde.business.fields import Fields
from ml_connector.vendors.jde.business.options import Options
from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.tables import UPDATED, Kind
from ml_connector.vendors.jde.values import time_of, wrong_value
from ml_connector.zones import ServerZone

Record = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""The rows behind one address number, by table."""


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """What decides beside the rows: the settings, the server's day, its zone."""

    options: Options
    today: dt.date
    zone: ServerZone


def customer(rows: Rows, around: Around, names: Fields = fields.CUSTOMER) -> list[Record]:
    """Return the customer of an address number; none where it has no row of the company in F03012."""
    terms = [row for row in rows["F03012"] if row["CO"] == around.options.company]
    return _party(names, {**rows, "F03012": terms}, "F03012", around)


def supplier(rows: Rows, around: Around, names: Fields = fields.SUPPLIER) -> list[Record]:
    """Return the supplier of an address number; none where it has no row in F0401."""
    return _party(names, rows, "F0401", around)


def contacts(rows: Rows, around: Around, names: Fields = fields.CONTACT) -> list[Record]:
    """Return the contacts of an address number, by line."""
    wanted = around.options.search_types
    if wanted and not any(row["AT1"] in wanted for row in rows["F0101"]):
        return []
    return [
        _contact(names, line, rows, around)
        for line in sorted(rows["F0111"], key=lambda row: _rank(row, "IDLN"))
    ]


def _party(names: Fields, rows: Rows, role: str, around: Around) -> list[Record]:
    if not rows["F0101"] or not rows[role]:
        return []
    master = rows["F0101"][0]
    chosen: dict[str, Row | None] = {
        "F0101": master,
        "F0111": next(iter(rows.get("F0111", ())), None),
        "F0116": current_address(rows.get("F0116", ()), master["EFTB"], around),
        role: rows[role][0],
    }
    phones, emails = _phones(rows.get("F0115", ())), _emails(rows.get("F01151", ()))
    options = around.options
    made: Record = {
        **_first_phone(phones, options.fax),
        "fax": _number(_first(phones, options.fax)),
        "phones": phones,
        "email": _address(_first(emails, options.email)),
        "website": _address(_first(emails, options.website)),
        "emails": emails,
        "updated_at": updated_at(rows, around.zone),
    }
    return [_record(names, chosen, made)]


def _contact(names: Fields, line: Row, rows: Rows, around: Around) -> Record:
    own = {
        table: [row for row in rows.get(table, ()) if row["IDLN"] == line["IDLN"]]
        for table in ("F0115", "F01151")
    }
    phones, emails, options = _phones(own["F0115"]), _emails(own["F01151"]), around.options
    made: Record = {
        "name": line["ALPH"] or line["MLNM"],
        "phone": _first_phone(phones, options.fax | options.mobile)["phone"],
        "phones": phones,
        "mobile": _number(_first(phones, options.mobile)),
        "email": _address(_first(emails, options.email)),
        "emails": emails,
        "updated_at": updated_at({"F0111": [line], **own}, around.zone),
    }
    return _record(names, {"F0111": line}, made)


def _record(names: Fields, chosen: Mapping[str, Row | None], made: Record) -> Record:
    record: Record = {}
    for name, source in names.items():
        if name in made:
            record[name] = made[name]
            continue
        table, _, alias = source.partition(".")
        row = chosen[table]
        record[name] = None if row is None else row[alias]
    return record


def current_address(rows: Iterable[Row], effective: Any, around: Around) -> Row | None:
    """Return the row of F0116 that counts today: that of F0101.EFTB, else the newest that has begun.

    A date is maintained in F0101 by the master business function; rows that begin later become current
    without any change of their own.
    """
    dated = {str(row["EFTB"] or ""): row for row in rows}
    if not around.options.address_by_date and effective is not None and effective in dated:
        return dated[effective]
    begun = [day for day in dated if day <= around.today.isoformat()]
    return dated[max(begun)] if begun else None


def updated_at(rows: Rows, zone: ServerZone) -> str | None:
    """Return the instant of the newest change among rows; None where none says when it was changed."""
    newest: tuple[str, dt.time] | None = None
    for table, listed in rows.items():
        time_column = TABLES[table].time_column or ""
        for row in listed:
            day = row.get(UPDATED)
            if day is None:
                continue
            stamp = (str(day), _time(table, row, time_column))
            newest = stamp if newest is None or stamp > newest else newest
    if newest is None:
        return None
    return zone.instant_text(dt.datetime.combine(dt.date.fromisoformat(newest[0]), newest[1]))


def _time(table: str, row: Row, column: str) -> dt.time:
    value = row.get(column)
    try:
        return time_of(value if isinstance(value, int) else None)
    except ValueError:
        key = {name: row.get(name) for name in TABLES[table].key}
        raise wrong_value(table, key, column, value, Kind.INSTANT) from None


def _phones(rows: Sequence[Row]) -> list[Record]:
    return [
        {
            "line": row["IDLN"],
            "sequence": row["RCK7"],
            "type": row["PHTP"],
            "area_code": row["AR1"],
            "number": row["PH1"],
        }
        for row in sorted(rows, key=lambda row: _rank(row, "RCK7"))
        if not row["CNLN"]
    ]


def _emails(rows: Sequence[Row]) -> list[Record]:
    return [
        {"line": row["IDLN"], "sequence": row["RCK7"], "type": row["ETP"], "address": row["EMAL"]}
        for row in sorted(rows, key=lambda row: _rank(row, "RCK7"))
    ]


def _rank(row: Row, column: str) -> int:
    value = row[column]
    return value if isinstance(value, int) else 0


def _first(listed: Sequence[Record], types: frozenset[str]) -> Record | None:
    return next((each for each in listed if (each["type"] or "") in types), None)


def _first_phone(phones: Sequence[Record], without: frozenset[str]) -> Record:
    kept = (each for each in phones if each["number"] and (each["type"] or "") not in without)
    first = next(kept, None)
    return {"phone": _number(first), "phone_type": first["type"] if first else None}


def _number(phone: Record | None) -> str | None:
    parts = [phone["area_code"], phone["number"]] if phone else []
    return " ".join(part for part in parts if part) or None


def _address(email: Record | None) -> str | None:
    return None if email is None else email["address"]


Compose = Callable[[Rows, Around], list[Record]]
