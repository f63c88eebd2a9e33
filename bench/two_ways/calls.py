"""What a run called, from the sandbox's log, and the least time in which the vendors would take it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LATENCY = 0.05
"""Seconds that every answer takes at least."""
CREDITS_A_DAY = 60_000
"""Of the Enterprise edition with 10 users (LIM)."""
_DAY = 86_400.0
_CONCURRENT, _HEAVY_CONCURRENT, _LIGHT_RECORDS = 20, 10, 10


@dataclass(frozen=True)
class Calls:
    """Calls of a run by vendor; `heavy` are those of Zoho that its sub-concurrency counts.

    `writes` counts requests that changed something or were meant to, `credits` those of Zoho, `refused`
    answers with 429, `queries` those in COQL.
    """

    jde: int
    zoho: int
    heavy: int = 0
    writes: int = 0
    credits: int = 0
    refused: int = 0
    queries: int = 0


def calls_of(log: Sequence[Mapping[str, Any]]) -> Calls:
    """Count the requests of a sandbox's log of one run."""
    jde = [each for each in log if each["system"] == "jde"]
    zoho = [each for each in log if each["system"] == "zoho"]
    return Calls(
        jde=len(jde),
        zoho=len(zoho),
        heavy=sum(map(_is_heavy, zoho)),
        writes=sum(bool(each["write"]) for each in (*jde, *zoho)),
        credits=_credits(zoho),
        refused=sum(each["status"] == 429 for each in (*jde, *zoho)),
        queries=sum(each["path"].endswith("/coql") for each in zoho),
    )


def floor(calls: Calls) -> tuple[float, str]:
    """Seconds, and the limit that they come from.

    JD Edwards is called once at a time. Zoho takes 20 calls at a time, 10 of them heavy, and no more credits
    than those of a day.
    """
    limits = {
        "JDE one by one": calls.jde * LATENCY,
        "Zoho calls": calls.zoho * LATENCY / _CONCURRENT,
        "Zoho heavy calls": calls.heavy * LATENCY / _HEAVY_CONCURRENT,
        "Zoho credits": _DAY * max(0, math.ceil(calls.credits / CREDITS_A_DAY) - 1),
    }
    name = max(limits, key=lambda limit: limits[limit])
    return limits[name], name


def _credits(log: Iterable[Mapping[str, Any]]) -> int:
    """What was spent from the first call to the last: each run begins with one that costs 1 credit."""
    left = [each["quota_left"] for each in log if each["quota_left"] is not None]
    return 1 + max(left) - min(left) if left else 0


def _is_heavy(request: Mapping[str, Any]) -> bool:
    if request["path"].endswith("/coql"):
        return True
    return bool(request["write"]) and _records(request) > _LIGHT_RECORDS


def _records(request: Mapping[str, Any]) -> int:
    body = request["body"]
    return len(body.get("data") or ()) if isinstance(body, dict) else 0
