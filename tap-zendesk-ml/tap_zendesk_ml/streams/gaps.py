"""Tickets that changed, and of which the export of events has nothing, such as imported ones."""

from __future__ import annotations

from collections.abc import Iterable

# An event may be dated some seconds after the ticket.
_SLACK = 5


class Gaps:
    """Compares tickets that changed with the events that came."""

    def __init__(self) -> None:
        self._expected: list[tuple[int, int]] = []
        self._seen: set[int] = set()

    def expect(self, tickets: Iterable[tuple[int, int]]) -> None:
        """Note the times (Unix seconds of `updated_at`) and ids of tickets that changed."""
        self._expected.extend(tickets)

    def seen(self, tickets: Iterable[int | None]) -> None:
        """Note tickets that have events."""
        if self._expected:
            self._seen.update(each for each in tickets if each is not None)

    def clear(self) -> None:
        """Expect nothing."""
        self._expected = []

    def due(self, until: float) -> list[int]:
        """The tickets that changed before a time up to which all events came, and have none."""
        if not self._expected:
            return []
        self._expected.sort(reverse=True)
        found: dict[int, None] = {}
        while self._expected and self._expected[-1][0] < until - _SLACK:
            _, ticket = self._expected.pop()
            if ticket not in self._seen:
                found[ticket] = None
        return list(found)
