"""The arithmetic of one limit: how long to wait before a request is sent. No threads, no clock of its own."""

from __future__ import annotations

import dataclasses
import math
import re
from collections import deque
from collections.abc import Sequence

_SHORT_MARGIN = 0.01
_SLOTS = 120
_NOTHING = 1e-9


@dataclasses.dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `requests` (or credits) in any `window` seconds.

    `requests` None means that the vendor's headers will tell. `methods` (empty: all) and `path`, a regular
    expression searched in the path, say which requests it concerns; groups of the expression make one
    limit per value (`/organizations/(\\d+)` counts each organization alone). A `manual` one concerns only
    the calls that name it. `share` is the part of it that is used, where it is not the quota's.
    """

    name: str
    requests: float | None = None
    window: float = 60.0
    methods: Sequence[str] = ()
    path: str = ""
    manual: bool = False
    share: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class InFlightLimit:
    """At most `limit` at the same time: requests, or jobs if `manual` (`Quota.hold`). Else as RateLimit."""

    name: str
    limit: int
    methods: Sequence[str] = ()
    path: str = ""
    manual: bool = False


Limit = RateLimit | InFlightLimit


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What an answer said about a limit: `remaining` of `limit`, full again in `reset` seconds."""

    name: str
    remaining: float
    limit: float | None = None
    reset: float | None = None


def until_full(reset: float) -> float:
    """Return how long to wait for a stated reset: whole seconds may have been rounded down."""
    return max(0.0, reset) + (1.0 if reset == int(reset) else _SHORT_MARGIN)


def key_of(limit: Limit, method: str, path: str) -> str | None:
    """Return the name a request counts under (`name`, or `name:group`); None if it is not concerned."""
    if limit.manual or (limit.methods and method.upper() not in limit.methods):
        return None
    found = re.search(limit.path, path) if limit.path else None
    if limit.path and found is None:
        return None
    groups = found.groups() if found else ()
    return ":".join([limit.name, *(group or "" for group in groups)])


def specificity(limit: Limit) -> int:
    """0 for a limit on all requests, 1 for some, 2 for one counted per record."""
    return 0 if not (limit.path or limit.methods or limit.manual) else 1 + bool(re.compile(limit.path).groups)


def allowance(limit: float, share: float) -> float:
    """Return the part of `limit` that may be used: at least one, else nothing could ever be sent."""
    return max(1.0, math.floor(limit * share + _NOTHING))


