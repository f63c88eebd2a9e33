"""``POST /coql`` (COQL)."""

import json
import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.bodies import json_body
from ml_sandbox.zoho.errors import ZohoError, flat, invalid_body, missing_in_body, scope_mismatch
from ml_sandbox.zoho.fields import USER_TYPES
from ml_sandbox.zoho.gate import note_ignored, token_of
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, always_heavy, fixed_scopes, record_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.query.conditions import Column, Columns
from ml_sandbox.zoho.query.parser import DEFAULT_LIMIT, parse
from ml_sandbox.zoho.query.paths import Paths
from ml_sandbox.zoho.query.tree import Query, beyond_limit, comparisons
from ml_sandbox.zoho.shapes import Shapes

ROWS = 2_000
CONDITIONS = 25
ORDER_COLUMNS = 10
JOINS = 5


class Coql:
    """The endpoint."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._settings = organization.settings
        self._shapes = Shapes(organization)

    def operations(self) -> list[Operation]:
        """What is served."""
        scopes = fixed_scopes("ZohoCRM.coql.READ")
        return [
            Operation("POST", "/crm/v8/coql", self.select, scopes, _price, always_heavy, name="coql"),
        ]

    async def select(self, request: Request) -> Response:
        """A page of a query's records; 204 when there are none."""
        body = await json_body(request)
        note_ignored(request, [name for name in body if name not in {"select_query", "include_meta"}])
        text = body.get("select_query")
        if not isinstance(text, str):
            raise (
                missing_in_body("$.select_query")
                if text is None
                else invalid_body("$.select_query", "string")
            )
        query = parse(text)
        module = self._module(query.module)
        if not record_scopes(module.api_name, "READ") & token_of(request).scopes:
            raise scope_mismatch()
        self._check_limits(query)
        columns = Columns(self._organization, module)
        selected = [columns.find(name) for name in query.columns]
        found = self._found(query, module, columns)
        if len(columns.joins) > JOINS:
            raise beyond_limit("join", JOINS)
        return self._answer(module, query, selected, found, self._meta(body, selected))

    def _module(self, name: str) -> Module:
        try:
            return self._organization.module(name)
        except ZohoError as error:
            raise ZohoError(error.status, {**error.body, "details": {}}) from None

    def _check_limits(self, query: Query) -> None:
        limits = (
            ("limit", query.limit, ROWS),
            ("offset", query.offset + query.limit, self._settings.integer("coql_total")),
            ("select", len(query.columns), self._settings.integer("coql_columns")),
            ("where", len(comparisons(query.where)), CONDITIONS),
            ("order by", len(query.order), ORDER_COLUMNS),
        )
        for clause, asked, limit in limits:
            if asked > limit:
                raise beyond_limit(clause, limit)
        in_limit = self._settings.integer("coql_in_values")
        if any(len(one.values) > in_limit for one in comparisons(query.where)):
            raise beyond_limit("in", in_limit)
        if len(set(query.columns)) < len(query.columns):
            twins = [name for name in query.columns if query.columns.count(name) > 1]
            raise flat(400, "DUPLICATE_DATA", "duplicate columns given", {"column_name": twins[0]})

    def _found(self, query: Query, module: Module, columns: Columns) -> list[Row]:
        test = columns.test(query.where)
        wanted = query.offset + query.limit + 1
        paths = Paths(module, columns, query)
        named = paths.by_value()
        source = paths.in_order() if named is None else None
        if source is not None:
            rows = islice((row for row in self._visible(query, module, source) if test(row)), wanted)
            return list(rows)[query.offset :]
        candidates = named if named is not None else module.records.between("id")
        found = [row for row in self._visible(query, module, candidates) if test(row)]
        for order in reversed(query.order):
            column = columns.find(order.column)
            found.sort(key=_sorting(column, columns), reverse=order.descending)
        return found[query.offset : wanted]

    def _visible(self, query: Query, module: Module, rows: Iterable[Row]) -> Iterable[Row]:
        """Converted leads are found only by a query that names the column."""
        named = any(one.column == "Converted__s" for one in comparisons(query.where))
        if module.api_name != "Leads" or named:
            return rows
        return (row for row in rows if not row.get("$converted"))

    def _answer(
        self, module: Module, query: Query, selected: list[Column], found: list[Row], meta: Row
    ) -> Response:
        page = found[: query.limit]
        if not page:
            return Response(status_code=204)
        data = [self._shown(module, row, selected) for row in page]
        info = {"count": len(data), "more_records": len(found) > query.limit}
        return JSONResponse({"data": data, **meta, "info": info})

    def _shown(self, module: Module, row: Row, selected: list[Column]) -> Row:
        shown: Row = {
            column.name: self._shapes.value(module, row, column.name)
            if column.name in {"Tag", "Layout"}
            else self._value(column, column.of(row))
            for column in selected
        }
        return {**shown, "id": row["id"]}

    def _value(self, column: Column, value: Any) -> Any:
        shown = self._shapes.field_value(column.field, value)
        kind = column.field.value_type
        links = kind in USER_TYPES or kind == "lookup"
        if isinstance(shown, dict) and links and not self._settings.flag("coql_lookup_names"):
            return {"id": shown["id"]}
        if isinstance(shown, dict) and links:
            return {"name": shown["name"], "id": shown["id"]}
        return shown

    def _meta(self, body: Row, selected: list[Column]) -> Row:
        asked = body.get("include_meta")
        if asked is None:
            return {}
        if asked != ["fields"]:
            raise invalid_body("$.include_meta", "jsonarray")
        view = self._organization.field_view()
        return {"fields": {column.name: view.shown(column.field) for column in selected}}


def _sorting(column: Column, columns: Columns) -> Callable[[Row], Any]:
    key = columns.key(column)

    def sorting(row: Row) -> tuple[bool, Any]:
        value = column.of(row)
        return (False, 0) if value is None else (True, str(value) if isinstance(value, list) else key(value))

    return sorting


def _price(request: Request, body: bytes) -> int:
    """1, 2 or 3 credits by the LIMIT: to 200, to 1,000, beyond (COQL)."""
    try:
        query = str(json.loads(body)["select_query"])
    except (ValueError, KeyError, TypeError):
        return 1
    found = re.findall(r"(?i)\blimit\s+(\d+)", query)
    limit = int(found[-1]) if found else DEFAULT_LIMIT
    return 1 if limit <= 200 else 2 if limit <= 1_000 else 3
