"""Tokens that die, endpoints that put off, credits that run out, editions that lack something."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.tap_run import ReadTap, TapRun
from support.zoho import Put, accounts, names, paths

from ml_connector.errors import LoginRefused, PassingFault, SystemFault
from ml_connector.http import Parallel, QuotaSpent
from ml_connector.vendors.zoho.client import ZohoClient
from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

TOKEN = "/oauth/v2/token"
Process = Callable[..., TapRun]


def test_a_token_that_dies_is_replaced_once(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(450))
    sandbox.control.faults({"system": "zoho", "path": "/crm/v8/coql", "after": 1, "fault": "expire_token"})
    run = read(coql_rows=200)
    assert len(run.records("Accounts")) == 450
    assert len(paths(sandbox, TOKEN)) == 2
    tokens = sandbox.control.rows("zoho", "access_tokens")
    assert sum(token["living"] for token in tokens) == 1


def test_runs_share_one_token(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    for _ in range(3):
        read()
    assert len(paths(sandbox, TOKEN)) == 1


def test_no_eleventh_token_is_asked_for(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(2))
    sandbox.control.settings(zoho={"access_tokens_per_window": 100})
    for _ in range(10):
        read()
        sandbox.control.clear("zoho", "access_tokens")
    with pytest.raises(PassingFault, match="ten minutes"):
        read()
    assert len(paths(sandbox, TOKEN)) == 10


def test_a_throttled_token_endpoint_passes(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    sandbox.control.settings(zoho={"access_tokens_per_window": 1})
    read()
    sandbox.control.clear("zoho", "access_tokens")
    with pytest.raises(PassingFault, match="too many requests") as caught:
        read()
    assert caught.value.exit_code == 4
    sandbox.control.settings(zoho={"access_tokens_per_window": 10})
    read()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refresh_token": "1000.wrong"}, "invalid_code"),
        ({"client_id": "1000.WRONG"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_a_refused_login_is_tried_once(
    read: ReadTap, sandbox: RunningSandbox, changes: dict[str, Any], said: str
) -> None:
    for _ in range(2):
        with pytest.raises(LoginRefused, match=said) as caught:
            read(login_retry_after=60, **changes)
        assert "data_center" in caught.value.fix or "refused before" in caught.value.message
    assert len(paths(sandbox, TOKEN)) == 1


def test_the_code_of_a_self_client_is_exchanged_once(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    put(accounts(2))
    (code,) = sandbox.control.put_rows("zoho", "grant_codes", [{"client_id": seed.CLIENT_ID}])
    for _ in range(2):
        run = read(auth_mode="self_client", grant_code=code["code"], refresh_token=None)
        assert len(run.records("Accounts")) == 2
        sandbox.control.clear("zoho", "access_tokens")
    with pytest.raises(LoginRefused, match="invalid_code"):
        read(auth_mode="self_client", grant_code="1000.used", refresh_token=None)
    with pytest.raises(SystemFault, match="grant_code"):
        read(auth_mode="self_client")


def test_client_credentials_name_the_organisation(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(2))
    scope = "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.coql.READ"
    run = read(auth_mode="client_credentials", org_id=seed.ORG_ID, scope=scope)
    assert len(run.records("Accounts")) == 2
    with pytest.raises(SystemFault, match="org_id"):
        read(auth_mode="client_credentials")


def test_a_missing_scope_is_named(read: ReadTap, sandbox: RunningSandbox) -> None:
    (token,) = sandbox.control.put_rows(
        "zoho", "refresh_tokens", [{"scope": "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL"}]
    )
    with pytest.raises(SystemFault, match="OAUTH_SCOPE_MISMATCH") as caught:
        read(refresh_token=token["refresh_token"], read_way="coql")
    assert "scope" in caught.value.fix


@pytest.mark.parametrize("shape", ["new", "old"])
def test_a_storm_of_429_is_sat_out(put: Put, read: ReadTap, sandbox: RunningSandbox, shape: str) -> None:
    put(accounts(450))
    body = (
        {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "slow down", "status": "error"}
        if shape == "new"
        else {"code": 429, "error": "TOO_MANY_REQUESTS", "error_info": "slow down"}
    )
    storm = {"system": "zoho", "path": "/crm/*", "fault": "status", "status": 429, "body": body}
    sandbox.control.faults({**storm, "chance": 0.5, "times": 12, "seed": 4})
    run = read(coql_rows=200, max_retries=12)
    assert len(run.records("Accounts")) == 450
    sandbox.control.faults({**storm, "times": None})
    with pytest.raises(PassingFault, match="TOO_MANY_REQUESTS"):
        read(max_retries=3)


def test_lost_answers_are_asked_for_again(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(450))
    sandbox.control.faults(
        {"system": "zoho", "path": "/crm/*", "fault": "lost_response", "after": 2, "times": 3},
        {"system": "zoho", "path": "/crm/*", "fault": "status", "status": 503, "after": 6, "times": 2},
    )
    assert len(read(coql_rows=200).records("Accounts")) == 450


def test_a_run_stops_at_the_credit_reserve_and_the_next_goes_on(
    put: Put, process: Process, sandbox: RunningSandbox
) -> None:
    for minute in range(10):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    sandbox.control.settings(zoho={"credits_per_day": 18})
    given = {"coql_rows": 100, "credit_reserve": 5}
    stopped = process(**given)
    assert stopped.code == 4, stopped.errors
    assert "1000 records to read by coql, about 10 API credits" in stopped.errors
    assert "API credits remain" in stopped.errors
    assert "credit_reserve" in stopped.errors
    assert stopped.summary["quota_left"]["credits"] >= 5
    assert stopped.summary["credits"]["spent"] <= 13
    first = names(stopped.records("Accounts"))
    assert 100 <= len(first) < 1000
    sandbox.control.settings(zoho={"credits_per_day": 1000})
    rest = process(stopped.state, **given)
    assert rest.code == 0
    assert set(first) | set(names(rest.records("Accounts"))) == {f"Account {n:05}" for n in range(1000)}
    # The boundary second only came twice.
    assert len(set(first) & set(names(rest.records("Accounts")))) <= 100


def test_what_counts_only_whole_is_not_begun_without_credits(
    put: Put, read: ReadTap, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    put(accounts(300))
    sandbox.control.settings(zoho={"credits_per_day": 8})
    for changes in ({"read_way": "bulk"}, {"bulk_from": 300}):
        with pytest.raises(QuotaSpent, match="reading Accounts whole would cost 56"):
            read(credit_reserve=0, **changes)
    assert paths(sandbox, "/bulk/") == []
    # A load by COQL goes as far as it may.
    sandbox.control.settings(zoho={"credits_per_day": 22})
    with pytest.raises(QuotaSpent, match="the next call"):
        read(credit_reserve=2, coql_rows=20)
    assert "the next one goes on" in caplog.text


def test_spent_credits_end_the_run_at_once(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(2))
    body = {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "no credits", "status": "error"}
    spent = {"headers": {"X-API-CREDITS-REMAINING": "0"}, "body": body, "status": 429, "fault": "status"}
    sandbox.control.faults({"system": "zoho", "path": "/crm/*", "times": None, **spent})
    with pytest.raises(QuotaSpent, match="used up"):
        read(credit_reserve=0)
    assert len(paths(sandbox, "/crm/")) == 1


def test_a_killed_run_goes_on_where_it_was(
    put: Put, process: Process, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    for minute in range(10):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    sandbox.control.faults(
        {"system": "zoho", "path": "/crm/v8/coql", "after": 5, "fault": "latency", "seconds": 30}
    )

    def kill(run: int) -> None:
        output, deadline = tmp_path / "run.output", time.monotonic() + 30
        while time.monotonic() < deadline:
            if output.exists() and output.read_bytes().count(b'"STATE"') >= 3:
                break
            time.sleep(0.02)
        os.kill(run, signal.SIGKILL)

    killed = process(while_running=kill, coql_rows=100)
    assert killed.code == -signal.SIGKILL
    whole = [line for line in killed.lines if line.endswith("}")]
    seen = names(TapRun(whole).records("Accounts"))
    assert 300 <= len(seen) < 1000
    sandbox.control.faults()
    again = names(process(TapRun(whole).state, coql_rows=100).records("Accounts"))
    assert set(seen) | set(again) == {f"Account {n:05}" for n in range(1000)}
    assert len(again) <= 1000 - len(seen) + 200


BUSY = {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "slow down", "status": "error"}
DENIED = {"error": "Access Denied", "error_description": "You have made too many requests continuously."}
COQL = {"path": "/crm/v8/coql", "after": 3}
DEATHS: dict[str, tuple[list[dict[str, Any]], int, str]] = {
    "a refresh token that is revoked": ([{**COQL, "fault": "revoke_token"}], 5, "invalid_code"),
    "a throttled token endpoint": (
        [
            {**COQL, "fault": "expire_token"},
            {"path": TOKEN, "after": 1, "fault": "status", "status": 400, "body": DENIED, "times": None},
        ],
        4,
        "Run again in ten minutes",
    ),
    "a storm of 429": (
        [{**COQL, "fault": "status", "status": 429, "body": BUSY, "times": None}],
        4,
        "put off",
    ),
    "503 without end": ([{**COQL, "fault": "status", "status": 503, "times": None}], 4, "503"),
    "answers that end early": ([{**COQL, "fault": "truncate", "times": None}], 4, "/crm/v8/coql"),
    "connections that break": ([{**COQL, "fault": "reset", "times": None}], 4, "/crm/v8/coql"),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_run_that_cannot_go_on_says_why_and_the_next_completes(
    put: Put, process: Process, sandbox: RunningSandbox, death: str
) -> None:
    faults, code, said = DEATHS[death]
    for minute in range(5):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    sandbox.control.faults(*({"system": "zoho", **fault} for fault in faults))
    stopped = process(coql_rows=100, max_retries=2)
    assert stopped.code == code, stopped.errors
    assert said in stopped.errors
    assert stopped.summary["exit_code"] == code
    first = names(stopped.records("Accounts"))
    assert 100 <= len(first) < 500
    sandbox.control.faults()
    (token,) = sandbox.control.put_rows("zoho", "refresh_tokens", [{}])
    rest = process(stopped.state, coql_rows=100, refresh_token=token["refresh_token"])
    assert rest.code == 0, rest.errors
    assert set(first) | set(names(rest.records("Accounts"))) == {f"Account {n:05}" for n in range(500)}


def test_truncated_answers_are_asked_for_again(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(450))
    cut = {"coql": "/crm/v8/coql", "list": "/crm/v8/Accounts", "bulk": "/crm/bulk/v8/read/*/result"}
    for way, path in cut.items():
        sandbox.control.faults({"system": "zoho", "path": path, "fault": "truncate", "times": 2})
        sandbox.control.clear_requests()
        assert len(read(read_way=way, coql_rows=200).records("Accounts")) == 450, way
        assert len(paths(sandbox, path.rpartition("/")[2])) >= 3
    sandbox.control.faults({"system": "zoho", "path": cut["bulk"], "fault": "truncate", "times": None})
    with pytest.raises(PassingFault, match="ended early 3 times"):
        read(read_way="bulk")


def test_a_job_that_fails_or_never_ends_stops_the_run(
    put: Put, process: Process, sandbox: RunningSandbox
) -> None:
    put(accounts(250))
    job = {"system": "zoho", "path": "/crm/bulk/v8/read"}
    for fault, said in ("job_partial", "failed: "), ("job_stuck", "after"):
        sandbox.control.faults({**job, "fault": fault, "times": None})
        stopped = process(read_way="bulk", bulk_timeout=1)
        assert stopped.code == 4, stopped.errors
        assert "Bulk Read job" in stopped.errors
        assert said in stopped.errors
        assert stopped.records("Accounts") == []
    sandbox.control.faults()
    # The next run takes up no job of the former one; results in several parts are one.
    sandbox.control.settings(zoho={"bulk_read_rows": 100})
    rest = process(read_way="bulk")
    assert len(rest.records("Accounts")) == 250
    assert rest.summary["credits"]["by_call"]["bulk read"] == 150


def test_calls_at_once_stay_within_the_limits(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(30))
    sandbox.control.settings(zoho={"edition": "free", "concurrency": 5, "sub_concurrency": 2, "call_ms": 20})
    assert len(read(single_reads=["Accounts"], quota_share=0.8).records("Accounts")) == 30
    with closing(ZohoClient({**read.settings, "sub_concurrency": 2, "quota_share": 1})) as client:
        assert client.edition.name == "free"
        query = "select id from Accounts where id is not null order by id asc limit 10"
        answers = list(Parallel(8, client.session).map(lambda _: client.query(query, 10), range(16)))
        assert len(answers) == 16
        assert len(list(Parallel(12, client.session).map(lambda _: client.get("org"), range(24)))) == 24
    assert [request for request in sandbox.control.requests("zoho") if request["status"] == 429] == []


def test_processes_share_one_token(settings: dict[str, Any], sandbox: RunningSandbox) -> None:
    program = (
        "import json, sys\n"
        "from ml_connector.vendors.zoho.client import ZohoClient\n"
        "print(ZohoClient(json.loads(sys.argv[1])).organisation['zgid'])\n"
    )
    command = [sys.executable, "-c", program, json.dumps(settings)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in running] == [seed.ORG_ID] * 3
    assert len(paths(sandbox, TOKEN)) == 1


def test_a_module_that_the_edition_lacks_is_named(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    sandbox.control.settings(zoho={"hidden_modules": "Invoices"})
    with pytest.raises(SystemFault, match="no module Invoices") as caught:
        read(modules=["Accounts", "Invoices"])
    assert "edition" in caught.value.fix
    assert "Accounts" in caught.value.fix


def test_what_coql_refuses_is_read_by_the_list(
    put: Put, read: ReadTap, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    put(accounts(250))
    body = {"code": "NOT_SUPPORTED", "details": {}, "message": "not in this edition", "status": "error"}
    refusal = {"fault": "status", "status": 403, "body": body, "times": None}
    sandbox.control.faults({"system": "zoho", "path": "/crm/v8/coql", **refusal})
    assert len(read().records("Accounts")) == 250
    assert "list is used instead" in caplog.text
    with pytest.raises(SystemFault, match="COQL refuses Accounts"):
        read(read_way="coql")


def test_check_tells_what_is_wrong(put: Put, process: Process, sandbox: RunningSandbox) -> None:
    refusal = {"code": "NOT_SUPPORTED", "details": {}, "message": "not in this edition", "status": "error"}
    sandbox.control.faults(
        {
            **COQL,
            "system": "zoho",
            "after": 0,
            "fault": "status",
            "status": 403,
            "body": refusal,
            "times": None,
        }
    )
    good = process(None, "--check")
    assert good.code == 0, good.errors
    said = {check["check"]: check for check in good.messages}
    assert said.keys() >= {"login", "organisation", "modules", "module Accounts", "credits"}
    assert all(check["ok"] for check in said.values())
    # What auto reads by lists, COQL alone cannot.
    assert process(None, "--check", read_way="coql").code == 5
    bad = process(None, "--check", refresh_token="1000.wrong")
    assert bad.code == 5
    assert "invalid_code" in bad.messages[0]["detail"]
