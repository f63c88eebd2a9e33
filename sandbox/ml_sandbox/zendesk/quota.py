"""What the account may still do this minute (RL)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.zendesk.errors import (
    ZendeskError,
    quota_exceeded,
    too_many_updates,
    too_many_user_updates,
)
from ml_sandbox.zendesk.settings import HIGH_VOLUME_REQUESTS, REQUESTS_PER_MINUTE

MINUTE = 60.0
UPDATES_PER_ORGANIZATION = 5
UPDATES_PER_USER = 5
USER_UPDATES_PER_SECOND = 1
EXPORTS_PER_MINUTE = 10
HIGH_VOLUME_EXPORTS = 30
SAMPLES = 10
SAMPLE_SECONDS = 1200.0
MANY_WINDOWS = 10_000


@dataclass
class Window:
    """A fixed window: it opens with the first request and ends ``seconds`` of the vendor later."""

    ends: float = 0.0
    used: int = 0

    def take(self, limit: int, now: float, seconds: float = MINUTE) -> bool:
        """Use one of ``limit``; False when none is left."""
        if now >= self.ends:
            self.ends = now + seconds
            self.used = 0
        if self.used >= limit:
            return False
        self.used += 1
        return True


class Quota:
    """The account's general limit and the limits of single endpoints."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._account = Window()
        self._endpoints: dict[str, Window] = {}

    @property
    def limit(self) -> int:
        """Requests per minute of the account."""
        chosen = self._settings.integer("requests_per_minute")
        if chosen:
            return chosen
        if self._settings.flag("high_volume"):
            return HIGH_VOLUME_REQUESTS
        return REQUESTS_PER_MINUTE[self._settings.text("plan")]

    @property
    def left(self) -> int:
        """Requests left in the present window."""
        used = 0 if self._clock.monotonic() >= self._account.ends else self._account.used
        return max(0, self.limit - used)

    def headers(self) -> dict[str, str]:
        """The headers that every answer to a counted request carries."""
        reset = self.real_seconds_until(self._account.ends)
        return {
            "X-Rate-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.left),
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.left),
            "ratelimit-reset": str(reset),
        }

    def take(self) -> None:
        """Count a request; 429 when the account has none left."""
        if not self._account.take(self.limit, self._clock.monotonic()):
            raise quota_exceeded(self.real_seconds_until(self._account.ends))

    def take_export(self) -> None:
        """Count a call of ``/incremental``; all exports share one limit."""
        limit = HIGH_VOLUME_EXPORTS if self._settings.flag("high_volume") else EXPORTS_PER_MINUTE
        self._take_endpoint("incremental", limit, quota_exceeded)

    def take_sample(self) -> None:
        """Count a call of ``/incremental/RESOURCE/sample``: ten in twenty minutes, and one of the exports."""
        self.take_export()
        self._take_endpoint("sample", SAMPLES, quota_exceeded, SAMPLE_SECONDS)

    def take_update(self, organization_id: int) -> None:
        """Count a single update of an organization: five a minute for each."""

        def refused(retry_after: int) -> ZendeskError:
            return too_many_updates("Too many requests to update", retry_after)

        self._take_endpoint(f"organization {organization_id}", UPDATES_PER_ORGANIZATION, refused)

    def take_user_write(self) -> None:
        """Count a single update or upsert of a user: one a second for the account."""

        def refused(retry_after: int) -> ZendeskError:
            return too_many_updates("Too many requests to update users", retry_after)

        self._take_endpoint("user updates", USER_UPDATES_PER_SECOND, refused, 1.0)

    def take_user_update(self, user_id: int) -> None:
        """Count a single update of this user: five a minute."""
        self._take_endpoint(f"user {user_id}", UPDATES_PER_USER, too_many_user_updates)

    def real_seconds_until(self, moment: float) -> int:
        """Whole real seconds until a moment of the vendor's time, at least 1."""
        left = self._clock.real_seconds(max(0.0, moment - self._clock.monotonic()))
        return max(1, math.ceil(left))

    def clear(self) -> None:
        """Give back everything used."""
        self._account = Window()
        self._endpoints.clear()

    def _take_endpoint(
        self, name: str, limit: int, refused: Callable[[int], ZendeskError], seconds: float = MINUTE
    ) -> None:
        now = self._clock.monotonic()
        if len(self._endpoints) > MANY_WINDOWS:
            self._endpoints = {key: window for key, window in self._endpoints.items() if window.ends > now}
        window = self._endpoints.setdefault(name, Window())
        if not window.take(limit, now, seconds):
            raise refused(self.real_seconds_until(window.ends))
