"""A proxy before the installation that lets only so many requests a minute through (B9)."""

import math

from starlette.responses import PlainTextResponse, Response

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings

WINDOW_SECONDS = 60.0


class Rate:
    """Counts requests in windows of a minute."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._ends = 0.0
        self._counted = 0

    def clear(self) -> None:
        """Begin a new window."""
        self._ends, self._counted = 0.0, 0

    def refused(self) -> Response | None:
        """Count a request; the answer for one too many."""
        limit = self._settings.integer("rate_limit_per_minute")
        if not limit:
            return None
        now = self._clock.monotonic()
        if now >= self._ends:
            self._ends, self._counted = now + WINDOW_SECONDS, 0
        if self._counted < limit:
            self._counted += 1
            return None
        wait = math.ceil(self._clock.real_seconds(self._ends - now))
        return PlainTextResponse("Too Many Requests", 429, {"Retry-After": str(max(1, wait))})
