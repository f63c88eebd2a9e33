"""The criteria of a bulk read (BR)."""

from collections.abc import Callable
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import ZohoError, flat
from ml_sandbox.zoho.query.conditions import Column, Columns, Test
from ml_sandbox.zoho.query.tree import Comparison

CRITERIA_LIMIT = 25
VALUES_LIMIT = 200
COMPARATORS = {
    "equal": "=",
    "not_equal": "!=",
    "in": "in",
    "not_in": "not in",
    "less_than": "<",
    "less_equal": "<=",
    "greater_than": ">",
    "greater_equal": ">=",
    "between": "between",
    "not_between": "not between",
}
PATTERNS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda held, wanted: wanted in held,
    "not_contains": lambda held, wanted: wanted not in held,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
CODES = {
    "column given seems to be invalid": "FIELD_IN_CRITERIA_NOT_AVAILABLE",
    "data type not supported": "FIELD_IN_CRITERIA_NOT_SUPPORTED",
    "invalid operator found": "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
    "value given seems to be invalid for the column": "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
}


def criteria_test(columns: Columns, criteria: Any) -> Test:
    """The test of criteria; 400 when they are wrong."""
    if _count(criteria) > CRITERIA_LIMIT:
        raise refused("CRITERIA_LIMIT_EXCEEDED", max_limit=CRITERIA_LIMIT)
    return _test(columns, criteria)


def refused(code: str, **details: Any) -> ZohoError:
    """A bulk job that is not accepted."""
    return flat(400, code, code.lower().replace("_", " "), details)


def _count(criteria: Any) -> int:
    group = criteria.get("group") if isinstance(criteria, dict) else None
    return sum(map(_count, group)) if isinstance(group, list) else 1


def _test(columns: Columns, criteria: Any) -> Test:
    if not isinstance(criteria, dict):
        raise refused("INVALID_CRITERIA")
    if "group" not in criteria:
        return _single(columns, criteria)
    if "field" in criteria or "comparator" in criteria:
        raise refused("AMBIGUOUS_CRITERIA")
    members = criteria["group"]
    operator = str(criteria.get("group_operator", "")).lower()
    if operator not in {"and", "or"}:
        raise refused("GROUP_OPERATOR_NOT_SUPPORTED", supported=["and", "or"])
    if not isinstance(members, list) or not members:
        raise refused("INVALID_CRITERIA")
    tests = [_test(columns, member) for member in members]
    joined: Callable[[Any], bool] = all if operator == "and" else any
    return lambda row: joined(test(row) for test in tests)


def _single(columns: Columns, criteria: Row) -> Test:
    field = criteria.get("field")
    name = field.get("api_name") if isinstance(field, dict) else None
    comparator = criteria.get("comparator")
    if not isinstance(name, str) or "value" not in criteria:
        raise refused("INVALID_CRITERIA")
    try:
        if comparator in PATTERNS:
            return _pattern(columns.find(name), str(comparator), criteria["value"])
        if comparator not in COMPARATORS:
            raise refused("FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", api_name=name)
        value = criteria["value"]
        values = tuple(value) if isinstance(value, list) else (value,)
        if len(values) > VALUES_LIMIT:
            raise refused("VALUE_LIMIT_EXCEEDED_IN_CRITERIA", max_limit=VALUES_LIMIT)
        if str(comparator).endswith("between") and len(values) != 2:
            raise refused("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", api_name=name)
        return columns.test(Comparison(name, COMPARATORS[str(comparator)], values))
    except ZohoError as error:
        reason = error.body.get("details", {}).get("reason")
        raise refused(CODES[reason], api_name=name) if reason in CODES else error from None


def _pattern(column: Column, comparator: str, value: Any) -> Test:
    if not isinstance(value, str) or column.field.json_type != "string":
        raise refused("FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", api_name=column.name)
    holds, wanted, of = PATTERNS[comparator], value.casefold(), column.of
    return lambda row: (held := of(row)) is not None and holds(str(held).casefold(), wanted)
