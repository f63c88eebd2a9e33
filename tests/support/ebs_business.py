"""Reading business streams of EBS in tests, in either way of access."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from support.tap_run import State, TapRun, run_here

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs

CUSTOMERS, CONTACTS = "customers", "customer_contacts"
SUMMARIES, EXCLUSIONS = "customer_summaries", "customer_exclusions"
STREAMS = (CUSTOMERS, CONTACTS, SUMMARIES, EXCLUSIONS)
ZONE = ZoneInfo("America/New_York")

WAYS: dict[str, dict[str, Any]] = {
    "lists": {},
    "whole": {"key_list_filter": False},
    "plsql": {"access": "plsql"},
}
"""The ways of reading, as settings."""

KEYS = {
    "HZ_PARTIES": ("PARTY_ID",),
    "HZ_CUST_ACCOUNTS": ("CUST_ACCOUNT_ID",),
    "HZ_CUST_ACCT_SITES_ALL": ("CUST_ACCT_SITE_ID",),
    "HZ_CUST_SITE_USES_ALL": ("SITE_USE_ID",),
    "HZ_CONTACT_POINTS": ("CONTACT_POINT_ID",),
    "HZ_RELATIONSHIPS": ("RELATIONSHIP_ID", "DIRECTIONAL_FLAG"),
    "HZ_ORG_CONTACTS": ("ORG_CONTACT_ID",),
    "HZ_CUST_ACCOUNT_ROLES": ("CUST_ACCOUNT_ROLE_ID",),
    "AP_SUPPLIERS": ("VENDOR_ID",),
    "AP_SUPPLIER_SITES_ALL": ("VENDOR_SITE_ID",),
    "PO_HEADERS_ALL": ("PO_HEADER_ID",),
    "PO_LINES_ALL": ("PO_LINE_ID",),
    "PO_LINE_LOCATIONS_ALL": ("LINE_LOCATION_ID",),
    "PO_DISTRIBUTIONS_ALL": ("PO_DISTRIBUTION_ID",),
    "AP_INVOICES_ALL": ("INVOICE_ID",),
    "AP_INVOICE_DISTRIBUTIONS_ALL": ("INVOICE_DISTRIBUTION_ID",),
    "AP_PAYMENT_SCHEDULES_ALL": ("INVOICE_ID", "PAYMENT_NUM"),
    "OE_ORDER_HEADERS_ALL": ("HEADER_ID",),
    "OE_ORDER_LINES_ALL": ("LINE_ID",),
    "RA_CUSTOMER_TRX_ALL": ("CUSTOMER_TRX_ID",),
    "AR_PAYMENT_SCHEDULES_ALL": ("PAYMENT_SCHEDULE_ID",),
    "GL_CODE_COMBINATIONS": ("CODE_COMBINATION_ID",),
    "GL_DAILY_RATES": ("FROM_CURRENCY", "TO_CURRENCY", "CONVERSION_DATE", "CONVERSION_TYPE"),
}
"""Table -> its key, of the tables that the sandbox keeps behind summaries and contacts."""


class ReadBusiness:
    """Runs the tap in this process with some business streams selected."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = dict(settings)

    def __call__(self, *streams: str, state: State | None = None, **changes: Any) -> TapRun:
        settings = {**self.settings, **changes}
        return run_here(TapOracleEbs, settings, state, catalog=catalog_of(*streams))


@functools.cache
def catalog_of(*streams: str) -> dict[str, Any]:
    """A catalog with these streams alone, all of them selected; it is the same for all settings."""
    offline = {
        "base_url": "http://127.0.0.1:9",
        "username": "nobody",
        "password": "none",
        "alias": "none",
        "responsibility": "none",
        "responsibility_application": "none",
        "server_timezone": "UTC",
    }
    catalog: dict[str, Any] = TapOracleEbs(config=offline).catalog_dict
    catalog["streams"] = [stream for stream in catalog["streams"] if stream["tap_stream_id"] in streams]
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = True
    return catalog


def lines_of(run: TapRun) -> list[str]:
    """The records as they were written, without the time at which they were asked for."""
    return [line.partition(',"time_extracted"')[0] for line in run.lines if '"type":"RECORD"' in line]


def now(sandbox: RunningSandbox) -> dt.datetime:
    """The server's local time."""
    return sandbox.control.now().astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def midnight(sandbox: RunningSandbox, days: int = 0) -> dt.datetime:
    """The beginning of the server's day, some days on."""
    return now(sandbox).replace(hour=0, minute=0, second=0) + dt.timedelta(days=days)


def bookmark(when: dt.datetime) -> State:
    """A state of all business streams with a local time of the server as bookmark."""
    value = when.replace(tzinfo=ZONE).astimezone(dt.UTC).isoformat()
    mark = {"replication_key": "last_update_date", "replication_key_value": value}
    return {"bookmarks": {stream: dict(mark) for stream in STREAMS}}


def rows(sandbox: RunningSandbox, table: str, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of a table with these values, by key."""
    found = [
        row
        for row in sandbox.control.rows("ebs", table)
        if all(row[name] == value for name, value in wanted.items())
    ]
    return sorted(found, key=lambda row: tuple(row[name] for name in KEYS[table]))


@contextlib.contextmanager
def changed(sandbox: RunningSandbox, table: str, row: Mapping[str, Any], **values: Any) -> Iterator[None]:
    """Change a row, stamped now unless the values say otherwise, and put it back afterwards."""
    key = {name: row[name] for name in KEYS[table]}
    sandbox.control.put_rows("ebs", table, [{**key, **values}])
    try:
        yield
    finally:
        sandbox.control.put_rows("ebs", table, [row])


@contextlib.contextmanager
def added(sandbox: RunningSandbox, table: str, **values: Any) -> Iterator[dict[str, Any]]:
    """Add a row and delete it afterwards."""
    (row,) = sandbox.control.put_rows("ebs", table, [values])
    try:
        yield row
    finally:
        key = {name: row[name] for name in KEYS[table]}
        sandbox.control.put_rows("ebs", table, [{**key, "__deleted": True}])


def settings_of(sandbox: RunningSandbox, folder: Path) -> dict[str, Any]:
    """The tap pointed at the sandbox, with every table under one alias."""
    tables = [row for row in sandbox.control.rows("ebs", "deployments") if row["alias"] != "mlread"]
    every = {"alias": "every", "operations": [name for row in tables for name in row["operations"]]}
    sandbox.control.put_rows("ebs", "deployments", [every])
    sandbox.control.put_rows("ebs", "grants", [{"user": "ML_EXTRACT", "alias": "every"}])
    return {
        "base_url": f"{sandbox.url}/ebs",
        "username": "ML_EXTRACT",
        "password": "extract-1",
        "alias": "every",
        "package_alias": "mlread",
        "responsibility": "ML_CONNECTOR_INQUIRY",
        "responsibility_application": "AR",
        "server_timezone": "America/New_York",
        "token_store": str(folder / "tokens"),
        "orders_from": "both",
        "window_lag": 0,
        "look_back": 0,
    }
