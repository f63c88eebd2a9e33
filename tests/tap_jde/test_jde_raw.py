"""Raw streams: each row once and by value, only what changed, by every way the same."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import pytest
from support.jde_world import catalog_of, day, expected, touch, without_fields
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import SystemFault
from ml_connector.vendors.jde.catalog import TABLES
from ml_sandbox.testing import RunningSandbox

RAW = [name.lower() for name in TABLES]
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "f0101": ({"AN8": 1002}, {"ALPH": "Other"}),
    "f0111": ({"AN8": 1001, "IDLN": 2}, {"NICK": "Bobby"}),
    "f0115": ({"AN8": 1001, "IDLN": 0, "CNLN": 0, "RCK7": 2}, {"PH1": "555-9999"}),
    "f01151": ({"AN8": 2001, "IDLN": 0, "RCK7": 1}, {"EMAL": "new@2001.example"}),
    "f0116": ({"AN8": 1003, "EFTB": "2020-01-01"}, {"CTY1": "Boulder"}),
    "f03012": ({"AN8": 1001, "CO": "00001"}, {"ACL": 7}),
    "f0401": ({"AN8": 2002}, {"HOLD": "X"}),
    "f0411": ({"DOC": 11, "DCT": "PV", "KCO": "00001", "SFX": "001", "SFXE": 0}, {"AAP": "1.5"}),
    "f4301": ({"DOCO": 70, "DCTO": "OP", "KCOO": "00001", "SFXO": "000"}, {"HOLD": "H1"}),
}


def read_raw(read: ReadTap, *names: str, state: Any = None, **changes: Any) -> TapRun:
    return read(state, options={"catalog": catalog_of(*names)}, **changes)


def record_lines(run: TapRun) -> list[str]:
    return [json.dumps(message["record"], default=str) for message in run.of_type("RECORD")]


def test_every_row_comes_once_with_the_values_of_the_table(sandbox: RunningSandbox, read: ReadTap) -> None:
    run = read_raw(read, *RAW)
    for name, table in TABLES.items():
        stored = sandbox.control.rows("jde", name)
        rows = {tuple(row[column] for column in table.key): expected(table, row) for row in stored}
        records = run.records(name.lower())
        assert len(records) == len(rows) > 0
        for record in records:
            assert record == rows[tuple(record[column] for column in table.key)]


def test_a_change_sends_that_row_and_no_other(sandbox: RunningSandbox, read: ReadTap) -> None:
    state = read_raw(read, *RAW).state
    assert read_raw(read, *RAW, state=state).of_type("RECORD") == []
    for name, (key, values) in CHANGES.items():
        touch(sandbox.control, name.upper(), key, **values)
    run = read_raw(read, *RAW, state=state)
    for name, (key, values) in CHANGES.items():
        (record,) = run.records(name)
        assert key.items() <= record.items()
        assert {column: str(record[column]) for column in values} == {
            column: str(value) for column, value in values.items()
        }
        assert record["UPMJ"] == day(sandbox.control)
    # Each table has its own bookmark: one that was never read is read whole.
    del state["bookmarks"]["f0401"]
    assert len(read_raw(read, *RAW, state=state).of_type("RECORD")) == len(RAW) + 1


@pytest.mark.parametrize("paging", ["keyset", "next_link"])
def test_pages_of_no_one_exactly_and_more_rows(sandbox: RunningSandbox, read: ReadTap, paging: str) -> None:
    for count in (0, 1, 4, 9):
        sandbox.control.clear("jde", "F0115")
        rows = [
            {"AN8": 1 + each // 5, "IDLN": each // 2, "CNLN": each % 2, "RCK7": 1, "PH1": str(each)}
            for each in range(count)
        ]
        sandbox.control.put_rows("jde", "F0115", rows)
        records = read_raw(read, "f0115", paging=paging, page_size=4).records("f0115")
        assert [record["PH1"] for record in records] == [row["PH1"] for row in rows]


def test_a_server_without_next_links_is_read_by_keys(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.settings(**{"jde.next_page_links": False})
    assert len(read_raw(read, "f0115", paging="next_link", page_size=2).records("f0115")) == 7


def test_keys_that_are_blank_or_business_units_lose_no_row(sandbox: RunningSandbox, read: ReadTap) -> None:
    rows = [
        {"OSTP": kind, "PA8": parent, "AN8": number}
        for kind in ("", "A", "B")
        for parent in (0, 1)
        for number in (1, 2)
    ]
    sandbox.control.put_rows("jde", "F0150", rows)
    sandbox.control.put_rows("jde", "F0101", [{"AN8": 50 + each, "MCU": str(each)} for each in range(8, 12)])
    tables = [
        {
            "name": "F0150",
            "key": ["OSTP", "PA8", "AN8"],
            "columns": {"OSTP": "TEXT", "PA8": "INTEGER", "AN8": "INTEGER"},
        },
        {"name": "F0101", "key": ["MCU", "AN8"], "columns": {"MCU": "TEXT", "AN8": "INTEGER"}},
    ]
    whole = [_select(read, tables, {name}, page_size=100).records(name) for name in ("f0150", "f0101")]
    assert [len(each) for each in whole] == [12, 11]
    for size in (1, 2, 5):
        run = _select(read, tables, {"f0150", "f0101"}, page_size=size)
        assert [run.records("f0150"), run.records("f0101")] == whole
    sent = json.dumps([request["body"] for request in sandbox.control.requests("jde")])
    assert '"content": ""' not in sent
    assert '"content": "          30"' in sent


def test_more_dates_of_one_number_than_a_page_holds(sandbox: RunningSandbox, read: ReadTap) -> None:
    begins = [f"20{year}-01-01" for year in range(10, 19)]
    sandbox.control.put_rows("jde", "F0116", [{"AN8": 1002, "EFTB": begin} for begin in begins])
    records = read_raw(read, "f0116", page_size=2).records("f0116")
    assert len(records) == len({(each["AN8"], each["EFTB"]) for each in records}) == 7 + len(begins)


def test_every_way_gives_the_same_lines(sandbox: RunningSandbox, read: ReadTap) -> None:
    long_ago = {"from": "2000-01-01T00:00:00Z"}
    american = {"date_filter": "user_format", "user_date_format": "MM/dd/yyyy"}
    ways: list[dict[str, Any]] = [
        {"page_size": 3},
        {"paging": "next_link", "page_size": 3},
        {"auth_mode": "basic", "page_size": 2},
        {**long_ago, **american},
        {**long_ago, "date_filter": "user_format", "to": "2100-01-01T00:00:00Z", "paging": "next_link"},
    ]
    whole = record_lines(read_raw(read, *RAW))
    assert len(whole) > 40
    for way in ways:
        assert record_lines(read_raw(read, *RAW, **way)) == whole, way
    ways = [{}, {"paging": "next_link", "page_size": 2, "key_list_size": 3}, {"auth_mode": "basic"}]
    for (name, table), way in zip(TABLES.items(), itertools.cycle(ways), strict=False):
        lines = record_lines(read_raw(read, name.lower()))
        rows = [json.loads(line) for line in lines]
        keys = ["~".join(str(row[column]) for column in table.key) for row in rows]
        assert record_lines(read_raw(read, name.lower(), keys=keys, **way)) == lines, (name, way)
    other = {"jde.blank_strings": "empty", "jde.padded_strings": True, "jde.null_dates": "empty"}
    sandbox.control.settings(**other)
    assert record_lines(read_raw(read, *RAW)) == whole


def test_keys_read_these_rows_and_leave_the_bookmark(sandbox: RunningSandbox, read: ReadTap) -> None:
    run = read_raw(read, "f0116", keys=["1002~2020-01-01", "1003~2020-01-01", "1003~2021-01-01"])
    assert [record["AN8"] for record in run.records("f0116")] == [1002, 1003]
    assert "replication_key_value" not in json.dumps(run.state)
    assert [row["AN8"] for row in read_raw(read, "f0401", keys=[2002]).records("f0401")] == [2002]
    with pytest.raises(SystemFault, match="no key of f0116"):
        read_raw(read, "f0116", keys=["1002"])


def test_a_complete_read_finds_rows_without_a_date_and_activates(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    first = read_raw(read, "f0401", full_refresh_every=1)
    assert [message["stream"] for message in first.of_type("ACTIVATE_VERSION")] == ["f0401"]
    touch(sandbox.control, "F0401", {"AN8": 1004}, UPMJ=None, TRAP="N10")
    second = read_raw(read, "f0401", state=first.state, full_refresh_every=1)
    assert second.records("f0401") == []
    assert second.of_type("ACTIVATE_VERSION") == []
    third = read_raw(read, "f0401", state=first.state, full_refresh_every=0.000001)
    assert [record["AN8"] for record in third.records("f0401")] == [1004, 2001, 2002]
    versions = [message["version"] for message in third.of_type("ACTIVATE_VERSION")]
    assert {message.get("version") for message in third.of_type("RECORD")} == set(versions)
    never = read_raw(read, "f0401", full_refresh_every=0)
    assert never.of_type("ACTIVATE_VERSION") == []


def test_only_selected_columns_are_asked_for(sandbox: RunningSandbox, read: ReadTap) -> None:
    catalog = without_fields(catalog_of("f0101"), "f0101", "AN8", "ALPH", "UPMJ")
    run = read(options={"catalog": catalog})
    assert set(run.records("f0101")[0]) == {"AN8", "ALPH", "UPMJ"}
    asked = [request for request in sandbox.control.requests("jde") if "dataservice" in request["path"]]
    assert all("F0101.TAX" not in json.dumps(request) for request in asked)


def test_stored_amounts_are_scaled_where_a_setting_says_so(sandbox: RunningSandbox, read: ReadTap) -> None:
    plain = [row["AG"] for row in read_raw(read, "f0411").records("f0411")]
    sandbox.control.settings(**{"jde.amounts": "stored"})
    stored = [row["AG"] for row in read_raw(read, "f0411").records("f0411")]
    scaled = read_raw(read, "f0411", decimals={"F0411.AG": 2}).records("f0411")
    assert stored == [int(value * 100) for value in plain]
    nested = read_raw(read, "f0411", decimals={"F0411": {"AG": 2}}).records("f0411")
    assert [row["AG"] for row in scaled] == [row["AG"] for row in nested] == plain
    for wrong in ("F0411.RMK", "F0411.AGG", "AG"):
        with pytest.raises(SystemFault, match="no column of numbers"):
            read_raw(read, "f0411", decimals={wrong: 2})


def test_slices_and_ranges_are_of_whole_days(sandbox: RunningSandbox, read: ReadTap) -> None:
    control = sandbox.control
    for shift, number in ((-20, 2001), (-10, 2002)):
        touch(control, "F0401", {"AN8": number}, UPMJ=day(control, shift))
    start = f"{day(control, -25)}T12:00:00Z"
    sliced = read_raw(read, "f0401", start_date=start, window_days=0.4)
    assert [row["AN8"] for row in sliced.records("f0401")][:2] == [2001, 2002]
    assert len(sliced.states) > 20
    ranged = read_raw(
        read, "f0401", **{"from": f"{day(control, -21)}T12:00:00Z", "to": f"{day(control, -20)}T12:00:00Z"}
    )
    assert [row["AN8"] for row in ranged.records("f0401")] == [2001]


def test_further_tables_are_described_or_discovered(sandbox: RunningSandbox, read: ReadTap) -> None:
    old = {"UPMJ": day(sandbox.control, -30)}
    sandbox.control.put_rows("jde", "F0150", [{"OSTP": "", "PA8": 1, "AN8": 1001, "RMK": "Group", **old}])
    sandbox.control.put_rows(
        "jde", "F01161", [{"AN8": 1001, "IDLN": 0, "ATYPE": "B", "EFTB": "2020-01-01", "CTY1": "Nice"}]
    )
    columns = {"OSTP": "TEXT", "PA8": "INTEGER", "AN8": "INTEGER", "RMK": "TEXT", "UPMJ": "DATE"}
    key = ["AN8", "IDLN", "ATYPE", "EFTB"]
    tables: list[dict[str, Any]] = [
        {"name": "F0150", "key": ["OSTP", "PA8", "AN8"], "columns": columns},
        {"name": "F01161", "key": key, "stream": "alternate", "replication": "full"},
    ]
    names = {"f0150", "alternate"}
    run = _select(read, tables, names)
    assert [row["RMK"] for row in run.records("f0150")] == ["Group"]
    (row,) = run.records("alternate")
    assert (row["CTY1"], row["EFTB"], row["IDLN"]) == ("Nice", "2020-01-01", 0)
    again = _select(read, tables, names, run.state)
    assert (len(again.records("alternate")), again.records("f0150")) == (1, [])
    with pytest.raises(SystemFault, match="no column WRONG"):
        read(tables=[{"name": "F0150", "key": ["WRONG"]}])


def _select(
    read: ReadTap, tables: list[dict[str, Any]], names: set[str], state: Any = None, **changes: Any
) -> TapRun:
    tap = read.tap(config={**read.settings, "tables": tables})
    catalog = json.loads(json.dumps(tap.catalog_dict))
    tap.close()
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in names
    return read(state, tables=tables, options={"catalog": catalog}, **changes)


def test_the_bookmark_is_an_instant_and_look_back_reaches_to_its_day(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    control = sandbox.control
    state = read_raw(read, "f0101").state
    mark = state["bookmarks"]["f0101"]["replication_key_value"]
    assert abs(dt.datetime.fromisoformat(mark) - control.now()) < dt.timedelta(minutes=2)
    touch(control, "F0101", {"AN8": 1002}, UPMJ=day(control, -1))
    touch(control, "F0101", {"AN8": 1003}, UPMJ=day(control, -2))
    assert [row["AN8"] for row in read_raw(read, "f0101", state=state).records("f0101")] == [1002]
    wider = read_raw(read, "f0101", state=state, look_back=2 * 86_400)
    assert [row["AN8"] for row in wider.records("f0101")] == [1002, 1003]
