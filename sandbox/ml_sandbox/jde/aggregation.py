"""Answers of COUNT and AGGREGATION."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.conditions import column_of
from ml_sandbox.jde.dictionary import Kind
from ml_sandbox.jde.faults import bad_input
from ml_sandbox.jde.requests import DataRequest
from ml_sandbox.jde.store import Row, Value, sorted_rows
from ml_sandbox.jde.values import renderer

_FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": sum,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "AVG": lambda values: sum(values, Decimal()) / len(values) if values else None,
    "COUNT": len,
}
_NUMERIC = ("SUM", "AVG")
_DISTINCT = "_DISTINCT"
ALL_ROWS = "*"


class AggregationFailedError(Exception):
    """What ``ds_...`` reports under ``error.message``, with HTTP 200."""


def count(request: DataRequest, rows: Iterable[Row]) -> dict[str, Any]:
    """Give the body of COUNT (its shape is n/c)."""
    return {f"ds_{request.spec.name}": {"count": sum(1 for _ in rows)}}


def aggregate(request: DataRequest, rows: Iterable[Row], settings: VendorSettings) -> dict[str, Any]:
    """Give the body of AGGREGATION."""
    name = f"ds_{request.spec.name}"
    try:
        return {name: {"output": _output(request, rows, settings)}}
    except AggregationFailedError as error:
        return {name: {"error": {"message": str(error)}}}


def _output(request: DataRequest, rows: Iterable[Row], settings: VendorSettings) -> list[dict[str, Any]]:
    spec, wanted = request.spec, request.aggregation
    if wanted.get("having"):
        raise bad_input("having is not served; filter by query, or the output.")
    functions = [_function(spec, one) for one in _objects(wanted.get("aggregations", []), "aggregations")]
    group = [column_of(spec, one.get("column")) for one in _objects(wanted.get("groupBy", []), "groupBy")]
    if any(alias not in group for alias, _ in request.sort):
        raise AggregationFailedError("orderBy names a column that groupBy does not.")
    groups: dict[tuple[Value, ...], list[Row]] = {} if group else {(): []}
    for row in sorted_rows(rows, request.sort):
        groups.setdefault(tuple(row[alias] for alias in group), []).append(row)
    found = []
    for key, members in groups.items():
        entry: dict[str, Any] = {}
        if group:
            entry["groupBy"] = {
                f"{spec.name}.{alias}": renderer(spec.columns[alias], settings)(value)
                for alias, value in zip(group, key, strict=True)
            }
        found.append(entry | {name: calculate(members) for name, calculate in functions})
    return found


def _function(
    spec: TableSpec, wanted: Mapping[str, Any]
) -> tuple[str, Callable[[Sequence[Row]], int | float | str | None]]:
    full = str(wanted.get("aggregation"))
    name = full.removesuffix(_DISTINCT)
    if name not in _FUNCTIONS or (full != name and name in ("MIN", "MAX")):
        raise AggregationFailedError(f"The aggregation {full} is not known.")
    if wanted.get("column") == ALL_ROWS and full == "COUNT":
        return "COUNT", len
    alias = column_of(spec, wanted.get("column"))
    if name in _NUMERIC and spec.columns[alias].kind is not Kind.NUMBER:
        raise AggregationFailedError(f"{full} takes a numeric column; {alias} is none.")

    def calculate(rows: Sequence[Row]) -> int | float | str | None:
        values = [row[alias] for row in rows if row[alias] is not None]
        result = _FUNCTIONS[name](list(dict.fromkeys(values)) if full != name else values)
        if isinstance(result, str):
            return result.replace("-", "") if spec.columns[alias].kind is Kind.DATE else result
        return _plain(result)

    return f"{spec.name}.{alias}_{full}", calculate


def _plain(value: int | Decimal | None) -> int | float | None:
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _objects(value: Any, what: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad_input(f"{what} must be a list of objects.")
    return value
