"""Plans of business streams: the tables behind a record, and how a changed row finds its records.

A plan is declared once and carried out in two ways: as SQL among tables that were read whole, and as
requests by lists of keys. Both find the same records.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tap_oracle_ebs.catalog.tables import TABLES, Table

Parameters = Mapping[str, Any]

CHOSEN = "(SELECT value FROM json_each(:chosen))"
CHOSEN_VALUES = "SELECT value FROM json_each(:chosen)"
"""The keys of a batch, as SQL."""


@dataclasses.dataclass(frozen=True, slots=True)
class Only:
    """A condition on one column: it has one of these values, or none of them; no values stand for null."""

    column: str
    values: tuple[str | int, ...] = ()
    negated: bool = False

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row meets it; as in SQL, null is neither among values nor beside them."""
        value = row[self.column]
        if not self.values:
            return (value is None) is not self.negated
        return value is not None and (value in self.values) is not self.negated

    @property
    def sql(self) -> str:
        """The condition as SQL."""
        word = "NOT " if self.negated else ""
        if not self.values:
            return f"{self.column} IS {word}NULL"
        listed = ", ".join(_literal(value) for value in self.values)
        return f"{self.column} {word}IN ({listed})"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """From known values of `column` in a table to values of its column `to`."""

    table: str
    column: str
    to: str
    only: tuple[Only, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """From changed rows of a table to keys of records: their `column`, then the steps.

    `query` replaces them where only SQL among whole tables finds the way; the changed rows are its `changed`.
    """

    table: str
    column: str
    steps: tuple[Step, ...] = ()
    only: tuple[Only, ...] = ()
    query: str = ""

    def sql(self, rows: str) -> str:
        """Return the query of the keys, for those rows of the table that a condition names."""
        conditions = " AND ".join([rows, *(only.sql for only in self.only)])
        if self.query:
            return f"WITH changed AS (SELECT * FROM {self.table} WHERE {conditions}) {self.query}"  # noqa: S608
        return followed(f"SELECT {self.column} FROM {self.table} WHERE {conditions}", self.steps)  # noqa: S608


@dataclasses.dataclass(frozen=True, slots=True)
class Crossing:
    """Rows whose date is an edge of a time window.

    A run that judges on day `b`, after one on day `a`, finds another side of the edge for the dates in
    `(shift(a), shift(b)]`, in the server's zone.
    """

    date_column: str
    shift: Callable[[dt.date], dt.datetime]
    walk: Walk


@dataclasses.dataclass(frozen=True, slots=True)
class Detail:
    """A table to read for a batch, by `column`; its values come from a query of what is there already."""

    table: str
    column: str
    source: str


@dataclasses.dataclass(frozen=True)
class Target:
    """One kind of record: where its keys are, what leads to them, what to read for them."""

    kind: str
    table: str
    key: str
    walks: tuple[Walk, ...]
    details: tuple[Detail, ...]
    crossings: tuple[Crossing, ...] = ()
    of_accounts: tuple[tuple[Step, ...], ...] = ()
    only: tuple[Only, ...] = ()

    @property
    def all_keys(self) -> str:
        """The query of every key."""
        conditions = " AND ".join(only.sql for only in self.only) or "1"
        return f"SELECT {self.key} FROM {self.table} WHERE {conditions}"  # noqa: S608


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a business stream reads. `whole`: tables that have no list of keys, read once for a run.

    `rows` are the conditions on rows that matter at all.
    """

    tables: tuple[Table, ...]
    indexes: tuple[tuple[str, str], ...]
    targets: tuple[Target, ...]
    whole: tuple[str, ...] = ()
    rows: Mapping[str, tuple[Only, ...]] = dataclasses.field(default_factory=dict)
    parameters: Parameters = dataclasses.field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables behind."""
        return tuple(table.name for table in self.tables)

    def table(self, name: str) -> Table:
        """Return a table with the columns that are read."""
        return next(table for table in self.tables if table.name == name)


def columns(name: str, text: str) -> Table:
    """Return a table with some of its columns, its key and its date of change."""
    return TABLES[name].only(*text.split())


def followed(query: str, steps: Sequence[Step]) -> str:
    """Return the query of what steps lead to from the values of a query."""
    for step in steps:
        conditions = "".join(f" AND {only.sql}" for only in step.only)
        query = f"SELECT {step.to} FROM {step.table} WHERE {step.column} IN ({query}){conditions}"  # noqa: S608
    return query


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
