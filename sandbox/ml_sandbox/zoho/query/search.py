"""``GET /{module}/search`` and ``GET /{module}/actions/count`` (SRCH)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import flat, limit_exceeded
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, record_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.parameters import positive
from ml_sandbox.zoho.query.conditions import Columns, Test
from ml_sandbox.zoho.query.criteria import Searching, parse_criteria, words_in
from ml_sandbox.zoho.reading import PER_PAGE, field_names
from ml_sandbox.zoho.shapes import Shapes

SEARCHED = 2_000
WAYS = ("criteria", "email", "phone", "word")
PARAMETERS = (*WAYS, "fields", "page", "per_page", "converted", "approved", "type", "sort_by", "sort_order")


class Search:
    """The endpoints; what was written less than the index delay ago is not found in its new state."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._shapes = Shapes(organization)

    def operations(self) -> list[Operation]:
        """What is served."""
        path = "/crm/v8/{module}"
        count = (*WAYS, "cvid", "converted", "approved")
        return [
            Operation("GET", f"{path}/search", self.search, _scopes, parameters=PARAMETERS, name="search"),
            Operation("GET", f"{path}/actions/count", self.count, _count_scopes, parameters=count),
        ]

    async def search(self, request: Request) -> Response:
        """At most 2,000 records, in pages of 200."""
        module = self._organization.module(request.path_params["module"])
        test = self._test(module, request.query_params)
        if test is None:
            names = {"param_names": list(WAYS)}
            raise flat(400, "EXPECTED_PARAM_MISSING", "one of the expected params is missing", names)
        page, per_page = positive(request, "page", 1), positive(request, "per_page", PER_PAGE)
        if per_page > PER_PAGE:
            raise limit_exceeded("per_page", PER_PAGE)
        if page * per_page > SEARCHED and page > 1:
            message = "maximum response iteration limit reached"
            raise flat(400, "LIMIT_REACHED", message, {"limit": str(SEARCHED)})
        found = self._found(module, test)
        start = (page - 1) * per_page
        rows = found[start : start + per_page]
        if not rows:
            return Response(status_code=204)
        more = len(found) > start + per_page
        info: Row = {"per_page": per_page, "count": len(rows), "page": page, "more_records": more}
        info |= {"sort_by": "id", "sort_order": "desc"}
        return JSONResponse({"data": [self._shown(module, request, row) for row in rows], "info": info})

    async def count(self, request: Request) -> Response:
        """How many records there are, or are found by one of the ways of searching."""
        module = self._organization.module(request.path_params["module"])
        test = self._test(module, request.query_params)
        if test is None:
            return JSONResponse({"count": sum(not row.get("$converted") for row in module.records)})
        return JSONResponse({"count": len(self._found(module, test))})

    def _found(self, module: Module, test: Test) -> list[Row]:
        indexed = self._organization.index.rows(module.api_name)
        rows = [module.records.get(key) for key, row in indexed.items() if test(row)]
        found = [row for row in rows if row is not None and not row.get("$converted")]
        return sorted(found, key=lambda row: -int(row["id"]))

    def _test(self, module: Module, query: Mapping[str, str]) -> Test | None:
        given = [way for way in WAYS if query.get(way)]
        if len(given) > 1:
            raise flat(400, "INVALID_REQUEST", f"only one of {', '.join(given)} can be searched by")
        if not given:
            return None
        way, value = given[0], query[given[0]]
        if way == "criteria":
            return Searching(Columns(self._organization, module)).test(parse_criteria(value))
        if way == "word":
            names = [name for name, found in module.fields.items() if found.json_type == "string"]
            return lambda row: words_in(row, names, value)
        names = [name for name, found in module.fields.items() if found.data_type == way]
        if not names:
            raise flat(400, "FIELD_TYPE_UNAVAILABLE", "this data type is not found in this module")
        wanted = value.strip().casefold()
        return lambda row: any(str(row.get(name) or "").casefold() == wanted for name in names)

    def _shown(self, module: Module, request: Request, row: Row) -> Row:
        if "fields" in request.query_params:
            return self._shapes.record(module, row, field_names(module, request))
        return self._shapes.whole(module, row)


def _scopes(request: Request) -> list[set[str]]:
    return [record_scopes(request.path_params["module"], "READ"), {"ZohoSearch.securesearch.READ"}]


def _count_scopes(request: Request) -> list[set[str]]:
    searched = any(way in request.query_params for way in WAYS)
    return _scopes(request) if searched else _scopes(request)[:1]
