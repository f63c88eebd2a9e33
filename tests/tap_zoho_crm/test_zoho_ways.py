"""One record, read by COQL, by lists, by Bulk Read and by id, is the same to the byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.tap_run import ReadTap, TapRun

from ml_sandbox.testing import RunningSandbox

FIELDS: list[dict[str, Any]] = [
    {"api_name": "Many", "data_type": "multiselectpicklist", "options": ["a, b", "c", "d;e"]},
    {"api_name": "Share", "data_type": "percent"},
    {"api_name": "Weight", "data_type": "double", "decimals": 4},
    {"api_name": "Big", "data_type": "bigint"},
    {"api_name": "Born", "data_type": "date"},
    {"api_name": "Seen", "data_type": "datetime"},
    {"api_name": "Total", "data_type": "formula", "return_type": "currency"},
    {"api_name": "Late", "data_type": "formula", "return_type": "boolean"},
    {"api_name": "Odd", "data_type": "address", "with_json_type": False},
]
ROW: dict[str, Any] = {
    "Account_Name": 'Müller "& Söhne"\nGmbH, O\'Neill',
    "Annual_Revenue": 25000000,
    "Credit_Limit": 15000.5,
    "Employees": 12,
    "Credit_Hold": True,
    "Industry": "Food",
    "Tag": [{"name": "key"}, {"name": "alpha"}],
    "Many": ["c", "a, b"],
    "Share": 12.5,
    "Weight": 0.125,
    "Big": "123456789012345678",
    "Born": "1985-04-12",
    "Seen": "2026-07-01T12:00:00+02:00",
    "Total": 99.5,
    "Late": False,
}


@pytest.fixture
def account(sandbox: RunningSandbox) -> dict[str, Any]:
    """An account with a value of every kind, and its parent."""
    control = sandbox.control
    control.put_rows("zoho", "fields", [{"module": "Accounts", **field} for field in FIELDS])
    (parent,) = control.put_rows("zoho", "Accounts", [{"Account_Name": "Parent", "Website": ""}])
    (stored,) = control.put_rows("zoho", "Accounts", [{**ROW, "Parent_Account": {"id": parent["id"]}}])
    return stored


def line(run: TapRun, identifier: str) -> str:
    """The record of an id as it was written, byte by byte."""
    (found,) = [
        json.dumps(message["record"], ensure_ascii=False, default=str)
        for message in run.of_type("RECORD")
        if message["record"]["id"] == identifier
    ]
    return found


def test_every_way_gives_the_same_record(read: ReadTap, account: dict[str, Any]) -> None:
    identifier = str(account["id"])
    by_coql = line(read(read_way="coql"), identifier)
    for changes in (
        {"read_way": "list"},
        {"read_way": "bulk"},
        {"read_way": "coql", "coql_columns": 20},
        {"record_ids": [identifier]},
        {"record_ids": [f"Accounts:{identifier}"]},
        {"read_way": "list", "from": "2020-01-01T00:00:00Z"},
    ):
        assert line(read(**changes), identifier) == by_coql, changes


def test_a_record_is_what_the_sandbox_holds(read: ReadTap, account: dict[str, Any]) -> None:
    record = json.loads(line(read(), str(account["id"])))
    assert record["Parent_Account"] == {"id": account["Parent_Account"]["id"]}
    assert record["Tag"] == ["alpha", "key"]
    assert record["Many"] == ["a, b", "c"]
    assert (record["Credit_Limit"], record["Annual_Revenue"]) == ("15000.5", 25000000)
    assert record["Employees"] == 12
    assert record["Credit_Hold"] is True
    assert record["Late"] is False
    assert record["Big"] == "123456789012345678"
    assert record["Seen"] == "2026-07-01T10:00:00Z"
    assert record["Born"] == "1985-04-12"
    assert record["Account_Name"] == ROW["Account_Name"]
    assert record["Website"] is None
    assert record["Modified_Time"].endswith("Z")


def test_the_users_time_zone_changes_nothing(
    sandbox: RunningSandbox, read: ReadTap, account: dict[str, Any]
) -> None:
    before = line(read(), str(account["id"]))
    sandbox.control.settings(zoho={"time_zone": "Asia/Kolkata"})
    assert line(read(), str(account["id"])) == before


def test_single_reads_show_what_nothing_else_does(sandbox: RunningSandbox, read: ReadTap) -> None:
    (vendor,) = sandbox.control.put_rows("zoho", "Vendors", [{"Vendor_Name": "Supplier"}])
    order = {"Subject": "Order 1", "Vendor_Name": {"id": vendor["id"]}}
    sandbox.control.put_rows("zoho", "Purchase_Orders", [order])
    plain = read(modules=["Purchase_Orders"])
    assert "Purchase_Items" not in plain.of_type("SCHEMA")[0]["schema"]["properties"]
    whole = read(modules=["Purchase_Orders"], single_reads=["Purchase_Orders"])
    assert "Purchase_Items" in whole.of_type("SCHEMA")[0]["schema"]["properties"]
    assert "Purchase_Items" in whole.records("Purchase_Orders")[0]
