"""Conditions of a query: their check against the table, and their meaning for a row."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.dictionary import Item, Kind
from ml_sandbox.jde.faults import SystemFailure, bad_input
from ml_sandbox.jde.ranges import Query, Range, both, either
from ml_sandbox.jde.store import Value
from ml_sandbox.jde.values import parse_date

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": operator.eq,
    "NOT_EQUAL": operator.ne,
    "LESS": operator.lt,
    "LESS_EQUAL": operator.le,
    "GREATER": operator.gt,
    "GREATER_EQUAL": operator.ge,
}
_RANGES: dict[str, Callable[[Any], Range]] = {
    "EQUAL": lambda value: Range.of([value]),
    "LESS": lambda value: Range(high=value),
    "LESS_EQUAL": lambda value: Range(high=value),
    "GREATER": lambda value: Range(low=value),
    "GREATER_EQUAL": lambda value: Range(low=value),
}
_TEXT: dict[str, Callable[[str, str], bool]] = {
    "STR_START_WITH": str.startswith,
    "STR_END_WITH": str.endswith,
    "STR_CONTAIN": operator.contains,
}
_VALUES_NEEDED = {"BETWEEN": (2, 2), "LIST": (1, 1000), "STR_BLANK": (0, 1), "STR_NOT_BLANK": (0, 1)}
OPERATORS = (*_COMPARE, *_TEXT, *_VALUES_NEEDED)
_UNITS = ("DAY", "MONTH", "YEAR")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What special values stand for, and how literals are read."""

    settings: VendorSettings
    today: date
    username: str


def column_of(spec: TableSpec, control: Any, *, bare: bool = False) -> str:
    """Give the alias behind ``F0101.AN8``; a failure with HTTP 200 when there is none."""
    text = str(control)
    table, dot, alias = text.partition(".")
    if bare and not dot:
        table, alias = spec.name, text
    if table != spec.name or alias not in spec.columns:
        raise SystemFailure("Invalid column", f"Column {text} does not exist in {spec.name}.")
    return alias


def read_query(spec: TableSpec, query: Mapping[str, Any], around: Surroundings) -> Query | None:
    """Give what a query asks of a row; None when it asks nothing."""
    conditions, parts = query.get("condition"), query.get("complexQuery")
    if parts:
        if conditions:
            raise bad_input("query takes condition or complexQuery, not both.")
        return _complex(spec, _objects(parts, "complexQuery"), around)
    if not conditions:
        return None
    queries = [_condition(spec, one, around) for one in _objects(conditions, "condition")]
    match = query.get("matchType", "MATCH_ALL")
    if match not in ("MATCH_ALL", "MATCH_ANY"):
        raise bad_input(f"matchType {match!r} is neither MATCH_ALL nor MATCH_ANY.")
    return reduce(both if match == "MATCH_ALL" else either, queries)


def _complex(spec: TableSpec, parts: Sequence[Mapping[str, Any]], around: Surroundings) -> Query | None:
    joins: list[str] = []
    queries: list[Query] = []
    for part in parts:
        inner = part.get("query")
        join = part.get("andOr", "AND")
        if join not in ("AND", "OR") or not isinstance(inner, dict):
            raise bad_input("complexQuery takes {andOr: AND or OR, query: {condition: [...]}}.")
        if inner.get("complexQuery"):
            raise bad_input("A query inside complexQuery takes conditions only.")
        query = read_query(spec, inner, around)
        if query is not None:
            joins.append(join)
            queries.append(query)
    if not queries:
        return None
    if around.settings.text("complex_query_order") == "and_first":
        return _and_first(joins, queries)
    return _in_sequence(joins, queries)


def _in_sequence(joins: Sequence[str], queries: Sequence[Query]) -> Query:
    result = queries[0]
    for join, following in zip(joins[1:], queries[1:], strict=True):
        result = both(result, following) if join == "AND" else either(result, following)
    return result


def _and_first(joins: Sequence[str], queries: Sequence[Query]) -> Query:
    groups: list[list[Query]] = []
    for position, (join, following) in enumerate(zip(joins, queries, strict=True)):
        if position == 0 or join == "OR":
            groups.append([])
        groups[-1].append(following)
    return reduce(either, [reduce(both, group) for group in groups])


