"""Login, context, grants and the faults of the gateway: named, and repeated only where it helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.tap_run import ReadTap, run_here, run_process

from ml_connector.errors import ConnectorError, LoginRefused, PassingFault, SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs

FAULT = '{"ISGServiceFault": {"Code": "%s", "Message": "%s", "Resolution": "ask"}}'


def paths(sandbox: RunningSandbox) -> list[str]:
    return [request["path"] for request in sandbox.control.requests("ebs")]


def logins(sandbox: RunningSandbox) -> int:
    return sum(path.endswith("/login") for path in paths(sandbox))


def answering(
    status: int, body: str, times: int | None = None, path: str = "*/HZ_PARTIES/*"
) -> dict[str, Any]:
    """A fault that answers a table in place of the gateway."""
    headers = {"Content-Type": "application/json"}
    return {
        "system": "ebs",
        "path": path,
        "fault": "status",
        "status": status,
        "headers": headers,
        "body": body,
        "times": times,
    }


def test_one_login_one_logout_and_the_whole_context_with_every_call(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    read()
    requests = sandbox.control.requests("ebs")
    assert logins(sandbox) == 1
    assert requests[-1]["path"].endswith("/logout")
    for request in [request for request in requests[1:-1] if request["query"] != "WADL"]:
        for name in ("ctx_responsibility", "ctx_respapplication", "ctx_securitygroup", "ctx_nlslanguage"):
            assert f"{name}=" in request["query"]


def test_basic_mode_logs_in_nowhere(sandbox: RunningSandbox, read: ReadTap) -> None:
    assert len(read(auth_mode="basic").records("customers")) > 0
    assert logins(sandbox) == 0


@pytest.mark.parametrize("reply", ["response", "data", "bare"])
def test_every_form_of_the_login_reply(sandbox: RunningSandbox, read: ReadTap, reply: str) -> None:
    sandbox.control.settings(ebs={"login_reply": reply})
    assert read(keys=["1"]).records("customers") == []


def test_a_token_that_dies_in_mid_run_is_renewed_once(sandbox: RunningSandbox, read: ReadTap) -> None:
    expected = len(read().records("customers"))
    sandbox.control.clear_requests()
    sandbox.control.faults({"system": "ebs", "path": "*/HZ_LOCATIONS/*", "fault": "expire_token"})
    assert len(read().records("customers")) == expected
    assert logins(sandbox) == 2


@pytest.mark.parametrize("mode", ["token", "basic"])
def test_a_wrong_password_is_tried_once_over_runs_and_processes(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path, mode: str
) -> None:
    wrong = {**settings, "password": f"wrong-{mode}-secret", "auth_mode": mode}
    for attempt, options in enumerate(([], ["--check"])):
        # Another context has a session of its own, but it is the same account that would be locked.
        changed = {**wrong, "org_ids": [204]} if attempt else wrong
        run = run_process("tap-oracle-ebs", tmp_path / f"run-{attempt}", changed, None, *options)
        assert run.code == 5
        assert "Traceback" not in run.errors
        assert f"wrong-{mode}-secret" not in run.errors + "".join(run.lines)
    (user,) = (row for row in sandbox.control.rows("ebs", "users") if row["name"] == "ML_EXTRACT")
    assert user["failed_logins"] == 1


def test_no_grant_is_named_with_what_to_do(sandbox: RunningSandbox, read: ReadTap) -> None:
    grant = {"user": "ML_EXTRACT", "alias": "custtables", "operations": ["HZ_CUST_ACCOUNTS"]}
    sandbox.control.put_rows("ebs", "grants", [grant])
    with pytest.raises(SystemFault, match=r"HZ_PARTIES.*ISG_SERVICE_AUTH_FAILURE") as caught:
        read()
    assert "grant" in caught.value.fix
    assert paths(sandbox).count("/webservices/rest/custtables/HZ_PARTIES/") == 1


def test_a_responsibility_that_the_user_lacks_is_named(read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="NO_SUCH_RESPONSIBILITY") as caught:
        read(responsibility="NO_SUCH_RESPONSIBILITY")
    assert "`responsibility`" in caught.value.fix


@pytest.mark.parametrize(
    ("changes", "code", "setting"),
    [
        ({"alias": "nowhere"}, "ISG_INVALID_ALIAS", "`alias`"),
        ({"operations": {"HZ_PARTIES": "NO_SUCH"}}, "ISG_INVALID_FUNCTION", "`operations`"),
        ({"limit_parameter": "rows"}, "ISG_SERVICE_EXECUTION_ERROR", "parameters"),
        ({"filter_operators": "words"}, "ISG_SERVICE_EXECUTION_ERROR", "operators"),
    ],
)
def test_a_wrong_setting_is_named_at_once(
    sandbox: RunningSandbox, read: ReadTap, changes: dict[str, Any], code: str, setting: str
) -> None:
    with pytest.raises(SystemFault, match=code) as caught:
        read(start_date="2020-01-01T00:00:00Z", **changes)
    assert setting in caught.value.fix


def test_an_address_that_is_no_gateway_is_named(read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="404") as caught:
        read(services_path="/nothing/here")
    assert "services_path" in caught.value.fix


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_fault_is_told_by_its_code_whatever_the_status(
    sandbox: RunningSandbox, read: ReadTap, status: int
) -> None:
    sandbox.control.faults(answering(status, FAULT % ("ISG_SERVICE_AUTH_FAILURE", "not authorized")))
    with pytest.raises(SystemFault, match="ISG_SERVICE_AUTH_FAILURE"):
        read()
    assert paths(sandbox).count("/webservices/rest/custtables/HZ_PARTIES/") == 1


def test_a_lost_database_connection_is_repeated(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.faults(answering(500, FAULT % ("ISG_DB_CONNECTION_ERROR", "no connection"), times=2))
    assert read().records("customers")


def test_a_database_that_stays_away_ends_the_run_as_passing(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.faults(answering(500, FAULT % ("ISG_DB_CONNECTION_ERROR", "no connection")))
    with pytest.raises(PassingFault, match="no connection"):
        read()


def test_the_catch_all_fault_is_repeated_a_little_then_shown(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.faults(answering(500, FAULT % ("ISG_SERVICE_EXECUTION_ERROR", "pool exhausted"), times=1))
    assert read().records("customers")
    sandbox.control.clear_requests()
    sandbox.control.faults(answering(400, FAULT % ("ISG_SERVICE_EXECUTION_ERROR", "package state")))
    with pytest.raises(SystemFault, match="package state"):
        read()
    assert paths(sandbox).count("/webservices/rest/custtables/HZ_PARTIES/") == 3


def test_a_web_page_in_place_of_an_answer_is_named(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.faults(answering(200, "<!DOCTYPE html><html>Sign in</html>"))
    with pytest.raises(SystemFault, match="web page"):
        read()


def test_a_cut_answer_and_a_reset_are_repeated(sandbox: RunningSandbox, read: ReadTap) -> None:
    expected = len(read().records("customers"))
    sandbox.control.faults(
        {"system": "ebs", "path": "*/HZ_PARTIES/*", "fault": "truncate", "bytes": 200},
        {"system": "ebs", "path": "*/HZ_LOCATIONS/*", "fault": "reset"},
        answering(503, "<html>busy</html>", times=1, path="*/RA_TERMS/*"),
    )
    assert len(read().records("customers")) == expected


@pytest.mark.parametrize("place", ["header", "body"])
def test_the_context_can_travel_elsewhere(
    sandbox: RunningSandbox, settings: dict[str, Any], place: str
) -> None:
    run_here(TapOracleEbs, {**settings, "context_in": place, "keys": ["1"]})
    for request in sandbox.control.requests("ebs"):
        assert "ctx_" not in request["query"]


def test_an_unknown_context_element_is_named(read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="Responsability"):
        read(context_names={"Responsability": "x"})


def test_checks_pass_on_a_good_set_up_and_name_what_is_wrong(
    sandbox: RunningSandbox, settings: dict[str, Any]
) -> None:
    good = TapOracleEbs(config=settings)
    assert all(check.ok for check in good.checks())
    good.close()
    sandbox.control.settings(ebs={"ignore_filter": True})
    bad = TapOracleEbs(
        config={**settings, "server_timezone": "Pacific/Honolulu", "aliases": {"RA_TERMS": "x"}}
    )
    failed = {check.check: check for check in bad.checks() if not check.ok}
    bad.close()
    assert set(failed) >= {"table RA_TERMS", "filter"}
    assert "ISG_INVALID_ALIAS" in failed["table RA_TERMS"].detail
    assert all(check.fix for check in failed.values())


def test_a_zone_that_is_too_far_west_is_found(sandbox: RunningSandbox, settings: dict[str, Any]) -> None:
    account = sandbox.control.rows("ebs", "HZ_CUST_ACCOUNTS")[0]
    sandbox.control.put_rows("ebs", "HZ_CUST_ACCOUNTS", [{"CUST_ACCOUNT_ID": account["CUST_ACCOUNT_ID"]}])
    tap = TapOracleEbs(config={**settings, "server_timezone": "Pacific/Honolulu"})
    failed = [check.check for check in tap.checks() if not check.ok]
    tap.close()
    sandbox.control.put_rows("ebs", "HZ_CUST_ACCOUNTS", [account])
    assert failed == ["server_timezone"]


def test_a_missing_setting_is_named_without_values(settings: dict[str, Any], tmp_path: Path) -> None:
    del settings["server_timezone"]
    run = run_process("tap-oracle-ebs", tmp_path, settings)
    assert run.code == 5
    assert "server_timezone" in run.errors
    assert settings["password"] not in run.errors


def test_settings_may_come_from_the_vault(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from ml_connector.vault import KEY_VARIABLE, Vault, new_key

    monkeypatch.setenv(KEY_VARIABLE, new_key())
    monkeypatch.setenv("ML_CONNECTOR_HOME", str(tmp_path))
    Vault().set("ebs-password", settings["password"])
    assert run_here(TapOracleEbs, {**settings, "password": "vault:ebs-password", "keys": ["1"]}).states
    with pytest.raises(ConnectorError, match="nothing-there"):
        TapOracleEbs(config={**settings, "password": "vault:nothing-there"})


def test_a_refused_login_is_a_fault_of_its_own(read: ReadTap) -> None:
    with pytest.raises(LoginRefused, match="FND_SOA_AUTHENTICATION_FAILURE"):
        read(password="another-wrong-one")
