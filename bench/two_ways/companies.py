"""Customers with a contact each, as rows of JD Edwards and as Accounts of Zoho CRM."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]

FIRST = 10_001
_PUT = 10_000
_DAYS = 300
_EFFECTIVE = "2024-01-01"


def put_into_jde(control: ControlClient, count: int) -> None:
    """Customers of the past months: master, line 0, contact, phone, address, e-mail, terms."""
    tables: dict[str, list[Row]] = {}
    for number in range(FIRST, FIRST + count):
        for table, row in _jde_rows(number):
            tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        _put(control, "jde", table, rows)


def put_into_zoho(control: ControlClient, accounts: Sequence[Row]) -> list[Row]:
    """Accounts as people enter or change them; gives what is stored."""
    return _put(control, "zoho", "Accounts", accounts)


def unlinked(count: int) -> list[Row]:
    """The same customers as Accounts without an address number, their tax ids spelled otherwise."""
    return [
        {"Account_Name": _name(number), "VAT_Number": f"DE {tax_id(number)[2:5]} {tax_id(number)[5:]}"}
        for number in range(FIRST, FIRST + count)
    ]


def prospects(count: int) -> list[Row]:
    """Accounts that JD Edwards does not know."""
    return [
        {
            "Account_Name": f"Prospect {number:06}",
            "Phone": f"040 {number:07}",
            "Billing_Street": f"Road {number}",
            "Billing_City": "Hamburg",
            "Billing_Code": f"{number:05}",
            "Billing_Country": "DE",
        }
        for number in range(count)
    ]


def linked_account(number: int) -> Row:
    """An Account by API names, as a target or a script writes it."""
    return {
        "JDE_Address_Number": str(number),
        "Account_Name": _name(number),
        "Phone": f"030 {number:07}",
        "Billing_Street": f"Street {number}",
        "Billing_City": "Berlin",
        "Billing_Code": f"{number:05}",
        "Billing_Country": "DE",
        "VAT_Number": tax_id(number),
        "Credit_Limit": 1000.0,
    }


def moved(numbers: range, city: str) -> list[Row]:
    """Rows of F0116 of customers that moved today."""
    return [{"AN8": number, "EFTB": _EFFECTIVE, "CTY1": city} for number in numbers]


def tax_id(number: int) -> str:
    """The tax id of a customer."""
    return f"DE{number:09}"


def _jde_rows(number: int) -> Iterator[tuple[str, Row]]:
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=10 + number % _DAYS)
    row = {"AN8": number, "UPMJ": day.isoformat(), "UPMT": 80_000}
    name = _name(number)
    yield (
        "F0101",
        {**row, "ALPH": name, "TAX": tax_id(number), "AT1": "C", "EFTB": _EFFECTIVE, "AC01": "WHL"},
    )
    yield "F0111", {**row, "IDLN": 0, "ALPH": name, "MLNM": name}
    yield (
        "F0111",
        {**row, "IDLN": 1, "ALPH": f"Ann Buyer{number}", "GNNM": "Ann", "SRNM": f"Buyer{number}"},
    )
    yield "F0115", {**row, "IDLN": 0, "CNLN": 0, "RCK7": 1, "AR1": "030", "PH1": f"{number:07}"}
    yield (
        "F01151",
        {**row, "IDLN": 1, "RCK7": 1, "ETP": "E", "EMAL": f"buyer{number}@customers.example"},
    )
    place = {"ADD1": f"Street {number}", "ADDZ": f"{number:05}", "CTY1": "Berlin", "CTR": "DE"}
    yield "F0116", {**row, "EFTB": _EFFECTIVE, **place}
    yield "F03012", {**row, "CO": "00000", "TRAR": "N30", "ACL": 1000, "AC01": "WHL"}


def _name(number: int) -> str:
    return f"Customer {number:06}"


def _put(control: ControlClient, system: str, name: str, rows: Sequence[Row]) -> list[Row]:
    stored: list[Row] = []
    for first in range(0, len(rows), _PUT):
        stored += control.put_rows(system, name, rows[first : first + _PUT])
    return stored
