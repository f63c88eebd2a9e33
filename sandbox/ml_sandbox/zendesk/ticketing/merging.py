"""Merging tickets: the others are closed with a comment and a tag (TKT)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid, not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.jobs import Item, RowFailed
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.records import account_url, json_object, note_ignored, path_id
from ml_sandbox.zendesk.ticketing.rules import check_open
from ml_sandbox.zendesk.ticketing.tickets import BASE, RESOURCE
from ml_sandbox.zendesk.ticketing.writes import update_ticket

TAG = "closed_by_merge"
KNOWN = ("ids", "target_comment", "source_comment", "target_comment_is_public", "source_comment_is_public")


class Merging:
    """The endpoint."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        return [Operation("POST", f"{BASE}/{{ticket_id}}/merge", self.merge, RESOURCE)]

    async def merge(self, request: Request) -> Response:
        """Queue the merge of the named tickets into the one of the path."""
        account = self._account
        target = path_id(request, "ticket_id", "api/v2/tickets/merge")
        if account.ticketing.living(target) is None:
            raise not_found()
        body = await json_object(request, "ids")
        ids = body.get("ids")
        if not isinstance(ids, list) or not ids or not all(type(key) is int for key in ids):
            raise parameter_missing("ids")
        note_ignored(request, [name for name in body if name not in KNOWN])
        actor = int(caller_of(request).user["id"])

        def work(_row: Row) -> Item | RowFailed:
            try:
                return self._merge(target, list(dict.fromkeys(ids)), body, actor)
            except RecordInvalid as error:
                return _failed(target, error.summary)

        job = account.jobs.start("TicketMergeJob", [{"id": target}], work, exchange_of(request).job_fault)
        shown = account.jobs.as_json(job, account_url(request))
        return JSONResponse({"job_status": shown}, headers=account.jobs.headers())

    def _merge(self, target: int, ids: list[int], body: Row, actor: int) -> Item | RowFailed:
        account = self._account
        winner = account.ticketing.living(target)
        found = [account.ticketing.living(key) for key in ids]
        losers = [row for row in found if row is not None and row["id"] != target]
        if winner is None or len(losers) < len(ids):
            return _failed(target, "Ticket not found")
        for row in (winner, *losers):
            check_open(row)
        for loser in losers:
            close_merged(account, loser, winner, body, actor)
        listed = ", ".join(f"#{key}" for key in ids)
        text = body.get("target_comment") or f"Merged into this ticket: {listed}."
        comment = {"body": text, "public": bool(body.get("target_comment_is_public", False))}
        update_ticket(account, winner, {"comment": comment}, actor)
        return {"id": target, "action": "merge", "status": "Merged", "success": True}


def close_merged(account: Account, loser: Row, winner: Row, body: Row, actor: int) -> None:
    """Close a ticket in favour of another."""
    text = body.get("source_comment") or f"Closed in favor of #{winner['id']}."
    comment = {"body": text, "public": bool(body.get("source_comment_is_public", False))}
    change = {"status": "closed", "comment": comment, "additional_tags": [TAG]}
    origin = {"ticket_id": winner["id"], "subject": winner["subject"]}
    via = {"channel": "web", "source": {"from": {}, "to": origin, "rel": "merge"}}
    update_ticket(account, loser, change, actor, via=via)


def _failed(ticket_id: int, details: str) -> RowFailed:
    return RowFailed("TicketMergeFailed", details, {"id": ticket_id, "action": "merge", "success": False})
