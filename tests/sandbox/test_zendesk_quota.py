"""Quotas of the simulated Zendesk."""

import pytest
from sandbox.zendesk_api import ZendeskApi

from ml_sandbox.testing import RunningSandbox


def test_the_plan_sets_the_requests_per_minute(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    first = zendesk.get("/organizations").headers
    assert (first["X-Rate-Limit"], first["X-Rate-Limit-Remaining"]) == ("700", "699")
    assert (first["ratelimit-limit"], first["ratelimit-remaining"]) == ("700", "699")
    assert 55 <= int(first["ratelimit-reset"]) <= 60
    assert sandbox.control.requests("zendesk")[0]["quota_left"] == 699


@pytest.mark.parametrize(
    ("settings", "limit"),
    [({"plan": "suite_team"}, "200"), ({"plan": "suite_team", "high_volume": True}, "2500"),
     ({"requests_per_minute": 7}, "7")],
)  # fmt: skip
def test_plan_add_on_and_own_figure(
    sandbox: RunningSandbox, zendesk: ZendeskApi, settings: dict[str, object], limit: str
) -> None:
    sandbox.control.settings(zendesk=settings)
    assert zendesk.get("/organizations").headers["X-Rate-Limit"] == limit


def test_used_up_is_429_until_the_window_ends(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1, zendesk={"requests_per_minute": 2})
    answers = [zendesk.get("/organizations") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].text == "Number of allowed API requests per minute exceeded"
    assert answers[2].headers["Content-Type"].startswith("text/plain")
    assert answers[2].headers["X-Rate-Limit-Remaining"] == "0"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    zendesk.jump(61)
    assert zendesk.get("/organizations").status_code == 200


def test_retry_after_runs_with_the_time_scale(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=20, zendesk={"requests_per_minute": 1})
    answers = (zendesk.get("/organizations") for _ in range(30))
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 3


def test_five_updates_a_minute_for_each_organization(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    one, other = (f"/organizations/{zendesk.create(name)['id']}" for name in ("A", "B"))
    answers = [zendesk.put(one, {"organization": {"notes": str(number)}}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json() == {
        "errors": [{"code": "TooManyRequests", "title": "Too many requests to update"}]
    }
    assert "Retry-After" in answers[5].headers
    assert int(answers[5].headers["X-Rate-Limit-Remaining"]) > 600, "the account itself has plenty left"
    assert zendesk.put(other, {"organization": {"notes": "n"}}).status_code == 200
    zendesk.jump(61)
    assert zendesk.put(one, {"organization": {"notes": "n"}}).status_code == 200


@pytest.mark.parametrize(("high_volume", "limit"), [(False, 10), (True, 30)])
def test_exports_share_a_limit_of_their_own(
    sandbox: RunningSandbox, zendesk: ZendeskApi, high_volume: bool, limit: int
) -> None:
    sandbox.control.settings(time_scale=1, zendesk={"high_volume": high_volume})
    answers = [zendesk.get("/incremental/organizations", start_time=0) for _ in range(limit + 1)]
    assert [answer.status_code for answer in answers] == [200] * limit + [429]
    assert "Retry-After" in answers[limit].headers


def test_who_is_not_let_in_uses_no_quota(zendesk: ZendeskApi) -> None:
    known, zendesk.session.auth = zendesk.session.auth, None
    assert "X-Rate-Limit" not in zendesk.get("/organizations").headers
    zendesk.session.auth = known
    assert zendesk.get("/organizations").headers["X-Rate-Limit-Remaining"] == "699"
