"""Queries in COQL: names, literals, brackets in pairs, limits (COQL overview, COQL limitations)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from ml_connector.errors import SystemFault

MAX_ROWS = 2000
MAX_CONDITIONS = 25
MAX_IN = 50
MAX_COLUMNS = 500
_NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")
_OPERATORS = frozenset({"=", "!=", ">", "<", ">=", "<=", "like", "not like"})

Value = str | int | Decimal | bool | dt.datetime | dt.date


class Condition:
    """A condition and how many comparisons it holds."""

    def __init__(self, text: str, count: int = 1, *, joined: bool = False) -> None:
        self.text = text
        self.count = count
        self._joined = joined

    def __str__(self) -> str:
        return f"({self.text})" if self._joined else self.text

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"{self} and {other}", self.count + other.count, joined=True)

    def __or__(self, other: Condition) -> Condition:
        return Condition(f"{self} or {other}", self.count + other.count, joined=True)


EVERYTHING = Condition("id is not null")
"""Every documented query carries a condition; this one holds for all records."""


def compare(column: str, operator: str, value: Value) -> Condition:
    """`column operator value`."""
    if operator not in _OPERATORS:
        raise SystemFault(f"COQL has no operator {operator!r}.")
    return Condition(f"{name(column)} {operator} {literal(value)}")


def is_null(column: str, *, null: bool = True) -> Condition:
    """Whether `column` is empty, or is not."""
    return Condition(f"{name(column)} is {'' if null else 'not '}null")


def one_of(column: str, values: Sequence[Value]) -> Condition:
    """Whether `column` holds one of at most 50 values."""
    if not 0 < len(values) <= MAX_IN:
        raise SystemFault(f"COQL takes 1 to {MAX_IN} values in a list, not {len(values)}.")
    return Condition(f"{name(column)} in ({', '.join(literal(value) for value in values)})")


def changed_between(
    column: str, start: dt.datetime | None, end: dt.datetime | None, *, closed: bool = False
) -> Condition | None:
    """`column` from `start` on and before `end`, or up to it when `closed`; None without bounds."""
    parts = []
    if start is not None:
        parts.append(compare(column, ">=", start))
    if end is not None:
        parts.append(compare(column, "<=" if closed else "<", end))
    return parts[0] & parts[1] if len(parts) == 2 else parts[0] if parts else None


def after(column: str | None, last: dt.datetime | None, last_id: str) -> Condition:
    """What comes after the row (`last`, `last_id`) in the order of `column` and id; of the id alone without.

    In the form `column >= last and (column > last or id > last_id)`: it survives any number of equal times.
    """
    beyond = compare("id", ">", last_id)
    if column is None or last is None:
        return beyond
    return compare(column, ">=", last) & (compare(column, ">", last) | beyond)


def select(
    module: str,
    columns: Sequence[str],
    where: Condition | None,
    order: Sequence[str],
    limit: int = MAX_ROWS,
    *,
    max_columns: int = MAX_COLUMNS,
) -> str:
    """The query. Raises SystemFault for what COQL does not take: too many columns, rows or conditions."""
    condition = where or EVERYTHING
    if not 0 < len(columns) <= max_columns:
        raise SystemFault(f"COQL takes 1 to {max_columns} columns, not {len(columns)}.")
    if not 0 < limit <= MAX_ROWS:
        raise SystemFault(f"COQL gives 1 to {MAX_ROWS} rows, not {limit}.")
    if condition.count > MAX_CONDITIONS:
        raise SystemFault(f"COQL takes {MAX_CONDITIONS} conditions, not {condition.count}.")
    ordered = ", ".join(f"{name(column)} asc" for column in order)
    chosen = ", ".join(name(column) for column in columns)
    return " ".join(
        (
            "select",
            chosen,
            "from",
            name(module),
            "where",
            str(condition),
            "order by",
            ordered,
            f"limit {limit}",
        )
    )


def name(text: str) -> str:
    """An API name, dotted through lookups. Raises SystemFault for any other text."""
    if not _NAME.fullmatch(text):
        raise SystemFault(f"{text!r} is no API name of Zoho CRM.", fix="Take the names of the metadata.")
    return text


def literal(value: Value) -> str:
    """A value as COQL writes it: texts and times in quotes, quotes and backslashes escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime):
        return f"'{instant(value)}'"
    if isinstance(value, dt.date):
        return f"'{value.isoformat()}'"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def instant(value: dt.datetime) -> str:
    """An aware instant as queries and headers take it: whole seconds, with the offset of UTC as +00:00."""
    return value.astimezone(dt.UTC).replace(microsecond=0).isoformat()
