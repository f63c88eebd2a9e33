"""What a data service request asks for, from its POST and its GET form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TABLES, TableSpec
from ml_sandbox.jde.conditions import Surroundings, column_of, read_query
from ml_sandbox.jde.faults import SystemFailure, bad_input
from ml_sandbox.jde.ranges import Query
from ml_sandbox.jde.store import SortItem

NO_MAXIMUM = "No Max"
GRID_DATA = "GRID_DATA"
OUTPUT_TYPES = (GRID_DATA, "VERSION1", "VERSION2")
SERVICE_TYPES = ("BROWSE", "COUNT", "AGGREGATION")
# Members of the POST form that are served, or that change nothing here.
KNOWN_MEMBERS = frozenset(
    {
        *("targetName", "targetType", "dataServiceType", "returnControlIDs", "findOnEntry", "maxPageSize"),
        *("outputType", "enableNextPageProcessing", "query", "aggregation", "formServiceDemo", "aliasNaming"),
        *("allowCache", "forceUpdate", "nextPageTimeInterval"),
    }
)
KNOWN_PARAMETERS = frozenset(
    {
        *("$field", "$filter", "$filterType", "$sort", "$limit", "$outputType", "$token", "$device"),
        *("$username", "$password", "$environment", "$role"),
    }
)
_GET_OPERATORS = {
    "EQ": "EQUAL",
    "NE": "NOT_EQUAL",
    "LT": "LESS",
    "LE": "LESS_EQUAL",
    "GT": "GREATER",
    "GE": "GREATER_EQUAL",
    "STARTSWITH": "STR_START_WITH",
    "ENDSWITH": "STR_END_WITH",
    "CONTAINS": "STR_CONTAIN",
}
_SPECIAL_DATE = re.compile(r"(?:(\d+) )?(TODAY(?:_(?:PLUS|MINUS)_(?:DAY|MONTH|YEAR))?)")


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A checked request.

    Attributes:
        spec: the table.
        service: ``BROWSE``, ``COUNT`` or ``AGGREGATION``.
        columns: what is returned, in this order.
        query: what is asked of a row; None when nothing is.
        finds: whether anything starts the search.
        sort: the order.
        limit: rows of an answer; None for all.
        output: ``GRID_DATA``, ``VERSION1`` or ``VERSION2``.
        paged: whether links to next pages are wanted.
        demo: whether only the columns are wanted.
        aggregation: the member of that name.
    """

    spec: TableSpec
    service: str
    columns: tuple[str, ...]
    query: Query | None
    finds: bool
    sort: tuple[SortItem, ...]
    limit: int | None
    output: str
    paged: bool
    demo: bool
    aggregation: Mapping[str, Any]


def read_post(body: Mapping[str, Any], around: Surroundings, *, version: int) -> DataRequest:
    """Check a POST; raises `AisError` (400) for a wrong form and `SystemFailure` for unknown names."""
    spec = _table(body.get("targetName"), body.get("targetType"))
    service = body.get("dataServiceType", "BROWSE")
    if service not in SERVICE_TYPES:
        raise bad_input(f"dataServiceType {service!r} is none of {', '.join(SERVICE_TYPES)}.")
    query, aggregation = _object(body, "query"), _object(body, "aggregation")
    output = body.get("outputType", GRID_DATA if version > 1 else "VERSION1")
    if output not in OUTPUT_TYPES:
        raise bad_input(f"outputType {output!r} is not served; served are {', '.join(OUTPUT_TYPES)}.")
    wanted = read_query(spec, query, around)
    return DataRequest(
        spec=spec,
        service=service,
        columns=_columns(spec, body.get("returnControlIDs")),
        query=wanted,
        finds=_finds(body, query, wanted, around.settings),
        sort=_sort(spec, aggregation.get("orderBy", [])),
        limit=_limit(body.get("maxPageSize"), around.settings),
        output=output,
        # Next links came with version 2 of the service (TJC).
        paged=version > 1 and _yes(body.get("enableNextPageProcessing")),
        demo=_yes(body.get("formServiceDemo")),
        aggregation=aggregation,
    )


