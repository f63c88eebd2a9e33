"""What the network, the quota and the login do to a run."""

import pytest
from singer_lines import customer, customers, state
from zendesk_target import ZendeskTarget

from ml_sandbox.zendesk import seed

LATER = "2026-11-21T00:00:00Z"


def fault(kind: str, path: str = "*", **more: object) -> dict[str, object]:
    return {"system": "zendesk", "path": path, "fault": kind, **more}


def logins(target: ZendeskTarget) -> int:
    return [request["path"] for request in target.sandbox.control.requests("zendesk")].count("/oauth/tokens")


def test_throttled_and_failing_answers_are_waited_out(target: ZendeskTarget) -> None:
    throttled = {"status": 429, "headers": {"Retry-After": "0"}, "body": "Number of allowed API requests"}
    target.sandbox.control.faults(
        fault("status", "*/create_many", times=2, **throttled),
        fault("status", "*/show_many*", method="GET", times=2, status=503),
        fault("reset", "*/organization_fields", method="GET"),
        fault("truncate", "*/job_statuses/show_many*"),
    )
    run = target.run([*customers(range(150)), state({"k": 1})]).check(0)
    assert run.outcomes == {"created": 150}
    assert run.states == [{"k": 1}]
    assert run.summary["retries"] >= 5
    assert run.summary["throttled"] == 2
    assert len(target.organizations) == 150


def test_an_outage_stops_the_run_without_state(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(fault("status", "*/show_many*", times=None, status=503))
    run = target.run([*customers(range(2)), state({"k": 1})], max_retries=2).check(4)
    assert (run.states, target.calls()) == ([], ["POST organization_fields"])
    assert "Run again later" in run.errors
    target.sandbox.control.faults()
    assert target.run([*customers(range(2)), state({"k": 1})]).check(0).states == [{"k": 1}]


@pytest.mark.parametrize(
    ("kind", "more"), [("lost_response", {}), ("status", {"status": 503}), ("truncate", {}), ("reset", {})]
)
def test_an_unclear_write_is_looked_up_and_not_repeated(
    target: ZendeskTarget, kind: str, more: dict[str, object]
) -> None:
    target.sandbox.control.faults(fault(kind, "*/create_many", **more))
    run = target.run([*customers(range(3)), state({"k": 1})]).check(4)
    assert run.states == []
    done = kind in ("lost_response", "truncate")
    again = target.run([*customers(range(3)), state({"k": 1})]).check(0)
    assert again.outcomes == ({"unchanged": 3} if done else {"created": 3})
    assert target.calls() == ([] if done else ["POST create_many"])
    assert (len(target.organizations), target.journal()) == (3, 0)

    target.sandbox.control.faults(fault(kind, "*/update_many", **more))
    changed = [*customers(range(3), city="Paris", updated=LATER), state({"k": 2})]
    assert target.run(changed).check(4).states == []
    again = target.run(changed).check(0)
    assert again.states == [{"k": 2}]
    cities = {row["organization_fields"]["ebs_city"] for row in target.organizations.values()}
    assert (cities, target.journal()) == ({"Paris"}, 0)


def test_an_expired_token_is_renewed_in_the_middle_of_a_run(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(
        fault("expire_token", "*/create_many", after=1), fault("expire_token", "*/job_statuses/show_many*")
    )
    run = target.run(customers(range(250))).check(0)
    assert run.outcomes == {"created": 250}
    assert len(target.organizations) == 250
    assert logins(target) == 3


def test_a_refused_login_is_tried_once_by_all_runs(target: ZendeskTarget) -> None:
    wrong = "not-the-secret-at-all"
    run = target.run([customer(1), state({"k": 1})], client_secret=wrong).check(5)
    assert (logins(target), run.states) == (1, [])
    assert wrong not in run.errors
    again = target.run([customer(1)], client_secret=wrong).check(5)
    assert logins(target) == 0
    assert "not tried again" in again.errors
    assert target.run([customer(1)]).check(0).outcomes == {"created": 1}


def test_a_refused_login_may_be_tried_by_each_run_where_the_settings_say_so(target: ZendeskTarget) -> None:
    for _ in range(2):
        target.run([customer(1)], client_secret="not-the-secret-at-all", login_retry_after=0).check(5)
        assert logins(target) == 1


def test_a_missing_scope_or_role_stops_the_run_and_says_so(target: ZendeskTarget) -> None:
    run = target.run([customer(1)], scope="read").check(5)
    assert "read write" in run.errors
    assert target.organizations == {}
    agent = {"client_id": seed.AGENT_CLIENT_ID, "client_secret": seed.AGENT_CLIENT_SECRET}
    run = target.run([customer(1)], **agent).check(5)
    assert "admin role" in run.errors


def test_the_share_of_others_is_never_touched(target: ZendeskTarget) -> None:
    target.sandbox.control.settings(zendesk={"requests_per_minute": 20})
    run = target.run(customers(range(900)), quota_share=0.5, quota_max_wait=1).check(4)
    left = [request["quota_left"] for request in target.requests()]
    # How much of our half is used depends on how many answers are under way together; see promise 8.
    assert min(left) >= 10, "nothing of the others' half was used"
    assert run.states == []


@pytest.mark.parametrize("body", ["<!DOCTYPE html><html><body>Sign in</body></html>", "[]", "{", ""])
def test_an_answer_that_is_not_the_vendors_stops_the_run(target: ZendeskTarget, body: str) -> None:
    kind = "text/html" if "html" in body else "application/json"
    page = {"status": 200, "headers": {"Content-Type": kind}, "body": body}
    target.sandbox.control.faults(fault("status", "*/organizations/show_many*", times=None, **page))
    run = target.run([customer(1), state({"k": 1})], max_retries=1)
    run.check(4 if body in ("{", "") else 5)
    assert (run.states, target.calls()) == ([], ["POST organization_fields"])


def test_an_api_token_works_where_the_account_still_has_one(target: ZendeskTarget) -> None:
    login = {"auth_mode": "api_token", "email": seed.ADMIN_EMAIL, "api_token": seed.API_TOKEN}
    run = target.run([customer(1)], client_id=None, client_secret=None, **login).check(0)
    assert run.outcomes == {"created": 1}
    assert logins(target) == 0
    wrong = {**login, "api_token": "wrong-token-of-nobody"}
    assert "refused" in target.run([customer(2)], client_id=None, client_secret=None, **wrong).check(5).errors


def test_an_access_token_is_asked_to_live_as_long_as_is_set(target: ZendeskTarget) -> None:
    target.run([customer(1)], token_lifetime=3600).check(0)
    (login,) = (
        each for each in target.sandbox.control.requests("zendesk") if each["path"] == "/oauth/tokens"
    )
    assert login["body"]["expires_in"] == 3600
