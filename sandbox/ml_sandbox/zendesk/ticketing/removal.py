"""Deleted tickets: listed for 30 days, restored, or deleted for good (TKT)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found, parameter_missing
from ml_sandbox.zendesk.jobs import Item, RowFailed
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.records import account_url, id_list, path_id
from ml_sandbox.zendesk.ticketing.safety import seconds_of
from ml_sandbox.zendesk.ticketing.sorting import sorted_page
from ml_sandbox.zendesk.ticketing.tickets import RESOURCE
from ml_sandbox.zendesk.ticketing.writes import generated, stamped

BASE = "/api/v2/deleted_tickets"
LISTED_SECONDS = 30 * 86_400
SCRUBBED = "SCRUBBED"


class DeletedTickets:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; fixed paths come before the ones with an id."""
        listing = ("sort_by", "sort_order", *PAGING)
        one = f"{BASE}/{{ticket_id}}"
        return [
            Operation("GET", BASE, self.listing, RESOURCE, STAFF, listing),
            Operation("PUT", f"{BASE}/restore_many", self.restore_many, RESOURCE, STAFF, ("ids",)),
            Operation("DELETE", f"{BASE}/destroy_many", self.destroy_many, RESOURCE, ADMIN, ("ids",)),
            Operation("PUT", f"{one}/restore", self.restore, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE, ADMIN),
        ]

    async def listing(self, request: Request) -> Response:
        """Tickets deleted in the last 30 days and not yet scrubbed; archived ones are not among them."""
        headers = self._account.ticket_limits.take_deleted_listing(request.query_params.get("page", ""))
        page = sorted_page(request, self._rows(), "deleted_tickets", ("subject", "deleted_at"))
        page["deleted_tickets"] = [self._shown(row) for row in page["deleted_tickets"]]
        return JSONResponse(page, headers=headers)

    async def restore(self, request: Request) -> Response:
        """Bring one back as it was."""
        restore_ticket(
            self._account, self._stored(path_id(request, "ticket_id", "api/v2/deleted_tickets/restore"))
        )
        return JSONResponse("")

    async def restore_many(self, request: Request) -> Response:
        """Bring up to 100 back."""
        for row in [self._stored(key) for key in self._ids(request)]:
            restore_ticket(self._account, row)
        return JSONResponse("")

    async def destroy(self, request: Request) -> Response:
        """Delete one for good, as a job."""
        headers = self._account.ticket_limits.take_scrub()
        row = self._stored(path_id(request, "ticket_id", "api/v2/deleted_tickets/destroy"))
        return self._start(request, [row["id"]], headers)

    async def destroy_many(self, request: Request) -> Response:
        """Delete up to 100 for good, as a job."""
        return self._start(request, self._ids(request), {})

    def _start(self, request: Request, ids: list[int], headers: dict[str, str]) -> Response:
        def scrub(address: Row) -> Item | RowFailed:
            row = self._deleted(address["id"])
            if row is None:
                return RowFailed(
                    "RecordNotFound", "Ticket not found", {"id": address["id"], "success": False}
                )
            scrub_ticket(self._account, row)
            return {"success": True}

        jobs, rows = self._account.jobs, [{"id": key} for key in ids]
        job = jobs.start("TicketDeletionJob", rows, scrub, exchange_of(request).job_fault)
        shown = jobs.as_json(job, account_url(request))
        return JSONResponse({"job_status": shown}, headers={**headers, **jobs.headers()})

    def _rows(self) -> list[Row]:
        oldest = self._account.clock.timestamp() - LISTED_SECONDS
        rows = (self._deleted(row["id"]) for row in self._account.ticketing.tickets.by_key())
        return [row for row in rows if row is not None and seconds_of(row["deleted_at"]) >= oldest]

    def _deleted(self, ticket_id: int) -> Row | None:
        row = self._account.ticketing.tickets.get(ticket_id)
        if row is None or row["status"] != "deleted" or row.get("scrubbed"):
            return None
        before = {**row, "status": row["deleted_from"]}
        return None if self._account.ticketing.is_archived(before) else row

    def _stored(self, ticket_id: int) -> Row:
        row = self._deleted(ticket_id)
        if row is None:
            raise not_found()
        return row

    def _shown(self, row: Row) -> dict[str, Any]:
        actor = self._account.users.get(row["deleted_by"]) or {"id": row["deleted_by"], "name": ""}
        return {
            "id": row["id"],
            "subject": row["subject"],
            "description": row["description"],
            "actor": {"id": actor["id"], "name": actor["name"]},
            "deleted_at": row["deleted_at"],
            "previous_state": row["deleted_from"],
        }

    @staticmethod
    def _ids(request: Request) -> list[int]:
        ids = id_list(request)
        if ids is None:
            raise parameter_missing("ids")
        return ids


def restore_ticket(account: Account, row: Row) -> None:
    """A ticket as it was before its deletion; it counts as changed now."""
    kept = {name: value for name, value in row.items() if not name.startswith("deleted_")}
    account.ticketing.tickets.put(stamped(account, {**kept, "status": row["deleted_from"]}))


def scrub_ticket(account: Account, row: Row) -> None:
    """Take everything off a ticket that tells of anybody, with its comments and audits."""
    ticketing = account.ticketing
    for table in (ticketing.comments, ticketing.audits):
        for child in table.find("ticket_id", row["id"]):
            table.delete(child["id"])
    texts = dict.fromkeys(("subject", "raw_subject", "description"), SCRUBBED)
    emptied: Row = {
        "tags": [],
        "values": {},
        "external_id": None,
        "recipient": None,
        "satisfaction_rating": None,
    }
    people: Row = {"collaborator_ids": [], "follower_ids": [], "email_cc_ids": []}
    ticketing.tickets.put(generated(account, {**row, **texts, **emptied, **people, "scrubbed": True}))
