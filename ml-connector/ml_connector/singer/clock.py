"""The check that server and machine agree on the time."""

from __future__ import annotations

import datetime as dt

from ml_connector.singer.command import Check

CLOCK_TOLERANCE = dt.timedelta(minutes=5)


def clock_check(server: dt.datetime | None) -> Check:
    """Hold the server's present time, None where it does not tell it, against that of this machine."""
    if server is None:
        return Check("clock", ok=True, detail="the server sends no Date header; this machine's clock is used")
    difference = abs(server - dt.datetime.now(dt.UTC))
    ok = difference <= CLOCK_TOLERANCE
    return Check(
        "clock",
        ok=ok,
        detail=f"server and this machine differ by {difference.total_seconds():.0f} s",
        fix=""
        if ok
        else "Set both clocks by NTP: bookmarks follow the server, extraction times this machine.",
    )
