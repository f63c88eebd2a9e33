"""The endpoints that start jobs for tickets (TKT, IMP)."""

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import bad_request, parameter_missing
from ml_sandbox.zendesk.operations import ADMIN, STAFF, Operation
from ml_sandbox.zendesk.records import id_list, json_object, wrapped, wrapped_list
from ml_sandbox.zendesk.ticketing.job_rows import (
    start_batch_update,
    start_create,
    start_delete,
    start_import,
    start_update,
)
from ml_sandbox.zendesk.ticketing.rules import IMPORTED, KNOWN_KEYS
from ml_sandbox.zendesk.ticketing.tickets import BASE, RESOURCE


class TicketJobs:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        imports = "/api/v2/imports/tickets/create_many"
        return [
            Operation("POST", f"{BASE}/create_many", self.create_many, RESOURCE),
            Operation("PUT", f"{BASE}/update_many", self.update_many, RESOURCE, STAFF, ("ids",)),
            Operation("DELETE", f"{BASE}/destroy_many", self.destroy_many, RESOURCE, ADMIN, ("ids",)),
            Operation("POST", imports, self.import_many, RESOURCE, ADMIN, ("archive_immediately",)),
        ]

    async def create_many(self, request: Request) -> Response:
        """Create up to 100 tickets."""
        rows = wrapped_list(request, await json_object(request, "tickets"), "tickets", KNOWN_KEYS)
        return start_create(self._account, request, rows)

    async def import_many(self, request: Request) -> Response:
        """Import up to 100 tickets of the past."""
        rows = wrapped_list(request, await json_object(request, "tickets"), "tickets", IMPORTED)
        archive = request.query_params.get("archive_immediately") == "true"
        return start_import(self._account, request, rows, archive=archive)

    async def update_many(self, request: Request) -> Response:
        """The same change to the tickets in the query, or in a batch a change of its own for each."""
        ids = id_list(request)
        body = await json_object(request, "tickets" if ids is None else "ticket")
        if ids is None:
            return start_batch_update(
                self._account, request, wrapped_list(request, body, "tickets", KNOWN_KEYS)
            )
        if "tickets" in body:
            raise bad_request("InvalidParameters", "Send ids in the query or a list of tickets, not both")
        return start_update(self._account, request, ids, wrapped(request, body, "ticket", KNOWN_KEYS))

    async def destroy_many(self, request: Request) -> Response:
        """Delete up to 100 tickets softly."""
        ids = id_list(request)
        if ids is None:
            raise parameter_missing("ids")
        return start_delete(self._account, request, ids)
