"""One clock for every rule of the sandbox that depends on time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Wall time for timestamps, vendor seconds for durations.

    Args:
        time_scale: how many vendor seconds pass in one real second. It shortens durations only (quota
            windows, token lives, jobs, withheld minutes, Retry-After); timestamps stay those of the real
            day, so that a client that compares them with its own clock is not misled.

    A jump moves both, as a host whose clock was set would.
    """

    def __init__(self, time_scale: Callable[[], float] = lambda: 1.0) -> None:
        self._time_scale = time_scale
        self._jumped = timedelta()
        self._vendor_seconds = 0.0
        self._last_real = time.monotonic()
        self._last_scale = time_scale()

    @property
    def time_scale(self) -> float:
        """Vendor seconds per real second."""
        return self._time_scale()

    def now(self) -> datetime:
        """The wall time of the sandbox, aware, in UTC."""
        return datetime.now(UTC) + self._jumped

    def timestamp(self) -> float:
        """:meth:`now` as Unix seconds."""
        return self.now().timestamp()

    def monotonic(self) -> float:
        """Vendor seconds since the sandbox started: runs ``time_scale`` times as fast as real time."""
        real = time.monotonic()
        # What has passed is counted with the scale that held then: a changed scale must not rewrite history.
        self._vendor_seconds += (real - self._last_real) * self._last_scale
        self._last_real = real
        self._last_scale = self._time_scale()
        return self._vendor_seconds

    def real_seconds(self, vendor_seconds: float) -> float:
        """Real seconds that a client has to wait for so many vendor seconds (Retry-After, expires_at)."""
        return vendor_seconds / self._time_scale()

    def jump(self, seconds: float) -> None:
        """Move the clock by this many seconds, also backwards; durations only ever move forward."""
        self.monotonic()
        self._jumped += timedelta(seconds=seconds)
        self._vendor_seconds += max(0.0, seconds)
