"""What a COQL query says, and how it is refused (COQL)."""

from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.zoho.errors import ZohoError, flat


@dataclass(frozen=True)
class Comparison:
    """One condition on a column.

    Attributes:
        column: an API name, or a lookup and a field of its record with a point between.
        operator: in lower case, words separated by one blank.
        values: texts, numbers, true or false; none for ``is null``.
    """

    column: str
    operator: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Both:
    """Two conditions joined by ``and`` or ``or``."""

    operator: str
    left: "Condition"
    right: "Condition"


Condition = Comparison | Both


@dataclass(frozen=True)
class Order:
    """One column of ORDER BY."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """A whole query."""

    columns: tuple[str, ...]
    module: str
    where: Condition
    order: tuple[Order, ...] = field(default=())
    limit: int = 200
    offset: int = 0


def comparisons(condition: Condition) -> list[Comparison]:
    """All conditions on single columns."""
    if isinstance(condition, Comparison):
        return [condition]
    return comparisons(condition.left) + comparisons(condition.right)


def required(condition: Condition) -> list[Comparison]:
    """The conditions that every record found has to meet: those joined by ``and`` only."""
    if isinstance(condition, Comparison):
        return [condition]
    if condition.operator == "or":
        return []
    return required(condition.left) + required(condition.right)


def syntax_error(near: str, column: int, **details: Any) -> ZohoError:
    """The query cannot be parsed there."""
    place = {"line": 1, "column": column, "near": near}
    return flat(400, "SYNTAX_ERROR", "invalid query formed", {**place, **details})


def missing_clause(clause: str) -> ZohoError:
    """A clause that every query needs is absent."""
    return flat(400, "SYNTAX_ERROR", "missing clause", {"clause": clause})


def unknown_column(name: str, reason: str = "column given seems to be invalid") -> ZohoError:
    """There is no such column, or it cannot be used there."""
    details = {"column_name": name, "reason": reason}
    return flat(400, "INVALID_QUERY", "column given seems to be invalid", details)


def wrong_value(name: str, operator: str) -> ZohoError:
    """The value does not fit the column."""
    reason = "value given seems to be invalid for the column"
    return flat(400, "INVALID_QUERY", reason, {"column_name": name, "operator": operator, "reason": reason})


def wrong_operator(name: str, operator: str) -> ZohoError:
    """The operator does not fit the column's data type."""
    reason = "invalid operator found"
    return flat(400, "INVALID_QUERY", reason, {"column_name": name, "operator": operator, "reason": reason})


def beyond_limit(clause: str, limit: int) -> ZohoError:
    """A clause asks for more than is allowed."""
    return flat(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, "clause": clause})
