"""Tables and views that the setting `tables` adds."""

from __future__ import annotations

from typing import Any

import pytest
from support.raw_streams import ReadRaw, expected

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs

FURTHER = {
    "name": "AP_SUPPLIERS",
    "stream": "suppliers",
    "key": ["VENDOR_ID"],
    "columns": {"VENDOR_ID": "INTEGER", "VENDOR_NAME": "VARCHAR2", "LAST_UPDATE_DATE": "DATE"},
    "alias": "suppliertables",
}


@pytest.fixture
def raw(settings: dict[str, Any]) -> ReadRaw:
    return ReadRaw(settings)


def test_a_further_table_is_a_stream_of_its_own(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    run = raw("suppliers", tables=[FURTHER])
    rows = sandbox.control.rows("ebs", "AP_SUPPLIERS")
    assert {r["vendor_id"]: r["vendor_name"] for r in run.records("suppliers")} == {
        row["VENDOR_ID"]: row["VENDOR_NAME"] for row in rows
    }
    (schema,) = run.of_type("SCHEMA")
    assert schema["bookmark_properties"] == ["last_update_date"]


def test_columns_that_are_left_out_are_read_from_the_schema(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    entry = {key: value for key, value in FURTHER.items() if key != "columns"}
    (schema,) = raw("suppliers", tables=[entry]).of_type("SCHEMA")
    properties = schema["schema"]["properties"]
    assert set(properties) == {name.lower() for name in sandbox.control.rows("ebs", "AP_SUPPLIERS")[0]}
    assert properties["vendor_id"]["type"] == ["integer"]
    assert properties["end_date_active"]["format"] == "date-time"
    assert properties["party_id"]["type"] == ["number", "null"]
    assert properties["segment1"]["type"] == ["string", "null"]


def test_a_further_table_of_the_package(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    entry = {"name": "XX_TERMS", "key": ["TERM_ID"], "operation": "ap_terms"}
    run = raw("xx_terms", tables=[entry], access="plsql")
    found = {(r["term_id"], r["name"], r["last_update_date"]) for r in run.records("xx_terms")}
    assert found == {
        (str(r["term_id"]), r["name"], r["last_update_date"]) for r in expected(sandbox, "AP_TERMS")
    }


def test_a_table_without_dates_is_read_whole_each_time(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    undated = {**FURTHER, "columns": {"VENDOR_ID": "INTEGER", "VENDOR_NAME": "VARCHAR2"}}
    full = {**FURTHER, "replication": "full"}
    for entry in (undated, full):
        first = raw("suppliers", tables=[entry])
        second = raw("suppliers", tables=[entry], state=first.state)
        assert len(second.records("suppliers")) == len(sandbox.control.rows("ebs", "AP_SUPPLIERS"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": ["NO_SUCH"]}, "has no column NO_SUCH"),
        ({"stream": "customers"}, "a stream customers already"),
        ({"columns": {**FURTHER["columns"], "LAST_UPDATE_DATE": "VARCHAR2"}}, "type DATE"),  # type: ignore[dict-item]
        ({"name": "1; DROP"}, "no name of a table"),
        ({"columns": None, "alias": "nowhere"}, "cannot be read from nowhere"),
        ({"columns": None, "key": ["NO_SUCH"]}, "no row with NO_SUCH"),
    ],
)
def test_a_further_table_that_cannot_be_used_is_named(
    settings: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(SystemFault, match=message):
        _ = TapOracleEbs(config={**settings, "tables": [{**FURTHER, **changes}]}).streams


def test_a_table_twice_is_named(settings: dict[str, Any]) -> None:
    with pytest.raises(SystemFault, match="AP_SUPPLIERS twice"):
        _ = TapOracleEbs(config={**settings, "tables": [FURTHER, FURTHER]}).streams