def _condition(spec: TableSpec, condition: Mapping[str, Any], around: Surroundings) -> Query:
    alias = column_of(spec, condition.get("controlId"))
    name = condition.get("operator")
    if name not in OPERATORS:
        raise bad_input(f"The operator {name!r} is not known.")
    least, most = _VALUES_NEEDED.get(name, (1, 1))
    given = _objects(condition.get("value", []), "value")
    if not least <= len(given) <= most:
        raise bad_input(f"{name} takes {least} to {most} values, not {len(given)}.")
    item = spec.columns[alias]
    if name in ("STR_BLANK", "STR_NOT_BLANK"):
        return Query(lambda row: (not row[alias]) == (name == "STR_BLANK"))
    if name in _TEXT and item.kind is not Kind.TEXT:
        raise bad_input(f"{name} is for texts; {alias} is none.")
    values = [_value(item, one, around) for one in given]
    if None in values:
        return Query(lambda row: False)
    return _query(name, alias, values)


def _query(name: str, alias: str, values: Sequence[Any]) -> Query:
    first = values[0]
    if name in _TEXT:
        contains = _TEXT[name]
        return Query(lambda row: contains(str(row[alias]), first))
    if name == "LIST":
        wanted = Range.of(values)
        listed = wanted.values or frozenset()
        return Query(lambda row: row[alias] is not None and row[alias] in listed, {alias: wanted})
    # As in SQL, no comparison with null is ever true.
    if name == "BETWEEN":
        last = values[1]
        between = Range(first, last)
        return Query(
            lambda row: (found := row[alias]) is not None and first <= found <= last, {alias: between}
        )
    compare = _COMPARE[name]
    ranges = {alias: _RANGES[name](first)} if name in _RANGES else {}
    return Query(lambda row: (found := row[alias]) is not None and compare(found, first), ranges)


def _value(item: Item, given: Mapping[str, Any], around: Surroundings) -> Value:
    """Give a value to compare with; None when no row can meet it."""
    special = given.get("specialValueId", "LITERAL")
    content = given.get("content", "")
    if isinstance(content, bool) or not isinstance(content, str | int | float):
        raise bad_input(f"The content {content!r} of a value must be a text.")
    text = str(content).strip()
    if special == "LITERAL":
        return _literal(item, text, around)
    if special == "LOGIN_USER":
        return around.username
    if item.kind is not Kind.DATE:
        raise bad_input(f"{special} is for dates; {item.alias} is none.")
    return special_day(special, text, around.today).isoformat()


def special_day(special: Any, content: str, today: date) -> date:
    """Give the day that ``TODAY`` or ``TODAY_MINUS_DAY`` with a count stands for."""
    if special == "TODAY":
        return today
    head, _, unit = str(special).rpartition("_")
    if head not in ("TODAY_PLUS", "TODAY_MINUS") or unit not in _UNITS:
        raise bad_input(f"The specialValueId {special!r} is not known.")
    if not content.isdecimal():
        raise bad_input(f"{special} takes a count, not {content!r}.")
    count = int(content) * (1 if head == "TODAY_PLUS" else -1)
    try:
        return today + timedelta(days=count) if unit == "DAY" else _months(today, count, unit)
    except (ValueError, OverflowError) as error:
        raise bad_input(f"{special} of {content} is no date.") from error


def _months(today: date, count: int, unit: str) -> date:
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "YEAR" else 1)
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first.replace(day=min(today.day, (following - first).days))


def _literal(item: Item, text: str, around: Surroundings) -> Value:
    if item.kind is Kind.TEXT:
        return text
    if item.kind is Kind.NUMBER:
        return _literal_number(item, text)
    if item.kind is Kind.UTIME:
        return text
    return _literal_date(item, text, around)


def _literal_number(item: Item, text: str) -> Value:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise SystemFailure("Invalid numeric value", f"{text!r} is no number for {item.alias}.")
    return int(number) if number == number.to_integral_value() else number


def _literal_date(item: Item, text: str, around: Surroundings) -> str | None:
    form = around.settings.text("date_literal")
    pattern = around.settings.text("simple_date_format") if form == "user" else form
    day = parse_date(text, pattern)
    if day is None and around.settings.text("wrong_date_literal") == "error":
        raise SystemFailure(
            "Invalid date value", f"{text!r} is no date of the form {pattern} for {item.alias}."
        )
    return day


def _objects(value: Any, what: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad_input(f"{what} must be a list of objects.")
    return value
