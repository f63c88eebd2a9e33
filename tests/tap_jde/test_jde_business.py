"""Customers, suppliers and contacts: made of the tables, sent when any of them changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.jde_world import BUSINESS, catalog_of, day, touch, without_fields
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox

WHOLE = {"look_back": 86_400, "full_refresh_every": 0}
ENTITY_PHONE = {"AN8": 1001, "IDLN": 0, "CNLN": 0, "RCK7": 2}
CONTACT_PHONE = {"AN8": 1001, "IDLN": 1, "CNLN": 0, "RCK7": 2}
ADDRESS = {"AN8": 2002, "EFTB": "2020-01-01"}
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, list[Any]]]] = [
    ("F0101", {"AN8": 1002}, {"AC02": "Z"}, {"customers": [1002]}),
    ("F0101", {"AN8": 3001}, {"AC02": "Z"}, {}),
    ("F0111", {"AN8": 2001, "IDLN": 0}, {"MLNM": "New"}, {"suppliers": [2001]}),
    ("F0111", {"AN8": 1001, "IDLN": 2}, {"ATTL": "CEO"}, {"contacts": [(1001, 2)]}),
    ("F0115", ENTITY_PHONE, {"PH1": "555-9"}, {"customers": [1001]}),
    ("F0115", CONTACT_PHONE, {"PH1": "555-9"}, {"contacts": [(1001, 1)]}),
    ("F01151", {"AN8": 2001, "IDLN": 0, "RCK7": 1}, {"EMAL": "x@y.example"}, {"suppliers": [2001]}),
    ("F01151", {"AN8": 1001, "IDLN": 1, "RCK7": 1}, {"EMAL": "x@y.example"}, {"contacts": [(1001, 1)]}),
    ("F0116", ADDRESS, {"CTY1": "Rome"}, {"customers": [2002], "suppliers": [2002]}),
    ("F03012", {"AN8": 1003, "CO": "00000"}, {"ACL": 1}, {"customers": [1003]}),
    ("F03012", {"AN8": 1001, "CO": "00001"}, {"ACL": 1}, {}),
    ("F0401", {"AN8": 2001}, {"HOLD": "Q"}, {"suppliers": [2001]}),
]


def business(read: ReadTap, state: Any = None, **changes: Any) -> TapRun:
    return read(state, options={"catalog": catalog_of(*BUSINESS)}, **{**WHOLE, **changes})


def keys(run: TapRun) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name in BUSINESS:
        records = run.records(name)
        if records:
            found[name] = [
                (record["address_number"], record["line_number"])
                if name == "contacts"
                else record["address_number"]
                for record in records
            ]
    return found


def of(run: TapRun, stream: str, number: int) -> dict[str, Any]:
    return next(record for record in run.records(stream) if record["address_number"] == number)


def test_records_are_those_of_the_tables(sandbox: RunningSandbox, read: ReadTap) -> None:
    run = business(read)
    assert keys(run) == {
        "customers": [1001, 1002, 1003, 2002],
        "suppliers": [2001, 2002],
        "contacts": [(1001, 1), (1001, 2), (2001, 1)],
    }
    customer = of(run, "customers", 1001)
    line = {"line": 0}
    subset = {
        "long_address": "LONG1001",
        "name": "Müller & Söhne 1001",
        "secondary_name": None,
        "mailing_name": "Mailing 1001",
        "tax_id": "DE1001",
        "business_unit": "30",
        "credit_message": "OK",
        "category_code_01": "A1",
        "category_code_02": None,
        "address_line_1": "1001 Main St",
        "city": "Denver",
        "address_effective_date": "2020-01-01",
        "phone": "303 555-0101",
        "phone_type": None,
        "fax": "303 555-0100",
        "phones": [
            line | {"sequence": 1, "type": "FAX", "area_code": "303", "number": "555-0100"},
            line | {"sequence": 2, "type": None, "area_code": "303", "number": "555-0101"},
            line | {"sequence": 3, "type": "CAR", "area_code": None, "number": "555-0103"},
        ],
        "email": "info@1001.example",
        "website": "https://1001.example",
        "company": "00000",
        "payment_terms": "N30",
        "credit_limit": 5000,
        "currency": "USD",
        "customer_category_01": "K",
        "updated_at": f"{day(sandbox.control, -30)}T{'14' if _is_summer(sandbox) else '15'}:30:05Z",
    }
    assert {name: customer[name] for name in subset} == subset
    assert of(run, "suppliers", 2001)["payment_terms"] == "N60"
    contact = of(run, "contacts", 1001)
    assert (contact["name"], contact["phone"], contact["mobile"], contact["email"]) == (
        "Ann Lee",
        "720 555-0112",
        "720 555-0111",
        "ann@1001.example",
    )
    assert run.records("contacts")[1]["name"] == "Bob Ray"


def _is_summer(sandbox: RunningSandbox) -> bool:
    return bool(sandbox.control.rows("jde", "F0101")[0]["UPMJ"] < "2026-11-01")


def test_a_change_in_a_table_sends_the_records_that_it_is_behind(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    control = sandbox.control
    state = business(read).state
    for table, key, values, sent in CHANGES:
        before = next(row for row in control.rows("jde", table) if key.items() <= row.items())
        touch(control, table, key, **values)
        run = business(read, state)
        assert keys(run) == sent, (table, key)
        for stream in sent:
            assert all(record["updated_at"][:10] >= day(control) for record in run.records(stream))
        control.put_rows("jde", table, [before])


def test_nothing_changed_sends_nothing(sandbox: RunningSandbox, read: ReadTap) -> None:
    assert keys(business(read, business(read).state)) == {}


def test_every_way_gives_the_same_lines(sandbox: RunningSandbox, read: ReadTap) -> None:
    def lines(**changes: Any) -> list[str]:
        run = business(read, **changes)
        return [json.dumps(message["record"], default=str) for message in run.of_type("RECORD")]

    whole = lines()
    long_ago = {"from": "2000-01-01T00:00:00Z"}
    assert len(whole) == 9
    ways: list[dict[str, Any]] = [
        {"page_size": 2},
        {"paging": "next_link", "page_size": 2},
        {"auth_mode": "basic", "page_size": 3},
        {"concurrency": 3, "page_size": 2},
        {"start_date": "2000-01-01T00:00:00Z"},
        {**long_ago, "key_list_size": 1, "paging": "next_link"},
        {**long_ago, "key_list_limit": 1},
        {**long_ago, "date_filter": "user_format", "concurrency": 3},
        {"to": "2100-01-01T00:00:00Z"},
        {"keys": [1001, 1002, 1003, 2001, 2002, 3001]},
        {"keys": [1001, 1002, 1003, 2001, 2002, 3001], "auth_mode": "basic"},
    ]
    for way in ways:
        assert lines(**way) == whole, way
    other = {"jde.blank_strings": "empty", "jde.padded_strings": True, "jde.null_dates": "empty"}
    sandbox.control.settings(**other)
    assert lines() == whole


def test_fields_that_are_not_selected_are_not_asked_for(sandbox: RunningSandbox, read: ReadTap) -> None:
    kept = {"name", "phone", "credit_limit"}
    catalog = without_fields(catalog_of("customers"), "customers", *kept)
    whole = read(options={"catalog": catalog_of("customers")}).records("customers")
    sandbox.control.clear_requests()
    first = read(options={"catalog": catalog})
    names = {*kept, "address_number", "updated_at"}
    assert first.records("customers") == [{name: row[name] for name in row if name in names} for row in whole]
    asked = [
        request["body"] for request in sandbox.control.requests("jde") if "returnControlIDs" in str(request)
    ]
    assert {body["targetName"] for body in asked} == {"F0101", "F0115", "F03012"}
    assert "F0101.AC01" not in json.dumps(asked)
    touch(sandbox.control, "F0116", {"AN8": 1002, "EFTB": "2020-01-01"}, CTY1="Rome")
    assert read(first.state, options={"catalog": catalog}).records("customers") == []


def test_keys_choose_records_and_leave_the_bookmark(sandbox: RunningSandbox, read: ReadTap) -> None:
    run = read(options={"catalog": catalog_of("contacts")}, keys=["1001~2", "2001"])
    assert keys(run) == {"contacts": [(1001, 2), (2001, 1)]}
    assert "replication_key_value" not in json.dumps(run.state)
    with pytest.raises(SystemFault, match="no key of customers"):
        read(keys=["Acme"])


def test_an_address_counts_from_its_date_on(sandbox: RunningSandbox, read: ReadTap) -> None:
    control = sandbox.control
    row = {"AN8": 1002, "EFTB": day(control, 3), "CTY1": "Aspen", "UPMJ": day(control, -30)}
    control.put_rows("jde", "F0116", [row])
    control.put_rows("jde", "F0101", [{"AN8": 1002, "EFTB": None, "UPMJ": day(control, -30)}])
    first = business(read)
    assert of(first, "customers", 1002)["city"] == "Denver"
    try:
        control.jump(4 * 86_400)
        second = business(read, first.state)
        assert keys(second) == {"customers": [1002]}
        assert of(second, "customers", 1002)["city"] == "Aspen"
        limited = business(read, first.state, key_list_limit=1, look_back=0)
        assert of(limited, "customers", 1002)["city"] == "Aspen"
        assert keys(business(read, second.state, look_back=0)) == {}
    finally:
        control.jump(-4 * 86_400)


def test_an_address_of_a_day_between_two_slices_is_not_missed(sandbox: RunningSandbox, read: ReadTap) -> None:
    control = sandbox.control
    for shift in range(-4, 0):
        row = {"AN8": 1003, "EFTB": day(control, shift), "UPMJ": day(control, -30)}
        control.put_rows("jde", "F0116", [row])
        sent = keys(business(read, start_date=f"{day(control, -5)}T12:00:00Z", window_days=1))
        assert sent.get("customers") == [1003], shift
        control.put_rows("jde", "F0116", [{**row, "EFTB": "2021-01-01"}])
        rows = [row for row in control.rows("jde", "F0116") if row["EFTB"] != day(control, shift)]
        control.clear("jde", "F0116")
        control.put_rows("jde", "F0116", rows)


def test_a_start_date_leaves_out_what_is_older_in_complete_reads_too(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    control = sandbox.control
    touch(control, "F0115", ENTITY_PHONE, PH1="555-9")
    touch(control, "F0401", {"AN8": 2002}, UPMJ=None)
    start = f"{day(control, -2)}T12:00:00Z"
    run = business(read, start_date=start, full_refresh_every=1)
    assert keys(run) == {"customers": [1001, 1001], "suppliers": [2002]}
    assert {message["stream"] for message in run.of_type("ACTIVATE_VERSION")} == {"customers", "suppliers"}


def test_the_master_names_the_address_unless_a_setting_says_the_date(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    touch(sandbox.control, "F0116", {"AN8": 1003, "EFTB": "2021-01-01"}, CTY1="Vail")
    assert of(business(read), "customers", 1003)["city"] == "Denver"
    assert of(business(read, current_address="date"), "customers", 1003)["city"] == "Vail"


def test_company_and_types_are_settings(sandbox: RunningSandbox, read: ReadTap) -> None:
    assert keys(business(read, company="00001"))["customers"] == [1001, 1004]
    types = {"fax_types": ["CAR"], "mobile_types": ["HOM"], "email_types": ["I"], "website_types": ["E"]}
    run = business(read, contact_search_types=["V"], **types)
    assert keys(run)["contacts"] == [(2001, 1)]
    customer = of(run, "customers", 1001)
    assert (customer["fax"], customer["phone_type"]) == ("555-0103", "FAX")
    assert (customer["email"], customer["website"]) == ("https://1001.example", "info@1001.example")
    assert business(read, **types).records("contacts")[0]["mobile"] == "720 555-0112"


def test_a_complete_read_shows_what_is_gone(sandbox: RunningSandbox, read: ReadTap) -> None:
    control = sandbox.control
    first = business(read, full_refresh_every=1)
    assert {message["stream"] for message in first.of_type("ACTIVATE_VERSION")} == set(BUSINESS)
    rows = [row for row in control.rows("jde", "F03012") if row["AN8"] != 1003]
    control.clear("jde", "F03012")
    control.put_rows("jde", "F03012", rows)
    run = business(read, first.state, full_refresh_every=0.000001)
    assert keys(run)["customers"] == [1001, 1002, 2002]
    assert {message["stream"] for message in run.of_type("ACTIVATE_VERSION")} == set(BUSINESS)
