"""What goes wrong in the middle: the run ends right, or says why it stopped and the next one completes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import run_plugin
from support.jde_world import catalog_of
from support.tap_run import TapRun

from ml_sandbox.testing import RunningSandbox

DATA = "*/dataservice"
NEXT = "*/dataservice/next*"
LOGIN = "*/tokenrequest"
GONE = {"sysErrors": [{"TITLE": "JAS_MSG347: the result set is closed", "DESC": "", "CODE": ""}]}
PROXY = "<html><body>Service Unavailable</body></html>"
STREAMS = ("suppliers", "f0115", "f0116")
Run = Callable[..., TapRun]
Fault = dict[str, Any]


def status(path: str, number: int, after: int = 0, times: int | None = None, **more: Any) -> Fault:
    return {"path": path, "fault": "status", "status": number, "after": after, "times": times, **more}


@pytest.fixture
def run(settings: dict[str, Any], tmp_path: Path) -> Run:
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(*STREAMS)))
    base = {**settings, "page_size": 2, "max_retries": 2, "login_retry_after": 0, "full_refresh_every": 0}

    def runs(state: Any = None, *, while_running: Any = None, **changes: Any) -> TapRun:
        (tmp_path / "config.json").write_text(json.dumps({**base, **changes}))
        (tmp_path / "state.json").write_text(json.dumps(state or {}))
        arguments = ["--config", "config.json", "--catalog", "catalog.json", "--state", "state.json"]
        ended = run_plugin("tap-jde", arguments, b"", tmp_path, while_running=while_running)
        assert "Traceback" not in ended.errors
        return TapRun(ended.output.decode().splitlines(), ended.errors, ended.exit_code)

    return runs


def rows_of(run: TapRun) -> dict[str, list[Any]]:
    return {stream: run.records(stream) for stream in STREAMS}


def put(sandbox: RunningSandbox, *faults: Fault) -> None:
    sandbox.control.faults(*({"system": "jde", **fault} for fault in faults))


def no_session_is_left(sandbox: RunningSandbox) -> bool:
    return sandbox.control.rows("jde", "sessions") == []


SURVIVED: list[tuple[str, list[Fault]]] = [
    ("keyset", [{"path": "*/dataservice*", "fault": "expire_token", "after": after} for after in (1, 5, 9)]),
    (
        "next_link",
        [{"path": "*/dataservice*", "fault": "expire_token", "after": after} for after in (1, 5, 9)],
    ),
    ("next_link", [status(NEXT, 500, body=GONE, after=1, times=3)]),
    ("next_link", [status(NEXT, 500, body=GONE)]),
    ("next_link", [status(NEXT, 503, body=PROXY, after=1, times=3)]),
    ("next_link", [status(NEXT, 444, times=2)]),
    ("keyset", [status(DATA, 444, after=2, times=1)]),
    ("keyset", [status(DATA, 403, after=2, times=1)]),
    (
        "keyset",
        [
            status(DATA, 503, after=1, times=1, body=PROXY),
            status(DATA, 429, after=9, times=1, headers={"Retry-After": "0"}),
        ],
    ),
    ("keyset", [status(DATA, 429, after=1, times=2, headers={"Retry-After": "0"})]),
    ("keyset", [status(LOGIN, 429, times=2, headers={"Retry-After": "0"})]),
    ("keyset", [status(LOGIN, 503, body=PROXY, times=2)]),
    ("keyset", [{"path": DATA, "fault": "reset", "after": 2, "times": 2}]),
]


def test_what_passes_leaves_no_trace_in_the_records(sandbox: RunningSandbox, run: Run) -> None:
    whole = rows_of(run())
    assert [len(rows) for rows in whole.values()] == [2, 7, 7]
    for paging, faults in SURVIVED:
        put(sandbox, *faults)
        ended = run(paging=paging)
        assert ended.code == 0, (faults, ended.errors)
        assert rows_of(ended) == whole, faults
        put(sandbox)
        assert no_session_is_left(sandbox), faults


STOPPED: list[tuple[list[Fault], int, str]] = [
    ([status(DATA, 429, after=3, headers={"Retry-After": "0"})], 4, "429"),
    ([status(DATA, 503, body=PROXY, after=3)], 4, "503"),
    ([status(DATA, 500, body={"message": {"a": "b"}, "exception": "X"}, after=3)], 4, "answered 500"),
    ([{"path": DATA, "fault": "reset", "after": 3, "times": None}], 4, "no answer"),
    ([status(LOGIN, 429, headers={"Retry-After": "0"})], 4, "429"),
    ([status(LOGIN, 503, body=PROXY)], 4, "503"),
    ([status(LOGIN, 403, body={"message": "Invalid user"})], 5, "Check `username`"),
    (
        [status(LOGIN, 403, after=1), {"path": DATA, "fault": "expire_token", "after": 3}],
        5,
        "Check `username`",
    ),
    ([status(DATA, 444, after=3)], 5, "also a new one"),
    ([status(DATA, 403, after=3, body={"message": "no"})], 5, "right to the object"),
    ([status(DATA, 405, after=3, body={"message": "no"})], 5, "allowed hosts of the HTML server"),
    ([status(DATA, 200, after=3, body={"sysErrors": [{"TITLE": "Row security"}]})], 5, "Row security"),
]


def test_what_lasts_stops_the_run_and_the_next_one_completes(sandbox: RunningSandbox, run: Run) -> None:
    first = run()
    whole, bookmarks = rows_of(first), first.state["bookmarks"]
    for faults, code, message in STOPPED:
        put(sandbox, *faults)
        stopped = run()
        assert stopped.code == code, (faults, stopped.errors)
        assert message in stopped.errors, (faults, stopped.errors)
        assert stopped.summary["exit_code"] == code
        assert not stopped.states or "f0116" not in stopped.state["bookmarks"]
        put(sandbox)
        assert no_session_is_left(sandbox), faults
        again = run()
        assert (again.code, rows_of(again)) == (0, whole), faults
        assert again.state["bookmarks"].keys() == bookmarks.keys()


def test_asked_to_end_it_logs_out(sandbox: RunningSandbox, run: Run) -> None:
    sandbox.control.settings(**{"jde.query_milliseconds": 200})

    def end(process: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(sandbox.control.requests("jde")) < 4:
            time.sleep(0.02)
        os.kill(process, signal.SIGTERM)

    ended = run(while_running=end)
    assert ended.code == 143
    assert no_session_is_left(sandbox)


def test_a_refused_user_leaves_no_session(sandbox: RunningSandbox, run: Run) -> None:
    limited = {"username": "MLVIEW", "password": "sandbox-jde-view-password"}
    refused = run(**limited)
    assert refused.code == 5
    assert "right to the object" in refused.errors
    assert no_session_is_left(sandbox)
