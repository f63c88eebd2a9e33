"""Taps that find deleted records: scans of keys or whole records, their versions, their place in STATE."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from support.rows_tap import TapRows, TapWhole, put
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import SystemFault
from ml_connector.singer.tap import ConnectorTap


@pytest.fixture
def file(tmp_path: Path) -> Path:
    put(tmp_path / "rows.json", 1, 2)
    return tmp_path / "rows.json"


@pytest.fixture
def read(file: Path) -> ReadTap:
    return ReadTap(TapRows, {"file": str(file), "look_back": 0, "deletes_every": 0})


def story(run: TapRun) -> list[Any]:
    """What came in which order: records without and with a version, activations, states.

    States that follow each other are one: where a second has passed since the run before, there is a window
    more, of nothing.
    """
    found: list[Any] = []
    for message in run.messages:
        if message["type"] == "RECORD":
            found.append(("with" if "version" in message else "plain", message["record"]))
        elif message["type"] != "SCHEMA" and found[-1:] != [message["type"]]:
            found.append(message["type"])
    return found


def test_nothing_is_searched_by_default(read: ReadTap) -> None:
    run = read()
    assert [kind for kind, _ in story(run)[:2]] == ["plain", "plain"]
    assert run.of_type("ACTIVATE_VERSION") == []
    assert "deletes_checked_at" not in run.state["bookmarks"]["rows"]


def test_keys_come_after_the_windows_and_before_the_activation(read: ReadTap) -> None:
    first = read(deletes="keys")
    key = [("with", {"id": 1}), ("with", {"id": 1}), ("with", {"id": 2}), ("with", {"id": 2})]
    assert [kind for kind, _ in story(first)[:2]] == ["plain", "plain"]
    assert story(first)[2:] == ["STATE", *key, "ACTIVATE_VERSION", "STATE"]
    (activation,) = first.of_type("ACTIVATE_VERSION")
    assert {m["version"] for m in first.of_type("RECORD") if "version" in m} == {activation["version"]}
    assert abs(activation["version"] / 1000 - dt.datetime.now(dt.UTC).timestamp()) < 60
    assert "deletes_checked_at" not in first.states[0]["bookmarks"]["rows"]
    again = read(first.state, deletes="keys")
    assert story(again) == ["STATE", *key, "ACTIVATE_VERSION", "STATE"]
    assert again.of_type("ACTIVATE_VERSION")[0]["version"] > activation["version"]


def test_the_version_rises_even_where_the_clock_was_set_back(read: ReadTap) -> None:
    state = read(deletes="keys").state
    state["bookmarks"]["rows"]["deletes_checked_at"] = "2100-01-01T00:00:00.5Z"
    (activation,) = read(state, deletes="keys", deletes_every=7).of_type("ACTIVATE_VERSION")
    assert activation["version"] == 4_102_444_800_501


def test_a_scan_is_due_after_the_days_that_are_set(read: ReadTap) -> None:
    state = read(deletes="keys").state
    assert read(state, deletes="keys", deletes_every=7).of_type("ACTIVATE_VERSION") == []
    bookmark = state["bookmarks"]["rows"]
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(days=6.9)
    bookmark["deletes_checked_at"] = earlier.isoformat()
    assert len(read(state, deletes="keys", deletes_every=7).of_type("ACTIVATE_VERSION")) == 1
    assert read(state, deletes="keys", deletes_every=8).of_type("ACTIVATE_VERSION") == []


@pytest.mark.parametrize("extra", [{"keys": [1]}, {"from": "2026-01-01"}, {"to": "2026-12-01"}])
def test_runs_of_some_records_search_nothing(read: ReadTap, extra: dict[str, Any]) -> None:
    assert read(deletes="keys", **extra).of_type("ACTIVATE_VERSION") == []


def test_whole_records_double_as_the_first_load(read: ReadTap) -> None:
    first = read(deletes="records")
    assert [kind for kind, _ in story(first)[:2]] == ["with", "with"]
    assert story(first)[2:] == ["ACTIVATE_VERSION", "STATE"]
    later = story(read(first.state, deletes="records"))
    assert later[0] == "STATE"
    assert [record for kind, record in later[1:3] if kind == "with"] == [
        message["record"] for message in first.of_type("RECORD")
    ]
    assert later[3:] == ["ACTIVATE_VERSION", "STATE"]


def test_a_scan_sees_what_changed_after_the_end_of_the_window(read: ReadTap, file: Path) -> None:
    now = dt.datetime.now(dt.UTC).isoformat()
    file.write_text(json.dumps([{"id": 9, "name": "new", "changed": now}]))
    run = read(deletes="records", window_lag=3600)
    assert [record["id"] for kind, record in story(run)[:1]] == [9]
    assert run.state["bookmarks"]["rows"]["replication_key_value"] < now


def test_what_the_start_date_leaves_out_is_not_sent_by_a_scan(read: ReadTap) -> None:
    state = read(start_date="2026-11-02").state
    run = read(state, deletes="records", start_date="2026-11-02")
    assert (run.records("rows"), run.of_type("ACTIVATE_VERSION")) == ([], [])
    assert len(read(state, deletes="keys", start_date="2026-11-02").records("rows")) == 4


def test_a_scan_that_broke_off_begins_anew(read: ReadTap, file: Path) -> None:
    state = read().state
    put(file, 1, fault=True)
    with pytest.raises(SystemFault, match="fails here"):
        read(state, deletes="keys", start_date="2026-12-01")
    put(file, 1)
    run = read(state, deletes="keys")
    assert story(run)[1:] == [("with", {"id": 1}), ("with", {"id": 1}), "ACTIVATE_VERSION", "STATE"]


def test_an_empty_source_is_never_activated(read: ReadTap, file: Path) -> None:
    put(file)
    never_seen = read(deletes="keys")
    assert never_seen.of_type("ACTIVATE_VERSION") == []
    assert "deletes_checked_at" not in never_seen.state["bookmarks"]["rows"]
    put(file, 1)
    state = read(deletes="keys").state
    put(file)
    with pytest.raises(SystemFault, match="found no record at all") as raised:
        read(state, deletes="keys")
    assert "what the user may see" in raised.value.fix


def test_streams_that_are_read_whole_need_no_second_reading(file: Path) -> None:
    read = ReadTap(TapWhole, {"file": str(file), "deletes_every": 0})
    run = read(deletes="keys")
    whole = [message for message in run.messages if message.get("stream") == "whole"]
    assert [message["type"] for message in whole] == ["SCHEMA", "RECORD", "RECORD", "ACTIVATE_VERSION"]
    assert all("name" in message["record"] for message in whole[1:3])
    assert [message["stream"] for message in run.of_type("ACTIVATE_VERSION")] == ["whole"]


def test_a_mapping_in_the_tap_gets_whole_records_only(read: ReadTap) -> None:
    maps = {"rows": {"label": "name.upper()"}}
    with pytest.raises(SystemFault, match="mapped by the tap"):
        read(deletes="keys", stream_maps=maps)
    run = read(deletes="records", stream_maps={**maps, "rows": {**maps["rows"], "__alias__": "other"}})
    assert [message["stream"] for message in run.of_type("ACTIVATE_VERSION")] == ["other"]
    assert read(deletes="keys", stream_maps={"rows": None}).of_type("ACTIVATE_VERSION") == []


def test_the_capability_is_declared_with_the_settings() -> None:
    assert "activate-version" in [str(capability) for capability in TapRows.capabilities]
    assert "activate-version" not in [str(capability) for capability in ConnectorTap.capabilities]


_FILE = Path(__file__).with_name("rows_of_the_suite.json")
_SETTINGS = {"file": str(_FILE), "deletes": "keys", "deletes_every": 0}
_Suite = get_tap_test_class(TapRows, config=_SETTINGS, suite_config=SuiteConfig(max_records_limit=5))


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
