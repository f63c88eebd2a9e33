"""What a session did: the numbers of a run's summary."""

from __future__ import annotations

import dataclasses
import threading


@dataclasses.dataclass(slots=True)
class EndpointCounters:
    """The traffic of one kind of request. `seconds_waited`: for the quota, and before repetitions."""

    requests: int = 0
    retries: int = 0
    throttled: int = 0
    failures: int = 0
    renewals: int = 0
    seconds_waited: float = 0.0

    def add(self, other: EndpointCounters) -> None:
        """Add the numbers of `other`."""
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


class Counters:
    """The traffic of a session, in all and by endpoint. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_endpoint: dict[str, EndpointCounters] = {}

    def count(self, endpoint: str, **numbers: float) -> None:
        """Add to the named numbers of `endpoint`."""
        with self._lock:
            counters = self._by_endpoint.setdefault(endpoint, EndpointCounters())
            for name, number in numbers.items():
                setattr(counters, name, getattr(counters, name) + number)

    @property
    def by_endpoint(self) -> dict[str, EndpointCounters]:
        """A copy of the numbers, by endpoint such as `GET /api/v2/users/{id}`."""
        with self._lock:
            return {name: dataclasses.replace(item) for name, item in self._by_endpoint.items()}

    @property
    def total(self) -> EndpointCounters:
        """The sum over all endpoints."""
        total = EndpointCounters()
        for item in self.by_endpoint.values():
            total.add(item)
        return total

    def summary(self) -> dict[str, object]:
        """Return the numbers as JSON-ready objects: the totals, and `by_endpoint`."""
        by_endpoint = {name: dataclasses.asdict(item) for name, item in sorted(self.by_endpoint.items())}
        return {**dataclasses.asdict(self.total), "by_endpoint": by_endpoint}
