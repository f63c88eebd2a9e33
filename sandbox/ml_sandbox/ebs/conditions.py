"""Conditions on rows: how they are tested, and what they say about one column."""

# The methods are described once, at `Condition`.
# ruff: noqa: D102

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from ml_sandbox.ebs.store import Tuple

Test = Callable[[Tuple], bool]
Known = int | Decimal | str
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The closed range that a column must lie in; None where there is no bound."""

    low: Any = None
    high: Any = None

    def within(self, other: "Bounds") -> "Bounds":
        """Give the range that lies in both."""
        lows = [bound for bound in (self.low, other.low) if bound is not None]
        highs = [bound for bound in (self.high, other.high) if bound is not None]
        return Bounds(max(lows, default=None), min(highs, default=None))

    def around(self, other: "Bounds") -> "Bounds":
        """Give the smallest range that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Bounds(low, high)


class Condition(ABC):
    """A condition; comparison with null is never true."""

    @abstractmethod
    def compiled(self) -> Test:
        """Give the condition as a function of a row."""

    def bounds(self, position: int) -> Bounds:
        """Give a range of a column outside of which the condition is never true."""
        return Bounds()

    def values(self, position: int) -> tuple[Known, ...] | None:
        """Give the only values of a column for which the condition can be true, if it names them."""
        return None

    def named_columns(self) -> tuple[int, ...]:
        """Give the columns for which `values` is known."""
        return ()


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """Column, operator, value."""

    position: int
    operator: str
    value: Known

    def compiled(self) -> Test:
        position, value, compare = self.position, self.value, _OPERATORS[self.operator]

        def test(row: Tuple) -> bool:
            found = row[position]
            return found is not None and compare(found, value)

        return test

    def bounds(self, position: int) -> Bounds:
        if position != self.position or self.operator == "<>":
            return Bounds()
        low = self.value if self.operator in {"=", ">", ">="} else None
        high = self.value if self.operator in {"=", "<", "<="} else None
        return Bounds(low, high)

    def values(self, position: int) -> tuple[Known, ...] | None:
        return (self.value,) if position == self.position and self.operator == "=" else None

    def named_columns(self) -> tuple[int, ...]:
        return (self.position,) if self.operator == "=" else ()


@dataclass(frozen=True, slots=True)
class Membership(Condition):
    """Column IN list."""

    position: int
    members: tuple[Known, ...]

    def compiled(self) -> Test:
        position, members = self.position, frozenset(self.members)
        return lambda row: row[position] in members

    def bounds(self, position: int) -> Bounds:
        if position != self.position:
            return Bounds()
        ordered: list[Any] = sorted(self.members)
        return Bounds(ordered[0], ordered[-1])

    def values(self, position: int) -> tuple[Known, ...] | None:
        return self.members if position == self.position else None

    def named_columns(self) -> tuple[int, ...]:
        return (self.position,)


@dataclass(frozen=True, slots=True)
class NullTest(Condition):
    """Column IS NULL or IS NOT NULL."""

    position: int
    negated: bool

    def compiled(self) -> Test:
        position, negated = self.position, self.negated
        return lambda row: (row[position] is not None) is negated


@dataclass(frozen=True, slots=True)
class Conjunction(Condition):
    """All parts."""

    parts: tuple[Condition, ...]

    def compiled(self) -> Test:
        tests = tuple(part.compiled() for part in self.parts)
        if len(tests) == 2:
            first, second = tests
            return lambda row: first(row) and second(row)
        return lambda row: all(test(row) for test in tests)

    def bounds(self, position: int) -> Bounds:
        bounds = Bounds()
        for part in self.parts:
            bounds = bounds.within(part.bounds(position))
        return bounds

    def values(self, position: int) -> tuple[Known, ...] | None:
        named = [values for part in self.parts if (values := part.values(position)) is not None]
        return min(named, key=len, default=None)

    def named_columns(self) -> tuple[int, ...]:
        return tuple(position for part in self.parts for position in part.named_columns())


@dataclass(frozen=True, slots=True)
class Disjunction(Condition):
    """Any part."""

    parts: tuple[Condition, ...]

    def compiled(self) -> Test:
        tests = tuple(part.compiled() for part in self.parts)
        return lambda row: any(test(row) for test in tests)

    def bounds(self, position: int) -> Bounds:
        bounds = self.parts[0].bounds(position)
        for part in self.parts[1:]:
            bounds = bounds.around(part.bounds(position))
        return bounds
