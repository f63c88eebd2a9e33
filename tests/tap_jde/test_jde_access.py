"""Sessions, faults and answers of the AIS server, as the tap meets them."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import run_plugin
from support.jde_world import catalog_of, day, touch
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import LoginRefused, PassingFault, SystemFault
from ml_connector.vendors.jde.client import Client
from ml_sandbox.testing import RunningSandbox

DATA = "*/dataservice"
NEXT = "*/dataservice/next"
SINCE: dict[str, Any] = {"from": "2026-01-01T00:00:00Z"}


def phones(read: ReadTap, **changes: Any) -> TapRun:
    return read(options={"catalog": catalog_of("f0115")}, **{"page_size": 2, **changes})


def paths(sandbox: RunningSandbox) -> list[str]:
    return [
        request["path"].partition("?")[0].rpartition("/v2/")[2] for request in sandbox.control.requests("jde")
    ]


def sequence(run: TapRun) -> list[Any]:
    return [(row["AN8"], row["IDLN"], row["CNLN"], row["RCK7"]) for row in run.records("f0115")]


def test_one_login_for_all_calls_and_a_logout(sandbox: RunningSandbox, read: ReadTap) -> None:
    phones(read)
    called = paths(sandbox)
    assert called[0] == "tokenrequest"
    assert called[-1] == "tokenrequest/logout"
    assert called.count("tokenrequest") == 1
    assert sandbox.control.rows("jde", "sessions") == []
    login = sandbox.control.requests("jde")[0]["body"]
    assert (login["deviceName"], login["environment"]) == ("ml-connector", "JPD920")
    assert "jasserver" not in login
    sandbox.control.clear_requests()
    phones(read, device_name="night-run", jas_server="http://jas.example:8080")
    asked = sandbox.control.requests("jde")
    assert (asked[0]["body"]["deviceName"], asked[0]["body"]["jasserver"]) == (
        "night-run",
        "http://jas.example:8080",
    )
    # A token is refused from another device than the one that asked for it.
    assert {request["status"] for request in asked} == {200}


def test_the_token_is_shared_kept_encrypted_and_logged_out_by_the_last(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    first, second = Client(settings), Client(settings)
    first.get("jderest/v2/defaultconfig")
    token = sandbox.control.rows("jde", "sessions")[0]["token"] if _shows_tokens(sandbox) else None
    second.get("jderest/v2/defaultconfig")
    assert len(sandbox.control.rows("jde", "sessions")) == 1
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*.token"))
    assert kept
    assert settings["password"].encode() not in kept
    assert token is None or str(token).encode() not in kept
    first.close()
    assert len(sandbox.control.rows("jde", "sessions")) == 1
    second.close()
    assert sandbox.control.rows("jde", "sessions") == []


def _shows_tokens(sandbox: RunningSandbox) -> bool:
    return "token" in sandbox.control.rows("jde", "sessions")[0]


def test_the_token_is_replaced_before_it_expires_and_the_old_session_ends(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    sandbox.control.settings(latency_ms=130)
    whole = sequence(phones(read, page_size=1, token_refresh_minutes=0.01))
    called = paths(sandbox)
    assert len(whole) == 7
    assert called.count("tokenrequest") >= 2
    assert called.count("tokenrequest/logout") == called.count("tokenrequest")
    assert sandbox.control.rows("jde", "sessions") == []


@pytest.mark.parametrize("paging", ["keyset", "next_link"])
def test_a_dead_token_in_the_middle_costs_one_login(
    sandbox: RunningSandbox, read: ReadTap, paging: str
) -> None:
    whole = sequence(phones(read))
    sandbox.control.clear_requests()
    sandbox.control.faults({"system": "jde", "path": "*/dataservice*", "fault": "expire_token", "after": 2})
    assert sequence(phones(read, paging=paging)) == whole
    assert paths(sandbox).count("tokenrequest") == 2
    assert 444 in {request["status"] for request in sandbox.control.requests("jde")}


def test_a_token_that_is_always_refused_ends_the_run(sandbox: RunningSandbox, read: ReadTap) -> None:
    fault = {"system": "jde", "path": DATA, "fault": "status", "status": 444, "times": None}
    sandbox.control.faults(fault)
    with pytest.raises(SystemFault, match="also a new one"):
        phones(read)
    assert paths(sandbox).count("tokenrequest") == 2


def test_a_refused_login_is_not_repeated(sandbox: RunningSandbox, read: ReadTap) -> None:
    for _ in range(2):
        with pytest.raises(LoginRefused, match=r"403|refused before"):
            phones(read, password="wrong-password")
    assert paths(sandbox) == ["tokenrequest"]
    with pytest.raises(LoginRefused):
        phones(read, environment="JNONE")


def test_a_login_whose_answer_was_lost_is_made_again(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.faults({"system": "jde", "path": "*/tokenrequest", "fault": "lost_response"})
    assert len(sequence(phones(read))) == 7


@pytest.mark.parametrize("fault", ["reset", "truncate", "lost_response"])
def test_lost_answers_of_pages_lose_no_row(sandbox: RunningSandbox, read: ReadTap, fault: str) -> None:
    whole = sequence(phones(read))
    for paging, path in (("keyset", DATA), ("next_link", NEXT)):
        sandbox.control.faults({"system": "jde", "path": f"{path}*", "fault": fault, "after": 1})
        assert sequence(phones(read, paging=paging)) == whole, paging


def test_next_links_keep_the_configured_host_and_their_token_is_never_shown(
    sandbox: RunningSandbox, read: ReadTap, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run = phones(read, paging="next_link")
    assert len(sequence(run)) == 7
    assert {request["status"] for request in sandbox.control.requests("jde")} == {200}
    assert paths(sandbox).count("dataservice/next") == 3
    assert "ais.internal.example" not in caplog.text
    assert "token=" not in caplog.text.replace("token=***", "")


def test_an_expired_result_set_begins_again_after_the_last_key(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    whole = sequence(phones(read))
    sandbox.control.clear_requests()
    error = {"sysErrors": [{"TITLE": "JAS_MSG347: the result set is closed", "DESC": "", "CODE": ""}]}
    fault = {"system": "jde", "path": NEXT + "*", "fault": "status", "status": 500, "body": error, "after": 1}
    sandbox.control.faults(fault)
    assert sequence(phones(read, paging="next_link")) == whole
    assert paths(sandbox).count("dataservice") == 3
    sandbox.control.settings(**{"jde.result_set_timeout_seconds": 0})
    assert sequence(phones(read, paging="next_link")) == whole


def test_next_links_need_a_token(sandbox: RunningSandbox, read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="needs a session"):
        phones(read, paging="next_link", auth_mode="basic")


def test_basic_sends_no_token_and_a_missing_right_is_no_refused_login(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    assert len(sequence(phones(read, auth_mode="basic"))) == 7
    assert set(paths(sandbox)) == {"dataservice"}
    with pytest.raises(LoginRefused):
        phones(read, auth_mode="basic", password="wrong-password")
    forbidden = {"system": "jde", "path": DATA, "fault": "status", "status": 403, "after": 1, "times": None}
    sandbox.control.faults(forbidden)
    with pytest.raises(SystemFault, match="right to the object") as caught:
        phones(read, auth_mode="basic")
    assert not isinstance(caught.value, LoginRefused)


def test_cookies_go_with_the_token(sandbox: RunningSandbox, read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="also a new one"):
        phones(read, keep_cookies=False)
    sandbox.control.settings(**{"jde.session_affinity": "refused"})
    assert len(sequence(phones(read, keep_cookies=False))) == 7


INNER = {"Errors/Warnings": [{"Title": "x", "Errors": [{"TITLE": "Inner", "CODE": "2"}]}]}
OBJECT = {"sysErrors": [], "status": "ERROR", "message": {"a": "own"}, "exception": "X"}
BAD_BODIES: list[tuple[int, Any, type[Exception], str]] = [
    (200, {"sysErrors": [{"TITLE": "No right", "DESC": "none"}]}, SystemFault, "No right"),
    (200, {"fs_DATABROWSE_F0115": {"errors": [{"CODE": "1", "TITLE": "Bad"}]}}, SystemFault, "Bad"),
    (200, {"fs_DATABROWSE_F0115": {"data": {}, "errors": []}}, SystemFault, "no rows"),
    (200, {"ds_F0115": {"error": {"message": "broken"}}}, SystemFault, "broken"),
    (200, {"continuedOnError": [{"step": "a", "message": {"text": "deep"}}]}, SystemFault, "deep"),
    (200, INNER, SystemFault, "Inner"),
    (200, OBJECT, SystemFault, "own"),
    (200, {"sysErrors": "Closed"}, SystemFault, "Closed"),
    (200, {}, SystemFault, "no rows"),
    (200, "<html><body>Sign in</body></html>", SystemFault, "web page"),
    (500, {"message": {"rootCause": "object"}, "exception": "X"}, PassingFault, "object"),
    (500, "<html><body>Proxy</body></html>", PassingFault, "Proxy"),
    (400, {"message": "bad json", "exception": "X"}, SystemFault, "bad json"),
    (405, {"message": "not allowed"}, SystemFault, "allowed hosts"),
    (415, {"message": "type"}, SystemFault, "Content-Type"),
]


def test_every_shape_of_failure_is_one(sandbox: RunningSandbox, read: ReadTap) -> None:
    for status, body, kind, text in BAD_BODIES:
        fault = {"path": DATA, "fault": "status", "status": status, "body": body, "times": None}
        sandbox.control.faults({"system": "jde", **fault})
        with pytest.raises(kind, match=text):
            phones(read, max_retries=0)


def test_a_failure_in_a_page_behind_a_link_is_one_too(sandbox: RunningSandbox, read: ReadTap) -> None:
    body = {"sysErrors": "The row security refuses"}
    sandbox.control.faults({"system": "jde", "path": NEXT, "fault": "status", "status": 200, "body": body})
    with pytest.raises(SystemFault, match="row security"):
        phones(read, paging="next_link")


def _page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = {name: name for row in rows for name in row}
    grid = {"columns": columns, "rowset": rows, "summary": {"records": len(rows), "moreRecords": False}}
    return {"fs_DATABROWSE_F0401": {"data": {"gridData": grid}, "errors": []}, "sysErrors": []}


def _supplier(number: int, updated: Any = None) -> dict[str, Any]:
    from ml_connector.vendors.jde.catalog import F0401

    row: dict[str, Any] = {f"F0401_{column.name}": None for column in F0401.columns}
    return {**row, "F0401_AN8": number, "F0401_UPMJ": updated}


def suppliers_of(
    sandbox: RunningSandbox, read: ReadTap, rows: list[dict[str, Any]], **changes: Any
) -> TapRun:
    answer = {"fault": "status", "status": 200, "body": _page(rows), "times": None}
    sandbox.control.faults({"system": "jde", "path": DATA, **answer})
    return read(options={"catalog": catalog_of("f0401")}, **changes)


def test_dates_of_every_form_are_read_and_others_name_table_key_and_column(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    forms = ["20260801", 126213, "126213", "2026-08-01", "2026-08-01T00:00:00", 1785542400000, 20260801]
    rows = [_supplier(number, form) for number, form in enumerate(forms, start=1)]
    records = suppliers_of(sandbox, read, [*rows, _supplier(90), _supplier(91, ""), _supplier(92, 0)])
    days = [record["UPMJ"] for record in records.records("f0401")]
    assert days == ["2026-08-01"] * len(forms) + [None] * 3
    for wrong in ("01/08/26", "20261301", "126367", "126000", 12, 2026, True, "00000000", "20260801000000"):
        with pytest.raises(SystemFault, match=r"F0401\.UPMJ of AN8 7 is"):
            suppliers_of(sandbox, read, [_supplier(7, wrong)])


def test_a_server_that_ignores_conditions_or_order_is_named(sandbox: RunningSandbox, read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="does not honour"):
        suppliers_of(sandbox, read, [_supplier(2), _supplier(1)])
    with pytest.raises(SystemFault, match="40 years ahead"):
        suppliers_of(sandbox, read, [_supplier(1, "20260801")], **SINCE)
    with pytest.raises(SystemFault, match="rows with other values"):
        suppliers_of(sandbox, read, [_supplier(1)], keys=[2])
    row = _supplier(1)
    assert len(suppliers_of(sandbox, read, [row, {"F0401_AN8": 2}]).records("f0401")) == 2
    del row["F0401_TRAP"]
    with pytest.raises(SystemFault, match="lacks TRAP"):
        suppliers_of(sandbox, read, [row])


def test_a_form_of_date_that_the_server_misreads_is_found(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.settings(**{"jde.wrong_date_literal": "empty"})
    catalog = {"catalog": catalog_of("f0401")}
    with pytest.raises(SystemFault, match="reaches back 40 years"):
        read(options=catalog, date_filter="yyyymmdd", **SINCE)
    sandbox.control.settings(**{"jde.date_literal": "yyyyMMdd"})
    run = read(options=catalog, date_filter="yyyymmdd", **SINCE)
    assert len(run.records("f0401")) == 2


def test_calls_at_the_same_time_are_those_of_the_setting(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.settings(**{"jde.max_concurrent_calls": 1, "jde.query_milliseconds": 60})
    ways: list[dict[str, Any]] = [{}, {"keys": [1001, 1002]}, SINCE]
    for way in ways:
        found = []
        for concurrency in (1, 4):
            sandbox.control.clear_requests()
            options = {"catalog": catalog_of("customers")}
            run = read(options=options, concurrency=concurrency, max_retries=9, backoff=0.05, **way)
            found.append(run.records("customers"))
            refused = 503 in {request["status"] for request in sandbox.control.requests("jde")}
            assert refused == (concurrency > 1), (way, concurrency)
        assert found[0] == found[1] != []


def checked(folder: Path, settings: dict[str, Any]) -> tuple[int, dict[str, bool]]:
    """The exit code of --check, and how each check ended."""
    (folder / "check.json").write_text(json.dumps(settings))
    ended = run_plugin("tap-jde", ["--config", "check.json", "--check"], b"", folder)
    checks = [json.loads(line) for line in ended.output.splitlines()]
    return ended.exit_code, {check["check"]: check["ok"] for check in checks}


def test_check_says_what_is_right_and_what_to_mend(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    code, checks = checked(tmp_path, settings)
    assert (code, set(checks.values())) == (0, {True})
    assert {
        "login",
        "server",
        "table F0101",
        "date filter F03012",
        "clock",
        "server_timezone",
    } <= checks.keys()
    forbidden = {"system": "jde", "path": DATA, "fault": "status", "status": 400, "body": {"message": "no"}}
    sandbox.control.faults({**forbidden, "times": 1, "after": 1})
    code, checks = checked(tmp_path, settings)
    assert (code, [check for check, ok in checks.items() if not ok]) == (5, ["table F0115"])
    touch(sandbox.control, "F0101", {"AN8": 1002}, UPMJ=day(sandbox.control, 3))
    code, checks = checked(tmp_path, settings)
    assert (code, checks["server_timezone"]) == (5, False)
    wrong = checked(tmp_path, {**settings, "password": "nothing-good"})
    assert wrong == (5, {"login": False})
