"""Quotas are obeyed: never a request while 0 are left; at least `1 - quota_share` stays free for others."""

from __future__ import annotations

from datetime import datetime

import pytest
from singer_lines import customers, state
from zendesk_target import ZendeskTarget


@pytest.mark.parametrize(("share", "free"), [(0.5, 12), (0.7, 8), (0.25, 18)])
def test_the_share_of_others_stays_free(target: ZendeskTarget, share: float, free: int) -> None:
    """Guard: `Quota.take` before each request."""
    target.sandbox.control.settings(zendesk={"requests_per_minute": 24})
    run = target.run(
        [*customers(range(2000)), state({"k": 1})], quota_share=share, quota_max_wait=0.5, parallel=1
    ).check(4)
    left = [request["quota_left"] for request in target.requests()]
    assert min(left) == free
    assert run.states == []


def test_others_who_use_the_quota_are_counted_too(target: ZendeskTarget) -> None:
    """Guard: what the vendor's headers say goes over the own count. The minute takes ten here."""
    jobs = {"job_seconds": 0.01, "job_row_seconds": 0.00005}
    target.sandbox.control.settings(time_scale=0.1, zendesk={"requests_per_minute": 24, **jobs})
    target.run(customers(range(3))).check(0)  # somebody else, as far as the next run knows
    used = len(target.requests())
    target.run(customers(range(100, 2000)), quota_share=0.5, quota_max_wait=0.5, parallel=1).check(4)
    left = [request["quota_left"] for request in target.requests()]
    assert min(left) == 12
    assert len(left) == 12 - used


def test_nothing_is_sent_while_none_is_left(target: ZendeskTarget) -> None:
    """Guard: a 429 keeps the whole account quiet for as long as the vendor asks."""
    none_left = {
        "status": 429,
        "headers": {
            "Retry-After": "2",
            "X-Rate-Limit": "700",
            "X-Rate-Limit-Remaining": "0",
            "ratelimit-reset": "2",
        },
        "body": "Number of allowed API requests per minute exceeded",
    }
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "status", **none_left}
    )
    run = target.run([*customers(range(150)), state({"k": 1})]).check(0)
    assert run.states == [{"k": 1}]
    requests = target.requests()
    refused = next(number for number, request in enumerate(requests) if request["status"] == 429)
    pause = _seconds(requests[refused + 1]) - _seconds(requests[refused])
    assert pause >= 2.0


def _seconds(request: dict[str, object]) -> float:
    return datetime.fromisoformat(str(request["time"])).timestamp()
