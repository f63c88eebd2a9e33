"""The server's present time, by the Date header of its last answer."""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from typing import Any

from requests import Response


class ServerClock:
    """A response hook that remembers the Date header: `session.hooks["response"].append(clock)`."""

    def __init__(self) -> None:
        self._seen: tuple[float, dt.datetime] | None = None

    def __call__(self, response: Response, *args: Any, **kwargs: Any) -> None:
        """Take the time of an answer; one without a date, or with none that can be read, says nothing."""
        stamp = response.headers.get("Date")
        if not stamp:
            return
        try:
            when = email.utils.parsedate_to_datetime(stamp)
        except ValueError:
            return
        self._seen = (time.monotonic(), when.astimezone(dt.UTC))

    def now(self) -> dt.datetime | None:
        """The server's present time in UTC, to the second; None before any answer told it."""
        if self._seen is None:
            return None
        at, when = self._seen
        return when + dt.timedelta(seconds=time.monotonic() - at)
