"""Which STATE may go out: the last one with no open record before it."""

from __future__ import annotations

from collections import deque
from typing import Any


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
