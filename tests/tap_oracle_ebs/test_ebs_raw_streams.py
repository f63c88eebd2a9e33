"""Raw streams: every table's rows and values, in both ways of access and in every form of an answer."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.raw_streams import STORED_IN, ReadRaw, catalog_of, expected, in_order
from support.tap_run import ReadTap, TapRun, run_process

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.streams.raw import RawStream
from tap_oracle_ebs.tap import TapOracleEbs

STREAMS = tuple(name.lower() for name in TABLES)
RATES = [
    {
        "FROM_CURRENCY": currency,
        "TO_CURRENCY": "USD",
        "CONVERSION_DATE": f"2026-11-{day:02d}T00:00:00",
        "CONVERSION_TYPE": kind,
        "CONVERSION_RATE": f"1.{day:02d}",
        "LAST_UPDATE_DATE": f"2026-11-{day:02d}T01:02:03",
    }
    for currency in ("EUR", "GBP")
    for day in range(1, 14)
    for kind in ("Corporate", "Spot o'clock")
]
ODD = {
    "numbers": "string",
    "nulls": "text",
    "row_wrapper": "item",
    "date_format": "fraction_offset",
    "single_row": "object",
    "empty_collection": "null",
}


@pytest.fixture
def raw(settings: dict[str, Any]) -> ReadRaw:
    return ReadRaw(settings)


@pytest.fixture(scope="module", autouse=True)
def _rates(served: RunningSandbox) -> None:
    served.control.put_rows("ebs", "GL_DAILY_RATES", RATES)


def mark(stream: str, when: str) -> dict[str, Any]:
    return {"bookmarks": {stream: {"replication_key": "last_update_date", "replication_key_value": when}}}


def text_now(seconds: float = 0) -> str:
    when = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=seconds)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def local_now(seconds: float = 0) -> str:
    now = dt.datetime.now(ZoneInfo("America/New_York")).replace(tzinfo=None, microsecond=0)
    return (now + dt.timedelta(seconds=seconds)).isoformat()


@contextlib.contextmanager
def changed(sandbox: RunningSandbox, table: str, row: dict[str, Any], **values: Any) -> Iterator[None]:
    """Change a row, stamped now unless the values say otherwise, and put it back afterwards."""
    key = {name: row[name] for name in TABLES[table].key}
    sandbox.control.put_rows("ebs", table, [{**key, **values}])
    try:
        yield
    finally:
        sandbox.control.put_rows("ebs", table, [row])


def raw_stream(tap: TapOracleEbs, name: str) -> RawStream:
    stream = tap.streams[name]
    assert isinstance(stream, RawStream)
    return stream


def compare(run: TapRun, sandbox: RunningSandbox, zone: str = "America/New_York") -> int:
    total = 0
    for name, table in TABLES.items():
        found = run.records(name.lower())
        total += len(found)
        assert in_order(table, found) == expected(sandbox, name, zone), name
    return total


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize("form", [{}, ODD])
def test_every_table_comes_with_its_rows_and_values(
    sandbox: RunningSandbox, raw: ReadRaw, access: str, form: dict[str, Any]
) -> None:
    sandbox.control.settings(ebs=form)
    assert compare(raw(*STREAMS, access=access), sandbox) > 1000


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_xml_where_json_was_asked_for_is_read_too(sandbox: RunningSandbox, raw: ReadRaw, access: str) -> None:
    sandbox.control.settings(ebs={"response_format": "xml", "server_zone": "Asia/Tokyo"})
    read = raw(*STREAMS, access=access, server_timezone="Asia/Tokyo")
    assert compare(read, sandbox, "Asia/Tokyo") > 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"access": "rest_get"},
        {"access": "rest_get", "paging": "offset"},
        {"access": "plsql"},
        {"access": "plsql", "package_parameters": {"P_LAST_KEY": ""}},
    ],
)
# Pages are so short that there are dozens of them.
@pytest.mark.parametrize(
    ("stream", "rows"), [("gl_daily_rates", 97), ("hz_relationships", 7), ("hz_parties", 7)]
)
def test_pages_of_any_key_are_complete_without_repeats(
    sandbox: RunningSandbox, raw: ReadRaw, stream: str, rows: int, changes: dict[str, Any]
) -> None:
    run = raw(stream, start_date="2000-01-01T00:00:00Z", page_size=rows, **changes)
    wanted = expected(sandbox, stream.upper())
    assert len(wanted) > 5 * rows
    assert in_order(TABLES[stream.upper()], run.records(stream)) == wanted


def test_only_selected_streams_cost_requests(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    raw("ra_terms")
    paths = {request["path"].rpartition("/rest/")[2] for request in sandbox.control.requests("ebs")}
    assert paths == {"login", "custtables/", "custtables/RA_TERMS/", "logout"}


def test_without_a_catalog_no_raw_stream_is_read(read: ReadTap) -> None:
    assert {message["stream"] for message in read().of_type("SCHEMA")} == {"customers"}


def test_a_schema_has_keys_dates_and_descriptions(raw: ReadRaw) -> None:
    (schema,) = raw("ap_payment_schedules_all").of_type("SCHEMA")
    assert schema["key_properties"] == ["invoice_id", "payment_num"]
    assert schema["bookmark_properties"] == ["last_update_date"]
    properties = schema["schema"]["properties"]
    assert properties["invoice_id"]["type"] == ["integer"]
    assert properties["due_date"] == {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "AP_PAYMENT_SCHEDULES_ALL.DUE_DATE (DATE).",
    }
    assert properties["org_id"]["description"] == "Operating unit of the row."


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_a_second_run_reads_what_changed_since_and_no_more(
    sandbox: RunningSandbox, raw: ReadRaw, access: str
) -> None:
    row = sandbox.control.rows("ebs", "HZ_LOCATIONS")[3]
    first = raw("hz_locations", access=access)
    with changed(sandbox, "HZ_LOCATIONS", row, CITY="Elsewhere"):
        second = raw("hz_locations", state=first.state, access=access)
    (record,) = second.records("hz_locations")
    assert (record["location_id"], record["city"]) == (row["LOCATION_ID"], "Elsewhere")
    assert set(second.state["bookmarks"]["hz_locations"]) == {"replication_key", "replication_key_value"}


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_a_late_commit_is_found_by_the_look_back(sandbox: RunningSandbox, raw: ReadRaw, access: str) -> None:
    row = sandbox.control.rows("ebs", "HZ_PARTIES")[5]
    first = raw("hz_parties", access=access)
    with changed(sandbox, "HZ_PARTIES", row, LAST_UPDATE_DATE=local_now(-90)):
        assert raw("hz_parties", state=first.state, access=access).records("hz_parties") == []
        late = raw("hz_parties", state=first.state, access=access, look_back=300).records("hz_parties")
    assert [record["party_id"] for record in late] == [row["PARTY_ID"]]


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_what_changed_within_the_lag_waits_for_a_later_run(
    sandbox: RunningSandbox, raw: ReadRaw, access: str
) -> None:
    row = sandbox.control.rows("ebs", "HZ_PARTIES")[6]
    state = mark("hz_parties", text_now(-60))
    with changed(sandbox, "HZ_PARTIES", row, LAST_UPDATE_DATE=local_now()):
        early = raw("hz_parties", state=state, access=access, window_lag=30)
        assert early.records("hz_parties") == []
        later = raw("hz_parties", state=early.state, access=access)
    assert [record["party_id"] for record in later.records("hz_parties")] == [row["PARTY_ID"]]


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize(
    ("stream", "keys"),
    [
        ("hz_parties", 3),
        ("hz_relationships", 3),
        ("gl_daily_rates", 3),
        ("ap_payment_schedules_all", 2),
    ],
)
def test_given_keys_are_read_and_leave_the_bookmark(
    sandbox: RunningSandbox, raw: ReadRaw, access: str, stream: str, keys: int
) -> None:
    table = TABLES[stream.upper()]
    wanted = expected(sandbox, table.name)[-keys:]
    given = ["~".join(str(record[name.lower()]) for name in table.key) for record in wanted]
    state = mark(stream, "2026-11-20T00:00:00Z")
    run = raw(stream, state=state, access=access, keys=[*given, given[0]])
    assert in_order(table, run.records(stream)) == wanted
    assert run.state == state


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize("key", ["x", "1~2", "", "1.5"])
def test_a_key_of_another_form_is_named(raw: ReadRaw, access: str, key: str) -> None:
    with pytest.raises(SystemFault, match="no key of hz_parties") as caught:
        raw("hz_parties", access=access, keys=[key])
    assert "PARTY_ID (INTEGER)" in caught.value.fix


def test_without_key_lists_given_keys_are_asked_for_one_by_one(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    wanted = expected(sandbox, "HZ_PARTIES")[:3]
    keys = [str(record["party_id"]) for record in wanted]
    run = raw("hz_parties", keys=keys, key_list_filter=False)
    assert in_order(TABLES["HZ_PARTIES"], run.records("hz_parties")) == wanted
    assert not any("IN%20%28" in request["query"] for request in sandbox.control.requests("ebs"))


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_a_range_is_read_and_leaves_the_bookmark(sandbox: RunningSandbox, raw: ReadRaw, access: str) -> None:
    everything = expected(sandbox, "HZ_PARTIES")
    dates = sorted(record["last_update_date"] for record in everything)
    low, high = dates[len(dates) // 3], dates[len(dates) // 2]
    state = mark("hz_parties", "2026-11-20T00:00:00Z")
    bounds: dict[str, Any] = {"from": low, "to": high}
    run = raw("hz_parties", state=state, access=access, **bounds)
    wanted = [record for record in everything if low <= record["last_update_date"] <= high]
    assert in_order(TABLES["HZ_PARTIES"], run.records("hz_parties")) == wanted
    assert run.state == state


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_slices_meet_without_gap_or_repeat_and_each_moves_the_bookmark(
    sandbox: RunningSandbox, raw: ReadRaw, access: str
) -> None:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=400)
    run = raw("hz_parties", access=access, start_date=start.isoformat(), window_days=30)
    wanted = [
        record
        for record in expected(sandbox, "HZ_PARTIES")
        if record["last_update_date"] >= start.isoformat()[:19]
    ]
    assert wanted
    assert in_order(TABLES["HZ_PARTIES"], run.records("hz_parties")) == wanted
    marks = [state["bookmarks"]["hz_parties"]["replication_key_value"] for state in run.states]
    assert len(marks) == 14
    assert marks == sorted(set(marks))


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_an_inner_end_of_a_slice_belongs_to_the_next_one(
    sandbox: RunningSandbox, raw: ReadRaw, access: str
) -> None:
    row = sandbox.control.rows("ebs", "HZ_PARTIES")[7]
    with changed(sandbox, "HZ_PARTIES", row, LAST_UPDATE_DATE="2026-06-10T12:00:00"):
        bounds: dict[str, Any] = {"from": "2026-06-09T16:00:00Z", "to": "2026-06-11T16:00:00Z"}
        run = raw("hz_parties", access=access, window_days=1, **bounds)
    found = [record["party_id"] for record in run.records("hz_parties")]
    assert found.count(row["PARTY_ID"]) == 1


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_other_units_are_left_out_and_rows_of_none_stay(
    sandbox: RunningSandbox, raw: ReadRaw, access: str
) -> None:
    row = sandbox.control.rows("ebs", "PO_HEADERS_ALL")[0]
    with changed(sandbox, "PO_HEADERS_ALL", row, ORG_ID=None, LAST_UPDATE_DATE=row["LAST_UPDATE_DATE"]):
        wanted = [record for record in expected(sandbox, "PO_HEADERS_ALL") if record["org_id"] in (458, None)]
        found = raw("po_headers_all", access=access, org_ids=[458]).records("po_headers_all")
    assert {record["org_id"] for record in found} == {458, None}
    assert in_order(TABLES["PO_HEADERS_ALL"], found) == wanted


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_no_row_of_the_units_is_said(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path, access: str
) -> None:
    own = {**settings, "access": access, "org_ids": [205]}
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(own, "po_headers_all")))
    run = run_process("tap-oracle-ebs", tmp_path, own, None, "--catalog", str(catalog))
    assert run.records("po_headers_all") == []
    assert (run.code, "shows no row at all" in run.errors) == (0, True), run.errors


def test_a_name_of_the_multi_org_policy_is_read_once_per_unit(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    short: dict[str, Any] = {"operations": {"PO_HEADERS_ALL": "PO_HEADERS"}}
    run = raw("po_headers_all", org_ids=[204, 458], **short)
    both = [record for record in expected(sandbox, "PO_HEADERS_ALL") if record["org_id"] in (204, 458)]
    assert in_order(TABLES["PO_HEADERS_ALL"], run.records("po_headers_all")) == both
    with pytest.raises(SystemFault, match="PO_HEADERS shows no row at all"):
        raw("po_headers_all", **short)


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_unselected_fields_are_not_asked_for(sandbox: RunningSandbox, raw: ReadRaw, access: str) -> None:
    run = raw("po_headers_all", fields=("segment1",), access=access)
    names = {name for record in run.records("po_headers_all") for name in record}
    assert names == {"po_header_id", "segment1", "last_update_date"}
    if access == "rest_get":
        asked = [r["query"] for r in sandbox.control.requests("ebs") if "PO_HEADERS" in r["path"]]
        assert asked
        assert all("VENDOR_ID" not in query for query in asked)


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize(
    ("stream", "rows"), [("po_headers_all", 10), ("gl_daily_rates", 97), ("hz_relationships", 10)]
)
def test_the_keys_of_all_rows_can_be_read_alone(
    sandbox: RunningSandbox, settings: dict[str, Any], access: str, stream: str, rows: int
) -> None:
    table = TABLES[stream.upper()]
    units = {"org_ids": [458]} if table.is_split else {}
    tap = TapOracleEbs(config={**settings, "access": access, "page_size": rows, **units})
    found = [record for batch in raw_stream(tap, stream).read_keys() for record in batch.records]
    tap.close()
    wanted = [
        {name.lower(): record[name.lower()] for name in table.key}
        for record in expected(sandbox, table.name)
        if not units or record["org_id"] in (458, None)
    ]
    assert wanted
    assert in_order(table, [dict(record) for record in found]) == wanted


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize("mode", ["keys", "records"])
def test_a_deleted_row_is_not_among_those_that_exist(
    sandbox: RunningSandbox, raw: ReadRaw, access: str, mode: str
) -> None:
    first = raw("ra_terms", access=access, deletes=mode, deletes_every=0)
    assert first.of_type("ACTIVATE_VERSION")
    row = sandbox.control.rows("ebs", "RA_TERMS")[2]
    sandbox.control.put_rows("ebs", "RA_TERMS", [{"TERM_ID": row["TERM_ID"], "__deleted": True}])
    try:
        second = raw("ra_terms", state=first.state, access=access, deletes=mode, deletes_every=0)
        wanted = {record["term_id"] for record in expected(sandbox, "RA_TERMS")}
    finally:
        sandbox.control.put_rows("ebs", "RA_TERMS", [row])
    (activated,) = second.of_type("ACTIVATE_VERSION")
    scanned = [m for m in second.of_type("RECORD") if m.get("version") == activated["version"]]
    assert {message["record"]["term_id"] for message in scanned} == wanted
    assert row["TERM_ID"] not in wanted
    if mode == "keys":
        assert all(set(message["record"]) == {"term_id"} for message in scanned)


def test_access_may_differ_by_stream_and_is_logged(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    changes = {"access": "plsql", "stream_access": {"ra_terms": "rest_get"}}
    mixed = {**settings, **changes}
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(mixed, "ra_terms", "ap_terms")))
    run = run_process("tap-oracle-ebs", tmp_path, mixed, None, "--catalog", str(catalog))
    assert run.code == 0
    assert "ra_terms: read by GET custtables/RA_TERMS/" in run.errors
    assert "ap_terms: read by package operation mlread/ap_terms/" in run.errors
    asked = {(r["method"], r["path"].rpartition("/rest/")[2]) for r in sandbox.control.requests("ebs")}
    assert {("GET", "custtables/RA_TERMS/"), ("POST", "mlread/ap_terms/")} <= asked


def test_the_catalog_names_every_table_once(settings: dict[str, Any]) -> None:
    catalog = catalog_of(settings)
    names = [stream["tap_stream_id"] for stream in catalog["streams"]]
    assert set(STREAMS) < set(names)
    assert len(names) == len(set(names))
    assert set(STORED_IN) <= set(TABLES)
