"""The tap as a process: killed, ended, cut off; what it says and what it never says."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

from support.ebs_business import catalog_of
from support.tap_run import ReadTap, run_process, start

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES

SCRIPT = "tap-oracle-ebs"


def read_until(process: subprocess.Popen[bytes], kind: str, count: int) -> list[dict[str, Any]]:
    """Read messages up to the given number of one kind."""
    assert process.stdout is not None
    messages: list[dict[str, Any]] = []
    for line in process.stdout:
        messages.append(json.loads(line))
        if sum(message["type"] == kind for message in messages) == count:
            break
    return messages


def test_killed_between_windows_the_next_run_goes_on_without_a_gap(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap, tmp_path: Path
) -> None:
    start_date = (dt.datetime.now(dt.UTC) - dt.timedelta(days=900)).isoformat()
    sliced = {**settings, "start_date": start_date, "window_days": 100}
    expected = read(start_date=start_date).records("customers")
    assert len(expected) > 20
    sandbox.control.faults({"system": "ebs", "path": "*", "fault": "latency", "seconds": 0.02, "times": None})
    with start(SCRIPT, tmp_path, sliced) as process:
        before = read_until(process, "STATE", 4)
        process.send_signal(signal.SIGKILL)
    sandbox.control.faults()
    state = [message["value"] for message in before if message["type"] == "STATE"][-1]
    after = read(state, window_days=100)
    first = [message["record"] for message in before if message["type"] == "RECORD"]
    second = after.records("customers")
    found = {record["cust_account_id"] for record in [*first, *second]}
    assert found == {record["cust_account_id"] for record in expected}
    assert first
    assert all(record["last_update_date"] >= start_date[:19] for record in first)
    bookmark = state["bookmarks"]["customers"]["replication_key_value"]
    assert all(record["last_update_date"] >= bookmark for record in second)


def test_killed_within_a_window_no_state_was_written(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.control.faults(
        {"system": "ebs", "path": "*/RA_TERMS/*", "fault": "timeout", "seconds": 60, "after": 3}
    )
    changes = {"start_date": "2020-01-01T00:00:00Z", "key_list_size": 5}
    with start(SCRIPT, tmp_path, {**settings, **changes}) as process:
        before = read_until(process, "RECORD", 10)
        process.send_signal(signal.SIGKILL)
        output = process.communicate()[0]
    assert len([message for message in before if message["type"] == "RECORD"]) == 10
    assert not any(message["type"] == "STATE" for message in before)
    assert b"STATE" not in output


def test_sigterm_ends_with_143_logs_out_and_leaves_whole_lines(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.control.faults({"system": "ebs", "path": "*/RA_TERMS/*", "fault": "timeout", "seconds": 60})
    with start(SCRIPT, tmp_path, settings) as process:
        assert process.stderr is not None
        errors = b""
        for line in process.stderr:
            errors += line
            if b"HZ_CUST_PROFILE_AMTS has" in line:
                break
        process.send_signal(signal.SIGTERM)
        output, rest = process.communicate(timeout=30)
    assert process.returncode == 143
    assert b"Traceback" not in errors + rest
    assert b'"exit_code": 143' in rest
    for line in output.splitlines():
        json.loads(line)
    assert b"STATE" not in output
    assert sandbox.control.requests("ebs")[-1]["path"].endswith("/logout")


def test_a_reader_that_goes_away_is_told_in_one_line(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    with start(SCRIPT, tmp_path, settings) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b'"SCHEMA"' in process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.wait(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert "ended early" in errors
    assert sandbox.control.requests("ebs")[-1]["path"].endswith("/logout")


def test_one_summary_and_no_secret_in_anything_that_is_written(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.control.faults({"system": "ebs", "path": "*/HZ_PARTIES/*", "fault": "expire_token"})
    options = {"TAP_ORACLE_EBS_LOGLEVEL": "DEBUG"}
    run = run_process(SCRIPT, tmp_path, settings, environment=options)
    assert run.code == 0
    summary = run.summary
    assert summary["records"] == {"customers": len(run.records("customers"))}
    assert summary["renewals"] == 1
    assert summary["requests"] == len(sandbox.control.requests("ebs"))
    written = run.errors + "\n".join(run.lines)
    tokens = [
        value
        for path in (tmp_path / "home").rglob("*")
        if path.is_file()
        for value in [path.read_text(errors="replace")]
    ]
    for text in [written, *tokens]:
        assert settings["password"] not in text
        assert "RXh0cmFjdC0x" not in text
    assert "EBSDB=" not in written


def test_a_passing_fault_ends_with_4_and_keeps_the_state(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.control.faults(
        {"system": "ebs", "path": "*/HZ_LOCATIONS/*", "fault": "status", "status": 503, "times": None}
    )
    mark = {"replication_key": "last_update_date", "replication_key_value": "2020-01-01T00:00:00Z"}
    state = {"bookmarks": {"customers": mark}}
    run = run_process(SCRIPT, tmp_path, settings, state)
    assert run.code == 4
    assert run.states == [state]
    assert "Traceback" not in run.errors


def test_about_and_discovery_need_no_system(tmp_path: Path) -> None:
    about = run_process(SCRIPT, tmp_path, {}, None, "--about", "--format", "json")
    assert '"server_timezone"' in "\n".join(about.lines)
    catalog = json.loads("\n".join(run_process(SCRIPT, tmp_path, {}, None, "--discover").lines))
    names = [stream["tap_stream_id"] for stream in catalog["streams"]]
    business = ["customers", "customer_contacts", "customer_summaries", "customer_exclusions"]
    assert sorted(names) == sorted([*business, *(name.lower() for name in TABLES)])
    by_default = {
        stream["tap_stream_id"]
        for stream in catalog["streams"]
        for entry in stream["metadata"]
        if entry["breadcrumb"] == [] and entry["metadata"].get("selected-by-default", True)
    }
    assert by_default == {"customers"}


def test_streams_come_in_the_order_in_which_they_refer_to_each_other(read: ReadTap) -> None:
    names = ["customers", "customer_contacts", "customer_summaries"]
    messages = read(options={"catalog": catalog_of(*reversed(names))}).of_type("SCHEMA")
    assert [message["stream"] for message in messages] == names
