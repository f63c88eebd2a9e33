"""From changed rows to what they are behind: chains of tables, written as text.

`A[X=Y] B > C.D E` starts at rows of A whose X is Y (`X=` is null), takes their B, finds the rows of C whose D
is one of them, and gives their E.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ml_sandbox.ebs.package.reader import Reader
from ml_sandbox.ebs.store import Tuple, Value

_START = re.compile(r"(?P<table>\w+)(?:\[(?P<where>\w+)=(?P<value>\w*)\])? (?P<to>\w+)")
_STEP = re.compile(r"(?P<table>\w+)\.(?P<column>\w+)(?:\[(?P<where>\w+)=(?P<value>\w*)\])? (?P<to>\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of a table, by `column` unless they are given, that meet a condition; their column `to`."""

    table: str
    column: str
    to: str
    where: str | None
    value: str | None

    def values(self, reader: Reader, rows: Iterable[Tuple]) -> set[Value]:
        """Give the values of `to`, null left out."""
        position = reader.store(self.table).spec.position
        to = position[self.to]
        if self.where is not None:
            tested, wanted = position[self.where], self.value or None
            rows = (row for row in rows if row[tested] == wanted)
        return {row[to] for row in rows} - {None}


@dataclass(frozen=True, slots=True)
class Walk:
    """A chain of steps; `table` is where it starts."""

    start: Step
    steps: tuple[Step, ...]

    @property
    def table(self) -> str:
        """The table whose changed rows it starts from."""
        return self.start.table

    def targets(self, reader: Reader, rows: Iterable[Tuple]) -> set[Value]:
        """Give what rows of the first table are behind."""
        values = self.start.values(reader, rows)
        for step in self.steps:
            if not values:
                break
            store = reader.store(step.table)
            found = store.having(store.spec.position[step.column], tuple(values))
            values = step.values(reader, reader.shown(step.table, found))
        return values


def walk(text: str) -> Walk:
    """Read a chain."""
    first, *rest = text.split(" > ")
    return Walk(_step(_START, first), tuple(_step(_STEP, part) for part in rest))


def _step(form: re.Pattern[str], text: str) -> Step:
    match = form.fullmatch(text)
    if match is None:
        msg = f"not a step: {text!r}"
        raise ValueError(msg)
    parts = match.groupdict()
    return Step(parts["table"], parts.get("column") or "", parts["to"], parts["where"], parts["value"])


def walks(*texts: str) -> tuple[Walk, ...]:
    """Read chains."""
    return tuple(map(walk, texts))


def changed_targets(reader: Reader, chains: Iterable[Walk], low: str | None, high: str | None) -> set[Value]:
    """Give what the rows changed from `low` to `high` are behind."""
    found: set[Value] = set()
    for chain in chains:
        rows = reader.between(chain.table, "LAST_UPDATE_DATE", low, high)
        found |= chain.targets(reader, rows)
    return found
