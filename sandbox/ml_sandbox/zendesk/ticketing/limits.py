"""Limits of single ticket endpoints, besides the account's own (RL)."""

from dataclasses import dataclass, field

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.zendesk.errors import ZendeskError, too_many_updates
from ml_sandbox.zendesk.quota import MINUTE, Quota

SAME_TICKET_UPDATES = 30
SAME_TICKET_SECONDS = 600.0
MANY_WINDOWS = 10_000

# Requests per minute by kind of account: production, High Volume, sandbox, sandbox with High Volume, trial.
UPDATES = (100, 300, 20, 100, 20)
LISTINGS = (None, None, 100, 100, 100)
FIELD_LISTINGS = (300, 450, 40, 40, 20)
DELETES = (400, 400, 400, 400, 400)
DELETED_LISTINGS = (10, 10, 10, 10, 10)
DEEP_DELETED_LISTINGS = (5, 5, 5, 5, 5)
SCRUBS = (1000, 1000, 1000, 1000, 1000)
DEEP_LISTINGS = (50, 50, 50, 50, 50)
SEARCH_EXPORTS = (100, 100, 100, 100, 100)
USER_SCRUBS = 700
USER_SCRUB_SECONDS = 600.0
DEEP_PAGE = 500
DEEP_DELETED_PAGE = 100


@dataclass
class _Window:
    """A fixed window of the vendor's seconds that opens with its first request."""

    seconds: float
    ends: float = 0.0
    used: int = field(default=0)

    def take(self, limit: int, now: float) -> bool:
        if now >= self.ends:
            self.ends, self.used = now + self.seconds, 0
        if self.used >= limit:
            return False
        self.used += 1
        return True


class TicketLimits:
    """Counts calls; 429 where an endpoint's limit is used up."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings, quota: Quota) -> None:
        self._clock = clock
        self._settings = settings
        self._quota = quota
        self._windows: dict[str, _Window] = {}

    def take_update(self, ticket_id: int, user_id: int) -> dict[str, str]:
        """Count a single update; gives the endpoint's header."""
        name = f"ticket {ticket_id} by {user_id}"
        self._take(name, SAME_TICKET_UPDATES, SAME_TICKET_SECONDS, {})
        return self._per_minute("tickets-update", UPDATES)

    def take_listing(self, page: str = "") -> dict[str, str]:
        """Count a listing of tickets: limited in sandboxes and trials, and past page 500."""
        if _is_beyond(page, DEEP_PAGE):
            self._per_minute("tickets-index-deep", DEEP_LISTINGS)
        return self._per_minute("tickets-index", LISTINGS)

    def take_field_listing(self) -> dict[str, str]:
        """Count a listing of ticket fields."""
        return self._per_minute("ticket-fields-index", FIELD_LISTINGS)

    def take_delete(self) -> dict[str, str]:
        """Count a deletion."""
        return self._per_minute("tickets-delete", DELETES)

    def take_deleted_listing(self, page: str = "") -> dict[str, str]:
        """Count a listing of deleted tickets."""
        if _is_beyond(page, DEEP_DELETED_PAGE):
            self._per_minute("deleted-tickets-index-deep", DEEP_DELETED_LISTINGS)
        return self._per_minute("deleted-tickets-index", DELETED_LISTINGS)

    def take_scrub(self) -> dict[str, str]:
        """Count a ticket's deletion for good."""
        return self._per_minute("deleted-tickets-delete", SCRUBS)

    def take_search_export(self) -> dict[str, str]:
        """Count an export of search results."""
        return self._per_minute("search-export", SEARCH_EXPORTS)

    def take_user_scrub(self) -> None:
        """Count a user's deletion for good."""
        self._take("deleted users", USER_SCRUBS, USER_SCRUB_SECONDS, {})

    def clear(self) -> None:
        """Give back everything used."""
        self._windows.clear()

    def _per_minute(self, name: str, limits: tuple[int | None, ...]) -> dict[str, str]:
        limit = limits[self._column()]
        if limit is None:
            return {}
        window = self._windows.get(name)
        header = f"zendesk-ratelimit-{name}"
        shown = {header: _shown(limit, 0, self._resets(window))} if window else {}
        window = self._take(name, limit, MINUTE, shown)
        return {header: _shown(limit, limit - window.used, self._resets(window))}

    def _take(self, name: str, limit: int, seconds: float, headers: dict[str, str]) -> _Window:
        now = self._clock.monotonic()
        if len(self._windows) > MANY_WINDOWS:
            self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
        window = self._windows.setdefault(name, _Window(seconds))
        if not window.take(limit, now):
            raise self._refused(window, headers)
        return window

    def _refused(self, window: _Window, headers: dict[str, str]) -> ZendeskError:
        error = too_many_updates("Too many requests to this endpoint", self._resets(window))
        error.headers |= headers
        return error

    def _resets(self, window: _Window | None) -> int:
        return self._quota.real_seconds_until(window.ends if window else 0.0)

    def _column(self) -> int:
        kind, high_volume = self._settings.text("account_kind"), self._settings.flag("high_volume")
        if kind == "trial":
            return 4
        if kind == "sandbox":
            return 3 if high_volume else 2
        return 1 if high_volume else 0


def _is_beyond(page: str, last: int) -> bool:
    return page.isascii() and page.isdigit() and int(page) > last


def _shown(total: int, remaining: int, resets: int) -> str:
    return f"total={total}; remaining={remaining}; resets={resets}"
