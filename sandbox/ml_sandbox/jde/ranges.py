"""What conditions say of single columns: it leads to the few rows that are worth a look."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.jde.store import Row, Value

Test = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a column of a found row may have; never null.

    Attributes:
        low, high: the least and the greatest value; None where there is no limit.
        values: the only values that are possible; None when these are not listed.
    """

    low: Any = None
    high: Any = None
    values: frozenset[Value] | None = None

    @classmethod
    def of(cls, values: Iterable[Any]) -> "Range":
        """Give the range of some values."""
        listed = frozenset(values)
        return cls(min(listed), max(listed), listed)

    def meets(self, other: "Range") -> "Range":
        """Give what lies in both."""
        lows = [one.low for one in (self, other) if one.low is not None]
        highs = [one.high for one in (self, other) if one.high is not None]
        both = [one.values for one in (self, other) if one.values is not None]
        values = both[0].intersection(*both) if both else None
        return Range(max(lows, default=None), min(highs, default=None), values)

    def joins(self, other: "Range") -> "Range":
        """Give what covers both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        listed = self.values is not None and other.values is not None
        return Range(
            low, high, (self.values or frozenset()) | (other.values or frozenset()) if listed else None
        )


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks of a row.

    Attributes:
        test: says whether a row meets it.
        ranges: by alias, where the rows lie that can meet it.
    """

    test: Test
    ranges: Mapping[str, Range] = field(default_factory=dict)


def both(first: Query, second: Query) -> Query:
    """Give what asks for both."""
    ranges = {**first.ranges, **second.ranges}
    for alias in first.ranges.keys() & second.ranges.keys():
        ranges[alias] = first.ranges[alias].meets(second.ranges[alias])
    one, other = first.test, second.test
    return Query(lambda row: one(row) and other(row), ranges)


def either(first: Query, second: Query) -> Query:
    """Give what asks for one of them."""
    common = first.ranges.keys() & second.ranges.keys()
    ranges = {alias: first.ranges[alias].joins(second.ranges[alias]) for alias in common}
    one, other = first.test, second.test
    return Query(lambda row: one(row) or other(row), ranges)
