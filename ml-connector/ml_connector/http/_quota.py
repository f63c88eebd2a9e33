"""What a vendor allows, shared by every thread that uses one account."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Protocol, Self

from requests import Response

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.http._limits import (
    InFlightState,
    Limit,
    RateLimit,
    RateState,
    Reading,
    State,
    key_of,
    specificity,
    until_full,
)

_LONGEST_NAP = 1.0
_PRUNE_ABOVE = 512
_IDENTIFIER = re.compile(r"^(\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{24,})(?=\.|$)")


class QuotaReader(Protocol):
    """Reads the limits that a vendor states in an answer's headers."""

    def __call__(self, response: Response, /) -> Iterable[Reading]:
        """Return one Reading per limit that `response` speaks of."""


@dataclasses.dataclass(frozen=True, slots=True)
class HeaderReader:
    """Reads one limit from plain number headers; the first present name of each tuple counts.

    `reset` headers hold seconds from now; values above 10^9 are taken as Unix time.
    """

    name: str
    remaining: Sequence[str]
    limit: Sequence[str] = ()
    reset: Sequence[str] = ()

    def __call__(self, response: Response, /) -> Iterable[Reading]:
        """Return the reading, or nothing when the answer does not tell."""
        remaining = _number(response, self.remaining)
        if remaining is None:
            return []
        reset = _number(response, self.reset)
        if reset is not None and reset > 1e9:
            reset -= time.time()
        return [Reading(self.name, remaining, _number(response, self.limit), reset)]


def _number(response: Response, names: Sequence[str]) -> float | None:
    for name in names:
        text = response.headers.get(name)
        if text is not None:
            try:
                value = float(text.partition(",")[0])
            except ValueError:
                continue
            if math.isfinite(value):
                return value
    return None


