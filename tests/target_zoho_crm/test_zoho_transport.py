"""What the network, the login, limits and credits do to a run: it ends right, or stops and goes on later."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, state
from zoho_target import LATER, SYSTEM, ZohoTarget

from ml_sandbox.zoho import seed


def fault(kind: str, path: str = "*", **more: Any) -> dict[str, Any]:
    return {"system": SYSTEM, "path": path, "fault": kind, **more}


def logins(target: ZohoTarget) -> int:
    paths = [request["path"] for request in target.sandbox.control.requests(SYSTEM)]
    return sum(path.endswith("/oauth/v2/token") for path in paths)


def test_a_token_dies_in_the_middle_of_a_run(target: ZohoTarget) -> None:
    target.sandbox.control.faults(
        fault("expire_token", "*/settings/fields*"), fault("expire_token", "*/upsert", after=1)
    )
    run = target.run([*customers(range(40)), state({"k": 1})], write_batch=20, parallel=1).check(0)
    assert (run.outcomes, run.states, logins(target)) == ({"created": 40}, [{"k": 1}], 3)
    assert target.run(customers(range(40))).check(0).outcomes == {"unchanged": 40}
    assert logins(target) == 0, "the token is shared by way of the store"


def test_a_throttled_token_endpoint(target: ZohoTarget) -> None:
    target.sandbox.control.settings(zoho={"access_tokens_per_window": 1})
    target.run([customer(1)]).check(0)
    target.sandbox.control.clear(SYSTEM, "access_tokens")
    run = target.run([customer(2), state({"k": 1})]).check(4)
    assert (run.states, logins(target)) == ([], 1)
    assert "Run again in ten minutes" in run.errors
    target.sandbox.control.settings(zoho={"access_tokens_per_window": 10})
    assert target.run([customer(2), state({"k": 1})]).check(0).states == [{"k": 1}]
    # Its own count of tokens, shared by all processes, stops it before the vendor has to.
    codes = []
    for _ in range(8):
        target.sandbox.control.clear(SYSTEM, "access_tokens")
        codes.append(target.feed(b"", "--check").exit_code)
    assert (codes[:7], codes[7] != 0, logins(target)) == ([0] * 7, True, 8)


def test_a_login_that_is_refused(target: ZohoTarget) -> None:
    run = target.run([customer(1), state({"k": 1})], refresh_token="1000.not-the-token").check(5)
    assert (run.states, logins(target)) == ([], 1)
    assert "data_center" in run.errors
    assert "not-the-token" not in run.errors
    run = target.run([customer(1)], client_secret="wrong-secret-altogether").check(5)
    assert "client_id" in run.errors


def test_a_self_client_and_client_credentials(target: ZohoTarget) -> None:
    (code,) = target.put("grant_codes", {"seconds": 60})
    own = {"auth_mode": "self_client", "grant_code": code["code"], "refresh_token": None}
    for _ in range(2):
        target.run([customer(1)], **own).check(0)
    assert logins(target) == 0, "the code is exchanged once"
    mode = {"auth_mode": "client_credentials", "refresh_token": None}
    assert "org_id" in target.run([customer(1)], **mode).check(5).errors
    assert target.run([customer(2)], **mode, org_id=seed.ORG_ID).check(0).outcomes == {"created": 1}
    narrow = target.run([customer(3)], **mode, org_id=seed.ORG_ID, scope="ZohoCRM.org.READ").check(5)
    assert "scope" in narrow.errors


def test_an_api_host_of_somebody_else_gets_nothing(target: ZohoTarget) -> None:
    target.sandbox.control.settings(zoho={"api_domain": "https://evil.example"})
    run = target.run([customer(1)], api_url=None, max_retries=0, connect_timeout=0.5).check(4)
    assert "evil.example, none of Zoho's" in run.errors
    assert "www.zohoapis.com" in run.errors
    assert target.requests() == []
    assert target.run([customer(1)]).check(0).outcomes == {"created": 1}


@pytest.mark.parametrize("body", ["new", "old"])
def test_a_storm_of_429s(target: ZohoTarget, body: str) -> None:
    target.sandbox.control.settings(zoho={"throttled_body": body, "sub_concurrency": 1, "call_ms": 300})
    given = [*customers(range(44)), state({"k": 1})]
    run = target.run(given, write_batch=11, parallel=4, max_retries=30).check(0)
    assert (run.outcomes, run.states, len(target.rows())) == ({"created": 44}, [{"k": 1}], 44)
    assert run.summary["throttled"] >= 1
    target.sandbox.control.settings(zoho={"call_ms": 60})
    # With the limit known nothing is sent that the vendor would refuse.
    changed = customers(range(44), city="Rome", updated=LATER)
    run = target.run(changed, write_batch=11, parallel=4, sub_concurrency=1, edition="free").check(0)
    assert (run.outcomes, run.summary["throttled"]) == ({"updated": 44}, 0)


def test_passing_failures_are_waited_out_and_an_outage_stops_the_run(target: ZohoTarget) -> None:
    target.sandbox.control.faults(
        fault("status", "*/settings/fields*", status=503, times=2),
        fault("reset", "*/coql"),
        fault("status", "*/upsert", status=500, body={"code": "INTERNAL_ERROR"}),
        fault("truncate", "*/upsert", after=1),
    )
    run = target.run([*customers(range(20)), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states, len(target.rows())) == ({"created": 20}, [{"k": 1}], 20)
    assert run.summary["retries"] == 5
    target.sandbox.control.faults(fault("status", "*/Accounts", method="PUT", status=503, times=None))
    changed = [*customers(range(20), city="Rome", updated=LATER), state({"k": 2})]
    assert target.run(changed).check(4).states == []
    target.sandbox.control.faults()
    assert target.run(changed).check(0).states == [{"k": 2}]
    assert ({row["Billing_City"] for row in target.rows()}, target.journal()) == ({"Rome"}, 0)


def test_credits_run_out(target: ZohoTarget) -> None:
    """Half of the day's credits are used when Zoho begins to say how many are left."""
    target.sandbox.control.settings(zoho={"credits_per_day": 36})
    target.run(customers(range(100)), credit_reserve=5).check(0)
    changed = [*customers(range(100), city="Rome", updated=LATER), state({"k": 1})]
    run = target.run(changed, credit_reserve=15).check(4)
    assert (run.states, target.requests(writes_only=True)) == ([], [])
    assert "writing 100 records of Accounts would cost 10" in run.errors
    assert run.summary["credits"]["remaining"] >= 15
    # Others used the rest meanwhile: that is told by the vendor itself, and not tried again and again.
    target.sandbox.control.settings(zoho={"credits_per_day": 18})
    run = target.run(changed, credit_reserve=0).check(4)
    assert (run.states, len(target.requests())) == ([], 1)
    assert "credits of the day are used up" in run.errors
    target.sandbox.control.settings(zoho={"credits_per_day": 0})
    assert target.run(changed, credit_reserve=5).check(0).states == [{"k": 1}]
    assert {row["Billing_City"] for row in target.rows()} == {"Rome"}


