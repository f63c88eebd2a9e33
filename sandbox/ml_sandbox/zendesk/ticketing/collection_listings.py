"""Listings of what there is around tickets."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import invalid_attribute, not_found
from ml_sandbox.zendesk.operations import PAGING, Operation
from ml_sandbox.zendesk.paging import offset_page, paged
from ml_sandbox.zendesk.records import account_url, path_id
from ml_sandbox.zendesk.ticketing.collections import COLLECTIONS, Collection, shown_record
from ml_sandbox.zendesk.ticketing.safety import seconds_of
from ml_sandbox.zendesk.ticketing.sorting import sorted_page

SCORES = ("offered", "unoffered", "received", "good", "bad")
COMMENTED = {"": None, "_with_comment": True, "_without_comment": False}
Answer = Callable[[Request], Awaitable[Response]]


class CollectionListings:
    """The endpoints, alike for all of them."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        return [item for collection in COLLECTIONS.values() for item in self._of(collection)]

    def _of(self, collection: Collection) -> list[Operation]:
        path, scope, roles = f"/api/v2/{collection.path}", collection.scope, collection.roles
        own = {
            "satisfaction_ratings": ("score", "start_time", "end_time"),
            "groups": ("user_id", "exclude_deleted"),
        }
        sorts = ("sort_by", "sort_order") if collection.sorts else ()
        names = (*collection.filters, *own.get(collection.name, ()), *sorts, *PAGING)
        one = f"{path}/{{{collection.wrapper}_id}}"
        counts = [Operation("GET", f"{path}/count", self._counting(collection), scope, roles)]
        return [
            Operation("GET", path, self._listing(collection), scope, roles, names),
            *(counts if collection.counted else []),
            Operation("GET", one, self._showing(collection), scope, roles),
        ]

    def _listing(self, collection: Collection) -> Answer:
        async def listed(request: Request) -> Response:
            page = _page(request, collection, self._rows(request, collection))
            url = account_url(request)
            page[collection.name] = [shown_record(collection, row, url) for row in page[collection.name]]
            return JSONResponse(page)

        return listed

    def _counting(self, collection: Collection) -> Answer:
        async def counted(request: Request) -> Response:
            number = len(self._account.ticketing.collections[collection.name])
            return JSONResponse({"count": {"value": number, "refreshed_at": self._account.now()}})

        return counted

    def _showing(self, collection: Collection) -> Answer:
        async def shown(request: Request) -> Response:
            key = path_id(request, f"{collection.wrapper}_id", f"api/v2/{collection.name}/show")
            row = self._account.ticketing.collections[collection.name].get(key)
            if row is None:
                raise not_found()
            return JSONResponse({collection.wrapper: shown_record(collection, row, account_url(request))})

        return shown

    def _rows(self, request: Request, collection: Collection) -> list[Row]:
        query = request.query_params
        rows = self._account.ticketing.collections[collection.name].by_key()
        for name, column in collection.filters.items():
            if name in query:
                rows = [row for row in rows if str(row[column]).lower() == query[name]]
        if collection.name == "satisfaction_ratings":
            return [row for row in rows if _is_rated(request, row)]
        return self._groups(request, rows) if collection.name == "groups" else rows

    def _groups(self, request: Request, rows: list[Row]) -> list[Row]:
        query = request.query_params
        if query.get("exclude_deleted") == "true":
            rows = [row for row in rows if not row["deleted"]]
        if "user_id" in query:
            held = self._account.ticketing.collections["group_memberships"]
            mine = {row["group_id"] for row in held if str(row["user_id"]) == query["user_id"]}
            rows = [row for row in rows if row["id"] in mine]
        return rows


def _page(request: Request, collection: Collection, rows: list[Row]) -> dict[str, Any]:
    query = request.query_params
    if collection.pages == "offset":
        return offset_page(request, rows, collection.name)
    if collection.pages == "asked" and not any(name.startswith(("page", "per_page")) for name in query):
        return {collection.name: list(rows)}
    if collection.sorts:
        return sorted_page(request, rows, collection.name, collection.sorts)
    return paged(request, rows, collection.name)


def _is_rated(request: Request, row: Row) -> bool:
    query = request.query_params
    when = seconds_of(row["created_at"])
    if when < _seconds(request, "start_time", when) or when > _seconds(request, "end_time", when):
        return False
    if "score" not in query:
        return True
    for ending, commented in COMMENTED.items():
        score = query["score"].removesuffix(ending) if ending else query["score"]
        if score in SCORES and (ending == "" or query["score"].endswith(ending)):
            right = row["score"] in (("good", "bad") if score == "received" else (score,))
            return right and commented in (None, bool(row["comment"]))
    raise invalid_attribute("score", "is not a score")


def _seconds(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise invalid_attribute(name, "must be an integer")
    return int(text)