class Clock(Protocol):
    """Time, as the quota needs it."""

    def now(self) -> float:
        """Return seconds that never run backwards."""

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait on `condition` (held) for at most `seconds`."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the monotonic clock."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait for real."""
        condition.wait(seconds)


class Ticket:
    """The right to send one request. Close it (or leave the `with`) when the answer was read.

    `waited` is how many seconds it took to get it.
    """

    def __init__(self, quota: Quota, states: Sequence[State], cost: float, ordinal: int) -> None:
        self._quota = quota
        self._states = states
        self._seen = [state.completed for state in states]
        self.cost = cost
        self.ordinal = ordinal
        self.waited = 0.0
        self.endpoint = ""
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def answered(self, response: Response) -> None:
        """Learn what the answer says about the limits, and close."""
        self._quota._answered(self, response)

    def refused(self, seconds: float, response: Response | None = None) -> None:
        """Keep this account (or endpoint, or record) quiet for `seconds`: the vendor answered 429."""
        self._quota._refused(self, seconds, response)

    def unsent(self) -> None:
        """Give the right back: the request never reached the vendor."""
        self._quota._close(self, sent=False)

    def close(self) -> None:
        """Count the request as answered. Closing twice does nothing."""
        self._quota._close(self, sent=True)


class Quota:
    """The limits of one account at one vendor.

    `share` is the part of each limit that is used; at least `1 - share` stays free for others, also when
    others use the account at the same time, as far as the vendor's headers (`reader`) show it. `max_wait`
    seconds is the longest wait: beyond it `take` raises PassingFault. `stopping`, when set, ends all
    waits with PassingFault.

    Limits that no declaration names but that an answer states are kept from then on for the same kind of
    request (method and path without identifiers).
    """

    def __init__(
        self,
        limits: Iterable[Limit] = (),
        *,
        system: str = "The vendor",
        share: float = 0.7,
        reader: QuotaReader | None = None,
        max_wait: float = 900.0,
        stopping: threading.Event | None = None,
        clock: Clock | None = None,
    ) -> None:
        if not 0 < share <= 1:
            raise SystemFault(f"quota_share is {share}.", fix="Give a number above 0, at most 1.")
        self.system = system
        self.share = share
        self.max_wait = max_wait
        self._limits: dict[str, Limit] = {}
        for limit in limits:
            if limit.name in self._limits:
                raise SystemFault(f"The limit {limit.name!r} is declared twice.")
            self._limits[limit.name] = limit
        self._reader = reader
        self._stopping = stopping or threading.Event()
        self._clock: Clock = clock or SystemClock()
        self._condition = threading.Condition()
        self._states: dict[str, State] = {}
        self._learned: dict[str, set[str]] = {}
        self._ordinals = itertools.count()
        self._readings: dict[str, Reading] = {}

    def take(
        self,
        method: str,
        path: str,
        *,
        names: Sequence[str] = (),
        cost: float = 1,
        on_wait: Callable[[float], None] | None = None,
    ) -> Ticket:
        """Wait until a request may be sent and return the right to send it.

        `path` is the path of the address, without host and query. `names` are further limits, declared
        `manual`; `cost` is what the request uses of each rate limit. Raises PassingFault when that would
        take longer than `max_wait`.
        """
        endpoint = f"{method.upper()} {endpoint_of(path)}"
        with self._condition:
            learned = sorted(self._learned.get(endpoint, ()))
            keys = list(dict.fromkeys([*self._keys(method, path, names), *learned]))
            ticket = self._wait([(key, cost) for key in keys], cost, on_wait)
        ticket.endpoint = endpoint
        return ticket

    def hold(self, name: str) -> Ticket:
        """Wait for a place under an InFlightLimit, and hold it (a job under way) until closed."""
        with self._condition:
            self._declared(name)
            return self._wait([(name, 1)], 1, None)

    def reset_after(self, response: Response) -> float | None:
        """Return the seconds until the limit that an answer states as used up is full again, if it tells."""
        readings = self._reader(response) if self._reader is not None else ()
        return max(
            (until_full(item.reset) for item in readings if item.remaining <= 0 and item.reset is not None),
            default=None,
        )

    def block(self, seconds: float, name: str | None = None) -> None:
        """Send nothing for `seconds`, or nothing that counts under the limit `name`."""
        with self._condition:
            until = self._clock.now() + seconds
            for state in [self._state(name)] if name else [self._state(key) for key in self._general()]:
                state.block(until)

    def in_use(self, name: str) -> float:
        """Return how much of the limit `name` is under way right now."""
        with self._condition:
            return self._state(name).in_flight

    def has_room(self, name: str) -> bool:
        """Tell whether one more of the limit `name` could start now, without waiting."""
        with self._condition:
            return self._state(name).delay(self._clock.now(), 1) <= 0

    def last_reading(self, name: str) -> Reading | None:
        """Return what the vendor's headers last said about the limit `name`; None if they never did."""
        with self._condition:
            return self._readings.get(name)

    def _general(self) -> list[str]:
        general = [name for name, limit in self._limits.items() if specificity(limit) == 0]
        return general or ["account"]

    def _declared(self, name: str) -> Limit:
        limit = self._limits.get(name.partition(":")[0])
        if limit is None:
            raise SystemFault(
                f"{self.system}: no limit is named {name!r}.", fix=f"Known: {sorted(self._limits)}."
            )
        return limit

    def _keys(self, method: str, path: str, names: Sequence[str]) -> list[str]:
        for name in names:
            self._declared(name)
        matching = [key_of(limit, method, path) for limit in self._limits.values()]
        keys = [key for key in matching if key is not None]
        # Without a limit on all requests there would be nowhere to keep a general pause.
        return [*keys, *self._general(), *names]

    def _state(self, key: str) -> State:
        state = self._states.get(key)
        if state is None:
            limit = self._limits.get(key.partition(":")[0]) or RateLimit(key)
            state = (
                RateState(limit, self.share)
                if isinstance(limit, RateLimit)
                else InFlightState(limit, self.share)
            )
            if len(self._states) > _PRUNE_ABOVE:
                self._prune()
            self._states[key] = state
        return state

    def _prune(self) -> None:
        now = self._clock.now()
        self._states = {key: state for key, state in self._states.items() if not state.idle(now)}

    def _wait(
        self, wanted: Sequence[tuple[str, float]], cost: float, on_wait: Callable[[float], None] | None
    ) -> Ticket:
        began = self._clock.now()
        for key, amount in wanted:
            self._check_possible(key, self._state(key), amount)
        while True:
            now = self._clock.now()
            # A state may have been pruned during the wait: look it up each time.
            states = [self._state(key) for key, _ in wanted]
            delays = [state.delay(now, _amount(state, cost)) for state in states]
            longest = max(delays, default=0.0)
            if longest <= 0:
                return self._issue(states, cost, now - began)
            self._judge_wait(wanted[delays.index(longest)][0], longest, now - began)
            nap = min(longest, _LONGEST_NAP)
            self._clock.wait(self._condition, nap)
            if on_wait is not None:
                on_wait(self._clock.now() - now)

    def _issue(self, states: Sequence[State], cost: float, waited: float) -> Ticket:
        ticket = Ticket(self, states, cost, next(self._ordinals))
        ticket.waited = waited
        for state in states:
            state.take(_amount(state, cost))
        return ticket

    def _check_possible(self, key: str, state: State, amount: float) -> None:
        if isinstance(state, RateState) and state.allowed is not None and amount > state.allowed:
            raise SystemFault(
                f"{self.system}: one call needs {amount:g} of the limit {key!r}; only {state.allowed:g} "
                f"in {state.rule.window:g} s may be used.",
                fix="Raise `quota_share`, or make the call smaller.",
            )

    def _judge_wait(self, key: str, longest: float, waited: float) -> None:
        if self._stopping.is_set():
            raise PassingFault(f"{self.system}: stopped while waiting for the quota {key!r}.")
        # Waiting for a request in flight has no known end; `max_wait` bounds it all the same.
        expected = waited if math.isinf(longest) else waited + longest
        if expected > self.max_wait:
            raise PassingFault(
                f"{self.system}: the quota {key!r} is used up; the next request would have to wait "
                f"{expected:.0f} s, longer than {self.max_wait:.0f} s.",
                fix="Run again later, or raise `quota_max_wait` or `quota_share`.",
            )

    def _answered(self, ticket: Ticket, response: Response) -> None:
        readings = list(self._reader(response)) if self._reader is not None else []
        with self._condition:
            for reading in readings:
                self._learn(ticket, reading)
        self._close(ticket, sent=True)

    def _learn(self, ticket: Ticket, reading: Reading) -> None:
        self._readings[reading.name] = reading
        own = next((state for state in ticket._states if state.rule.name == reading.name), None)
        state = own or self._state(reading.name)
        if reading.name not in self._limits:
            self._learned.setdefault(ticket.endpoint, set()).add(reading.name)
        uncounted = state.in_flight
        if own is not None:
            uncounted -= _amount(own, ticket.cost) if ticket._open else 0.0
            uncounted += own.completed - ticket._seen[list(ticket._states).index(own)]
        state.read(self._clock.now(), reading, ordinal=ticket.ordinal, uncounted=max(0.0, uncounted))

    def _refused(self, ticket: Ticket, seconds: float, response: Response | None) -> None:
        readings = list(self._reader(response)) if self._reader is not None and response is not None else []
        empty = {reading.name for reading in readings if reading.remaining <= 0}
        with self._condition:
            until = self._clock.now() + seconds
            blamed = [state for state in ticket._states if state.rule.name in empty]
            if not blamed:
                highest = max((specificity(state.rule) for state in ticket._states), default=0)
                blamed = [state for state in ticket._states if specificity(state.rule) == highest]
            for state in blamed:
                state.block(until)

    def _close(self, ticket: Ticket, *, sent: bool) -> None:
        with self._condition:
            if not ticket._open:
                return
            ticket._open = False
            now = self._clock.now()
            for state in ticket._states:
                amount = _amount(state, ticket.cost)
                if sent:
                    state.complete(now, amount)
                else:
                    state.give_back(amount)
            self._condition.notify_all()


def _amount(state: State, cost: float) -> float:
    return cost if isinstance(state, RateState) else 1.0


def endpoint_of(path: str) -> str:
    """Return a path with its identifiers replaced: `/api/v2/tickets/{id}.json`."""
    return "/".join(_IDENTIFIER.sub("{id}", part) for part in path.partition("?")[0].split("/"))