class RateState:
    """The use of one RateLimit.

    A request counts from the moment it is taken until `window` seconds after its answer: wherever in
    between the vendor counted it, no window of the vendor's ever holds more than our share.
    """

    def __init__(self, limit: RateLimit, share: float) -> None:
        self.rule = limit
        self.share = share if limit.share is None else limit.share
        self.limit = limit.requests
        self.in_flight = 0.0
        self.completed = 0.0
        self.blocked_until = -math.inf
        self._done: deque[tuple[float, float]] = deque()
        self._used = 0.0
        self._left: float | None = None
        self._left_until = -math.inf
        self._reading_ordinal = -1

    @property
    def allowed(self) -> float | None:
        """How much of each window is ours; None while the limit is unknown."""
        return None if self.limit is None else allowance(self.limit, self.share)

    def delay(self, now: float, cost: float) -> float:
        """Return the seconds until `cost` may be taken; infinite when a request in flight must end first."""
        self._expire(now)
        return max(self.blocked_until - now, self._own_delay(now, cost), self._vendor_delay(now, cost), 0.0)

    def _own_delay(self, now: float, cost: float) -> float:
        allowed = self.allowed
        if allowed is None:
            return 0.0
        excess = self._used + self.in_flight + cost - allowed
        if excess <= _NOTHING:
            return 0.0
        for ended, spent in self._done:
            excess -= spent
            if excess <= _NOTHING:
                return ended + self.rule.window - now
        return math.inf

    def _vendor_delay(self, now: float, cost: float) -> float:
        if self._left is None:
            return 0.0
        allowed = self.allowed
        reserve = 0.0 if self.limit is None or allowed is None else self.limit - allowed
        return 0.0 if self._left - reserve >= cost - _NOTHING else self._left_until - now

    def take(self, cost: float) -> None:
        """Count a request as sent."""
        self.in_flight += cost
        if self._left is not None:
            self._left -= cost

    def complete(self, now: float, cost: float) -> None:
        """Count a request as answered."""
        self.in_flight -= cost
        self.completed += cost
        self._used += cost
        slot = self.rule.window / _SLOTS
        if self._done and now - self._done[-1][0] < slot:
            _, spent = self._done.pop()
            self._done.append((now, spent + cost))
        else:
            self._done.append((now, cost))

    def give_back(self, cost: float) -> None:
        """Forget a request that never left this machine."""
        self.in_flight -= cost
        if self._left is not None:
            self._left += cost

    def read(self, now: float, reading: Reading, *, ordinal: int, uncounted: float) -> None:
        """Learn from an answer to request number `ordinal`; `uncounted` may not be in its `remaining` yet."""
        self._expire(now)
        if reading.limit is not None and reading.limit > 0:
            self.limit = reading.limit
        if self._left is not None and ordinal < self._reading_ordinal:
            return
        self._reading_ordinal = ordinal
        self._left = reading.remaining - uncounted
        reset = self.rule.window if reading.reset is None else reading.reset
        self._left_until = now + until_full(reset)

    def block(self, until: float) -> None:
        """Send nothing before `until`."""
        self.blocked_until = max(self.blocked_until, until)

    def idle(self, now: float) -> bool:
        """Tell whether nothing is remembered, so that the state may be dropped."""
        self._expire(now)
        return (
            not self._done and self._left is None and self.in_flight <= _NOTHING and self.blocked_until <= now
        )

    def _expire(self, now: float) -> None:
        while self._done and self._done[0][0] + self.rule.window <= now:
            self._used -= self._done.popleft()[1]
        if not self._done:
            self._used = 0.0
        if self._left is not None and self._left_until <= now:
            self._left = None


class InFlightState:
    """The use of one InFlightLimit."""

    def __init__(self, limit: InFlightLimit, share: float) -> None:
        self.rule = limit
        self.share = share
        self.limit = float(limit.limit)
        self.in_flight = 0.0
        self.completed = 0.0
        self.blocked_until = -math.inf
        self._left: float | None = None
        self._left_until = -math.inf

    @property
    def allowed(self) -> float:
        """How many may be under way at once."""
        return allowance(self.limit, self.share)

    def delay(self, now: float, cost: float) -> float:
        """Return the seconds until `cost` more may start; infinite when one has to end first."""
        if self._left is not None and self._left_until <= now:
            self._left = None
        waits = [self.blocked_until - now, 0.0]
        if self.in_flight + cost > self.allowed + _NOTHING:
            waits.append(math.inf)
        elif self._left is not None and self._left - (self.limit - self.allowed) < cost - _NOTHING:
            waits.append(self._left_until - now)
        return max(waits)

    def take(self, cost: float) -> None:
        """Count one as started."""
        self.in_flight += cost
        if self._left is not None:
            self._left -= cost

    def complete(self, now: float, cost: float) -> None:
        """Count one as ended."""
        self.give_back(cost)
        self.completed += cost

    def give_back(self, cost: float) -> None:
        """Forget one that never started."""
        self.in_flight -= cost
        if self._left is not None:
            self._left += cost

    def read(self, now: float, reading: Reading, *, ordinal: int, uncounted: float) -> None:
        """Learn from an answer how many the vendor would still take."""
        if reading.limit is not None and reading.limit >= 1:
            self.limit = reading.limit
        self._left = reading.remaining
        self._left_until = now + until_full(60.0 if reading.reset is None else reading.reset)

    def block(self, until: float) -> None:
        """Start nothing before `until`."""
        self.blocked_until = max(self.blocked_until, until)

    def idle(self, now: float) -> bool:
        """Tell whether nothing is remembered, so that the state may be dropped."""
        return self.in_flight <= _NOTHING and self.blocked_until <= now and self._left is None


State = RateState | InFlightState
