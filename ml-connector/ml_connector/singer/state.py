"""Which STATE may go out: the last one with no open record before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from ml_connector.sync.versions import as_instant


class StateTracker:
    """Lines are numbered; a record is open until each of its mapped records has an outcome.

    STATE k may be emitted when no record on a line before k is open.
    """

    def __init__(self) -> None:
        self._open: dict[int, int] = {}
        self._states: deque[tuple[int, Any]] = deque()
        self._emitted: Any = None

    def open(self, position: int, count: int = 1) -> None:
        """The record on this line has `count` mapped records without outcome. Positions rise."""
        if count:
            self._open[position] = count

    def close(self, position: int) -> None:
        """One mapped record of this line has its outcome. Lines that were not opened are ignored."""
        left = self._open.get(position)
        if left is None:
            return
        if left == 1:
            del self._open[position]
        else:
            self._open[position] = left - 1

    def state(self, position: int, value: Any) -> None:
        """A STATE message on this line."""
        self._states.append((position, value))

    @property
    def open_records(self) -> int:
        """Lines whose record is still open."""
        return len(self._open)

    def ready(self) -> Any:
        """The newest STATE that may be emitted and was not yet; None where there is none."""
        first_open = next(iter(self._open), None)
        value = None
        while self._states and (first_open is None or self._states[0][0] < first_open):
            value = self._states.popleft()[1]
        if value is None or value == self._emitted:
            return None
        self._emitted = value
        return value


def newest_instant(state: Any) -> str | None:
    """The newest ISO 8601 instant anywhere in a STATE, as it stands there; None where there is none."""
    found = [(instant, text) for text in _texts(state) if (instant := as_instant(text)) is not None]
    return max(found)[1] if found else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