def read_get(name: str, kind: str, pairs: Sequence[tuple[str, str]], around: Surroundings) -> DataRequest:
    """Check the GET form; its parameters begin with a dollar sign."""
    many = {one: [value for key, value in pairs if key == one] for one in ("$field", "$filter", "$sort")}
    single = dict(pairs)
    body: dict[str, Any] = {
        "targetName": name,
        "targetType": kind,
        "findOnEntry": "TRUE",
        "outputType": single.get("$outputType", GRID_DATA),
        "query": {
            "autoFind": True,
            "matchType": single.get("$filterType", "MATCH_ALL"),
            "condition": [_filter(text) for text in many["$filter"]],
        },
        "aggregation": {"orderBy": [_sorting(text) for text in many["$sort"]]},
    }
    if many["$field"]:
        body["returnControlIDs"] = "|".join(many["$field"])
    if "$limit" in single:
        body["maxPageSize"] = single["$limit"]
    return read_post(body, around, version=2)


def _table(name: Any, kind: Any) -> TableSpec:
    if kind not in ("table", "view"):
        raise bad_input(f"targetType {kind!r} is neither table nor view.")
    spec = TABLES.get(name) if kind == "table" and isinstance(name, str) else None
    if spec is None:
        raise SystemFailure("Invalid target", f"The {kind} {name} does not exist.")
    return spec


def _columns(spec: TableSpec, asked: Any) -> tuple[str, ...]:
    if asked is None or asked == "":
        return tuple(spec.columns)
    if not isinstance(asked, str):
        raise bad_input("returnControlIDs must be a text with | between the columns.")
    names = [column_of(spec, name, bare=True) for name in asked.split("|") if name]
    return tuple(dict.fromkeys(names))


def _finds(
    body: Mapping[str, Any], query: Mapping[str, Any], wanted: Query | None, settings: VendorSettings
) -> bool:
    started = [_yes(body.get("findOnEntry")), _yes(query.get("autoFind"))]
    if all(started) or (any(started) and settings.text("find_needs") == "either"):
        return True
    return wanted is not None and settings.flag("filter_alone_finds")


def _sort(spec: TableSpec, order: Any) -> tuple[SortItem, ...]:
    if not isinstance(order, list) or not all(isinstance(one, dict) for one in order):
        raise bad_input("orderBy must be a list of {column, direction}.")
    return tuple(_sort_item(spec, one) for one in order)


def _sort_item(spec: TableSpec, order: Mapping[str, Any]) -> SortItem:
    direction = order.get("direction", "ASC")
    if direction not in ("ASC", "DESC"):
        raise bad_input(f"The direction {direction!r} is neither ASC nor DESC.")
    return column_of(spec, order.get("column")), direction == "DESC"


def _limit(size: Any, settings: VendorSettings) -> int | None:
    if size is None or size == "":
        return settings.integer("default_page_size")
    if size == NO_MAXIMUM:
        return None
    text = str(size)
    if not text.isdecimal() or int(text) == 0:
        raise bad_input(f"maxPageSize {size!r} is neither a count nor {NO_MAXIMUM!r}.")
    return int(text)


def _filter(text: str) -> dict[str, Any]:
    column, _, rest = text.partition(" ")
    name, _, value = rest.partition(" ")
    if name not in _GET_OPERATORS:
        raise bad_input(f"The operator {name!r} of the filter {text!r} is not known.")
    special = _SPECIAL_DATE.fullmatch(value)
    entry = {"content": value, "specialValueId": "LITERAL"}
    if special is not None:
        entry = {"content": special[1] or "", "specialValueId": special[2]}
    return {"controlId": column, "operator": _GET_OPERATORS[name], "value": [entry]}


def _sorting(text: str) -> dict[str, str]:
    # A plus sign that was not encoded arrives as a blank.
    direction = "DESC" if text.startswith("-") else "ASC"
    return {"column": text.lstrip("+- "), "direction": direction}


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_input(f"{name} must be an object.")
    return value


def _yes(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.upper() == "TRUE")
