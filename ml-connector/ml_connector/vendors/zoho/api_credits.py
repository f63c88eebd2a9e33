"""API credits: what a call costs, what remains of the day, and what must stay (API limits)."""

from __future__ import annotations

import dataclasses
import math
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector.http import QuotaSpent
from ml_connector.vendors.zoho.faults import CREDITS_HEADER, SYSTEM

LIST = 1
LIST_OF_VIEW = 3
ONE_RECORD = 1
METADATA = 1
DELETED = 2  # second-hand
BULK_READ = 50
BULK_WRITE = 500
_PER_WRITE = 10
_PER_DELETE = 100


def coql(limit: int) -> int:
    """Credits of a COQL query by its LIMIT (COQL limitations)."""
    return 1 if limit <= 200 else 2 if limit <= 1000 else 3


def write(records: int) -> int:
    """Credits of an insert, update or upsert of so many records."""
    return max(1, math.ceil(records / _PER_WRITE))


def delete(records: int) -> int:
    """Credits of a delete of so many records."""
    return max(1, math.ceil(records / _PER_DELETE))


@dataclasses.dataclass(frozen=True, slots=True)
class Edition:
    """What an edition allows: calls at once, and credits in 24 hours for a number of users."""

    name: str
    concurrency: int
    base: int
    per_user: int
    maximum: float

    def credits_for(self, users: int) -> float:
        """Credits in 24 hours, without add-ons."""
        return min(self.maximum, self.base + self.per_user * max(0, users))


EDITIONS = {
    edition.name: edition
    for edition in (
        Edition("free", 5, 5_000, 0, 5_000),
        Edition("standard", 10, 50_000, 250, 100_000),
        Edition("professional", 15, 50_000, 500, 3_000_000),
        Edition("enterprise", 20, 50_000, 1_000, 5_000_000),
        Edition("ultimate", 25, 50_000, 2_000, math.inf),
    )
}
_OTHER_NAMES = {
    "zohooneenterprise": "enterprise",
    "zohoonestandard": "enterprise",
    "crmplus": "ultimate",
    "crmplusstarter": "standard",
}


def edition_named(name: str) -> Edition:
    """The edition of a `paid_type` of the organisation; the smallest for one that is not known."""
    return EDITIONS.get(_OTHER_NAMES.get(name.lower(), name.lower()), EDITIONS["free"])


class Credits:
    """The credits of one organisation, as far as this process knows. Safe among threads.

    `reserve` of them stay for others. `day` is what the edition gives in 24 hours, None where not known.
    """

    def __init__(self, reserve: int) -> None:
        self.reserve = reserve
        self.day: float | None = None
        self._lock = threading.Lock()
        self._spent: Counter[str] = Counter()
        self._remaining: float | None = None

    @property
    def remaining(self) -> float | None:
        """What Zoho last said remains, less what was spent since; None while it has not said."""
        with self._lock:
            return self._remaining

    @property
    def spent(self) -> int:
        """All credits that this process spent."""
        with self._lock:
            return self._spent.total()

    def spend(self, what: str, cost: int) -> None:
        """Count a call that is about to be made.

        Raises:
            QuotaSpent: it would use what is reserved; nothing was sent.
        """
        with self._lock:
            if self._remaining is not None:
                if self._remaining - cost < self.reserve:
                    raise self._too_few(f"the next call ({what}) costs {cost}", self._remaining)
                self._remaining -= cost
            self._spent[what] += cost

    def require(self, cost: int, what: str) -> None:
        """Stop before a plan of several calls that would use what is reserved, as far as that is known."""
        with self._lock:
            if self._remaining is not None and self._remaining - cost < self.reserve:
                raise self._too_few(f"{what} would cost {cost}", self._remaining)

    def read(self, response: Response) -> None:
        """Learn what remains from an answer; Zoho says it once half of the day's credits are used."""
        text = response.headers.get(CREDITS_HEADER)
        try:
            remaining = float(text) if text is not None else math.nan
        except ValueError:
            return
        if math.isfinite(remaining):
            with self._lock:
                self._remaining = remaining

    def summary(self) -> Mapping[str, Any]:
        """Credits spent, in all and by kind of call, and what remains where that is known."""
        with self._lock:
            found: dict[str, Any] = {
                "spent": self._spent.total(),
                "by_call": dict(sorted(self._spent.items())),
            }
            if self._remaining is not None:
                found["remaining"] = self._remaining
            if self.day is not None and math.isfinite(self.day):
                found["day"] = self.day
            return found

    def _too_few(self, why: str, remaining: float) -> QuotaSpent:
        return QuotaSpent(
            f"{SYSTEM}: {remaining:g} API credits remain of the organisation's day, {self.reserve} are "
            f"reserved (`credit_reserve`), and {why}.",
            fix="Run again when credits come back (each counts for 24 hours), or lower `credit_reserve`.",
        )
