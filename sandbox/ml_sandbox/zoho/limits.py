"""Credits of a rolling day and calls at a time (LIM)."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.zoho.errors import ZohoError, flat
from ml_sandbox.zoho.operations import Weight

DAY = 86_400.0
BASE = 50_000
PER_USER = {"standard": 250, "professional": 500, "enterprise": 1_000, "ultimate": 2_000}
MAXIMUM = {"standard": 100_000, "professional": 3_000_000, "enterprise": 5_000_000}
FREE = 5_000
CONCURRENCY = {"free": 5, "standard": 10, "professional": 15, "enterprise": 20, "ultimate": 25}
HEADER = "X-API-CREDITS-REMAINING"


class Limits:
    """What the organisation may still do."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._spent: deque[tuple[float, int]] = deque()
        self._used = 0
        self._running: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """Credits in 24 hours."""
        chosen = self._settings.integer("credits_per_day")
        edition = self._settings.text("edition")
        if chosen:
            return chosen
        if edition == "free":
            return FREE
        earned = BASE + PER_USER[edition] * self._settings.integer("users")
        return min(earned, MAXIMUM.get(edition, earned))

    @property
    def left(self) -> int:
        """Credits that are left in the last 24 hours."""
        self._forget()
        return max(0, self.total - self._used)

    @property
    def used(self) -> int:
        """Credits that were used in the last 24 hours."""
        self._forget()
        return self._used

    def headers(self) -> dict[str, str]:
        """The header that tells what is left, once half of the credits are used."""
        left = self.left
        return {HEADER: str(left)} if self._used * 2 >= self.total else {}

    def charge(self, price: int) -> None:
        """Take credits; 429 when there are not enough."""
        self._forget()
        if self._used + price > self.total:
            raise self.refused("You have exceeded your API credits for the day")
        self._spent.append((self._clock.monotonic(), price))
        self._used += price

    @contextlib.asynccontextmanager
    async def call(self, client: str, name: str, weight: Weight) -> AsyncIterator[None]:
        """Count a call while it runs; 429 when as many as allowed are running."""
        counted = [f"all {client}", *self._heavy_counters(client, name, weight)]
        if self._running[counted[0]] >= self._concurrency():
            raise self.refused("You have reached the concurrency limit of your edition")
        if len(counted) > 1 and self._running[counted[1]] >= self._settings.integer("sub_concurrency"):
            raise self.refused("You have reached the sub-concurrency limit")
        self._running.update(counted)
        try:
            await asyncio.sleep(self._settings.number("call_ms") / 1000)
            yield
        finally:
            self._running.subtract(counted)

    def refused(self, message: str) -> ZohoError:
        """429, in the documented or in the older shape."""
        if self._settings.text("throttled_body") == "old":
            body = {"code": 429, "error": "TOO_MANY_REQUESTS", "error_info": message}
            return ZohoError(429, body)
        return flat(429, "TOO_MANY_REQUESTS", message)

    def clear(self) -> None:
        """Give back everything used."""
        self._spent.clear()
        self._used = 0

    def _concurrency(self) -> int:
        return self._settings.integer("concurrency") or CONCURRENCY[self._settings.text("edition")]

    def _heavy_counters(self, client: str, name: str, weight: Weight) -> list[str]:
        if weight is Weight.LIGHT:
            return []
        shared = self._settings.text("sub_concurrency_scope") == "shared"
        return [f"heavy {client}" if shared else f"heavy {client} {name}"]

    def _forget(self) -> None:
        now = self._clock.monotonic()
        while self._spent and now - self._spent[0][0] >= DAY:
            self._used -= self._spent.popleft()[1]
