"""Tickets in bulk: jobs of up to 100 rows (TKT, IMP, JOB)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid, ZendeskError
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.jobs import Item, RowFailed, Work
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.ticketing.safety import check_queued
from ml_sandbox.zendesk.ticketing.writes import create_ticket, delete_ticket, import_ticket, update_ticket

NOT_FOUND = "Ticket not found"


def start_create(account: Account, request: Request, rows: list[Row], *, status: int = 200) -> Response:
    """Queue the creation of these tickets."""
    actor = _actor(request)

    def create(given: Row) -> Item | RowFailed:
        try:
            return _created(create_ticket(account, given, actor).ticket, rows, given)
        except RecordInvalid as error:
            return RowFailed("TicketCreateFailed", error.summary)

    return _start(account, request, "TicketBulkCreateJob", rows, create, status)


def start_import(account: Account, request: Request, rows: list[Row], *, archive: bool) -> Response:
    """Queue the import of these tickets."""
    actor = _actor(request)

    def create(given: Row) -> Item | RowFailed:
        try:
            return _created(import_ticket(account, given, actor, archive=archive).ticket, rows, given)
        except RecordInvalid as error:
            return RowFailed("TicketCreateFailed", error.summary)

    return _start(account, request, "TicketBulkImportJob", rows, create)


def start_batch_update(account: Account, request: Request, rows: list[Row]) -> Response:
    """Queue a change of its own for each of these tickets."""
    actor, queued_at = _actor(request), account.now()

    def update(given: Row) -> Item | RowFailed:
        return _update(account, _number(given.get("id")), given, actor, queued_at)

    return _start(account, request, "TicketBatchUpdateJob", rows, update)


def start_update(account: Account, request: Request, ids: list[int], change: Row) -> Response:
    """Queue the same change for all of these tickets."""
    actor, queued_at = _actor(request), account.now()

    def update(address: Row) -> Item | RowFailed:
        return _update(account, address["id"], change, actor, queued_at)

    return _start(account, request, "TicketBulkUpdateJob", [{"id": key} for key in ids], update)


def start_delete(account: Account, request: Request, ids: list[int]) -> Response:
    """Queue the deletion of these tickets."""
    actor = _actor(request)

    def delete(address: Row) -> Item | RowFailed:
        stored = account.ticketing.living(address["id"])
        if stored is None:
            return _failed("delete", address["id"], "RecordNotFound", NOT_FOUND)
        delete_ticket(account, stored, actor)
        return {"id": stored["id"], "action": "delete", "status": "Deleted", "success": True}

    return _start(account, request, "TicketBulkDeleteJob", [{"id": key} for key in ids], delete)


def _update(
    account: Account, ticket_id: int | None, given: Row, actor: int, queued_at: str
) -> Item | RowFailed:
    stored = account.ticketing.living(ticket_id) if ticket_id is not None else None
    if stored is None:
        return _failed("update", ticket_id, "RecordNotFound", NOT_FOUND)
    if not account.settings.flag("job_metadata"):
        given = {**given, "metadata": None}
    try:
        check_queued(stored, given, queued_at)
        update_ticket(account, stored, given, actor)
    except RecordInvalid as error:
        return _failed("update", ticket_id, "TicketUpdateFailed", error.summary)
    except ZendeskError as error:
        body = error.body if isinstance(error.body, dict) else {}
        return _failed("update", ticket_id, str(body.get("error")), str(body.get("description")))
    return {"id": stored["id"], "action": "update", "status": "Updated", "success": True}


def _start(
    account: Account, request: Request, job_type: str, rows: list[Row], work: Work, status: int = 200
) -> Response:
    job = account.jobs.start(job_type, rows, work, exchange_of(request).job_fault)
    shown = account.jobs.as_json(job, account_url(request))
    return JSONResponse({"job_status": shown}, status, headers=account.jobs.headers())


def _created(ticket: Row, rows: list[Row], given: Row) -> Item:
    position = next(place for place, row in enumerate(rows) if row is given)
    return {"id": ticket["id"], "index": position, "account_id": seed.ACCOUNT_ID}


def _failed(action: str, ticket_id: int | None, error: str, details: str) -> RowFailed:
    return RowFailed(error, details, {"id": ticket_id, "action": action, "success": False})


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _actor(request: Request) -> int:
    return int(caller_of(request).user["id"])
