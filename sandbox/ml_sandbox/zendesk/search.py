"""The search across tickets, users, organizations and groups, as far as clients of others use it (SRCH)."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError, invalid_attribute, parameter_missing
from ml_sandbox.zendesk.operations import PAGING, STAFF, Operation
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.paging import offset_page
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.ticketing.sorting import placed
from ml_sandbox.zendesk.ticketing.writes import shown_ticket
from ml_sandbox.zendesk.user_writes import shown_user

MAX_RESULTS = 1000
KINDS = ("ticket", "user", "organization", "group")
TEXTS = ("subject", "description", "name", "email", "external_id", "notes", "details")
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
TIMES = {"created": "created_at", "updated": "updated_at", "solved": "updated_at"}
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
_TERM = re.compile(r'(?:(-?\w+)(>=|<=|:|>|<))?("[^"]*"|\S+)')
Found = list[tuple[str, Row]]
Term = tuple[str, str, str]


class Search:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/search"
        sorts = ("query", "sort_by", "sort_order")
        return [
            Operation("GET", base, self.search, "", STAFF, (*sorts, "include", "page", "per_page")),
            Operation("GET", f"{base}/count", self.count, "", STAFF, ("query",)),
            Operation("GET", f"{base}/export", self.export, "", STAFF, ("query", "filter[type]", *PAGING)),
        ]

    async def search(self, request: Request) -> Response:
        """Offset pages; past 1,000 results 422."""
        found = self._found(self._query(request))
        sort = request.query_params.get("sort_by")
        if sort in {"created_at", "updated_at"}:
            found.sort(key=lambda item: str(item[1][sort]), reverse=_descends(request))
        text = request.query_params.get("page", "1")
        page = int(text) if text.isascii() and text.isdigit() else 1
        size = request.query_params.get("per_page", "100")
        if (page - 1) * (int(size) if size.isascii() and size.isdigit() else 100) >= MAX_RESULTS:
            raise ZendeskError(422, {"error": "invalid", "description": "Search ends after 1000 results"})
        answer = offset_page(request, [{"item": item} for item in found], "results")
        answer["results"] = [self._shown(request, row["item"]) for row in answer["results"]]
        return JSONResponse({**answer, "facets": None})

    async def count(self, request: Request) -> Response:
        """How many there are."""
        return JSONResponse({"count": len(self._found(self._query(request)))})

    async def export(self, request: Request) -> Response:
        """Cursor pages of one type, without an end."""
        kind = request.query_params.get("filter[type]")
        if kind not in KINDS:
            raise parameter_missing("filter[type]")
        self._account.ticket_limits.take_search_export()
        terms = [term for term in self._query(request) if term[0] != "type"]
        found = self._found([*terms, ("type", ":", kind)])
        rows: list[Row] = [{"item": item} for item in found]
        answer = placed(request, rows, "results")
        answer["results"] = [self._shown(request, row["item"]) for row in answer["results"]]
        return JSONResponse({**answer, "facets": None})

    @staticmethod
    def _query(request: Request) -> list[Term]:
        query = request.query_params.get("query")
        if query is None:
            raise parameter_missing("query")
        return [(name, sign, value.strip('"').casefold()) for name, sign, value in _TERM.findall(query)]

    def _found(self, terms: list[Term]) -> Found:
        kinds = [value for name, _, value in terms if name == "type"]
        rest = [term for term in terms if term[0] != "type"]
        held = [item for kind in KINDS if not kinds or kind in kinds for item in self._held(kind)]
        return [item for item in held if all(_meets(item[1], term) for term in rest)]

    def _held(self, kind: str) -> Found:
        account = self._account
        tables = {
            "ticket": account.ticketing.tickets,
            "user": account.users,
            "organization": account.organizations,
            "group": account.ticketing.collections["groups"],
        }
        return [(kind, row) for row in tables[kind].by_key() if self._is_found(kind, row)]

    def _is_found(self, kind: str, row: Row) -> bool:
        if kind == "user":
            return bool(row["active"]) and self._account.is_indexed(row["id"])
        return kind != "ticket" or row["status"] != "deleted"

    def _shown(self, request: Request, item: tuple[str, Row]) -> dict[str, Any]:
        (kind, row), url = item, account_url(request)
        shown = {
            "ticket": lambda: shown_ticket(self._account, row, url),
            "user": lambda: shown_user(self._account, row, url),
            "organization": lambda: shown_organization(self._account, row, url),
            "group": lambda: {"url": f"{url}/api/v2/groups/{row['id']}.json", **row},
        }[kind]()
        return {**shown, "result_type": kind}


def _meets(row: Row, term: Term) -> bool:
    name, sign, value = term
    if not name:
        return value == "*" or any(value in str(row.get(text) or "").casefold() for text in TEXTS)
    if name in TIMES:
        return COMPARED[sign](_moment(row[TIMES[name]]), _moment(value))
    if name == "status" and row.get("status") in STATUSES and value in STATUSES:
        return COMPARED[sign](STATUSES.index(row["status"]), STATUSES.index(value))
    if name == "tags":
        return value in row.get("tags", ())
    held = row.get(name, row.get(f"{name}_id"))
    return value == ("none" if held is None else str(held).casefold())


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise invalid_attribute("query", f"has a date that is none: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _descends(request: Request) -> bool:
    return request.query_params.get("sort_order", "desc") == "desc"