@pytest.mark.parametrize("body", ["<!DOCTYPE html><html>Sign in</html>", "[]", "{"])
def test_an_answer_that_is_not_zohos(target: ZohoTarget, body: str) -> None:
    page = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body}
    target.sandbox.control.faults(fault("status", "*/settings/modules", times=None, **page))
    code = 4 if body == "{" else 5
    target.run([customer(1)], max_retries=0).check(code)
    target.sandbox.control.faults(fault("status", "*/upsert", times=None, **page))
    run = target.run([customer(1), state({"k": 1})], max_retries=0)
    assert (run.check(run.exit_code).exit_code in (4, 5), run.states) == (True, [])


def test_permissions_of_the_user(target: ZohoTarget) -> None:
    (made,) = target.put(
        "refresh_tokens", {"scope": "ZohoCRM.modules.READ,ZohoCRM.settings.ALL,ZohoCRM.coql.READ"}
    )
    run = target.run([customer(1), state({"k": 1})], refresh_token=made["refresh_token"]).check(5)
    assert run.states == []
    assert "make a new refresh token with the scopes" in run.errors
    assert "README" in run.errors
    row = {"code": "NO_PERMISSION", "status": "error", "message": "denied", "details": {"permissions": ["x"]}}
    target.sandbox.control.faults(fault("status", "*/upsert", status=207, body={"data": [row] * 3}))
    run = target.run(customers(range(3))).check(5)
    assert "NO_PERMISSION" in run.errors
    assert target.letters() == []
