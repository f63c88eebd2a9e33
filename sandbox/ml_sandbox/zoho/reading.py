"""Listing records and reading one (REC)."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import flat, invalid_param, limit_exceeded, param_missing
from ml_sandbox.zoho.fields import INSIDE_ONLY
from ml_sandbox.zoho.gate import note_ignored, user_of
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, Weight, module_scopes
from ml_sandbox.zoho.ordered import SORTS, sort_key
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.paging import PageTokens, Place
from ml_sandbox.zoho.parameters import positive
from ml_sandbox.zoho.shapes import RICH_TEXT_CUT, STATE_FIELDS, Shapes
from ml_sandbox.zoho.times import read_time

FIELDS_LIMIT = 50
PER_PAGE = 200
CONVERTED = {"false": (False,), "true": (True,), "both": (False, True)}
LIST_PARAMETERS = (
    "fields", "page", "per_page", "page_token", "sort_by", "sort_order", "ids", "cvid", "converted",
    "territory_id", "include_child",
)  # fmt: skip
FULL = "/crm/v8/{module}/actions/fetch_full_data"
FULL_OF_ONE = "/crm/v8/{module}/{record_id:int}/actions/fetch_full_data"


class Reading:
    """The endpoints."""

    def __init__(self, organization: Organization, tokens: PageTokens) -> None:
        self._organization = organization
        self._tokens = tokens
        self._shapes = Shapes(organization)

    def operations(self) -> list[Operation]:
        """What is served."""
        read = module_scopes("READ")
        return [
            Operation(
                "GET",
                "/crm/v8/{module}",
                self.listed,
                read,
                _list_price,
                _list_weight,
                LIST_PARAMETERS,
                "list",
            ),
            Operation("GET", "/crm/v8/{module}/{record_id:int}", self.one, read, parameters=("fields",)),
            Operation("GET", FULL, self.full_texts, read, parameters=("ids", "fields")),
            Operation("GET", FULL_OF_ONE, self.full_texts, read, parameters=("fields",)),
        ]

    async def listed(self, request: Request) -> Response:
        """``GET /{module}``: a page of records."""
        module = self._organization.module(request.path_params["module"])
        query = request.query_params
        names = field_names(module, request)
        per_page = self._per_page(request)
        sort_by, descending = self._sort(module, query)
        place = self._place(request, per_page)
        rows = self._rows(module, request, sort_by, descending=descending, place=place)
        page = list(islice(rows, per_page + 1))
        more, page = len(page) > per_page, page[:per_page]
        if not page:
            return self._nothing(request)
        following = self._following(place, page, sort_by) if more else None
        info = self._info(request, place, page, following, per_page=per_page)
        info |= {"sort_by": sort_by, "sort_order": "desc" if descending else "asc"}
        data = [self._cut(module, self._shapes.record(module, row, names)) for row in page]
        return JSONResponse({"data": data, "info": info})

    async def one(self, request: Request) -> Response:
        """``GET /{module}/{id}``: one record with all fields, subforms included."""
        module = self._organization.module(request.path_params["module"])
        row = module.records.get(str(request.path_params["record_id"]))
        if row is None:
            if self._organization.settings.integer("unknown_id_status") == 204:
                return Response(status_code=204)
            raise flat(400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 1})
        if "fields" in request.query_params:
            names = field_names(module, request, inside=True)
            return JSONResponse({"data": [self._shapes.record(module, row, names)]})
        return JSONResponse({"data": [self._shapes.whole(module, row)]})

    async def full_texts(self, request: Request) -> Response:
        """``GET /{module}/actions/fetch_full_data``: rich texts that are not cut."""
        module = self._organization.module(request.path_params["module"])
        names = field_names(module, request)
        if "record_id" in request.path_params:
            ids = {str(request.path_params["record_id"])}
        elif "ids" in request.query_params:
            ids = self._ids(request.query_params["ids"])
        else:
            raise param_missing("ids")
        rows = [row for row in (module.records.get(one) for one in sorted(ids)) if row is not None]
        if not rows:
            return Response(status_code=204)
        return JSONResponse({"data": [self._shapes.record(module, row, names) for row in rows]})

    def _per_page(self, request: Request) -> int:
        per_page = positive(request, "per_page", PER_PAGE)
        if per_page > PER_PAGE:
            raise limit_exceeded("per_page", PER_PAGE)
        return per_page

    def _sort(self, module: Module, query: Mapping[str, str]) -> tuple[str, bool]:
        sort_by, order = query.get("sort_by", "id"), query.get("sort_order", "desc")
        if "cvid" in query and ("sort_by" in query or "sort_order" in query):
            raise ambiguous("cvid", "sort_by")
        if sort_by not in SORTS or sort_by not in module.fields:
            raise invalid_param("sort_by", supported_values=list(SORTS))
        if order not in {"asc", "desc"}:
            raise invalid_param("sort_order", supported_values=["asc", "desc"])
        if "cvid" in query:
            raise invalid_param("cvid")
        return sort_by, order == "desc"

    def _place(self, request: Request, per_page: int) -> Place | None:
        query = request.query_params
        if "page_token" in query:
            if "page" in query:
                raise ambiguous("page", "page_token")
            return self._tokens.take(query["page_token"], user_of(request), _bound(request))
        page = positive(request, "page", 1)
        limit = self._organization.settings.integer("page_limit")
        if page * per_page > limit and page > 1:
            message = f"You can only get the first {limit} records without using page_token param"
            raise flat(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", message, {"limit": limit})
        return Place(page, (page - 1) * per_page, (0, 0)) if page > 1 else None

    def _rows(
        self, module: Module, request: Request, sort_by: str, *, descending: bool, place: Place | None
    ) -> Iterable[Row]:
        """The records of the call in its order, from its place on."""
        tests = self._tests(module, request)
        since = self._since(request) if module.has_times else None
        low = (since, 0) if since is not None and sort_by == "Modified_Time" else None
        high = None
        by_key = place is not None and "page_token" in request.query_params and self._keyset()
        if place is not None and by_key:
            low, high = (low, place.after) if descending else ((place.after[0], place.after[1] + 1), None)
        rows = module.records.between(sort_by, low, high, descending=descending)
        if since is not None:
            rows = (row for row in rows if row["Modified_Time"] >= since)
        found = (row for row in rows if all(test(row) for test in tests))
        return found if place is None or by_key else islice(found, place.served, None)

    def _keyset(self) -> bool:
        return self._organization.settings.text("page_token_mode") == "keyset"

    def _tests(self, module: Module, request: Request) -> list[Callable[[Row], bool]]:
        tests: list[Callable[[Row], bool]] = []
        if "ids" in request.query_params:
            ids = self._ids(request.query_params["ids"])
            tests.append(lambda row: row["id"] in ids)
        if module.api_name == "Leads":
            shown = CONVERTED.get(request.query_params.get("converted", "false"))
            if shown is None:
                raise invalid_param("converted", supported_values=list(CONVERTED))
            tests.append(lambda row: bool(row.get("$converted")) in shown)
        return tests

    def _ids(self, text: str) -> set[str]:
        ids = {part.strip() for part in text.split(",") if part.strip()}
        limit = self._organization.settings.integer("ids_limit")
        if len(ids) > limit:
            raise limit_exceeded("ids", limit)
        if not all(part.isdigit() for part in ids):
            raise invalid_param("ids")
        return ids

    def _since(self, request: Request) -> int | None:
        header = request.headers.get("if-modified-since")
        if header is None:
            return None
        settings = self._organization.settings
        since = read_time(header.replace(" ", "+"), zulu=settings.flag("zulu_times"))
        if since is None:
            raise invalid_param("If-Modified-Since", expected_data_type="datetime")
        return since if settings.flag("since_inclusive") else since + 1

    def _nothing(self, request: Request) -> Response:
        if "if-modified-since" in request.headers:
            return Response(status_code=self._organization.settings.integer("unchanged_status"))
        return Response(status_code=204)

    def _following(self, place: Place | None, page: list[Row], sort_by: str) -> Place:
        number, served = (place.page, place.served) if place is not None else (1, 0)
        return Place(number + 1, served + len(page), sort_key(page[-1], sort_by))

    def _info(
        self,
        request: Request,
        place: Place | None,
        page: list[Row],
        following: Place | None,
        *,
        per_page: int,
    ) -> Row:
        info: Row = {"call": False, "email": False, "per_page": per_page, "count": len(page)}
        info |= {"page": place.page if place is not None else 1, "more_records": following is not None}
        info |= {"next_page_token": None, "previous_page_token": None, "page_token_expiry": None}
        if following is not None:
            token, expiry = self._tokens.give(user_of(request), _bound(request), following)
            info |= {"next_page_token": token, "page_token_expiry": expiry}
        return info

    def _cut(self, module: Module, shown: Row) -> Row:
        for name, value in shown.items():
            found = module.fields.get(name)
            rich = found is not None and found.data_type == "textarea" and found.return_type == "rich"
            if rich and isinstance(value, str):
                shown[name] = value[:RICH_TEXT_CUT]
        return shown


def field_names(module: Module, request: Request, *, inside: bool = False) -> list[str]:
    """The fields that a call asks for, at most 50; unknown ones are ignored and logged."""
    text = request.query_params.get("fields", "")
    asked = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not asked:
        raise param_missing("fields")
    if len(asked) > FIELDS_LIMIT:
        raise limit_exceeded("fields", FIELDS_LIMIT)
    known = [name for name in asked if _readable(module, name, inside=inside)]
    note_ignored(request, [f"fields.{name}" for name in asked if name not in known])
    return [name for name in known if name != "id"]


def ambiguous(*names: str) -> Exception:
    """Two parameters that exclude each other."""
    return flat(
        400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing", {"param_names": list(names)}
    )


def _readable(module: Module, name: str, *, inside: bool) -> bool:
    if name in STATE_FIELDS:
        return True
    found = module.fields.get(name)
    return found is not None and found.visible and (inside or found.data_type not in INSIDE_ONLY)


def _bound(request: Request) -> str:
    """What a page token is bound to: the module, all other parameters and the header."""
    free = {"page", "page_token"}
    parameters = sorted((name, value) for name, value in request.query_params.items() if name not in free)
    return repr((request.path_params["module"], parameters, request.headers.get("if-modified-since")))


def _list_price(request: Request, body: bytes) -> int:
    return 3 if "cvid" in request.query_params else 1


def _list_weight(request: Request, body: bytes) -> Weight:
    heavy = "cvid" in request.query_params or "sort_by" in request.query_params
    return Weight.HEAVY if heavy else Weight.LIGHT
