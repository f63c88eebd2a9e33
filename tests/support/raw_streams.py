"""Reading raw streams of EBS in tests, and what the tables of the simulator say they should be."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from support.tap_run import State, TapRun, run_here

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES, Kind, Table
from tap_oracle_ebs.tap import TapOracleEbs

_CATALOGS: dict[str, str] = {}
STORED_IN = {"PO_VENDORS": "AP_SUPPLIERS", "PO_VENDOR_SITES_ALL": "AP_SUPPLIER_SITES_ALL"}
"""View -> the table whose rows it shows."""


def catalog_of(settings: Mapping[str, Any], *streams: str, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    """A catalog that selects these streams; of their fields only those named, where any are."""
    # Making a tap of so many streams takes its time; only `tables` changes what they are.
    tables = json.dumps([settings.get("tables"), settings.get("alias")], sort_keys=True)
    if tables not in _CATALOGS or settings.get("tables"):
        _CATALOGS[tables] = json.dumps(TapOracleEbs(config=dict(settings)).catalog_dict)
    catalog: dict[str, Any] = json.loads(_CATALOGS[tables])
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in streams
            elif fields and entry["metadata"].get("inclusion") != "automatic":
                entry["metadata"]["selected"] = entry["breadcrumb"][-1] in fields
    return catalog


class ReadRaw:
    """Runs the tap in this process with some raw streams selected."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = dict(settings)

    def __call__(
        self, *streams: str, state: State | None = None, fields: tuple[str, ...] = (), **changes: Any
    ) -> TapRun:
        settings = {**self.settings, **changes}
        catalog = catalog_of(settings, *streams, fields=fields)
        return run_here(TapOracleEbs, settings, state, catalog=catalog)


def expected(sandbox: RunningSandbox, name: str, zone: str = "America/New_York") -> list[dict[str, Any]]:
    """The records that a table's stream should give, sorted by key."""
    table = TABLES[name]
    rows = sandbox.control.rows("ebs", STORED_IN.get(name, name))
    return in_order(table, [record_of(table, row, zone) for row in rows])


def in_order(table: Table, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records by key, which for streams of several pages says nothing of the order they came in."""
    return sorted(records, key=lambda record: [str(record[column.lower()]) for column in table.key])


def record_of(table: Table, row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """What a row of the simulator is as a record."""
    return {column.name.lower(): _value(column.kind, row[column.name], zone) for column in table.columns}


def _value(kind: Kind, value: Any, zone: str) -> Any:
    if value is None:
        return None
    if kind is Kind.TEXT:
        return str(value)
    if kind is Kind.DATE:
        local = dt.datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(zone))
        return local.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Decimal(str(value))
