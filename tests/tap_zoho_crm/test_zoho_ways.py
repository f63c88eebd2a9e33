"""One record, read by COQL, by lists, by Bulk Read and by id, is the same to the byte."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.tap_run import ReadTap, TapRun

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

RICH = "<p>" + "long " * 200 + "</p>"
FIELDS: list[dict[str, Any]] = [
    {"api_name": "Line", "data_type": "text"},
    {"api_name": "Note", "data_type": "textarea"},
    {"api_name": "Story", "data_type": "textarea", "return_type": "rich"},
    {"api_name": "Edge", "data_type": "textarea", "return_type": "rich"},
    {"api_name": "Mail", "data_type": "email"},
    {"api_name": "Dial", "data_type": "phone"},
    {"api_name": "Page", "data_type": "website"},
    {"api_name": "One", "data_type": "picklist", "options": ["a, b", "c", "d;e"]},
    {"api_name": "Many", "data_type": "multiselectpicklist", "options": ["a, b", "c", "d;e"]},
    {"api_name": "Born", "data_type": "date"},
    {"api_name": "Seen", "data_type": "datetime"},
    {"api_name": "Count", "data_type": "integer"},
    {"api_name": "Big", "data_type": "bigint"},
    {"api_name": "Weight", "data_type": "double", "decimals": 4},
    {"api_name": "Price", "data_type": "currency"},
    {"api_name": "Share", "data_type": "percent"},
    {"api_name": "Flag", "data_type": "boolean"},
    {"api_name": "Number", "data_type": "autonumber"},
    {"api_name": "Partner", "data_type": "lookup", "lookup_module": "Accounts"},
    {"api_name": "Person", "data_type": "userlookup"},
    {"api_name": "Total", "data_type": "formula", "return_type": "currency"},
    {"api_name": "Late", "data_type": "formula", "return_type": "boolean"},
    {"api_name": "Due", "data_type": "formula", "return_type": "datetime"},
    {"api_name": "Sum", "data_type": "rollup_summary", "return_type": "double"},
    {"api_name": "Odd", "data_type": "address", "with_json_type": False},
    {"api_name": "Bell", "data_type": "event_reminder"},
    {"api_name": "Rule", "data_type": "RRULE"},
    {"api_name": "Call", "data_type": "ALARM"},
]
DEEP: list[dict[str, Any]] = [
    {
        "api_name": "Rows",
        "data_type": "subform",
        "subfields": [
            {"api_name": "Item", "data_type": "text"},
            {"api_name": "Cost", "data_type": "currency"},
            {"api_name": "At", "data_type": "datetime"},
        ],
    },
    {"api_name": "Friends", "data_type": "multiselectlookup", "lookup_module": "Accounts"},
    {"api_name": "Team", "data_type": "multiuserlookup"},
    {"api_name": "Papers", "data_type": "fileupload"},
    {"api_name": "Pictures", "data_type": "imageupload"},
    {"api_name": "Face", "data_type": "profileimage"},
]
FULL: dict[str, Any] = {
    "Line": 'Müller "& Söhne", O\'Neill;x',
    "Note": "one\ntwo, three",
    "Story": RICH,
    "Edge": "e" * 500,
    "Mail": "a@b.example",
    "Dial": "+1 (555) 1",
    "Page": "https://b.example",
    "One": "d;e",
    "Many": ["c", "a, b"],
    "Born": "1985-04-12",
    "Seen": "2026-07-01T12:00:00+02:00",
    "Count": 12,
    "Big": "123456789012345678",
    "Weight": 0.125,
    "Price": 15000.5,
    "Share": 12.5,
    "Flag": True,
    "Total": 99.5,
    "Late": True,
    "Due": "2026-01-01T00:00:00+00:00",
    "Sum": 2.25,
    "Odd": "Street 1",
    "Bell": "15 mins",
    "Rule": "FREQ=DAILY",
    "Call": "ACTION=EMAIL",
    "Tag": [{"name": "key"}, {"name": "alpha"}],
}
ZERO: dict[str, Any] = {
    "Line": "0",
    "Count": 0,
    "Big": "0",
    "Weight": 0,
    "Price": 0,
    "Share": 0,
    "Flag": False,
    "Total": 0,
    "Late": False,
    "Sum": 0,
    "Note": "",
    "Many": [],
    "Seen": "2026-01-01T00:00:00-08:00",
}
NAMES = {"Accounts": "Account_Name", "Contacts": "Last_Name", "Vendors": "Vendor_Name", "Sites": "Name"}
Lines = dict[tuple[str, str], str]


@pytest.fixture
def world(sandbox: RunningSandbox) -> dict[str, list[str]]:
    """Per module the ids of a record with a value of every type, one of zeros, and one of nothing."""
    control = sandbox.control
    control.put_rows("zoho", "modules", [{"api_name": "Sites"}])
    fields = [{"module": module, **field} for module in NAMES for field in [*FIELDS, *DEEP]]
    control.put_rows("zoho", "fields", fields)
    (partner,) = control.put_rows("zoho", "Accounts", [{"Account_Name": "Partner"}])
    links = {"Partner": {"id": partner["id"]}, "Person": {"id": seed.USER_ID}}
    deep = {
        "Rows": [{"Item": "x", "Cost": 1.5, "At": "2026-07-01T12:00:00+02:00"}, {"Item": "y", "Cost": 0}],
        "Friends": [{"id": partner["id"]}],
    }
    found = {}
    for module, name in NAMES.items():
        rows = [{name: "Full", **FULL, **links, **deep}, {name: "Zero", **ZERO}, {name: "Empty"}]
        found[module] = [str(row["id"]) for row in control.put_rows("zoho", module, rows)]
    return found


def lines(run: TapRun) -> Lines:
    """The records as they were written, byte by byte."""
    found = {}
    for message, line in zip(run.messages, run.lines, strict=True):
        if message["type"] == "RECORD":
            record = line.partition('"record":')[2].partition(',"time_extracted"')[0]
            assert record.startswith("{")
            found[message["stream"], message["record"]["id"]] = record
    return found


def test_every_way_gives_the_same_record(
    read: ReadTap, world: dict[str, list[str]], sandbox: RunningSandbox
) -> None:
    modules = list(NAMES)
    first = read(modules=modules, read_way="coql")
    by_coql = lines(first)
    assert len(by_coql) == 13
    by_name = {record["Line"]: record for record in first.records("Sites")}
    (full, zero) = by_name[FULL["Line"]], by_name["0"]
    # What was written is what is read; each type in its form.
    assert not {name for name in [*FULL, "Partner", "Person"] if full[name] is None}
    assert (full["Story"], full["Edge"], full["Tag"]) == (RICH, "e" * 500, ["alpha", "key"])
    assert (full["Many"], full["Seen"], full["Born"]) == (["a, b", "c"], "2026-07-01T10:00:00Z", "1985-04-12")
    assert (full["Price"], full["Big"], full["Flag"]) == (Decimal("15000.5"), FULL["Big"], True)
    assert full["Partner"].keys() == full["Person"].keys() == {"id"}
    assert (zero["Count"], zero["Price"], zero["Flag"], zero["Late"]) == (0, 0, False, False)
    assert (zero["Note"], zero["Many"], zero["Seen"]) == (None, None, "2026-01-01T08:00:00Z")
    ids = [identifier for each in world.values() for identifier in each]
    for changes in (
        {"read_way": "list"},
        {"read_way": "bulk"},
        {"read_way": "coql", "coql_columns": 20},
        {"read_way": "list", "from": "2020-01-01T00:00:00Z"},
        {"record_ids": ids},
        {"record_ids": [f"{module}:{each}" for module, named in world.items() for each in named]},
    ):
        found = lines(read(modules=modules, **changes))
        assert found.items() <= by_coql.items(), changes
        assert len(found) == (12 if "record_ids" in changes else 13)
    sandbox.control.settings(zoho={"time_zone": "Asia/Kolkata", "ids_limit": 2})
    assert lines(read(modules=modules, read_way="list")) == by_coql
    assert len(lines(read(modules=modules, record_ids=ids)).items() & by_coql.items()) == 12


def test_every_way_gives_the_same_whole_record(read: ReadTap, world: dict[str, list[str]]) -> None:
    changes: dict[str, Any] = {"modules": ["Sites", "Contacts"], "single_reads": ["Sites", "Contacts"]}
    first = read(read_way="coql", **changes)
    (full,) = [record for record in first.records("Sites") if record["Line"] == FULL["Line"]]
    assert [{**row, "id": ""} for row in full["Rows"]] == [
        {"id": "", "Item": "x", "Cost": Decimal("1.5"), "At": "2026-07-01T10:00:00Z"},
        {"id": "", "Item": "y", "Cost": 0, "At": None},
    ]
    assert len(full["Friends"]) == 1
    for further in (
        {"read_way": "list"},
        {"read_way": "bulk"},
        {"record_ids": [*world["Sites"], *world["Contacts"]]},
    ):
        assert lines(read(**changes, **further)) == lines(first), further


def test_single_reads_show_what_nothing_else_does(sandbox: RunningSandbox, read: ReadTap) -> None:
    (vendor,) = sandbox.control.put_rows("zoho", "Vendors", [{"Vendor_Name": "Supplier"}])
    order = {"Subject": "Order 1", "Vendor_Name": {"id": vendor["id"]}}
    sandbox.control.put_rows("zoho", "Purchase_Orders", [order])
    plain = read(modules=["Purchase_Orders"])
    assert "Purchase_Items" not in plain.of_type("SCHEMA")[0]["schema"]["properties"]
    whole = read(modules=["Purchase_Orders"], single_reads=["Purchase_Orders"])
    assert "Purchase_Items" in whole.of_type("SCHEMA")[0]["schema"]["properties"]
    assert "Purchase_Items" in whole.records("Purchase_Orders")[0]
