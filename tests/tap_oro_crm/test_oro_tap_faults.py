"""Logins, tokens that die, an API that is off or elsewhere, rights that lack, `--check`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.oro import case, paths, put
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import ConnectorError, LoginRefused, PassingFault, SystemFault
from ml_sandbox.oro import seed
from ml_sandbox.testing import RunningSandbox

Process = Callable[..., TapRun]
TOKEN = "/oauth2-token"
PASSWORD: dict[str, Any] = {"auth_mode": "password", "username": seed.USERNAME, "password": seed.PASSWORD}


def token_requests(sandbox: RunningSandbox) -> list[int]:
    """The statuses of what was asked of the login."""
    return [request["status"] for request in sandbox.control.requests("oro") if request["path"] == TOKEN]


@pytest.mark.parametrize("way", [{}, PASSWORD])
def test_a_token_that_dies_is_replaced_once(
    sandbox: RunningSandbox, read: ReadTap, way: dict[str, Any]
) -> None:
    put(sandbox, "cases", *(case() for _ in range(9)))
    sandbox.control.faults({"system": "oro", "path": "*cases?*", "after": 3, "fault": "expire_token"})
    run = read(page_size=2, **way)
    assert len(run.records("cases")) == 9
    assert token_requests(sandbox) == [200, 200]
    dead = [request for request in sandbox.control.requests("oro") if request["status"] == 401]
    assert len(dead) == 1


def test_a_password_login_goes_on_by_its_refresh_token(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap
) -> None:
    read(**PASSWORD)
    sandbox.control.jump(3600)
    sandbox.control.faults({"system": "oro", "path": "*users?*", "fault": "expire_token"})
    read(**PASSWORD)
    logins = [request for request in sandbox.control.requests("oro") if request["path"] == TOKEN]
    grants = [("password" in request["body"], request["status"]) for request in logins]
    assert grants == [(True, 200), (False, 200)]
    # One that is revoked is followed by the password again.
    sandbox.control.faults({"system": "oro", "path": "*users?*", "fault": "revoke_token"})
    read(**PASSWORD)
    assert token_requests(sandbox)[2:] == [401, 200] or token_requests(sandbox)[2:] == [400, 200]


def test_a_token_that_is_refused_again_ends_the_run(sandbox: RunningSandbox, read: ReadTap) -> None:
    unauthorized = {"fault": "status", "status": 401, "body": "", "times": None}
    sandbox.control.faults({"system": "oro", "path": "/api/*", **unauthorized})
    with pytest.raises(SystemFault, match="also with a new token"):
        read()
    assert token_requests(sandbox) == [200, 200]


@pytest.mark.parametrize(
    ("changes", "said", "fix"),
    [
        ({"client_secret": "wrong"}, "invalid_client", "OAuth Applications"),
        ({**PASSWORD, "password": "wrong"}, "refuses", "username"),
        ({"auth_mode": "password"}, "`username` is missing", "auth_mode: password"),
        ({**PASSWORD, "password": None}, "`password` is missing", "auth_mode: password"),
    ],
)
def test_credentials_are_tried_once(
    sandbox: RunningSandbox, read: ReadTap, changes: dict[str, Any], said: str, fix: str
) -> None:
    with pytest.raises(SystemFault, match=said) as caught:
        read(**changes)
    assert fix in caught.value.fix
    with pytest.raises(SystemFault, match=said):
        read(**changes)
    assert len(token_requests(sandbox)) == isinstance(caught.value, LoginRefused)


def test_a_server_without_keys_says_so(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.settings(oro={"encryption_key": False})
    with pytest.raises(ConnectorError, match="key") as caught:
        read()
    assert caught.value.exit_code in {4, 5}


def test_an_api_that_is_off_says_where_to_switch_it_on(sandbox: RunningSandbox, process: Process) -> None:
    sandbox.control.settings(oro={"api_enabled": False})
    run = process()
    assert run.code == 5
    assert "Application Settings > Web API" in run.errors
    checked = process(None, "--check")
    assert checked.code == 5
    (check,) = map(json.loads, checked.lines)
    assert not check["ok"]
    assert "api_prefix" in check["fix"]


def test_the_api_may_be_behind_a_prefix_and_the_login_is_not(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap
) -> None:
    sandbox.control.settings(oro={"prefix": "/admin/api"})
    with pytest.raises(SystemFault) as caught:
        read()
    assert "/admin/api" in caught.value.fix
    put(sandbox, "cases", case())
    for prefix in ("/admin/api", "admin/api/"):
        assert len(read(api_prefix=prefix).records("cases")) == 1
    assert set(paths(sandbox, TOKEN)) == {TOKEN}
    with pytest.raises(SystemFault) as there_is_no_login:
        read(base_url=f"{settings['base_url']}/admin", token_store=settings["token_store"] + "2")
    assert "base_url" in there_is_no_login.value.fix


@pytest.mark.parametrize("kind", ["accounts", "users", "zendesktickets"])
def test_what_a_role_may_not_read_is_left_out_unless_it_is_selected(
    sandbox: RunningSandbox, process: Process, tmp_path: Path, kind: str
) -> None:
    sandbox.control.settings(oro={"bundle": True})
    catalog = tmp_path / "catalog.json"
    catalog.write_text("\n".join(process(None, "--discover").lines))
    sandbox.control.settings(oro={"denied_actions": f"{kind}.get", "bundle": True})
    run = process()
    assert run.code == 0
    assert "403" in run.errors
    streams = {message["stream"] for message in run.of_type("SCHEMA")}
    assert kind not in streams
    assert {"cases", "contacts"} <= streams
    if kind == "accounts":
        selected = process(None, "--catalog", str(catalog))
        assert selected.code == 5
        assert "User Management > Roles" in selected.errors


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"highest_id": "x"}, "highest_id is 'x'"),
        ({"highest_id": []}, "highest_id is []"),
        ({"recent": [1]}, "recent is [1]"),
        ({"unfinished": {"until": "2026-01-01T00:00:00Z", "after": "q"}}, "unfinished is 'q'"),
        ({"replication_key": "changed_at", "replication_key_value": "0001-01-01T00:00:00+05:00"}, "no date"),
    ],
)
def test_a_state_that_somebody_spoiled(read: ReadTap, odd: dict[str, Any], said: str) -> None:
    with pytest.raises(SystemFault) as caught:
        read({"bookmarks": {"cases": odd}})
    assert said in caught.value.message
    assert caught.value.fix


def test_what_passes_is_repeated(sandbox: RunningSandbox, read: ReadTap) -> None:
    put(sandbox, "cases", *(case() for _ in range(5)))
    sandbox.control.faults(
        {"system": "oro", "path": "*cases?*", "fault": "status", "status": 429, "times": 2},
        {"system": "oro", "path": "*cases?*", "after": 2, "fault": "truncate"},
        {"system": "oro", "path": "*cases?*", "after": 4, "fault": "status", "status": 503},
    )
    assert len(read(page_size=2).records("cases")) == 5
    sandbox.control.faults(
        {"system": "oro", "path": "*cases?*", "fault": "status", "status": 503, "times": None}
    )
    with pytest.raises(PassingFault):
        read(max_retries=1)


def test_check_looks_at_every_stream(sandbox: RunningSandbox, process: Process) -> None:
    sandbox.control.jump((dt.datetime.now(dt.UTC) - sandbox.control.now()).total_seconds())
    run = process(None, "--check")
    checks = {check["check"]: check["ok"] for check in map(json.loads, run.lines)}
    assert run.code == 0
    assert all(checks.values())
    assert {"login", "api", "streams", "clock", "stream cases", "stream casecomments"} <= checks.keys()
    writes = sandbox.control.requests("oro", writes_only=True)
    assert [request["path"] for request in writes if request["path"] != TOKEN] == []


def test_the_log_says_once_what_the_server_can(process: Process) -> None:
    first = process()
    again = process(first.state)
    assert again.errors.count("the server's features") == 1
    assert "filter contacts.updatedAt: yes" in again.errors
    assert "filter cases.updatedAt: no" in again.errors
    assert again.summary["requests"] > 5
