"""A small company in the simulated EnterpriseOne: customers, suppliers, contacts, documents."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.tables import Table
from ml_sandbox.jde import seed
from ml_sandbox.testing import ControlClient, RunningSandbox
from tap_jde.tap import TapJde

ZONE = ZoneInfo("America/Denver")
BUSINESS = ("customers", "suppliers", "contacts")
Row = dict[str, Any]


def catalog_of(*names: str) -> dict[str, Any]:
    """A catalog that selects these streams."""
    catalog: dict[str, Any] = json.loads(_whole_catalog())
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in names
    return catalog


@functools.cache
def _whole_catalog() -> str:
    config = {"base_url": "http://127.0.0.1:9", "username": "u", "password": "p-secret"}
    return json.dumps(TapJde(config=config).catalog_dict)


def settings(sandbox: RunningSandbox, folder: Path) -> dict[str, Any]:
    """The tap's settings for the simulated server."""
    return {
        "base_url": f"{sandbox.url}/jde",
        "username": seed.USERNAME,
        "password": seed.PASSWORD,
        "environment": seed.ENVIRONMENT,
        "role": seed.ROLE,
        "server_timezone": ZONE.key,
        "token_store": str(folder / "tokens"),
        "window_lag": 0,
        "backoff": 0.01,
    }


def without_fields(catalog: dict[str, Any], stream: str, *kept: str) -> dict[str, Any]:
    """The catalog with these fields of a stream alone, beside its key."""
    for each in catalog["streams"]:
        for entry in each["metadata"] if each["tap_stream_id"] == stream else ():
            if len(entry["breadcrumb"]) == 2 and entry["breadcrumb"][1] not in kept:
                entry["metadata"]["selected"] = False
    return catalog


def day(control: ControlClient, shift: int = 0) -> str:
    """The server's day, so many days later."""
    return (control.now().astimezone(ZONE).date() + dt.timedelta(days=shift)).isoformat()


def rows(old: str) -> dict[str, list[Row]]:
    """The rows of each table, all changed on the day `old`."""
    numbers = (1001, 1002, 1003, 1004, 2001, 2002, 3001)
    stamp = {"UPMJ": old, "UPMT": 83005}
    found: dict[str, list[Row]] = {
        "F0101": [
            {
                "AN8": number,
                "ALKY": f"LONG{number}",
                "ALPH": f"Müller & Söhne {number}",
                "TAX": f"DE{number}",
                "MCU": "30",
                "AT1": {1: "C", 2: "V", 3: "E"}[number // 1000],
                "AC01": "A1",
                "CM": "OK" if number == 1001 else "",
                "EFTB": "2020-01-01",
            }
            for number in numbers
        ],
        "F0111": [
            *({"AN8": number, "IDLN": 0, "MLNM": f"Mailing {number}"} for number in numbers),
            {"AN8": 1001, "IDLN": 1, "ALPH": "Ann Lee", "GNNM": "Ann", "SRNM": "Lee", "ATTL": "Buyer"},
            {"AN8": 1001, "IDLN": 2, "MLNM": "Bob Ray"},
            {"AN8": 2001, "IDLN": 1, "ALPH": "Cid Fox", "TYC": "B"},
        ],
        "F0115": [
            _phone(1001, 0, 1, "FAX", "303", "555-0100"),
            _phone(1001, 0, 2, "", "303", "555-0101"),
            _phone(1001, 0, 3, "CAR", "", "555-0103"),
            {**_phone(1001, 0, 9, "", "", "555-0199"), "CNLN": 1},
            _phone(1001, 1, 1, "CAR", "720", "555-0111"),
            _phone(1001, 1, 2, "HOM", "720", "555-0112"),
            _phone(2001, 0, 1, "", "", "555-0201"),
        ],
        "F01151": [
            {"AN8": 1001, "IDLN": 0, "RCK7": 1, "ETP": "I", "EMAL": "https://1001.example"},
            {"AN8": 1001, "IDLN": 0, "RCK7": 2, "ETP": "E", "EMAL": "info@1001.example"},
            {"AN8": 1001, "IDLN": 1, "RCK7": 1, "ETP": "E", "EMAL": "ann@1001.example"},
            {"AN8": 2001, "IDLN": 0, "RCK7": 1, "ETP": "E", "EMAL": "info@2001.example"},
        ],
        "F0116": [
            {"AN8": number, "EFTB": "2020-01-01", "ADD1": f"{number} Main St", "CTY1": "Denver", "CTR": "US"}
            for number in numbers
        ],
        "F03012": [
            {"AN8": number, "CO": company, "TRAR": "N30", "ACL": 5000, "CRCD": "USD", "AC01": "K"}
            for number, company in (
                *((1001, "00000"), (1001, "00001"), (1002, "00000"), (1003, "00000")),
                *((1004, "00001"), (2002, "00000")),
            )
        ],
        "F0401": [{"AN8": number, "TRAP": "N60", "CRRP": "EUR", "PYIN": "T"} for number in (2001, 2002)],
        "F0411": [
            {"DOC": 10 + number, "DCT": "PV", "KCO": "00001", "SFX": "001", "SFXE": 0, "AG": "100.25"}
            for number in range(3)
        ],
        "F4301": [{"DOCO": 70, "DCTO": "OP", "KCOO": "00001", "SFXO": "000", "AN8": 2001, "TRDJ": old}],
    }
    for table, listed in found.items():
        time = TABLES[table].time_column or "UPMT"
        for row in listed:
            row.update({"UPMJ": stamp["UPMJ"], time: stamp["UPMT"]})
    return found


def fill(control: ControlClient, old: str) -> None:
    """Put the company into an empty system."""
    control.clear("jde")
    for table, listed in rows(old).items():
        control.put_rows("jde", table, listed)


def touch(control: ControlClient, table: str, key: Mapping[str, Any], **values: Any) -> None:
    """Change a row; the server stamps it."""
    control.put_rows("jde", table, [{**key, **values}])


def expected(table: Table, stored: Mapping[str, Any]) -> Row:
    """What a raw stream makes of a row as the control API shows it: blank text is null, but in keys."""
    names = [column.name for column in table.columns]
    return {name: None if stored[name] == "" and name not in table.key else stored[name] for name in names}


def _phone(number: int, line: int, sequence: int, kind: str, area: str, digits: str) -> Row:
    row = {"AN8": number, "IDLN": line, "CNLN": 0, "RCK7": sequence}
    return {**row, "PHTP": kind, "AR1": area, "PH1": digits}
