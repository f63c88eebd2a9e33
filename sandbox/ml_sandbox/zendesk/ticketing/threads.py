"""What hangs on a ticket: comments, audits, tags (COM, AUD)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.operations import PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, json_object, path_id
from ml_sandbox.zendesk.ticketing.audits import shown_audit
from ml_sandbox.zendesk.ticketing.comments import shown_comment
from ml_sandbox.zendesk.ticketing.safety import check_safe
from ml_sandbox.zendesk.ticketing.sorting import sorted_page
from ml_sandbox.zendesk.ticketing.tickets import BASE, RESOURCE
from ml_sandbox.zendesk.ticketing.writes import update_ticket
from ml_sandbox.zendesk.user_writes import shown_user


class Threads:
    """The endpoints; audits ask for the global read scope (AUD)."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        one = f"{BASE}/{{ticket_id}}"
        listing = ("include", "include_inline_images", "sort_order", *PAGING)
        return [
            Operation("GET", f"{one}/comments", self.comments, RESOURCE, STAFF, listing),
            Operation("GET", f"{one}/comments/count", self.count_comments, RESOURCE),
            Operation("GET", f"{one}/audits", self.audits, "", STAFF, PAGING),
            Operation("GET", f"{one}/audits/count", self.count_audits, ""),
            Operation("GET", f"{one}/audits/{{ticket_audit_id}}", self.audit, ""),
            Operation("GET", f"{one}/tags", self.tags, RESOURCE),
            Operation("PUT", f"{one}/tags", self.add_tags, RESOURCE),
            Operation("POST", f"{one}/tags", self.set_tags, RESOURCE),
            Operation("DELETE", f"{one}/tags", self.remove_tags, RESOURCE),
        ]

    async def comments(self, request: Request) -> Response:
        """A ticket's comments, oldest first."""
        rows = self._account.ticketing.comments_of(self._ticket(request)["id"])
        page = sorted_page(request, rows, "comments", ("created_at",))
        shown = page["comments"]
        page["comments"] = [shown_comment(row) for row in shown]
        if "users" in request.query_params.get("include", ""):
            authors = dict.fromkeys(row["author_id"] for row in shown)
            people = [self._account.users.get(key) for key in authors]
            url = account_url(request)
            page["users"] = [shown_user(self._account, row, url) for row in people if row is not None]
        return JSONResponse(page)

    async def count_comments(self, request: Request) -> Response:
        """How many there are."""
        counted = len(self._account.ticketing.comments_of(self._ticket(request)["id"]))
        return JSONResponse({"count": {"value": counted, "refreshed_at": self._account.now()}})

    async def audits(self, request: Request) -> Response:
        """A ticket's audits; those of an archived ticket come without pages (AUD)."""
        ticket = self._ticket(request)
        rows = self._account.ticketing.audits_of(ticket["id"])
        page: dict[str, Any] = {"audits": rows}
        if not self._account.ticketing.is_archived(ticket):
            page = paged(request, rows, "audits")
        elif self._account.settings.flag("archived_audits_meta"):
            page |= {"meta": {"has_more": False}, "links": {"prev": None, "next": None}}
        page["audits"] = [shown_audit(self._account, row) for row in page["audits"]]
        return JSONResponse(page)

    async def count_audits(self, request: Request) -> Response:
        """How many there are."""
        counted = len(self._account.ticketing.audits_of(self._ticket(request)["id"]))
        return JSONResponse({"count": {"value": counted, "refreshed_at": self._account.now()}})

    async def audit(self, request: Request) -> Response:
        """One audit."""
        ticket = self._ticket(request)
        key = path_id(request, "ticket_audit_id", "api/v2/ticket_audits/show")
        found = self._account.ticketing.audits.get(key)
        if found is None or found["ticket_id"] != ticket["id"]:
            raise not_found()
        return JSONResponse({"audit": shown_audit(self._account, found)})

    async def tags(self, request: Request) -> Response:
        """A ticket's tags."""
        return JSONResponse({"tags": self._ticket(request)["tags"]})

    async def set_tags(self, request: Request) -> Response:
        """These tags instead of the present ones."""
        return JSONResponse(await self._change_tags(request, "tags"), 201)

    async def add_tags(self, request: Request) -> Response:
        """These tags besides the present ones."""
        return JSONResponse(await self._change_tags(request, "additional_tags"))

    async def remove_tags(self, request: Request) -> Response:
        """Without these tags."""
        await self._change_tags(request, "remove_tags")
        return Response(status_code=204)

    async def _change_tags(self, request: Request, name: str) -> dict[str, Any]:
        ticket = self._ticket(request)
        body = await json_object(request, "tags")
        if not isinstance(body.get("tags"), list):
            raise parameter_missing("tags")
        check_safe(ticket, body)
        written = update_ticket(
            self._account, ticket, {name: body["tags"]}, int(caller_of(request).user["id"])
        )
        return {"tags": written.ticket["tags"]}

    def _ticket(self, request: Request) -> Row:
        found = self._account.ticketing.living(path_id(request, "ticket_id", "api/v2/tickets/show"))
        if found is None:
            raise not_found()
        return found
