"""Single tickets: list, show, create, update, delete, tags (TKT)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, id_list, json_object, path_id, wrapped
from ml_sandbox.zendesk.ticketing.audits import Written
from ml_sandbox.zendesk.ticketing.job_rows import start_create
from ml_sandbox.zendesk.ticketing.rules import IMPORTED, KNOWN_KEYS
from ml_sandbox.zendesk.ticketing.safety import check_safe
from ml_sandbox.zendesk.ticketing.sorting import sorted_page
from ml_sandbox.zendesk.ticketing.writes import (
    create_ticket,
    delete_ticket,
    import_ticket,
    shown_ticket,
    update_ticket,
)

RESOURCE = "tickets"
BASE = "/api/v2/tickets"
SORTS = ("updated_at", "id", "status")
HEADER = "idempotency-key"


class Tickets:
    """The endpoints of single tickets."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; fixed paths come before the ones with an id."""
        one = f"{BASE}/{{ticket_id}}"
        listing = ("external_id", "sort_by", "sort_order", "include", *PAGING)
        return [
            Operation("GET", BASE, self.list, RESOURCE, STAFF, listing),
            Operation("POST", BASE, self.create, RESOURCE, STAFF, ("async",)),
            Operation("GET", f"{BASE}/count", self.count, RESOURCE),
            Operation("GET", f"{BASE}/show_many", self.show_many, RESOURCE, STAFF, ("ids", "include")),
            Operation("GET", one, self.show, RESOURCE, STAFF, ("include",)),
            Operation("PUT", one, self.update, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE),
            Operation(
                "POST", "/api/v2/imports/tickets", self.import_one, RESOURCE, ADMIN, ("archive_immediately",)
            ),
        ]

    async def list(self, request: Request) -> Response:
        """All tickets but archived ones, or those of one external id."""
        headers = self._account.ticket_limits.take_listing(request.query_params.get("page", ""))
        external_id = request.query_params.get("external_id")
        rows = self._account.ticketing.listed()
        if external_id is not None:
            rows = [row for row in rows if row["external_id"] == external_id]
        page = sorted_page(request, rows, "tickets", SORTS)
        return JSONResponse(self._shown(request, page), headers=headers)

    async def count(self, request: Request) -> Response:
        """How many listings show; above 100,000 the vendor's figure is up to a day old."""
        counted = len(self._account.ticketing.listed())
        return JSONResponse({"count": {"value": counted, "refreshed_at": self._account.now()}})

    async def show_many(self, request: Request) -> Response:
        """Up to 100 tickets by id; the ones that do not exist are left out."""
        ids = id_list(request)
        if ids is None:
            raise parameter_missing("ids")
        found = [row for key in ids if (row := self._account.ticketing.living(key)) is not None]
        return JSONResponse(self._shown(request, paged(request, found, "tickets")))

    async def show(self, request: Request) -> Response:
        """One ticket."""
        return JSONResponse({"ticket": self._one(request, self.stored(request, "show"))})

    async def create(self, request: Request) -> Response:
        """A new ticket: 201, the stored answer of the same idempotency key, or a job with ``async=true``."""
        body = await json_object(request, "ticket")
        given = wrapped(request, body, "ticket", KNOWN_KEYS)
        if request.query_params.get("async") == "true":
            return start_create(self._account, request, [given], status=202)
        key = request.headers.get(HEADER)
        known = self._account.ticketing.idempotency.known(key, body) if key else None
        if known is not None:
            headers = {"Location": known.location, "x-idempotency-lookup": "hit"}
            return JSONResponse(known.body, 201, headers=headers)
        answer, location = self._created(request, create_ticket(self._account, given, self._actor(request)))
        headers = {"Location": location}
        if key:
            self._account.ticketing.idempotency.keep(key, body, answer, location)
            headers["x-idempotency-lookup"] = "miss"
        return JSONResponse(answer, 201, headers=headers)

    async def update(self, request: Request) -> Response:
        """Change one ticket, or add a comment to it."""
        ticket_id = path_id(request, "ticket_id", "api/v2/tickets/update")
        actor = self._actor(request)
        headers = self._account.ticket_limits.take_update(ticket_id, actor)
        stored = self.stored(request, "update")
        given = wrapped(request, await json_object(request, "ticket"), "ticket", KNOWN_KEYS)
        check_safe(stored, given)
        written = update_ticket(self._account, stored, given, actor)
        body = {"ticket": self._one(request, written.ticket), "audit": written.audit}
        return JSONResponse(body, headers=headers)

    async def destroy(self, request: Request) -> Response:
        """Delete one ticket softly."""
        headers = self._account.ticket_limits.take_delete()
        delete_ticket(self._account, self.stored(request, "destroy"), self._actor(request))
        return Response(status_code=204, headers=headers)

    async def import_one(self, request: Request) -> Response:
        """A ticket of the past; its audit is not shown."""
        given = wrapped(request, await json_object(request, "ticket"), "ticket", IMPORTED)
        archive = request.query_params.get("archive_immediately") == "true"
        written = import_ticket(self._account, given, self._actor(request), archive=archive)
        body, location = self._created(request, written)
        del body["audit"]
        return JSONResponse(body, 201, headers={"Location": location})

    def stored(self, request: Request, operation: str) -> Row:
        """The ticket that the path names; 404 when there is none."""
        found = self._account.ticketing.living(path_id(request, "ticket_id", f"api/v2/tickets/{operation}"))
        if found is None:
            raise not_found()
        return found

    def _created(self, request: Request, written: Written) -> tuple[dict[str, Any], str]:
        shown = self._one(request, written.ticket)
        return {"ticket": shown, "audit": written.audit}, str(shown["url"])

    def _shown(self, request: Request, page: dict[str, Any]) -> dict[str, Any]:
        page["tickets"] = [self._one(request, row) for row in page["tickets"]]
        return page

    def _one(self, request: Request, row: Row) -> dict[str, Any]:
        return shown_ticket(self._account, row, account_url(request))

    @staticmethod
    def _actor(request: Request) -> int:
        return int(caller_of(request).user["id"])
