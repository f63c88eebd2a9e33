"""Listings over all tickets: their audits, their metrics and the tags in use (AUD)."""

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import invalid_attribute, not_found
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, path_id
from ml_sandbox.zendesk.ticketing.audits import shown_audit
from ml_sandbox.zendesk.ticketing.metrics import metric_ticket_id, ticket_metric
from ml_sandbox.zendesk.ticketing.sorting import placed
from ml_sandbox.zendesk.ticketing.tickets import RESOURCE

MAX_TAGS = 20_000
MAX_AUDITS = 1000


class History:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; audits ask for the global read scope (AUD)."""
        metric = "/api/v2/ticket_metrics/{ticket_metric_id}"
        of_ticket = "/api/v2/tickets/{ticket_id}/metrics"
        return [
            Operation("GET", "/api/v2/ticket_audits", self.audits, "", ADMIN, ("cursor", "limit", *PAGING)),
            Operation("GET", "/api/v2/ticket_metrics", self.metrics, RESOURCE, STAFF, PAGING),
            Operation("GET", metric, self.metric, RESOURCE),
            Operation("GET", of_ticket, self.metric_of_ticket, RESOURCE),
            Operation("GET", "/api/v2/tags", self.tags, RESOURCE, STAFF, PAGING),
            Operation("GET", "/api/v2/tags/count", self.count_tags, RESOURCE),
        ]

    async def audits(self, request: Request) -> Response:
        """Audits of all tickets but archived ones, newest first; not for following changes (AUD)."""
        rows = self._account.ticketing.audits.by_key()
        listed = {row["id"] for row in self._account.ticketing.listed()}
        newest = [row for row in reversed(rows) if row["ticket_id"] in listed]
        if any(name.startswith("page[") for name in request.query_params):
            page = paged(request, newest, "audits", ordered=True)
        else:
            page = _older_form(request, newest)
        page["audits"] = [shown_audit(self._account, row) for row in page["audits"]]
        return JSONResponse(page)

    async def metrics(self, request: Request) -> Response:
        """The metrics of tickets, newest ticket first, without archived ones."""
        listed = list(reversed(self._account.ticketing.listed()))
        page = paged(request, listed, "ticket_metrics", ordered=True)
        url = account_url(request)
        page["ticket_metrics"] = [ticket_metric(self._account, row, url) for row in page["ticket_metrics"]]
        return JSONResponse(page)

    async def metric(self, request: Request) -> Response:
        """One metric set by its id; a list, as the document has it."""
        key = path_id(request, "ticket_metric_id", "api/v2/ticket_metrics/show")
        return JSONResponse({"ticket_metric": [self._metric(request, metric_ticket_id(key))]})

    async def metric_of_ticket(self, request: Request) -> Response:
        """The metric set of a ticket."""
        key = path_id(request, "ticket_id", "api/v2/ticket_metrics/show")
        return JSONResponse({"ticket_metric": self._metric(request, key)})

    async def tags(self, request: Request) -> Response:
        """The tags in use, most used first."""
        rows = [{"name": name, "count": count} for name, count in self._tags()]
        page = placed(request, rows, "tags")
        return JSONResponse(page)

    async def count_tags(self, request: Request) -> Response:
        """How many there are."""
        return JSONResponse({"count": {"value": len(self._tags()), "refreshed_at": self._account.now()}})

    def _tags(self) -> list[tuple[str, int]]:
        account = self._account
        used = Counter(
            tag for row in account.ticketing.tickets if row["status"] != "deleted" for tag in row["tags"]
        )
        for table in (account.users, account.organizations):
            used.update(tag for row in table for tag in row["tags"])
        return sorted(used.items(), key=lambda item: (-item[1], item[0]))[:MAX_TAGS]

    def _metric(self, request: Request, ticket_id: int) -> dict[str, Any]:
        ticket = self._account.ticketing.living(ticket_id)
        if ticket is None:
            raise not_found()
        return ticket_metric(self._account, ticket, account_url(request))


def _older_form(request: Request, newest: list[Row]) -> dict[str, Any]:
    """Pages by ``cursor`` and ``limit``, with the cursors beside the rows."""
    query = request.query_params
    limit, cursor = (
        _whole(query.get(name, default), name) for name, default in (("limit", "100"), ("cursor", "0"))
    )
    if not 1 <= limit <= MAX_AUDITS:
        raise invalid_attribute("limit", f"must be from 1 to {MAX_AUDITS}")
    # Audits that came after the cursor was given are passed over: their ids are higher.
    left = [row for row in newest if cursor == 0 or row["id"] < cursor]
    shown = left[:limit]
    base = f"{account_url(request)}/api/v2/ticket_audits.json"
    found: dict[str, Any] = {"audits": shown}
    if len(left) > limit:
        found |= {
            "after_cursor": str(shown[-1]["id"]),
            "after_url": f"{base}?cursor={shown[-1]['id']}&limit={limit}",
        }
    return found


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise invalid_attribute(name, "must be an integer")
    return int(text)
