"""Turning conditions into tests of stored records."""

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.fields import USER_TYPES, Field
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.query.tree import (
    Comparison,
    Condition,
    unknown_column,
    wrong_operator,
    wrong_value,
)
from ml_sandbox.zoho.times import is_date, read_time

Test = Callable[[Row], bool]
NUMBERS = frozenset({"integer", "double", "currency", "percent"})
ORDERED = frozenset({*NUMBERS, "bigint", "date", "datetime"})
LINKS = frozenset({*USER_TYPES, "lookup"})
UNSUPPORTED = frozenset(
    {"subform", "fileupload", "imageupload", "profileimage", "multiselectlookup", "multiuserlookup"}
)
EQUALITY = frozenset({"=", "!=", "in", "not in", "is null", "is not null"})
RANGES = frozenset({">", ">=", "<", "<=", "between", "not between"})
PATTERNS = frozenset({"like", "not like"})


@dataclass(frozen=True)
class Column:
    """A column of a query: its field, and how its stored value is found in a record."""

    name: str
    field: Field
    of: Callable[[Row], Any]


class Columns:
    """Resolves the columns of one module."""

    def __init__(self, organization: Organization, module: Module) -> None:
        self._organization = organization
        self._module = module
        self._zulu = organization.settings.flag("zulu_times")
        self.joins: set[str] = set()

    def find(self, name: str) -> Column:
        """The column of this name; 400 when there is none, or its type is not supported."""
        first, _, rest = name.partition(".")
        found = self._field(self._module, first, name)
        if not rest:
            return Column(name, found, lambda row: row.get(first))
        target = self._organization.modules.get(found.lookup_module or "")
        if target is None or "." in rest:
            raise unknown_column(name)
        self.joins.add(first)
        inner = self._field(target, rest, name)
        records = target.records

        def joined(row: Row) -> Any:
            other = records.get(row[first]) if row.get(first) is not None else None
            return other.get(rest) if other is not None else None

        return Column(name, inner, joined)

    def test(self, condition: Condition) -> Test:
        """The test of a condition."""
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        left, right = self.test(condition.left), self.test(condition.right)
        if condition.operator == "and":
            return lambda row: left(row) and right(row)
        return lambda row: left(row) or right(row)

    def compared(self, column: Column, value: Any, operator: str = "=") -> Any:
        """A value of a query in the form in which stored values are compared."""
        kind = column.field.value_type
        converted = self._literal(kind, value)
        if converted is None:
            raise wrong_value(column.name, operator)
        return converted

    def key(self, column: Column) -> Callable[[Any], Any]:
        """How stored values of a column are compared."""
        kind = column.field.value_type
        if kind == "bigint":
            return int
        if kind in ORDERED or kind == "boolean" or kind in LINKS:
            return lambda value: value
        if self._organization.settings.flag("coql_ignores_case"):
            return lambda value: str(value).casefold()
        return str

    def _field(self, module: Module, name: str, column: str) -> Field:
        found = module.fields.get(name)
        if found is None or not found.visible:
            raise unknown_column(column)
        if found.data_type in UNSUPPORTED:
            raise unknown_column(column, "data type not supported")
        return found

    def _comparison(self, condition: Comparison) -> Test:
        column = self.find(condition.column)
        operator = condition.operator
        if operator not in allowed_operators(column.field):
            raise wrong_operator(column.name, operator)
        of, key = column.of, self.key(column)
        if operator == "is null":
            return lambda row: of(row) is None
        if operator == "is not null":
            return lambda row: of(row) is not None
        if operator in PATTERNS:
            return self._pattern(column, condition)
        values = [self.compared(column, value, operator) for value in condition.values]
        if column.field.value_type == "multiselectpicklist":
            return _of_several(of, operator, set(values), key)
        holds = _HOLDS[operator](values)
        return lambda row: (value := of(row)) is not None and holds(key(value))

    def _pattern(self, column: Column, condition: Comparison) -> Test:
        (pattern,) = condition.values
        if not isinstance(pattern, str):
            raise wrong_value(column.name, condition.operator)
        glob = re.sub(r"([\[\]*?])", r"[\1]", pattern).replace("%", "*").replace("_", "?")
        matches = re.compile(fnmatch.translate(glob), re.IGNORECASE | re.DOTALL).match
        wanted = condition.operator == "like"
        of = column.of
        return lambda row: (value := of(row)) is not None and (matches(str(value)) is not None) == wanted

    def _literal(self, kind: str, value: Any) -> Any:
        if kind == "datetime":
            return read_time(value, zulu=self._zulu)
        if kind == "date":
            return value if is_date(value) else None
        if kind == "boolean":
            return (
                value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
            )
        if kind in NUMBERS:
            return _number(value)
        if kind == "bigint":
            return int(value) if re.fullmatch(r"-?\d+", str(value)) else None
        if kind in LINKS:
            return str(value) if str(value).isdigit() else None
        if not isinstance(value, str):
            return None
        return value.casefold() if self._organization.settings.flag("coql_ignores_case") else value


def allowed_operators(found: Field) -> frozenset[str]:
    """The operators that fit a field's data type."""
    kind = found.value_type
    if kind in ORDERED:
        return EQUALITY | RANGES
    if kind == "boolean":
        return frozenset({"=", "!=", "is null", "is not null"})
    return EQUALITY if kind in LINKS else EQUALITY | PATTERNS


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", str(value)) else None


def _of_several(of: Callable[[Row], Any], operator: str, wanted: set[Any], key: Callable[[Any], Any]) -> Test:
    holds = operator in {"=", "in"}
    return lambda row: (held := of(row)) is not None and bool({key(one) for one in held} & wanted) == holds


_HOLDS: dict[str, Callable[[list[Any]], Callable[[Any], bool]]] = {
    "=": lambda values: lambda held: held == values[0],
    "!=": lambda values: lambda held: held != values[0],
    ">": lambda values: lambda held: held > values[0],
    ">=": lambda values: lambda held: held >= values[0],
    "<": lambda values: lambda held: held < values[0],
    "<=": lambda values: lambda held: held <= values[0],
    "between": lambda values: lambda held: values[0] <= held <= values[1],
    "not between": lambda values: lambda held: not values[0] <= held <= values[1],
    "in": lambda values: lambda held: held in values,
    "not in": lambda values: lambda held: held not in values,
}
