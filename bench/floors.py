"""The least time in which Zendesk would take the calls of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ENTERPRISE = 700
"""Requests per minute of the Enterprise plan (RL)."""
OUR_SHARE = 0.7
"""The default of `quota_share`: what target-zendesk-ml takes of it."""
_JOBS, _JOB_SECONDS, _ROW_SECONDS = 30, 5.0, 0.02
_JOB_CALLS = ("create_many", "update_many", "create_or_update_many")


@dataclass(frozen=True)
class Calls:
    """How often the vendor was called: in all, refused with 429, single upserts of users; seconds of jobs.

    `job_seconds` are those of all jobs, one after the other; `longest_job` is the longest of them.
    """

    requests: float
    refused: float = 0
    job_seconds: float = 0
    longest_job: float = 0
    user_upserts: float = 0


def calls_of(log: Sequence[Mapping[str, Any]]) -> Calls:
    """Count the requests of a sandbox's log."""
    taken = [request for request in log if request["status"] in (200, 201)]
    jobs = [request for request in taken if _last(request) in _JOB_CALLS]
    lengths = [_JOB_SECONDS + _ROW_SECONDS * _rows(request) for request in jobs]
    upserts = [
        request
        for request in taken
        if request["write"] and "/users/" in request["path"] and _last(request) not in _JOB_CALLS
    ]
    return Calls(
        requests=len(log),
        refused=sum(request["status"] == 429 for request in log),
        job_seconds=sum(lengths),
        longest_job=max(lengths, default=0.0),
        user_upserts=len(upserts),
    )


def floor(calls: Calls, share: float = 1.0) -> tuple[float, str]:
    """Seconds, and which limit they come from.

    A minute's quota may be used at once, so what fits into the first minute costs none; 30 jobs run
    side by side; upserts of single users are let in once a second for the whole account.
    """
    minutes = math.ceil(calls.requests / (ENTERPRISE * share)) - 1
    limits = {
        "requests": 60.0 * max(0, minutes),
        "jobs": max(calls.job_seconds / (_JOBS * share), calls.longest_job),
        "single users": max(0.0, calls.user_upserts - 1),
    }
    name = max(limits, key=lambda limit: limits[limit])
    return limits[name], name


def _rows(request: Mapping[str, Any]) -> int:
    body = request["body"] or {}
    return len(body.get("users") or body.get("organizations") or ())


def _last(request: Mapping[str, Any]) -> str:
    return str(request["path"]).rpartition("/")[2].removesuffix(".json")
