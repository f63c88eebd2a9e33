"""What Zendesk lets a run read in a minute, and the least time in which it would take a run's calls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MINUTE = 60.0


@dataclass(frozen=True)
class Plan:
    """Requests and incremental exports that an account has in a minute (RL)."""

    name: str
    requests: int
    exports: int


ENTERPRISE = Plan("Enterprise", 700, 10)
HIGH_VOLUME = Plan("High Volume", 2500, 30)


@dataclass(frozen=True)
class Calls:
    """Calls of a run: all of them, those of `/incremental/`, and those refused with 429."""

    requests: float
    exports: float = 0
    refused: float = 0


def calls_of(log: Iterable[Mapping[str, Any]]) -> Calls:
    """Count the requests of a sandbox's log."""
    entries = list(log)
    return Calls(
        requests=len(entries),
        exports=sum("/api/v2/incremental/" in each["path"] for each in entries),
        refused=sum(each["status"] == 429 for each in entries),
    )


def minutes(calls: Calls, plan: Plan) -> float:
    """How many minutes of the account's quota the calls use up, of all requests or of the exports."""
    return max(calls.requests / plan.requests, calls.exports / plan.exports)


def floor(calls: Calls, plan: Plan) -> tuple[float, str]:
    """Seconds, and which limit they come from: what fits into the first minute costs none."""
    limits = {
        "exports": _waits(calls.exports, plan.exports),
        "requests": _waits(calls.requests, plan.requests),
    }
    name = max(limits, key=lambda limit: limits[limit])
    return limits[name], name


def _waits(calls: float, limit: int) -> float:
    return MINUTE * max(0, math.ceil(calls / limit) - 1)
