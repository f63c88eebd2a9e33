"""The incremental exports of tickets and of their events (IE)."""

from typing import Any

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import invalid_attribute
from ml_sandbox.zendesk.incremental import Export, included
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.ticketing.audits import events_of
from ml_sandbox.zendesk.ticketing.metrics import ticket_metric
from ml_sandbox.zendesk.ticketing.safety import seconds_of
from ml_sandbox.zendesk.ticketing.sideloads import groups_beside, users_beside
from ml_sandbox.zendesk.ticketing.writes import AI_AGENT, shown_ticket

SCOPES = ("all", "agent", "ai_agent")


class TicketExport(Export):
    """Tickets by the time of any change; deleted and archived ones are in it."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, "tickets", account.ticketing.tickets, shown_ticket, cursors=True)

    @property
    def parameters(self) -> tuple[str, ...]:
        """``support_type_scope`` lets AI agents' tickets in, ``exclude_deleted`` takes deleted ones out."""
        return (*super().parameters, "exclude_deleted", "support_type_scope")

    def moment(self, row: Row) -> int:
        """Not ``updated_at``, which stays where a change makes no event."""
        return int(row["generated_timestamp"])

    def is_shown(self, request: Request, row: Row) -> bool:
        """By the request's parameters; what became of tickets deleted for good is not documented."""
        deleted = row["status"] == "deleted"
        if deleted and request.query_params.get("exclude_deleted") == "true":
            return False
        if row.get("scrubbed") and self.account.settings.text("scrubbed_tickets") == "absent":
            return False
        return in_scope(request, row)

    def show(self, request: Request, row: Row) -> dict[str, Any]:
        """A ticket with its doubled custom fields, and its metrics with ``include=metric_sets``."""
        url = account_url(request)
        shown = shown_ticket(self.account, row, url)
        shown["fields"] = shown["custom_fields"]
        if "metric_sets" in included(request) and row["status"] != "deleted":
            shown["metric_set"] = ticket_metric(self.account, row, url)
        return shown

    def beside(self, request: Request, rows: list[Row]) -> dict[str, Any]:
        """The people and groups of the page's tickets."""
        names, url = included(request), account_url(request)
        found: dict[str, Any] = {}
        if "users" in names:
            found["users"] = users_beside(self.account, rows, url)
        if "groups" in names:
            found["groups"] = groups_beside(self.account, rows, url)
        return found


class TicketEventExport(Export):
    """One record for each audit, by the time of it."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, "ticket_events", account.ticketing.audits, shown_ticket)

    @property
    def resource(self) -> str:
        """The scope of tickets."""
        return "tickets"

    @property
    def parameters(self) -> tuple[str, ...]:
        """As of tickets; events of deleted tickets cannot be excluded."""
        return (*super().parameters, "support_type_scope")

    def moment(self, row: Row) -> int:
        """When the audit was made."""
        return seconds_of(row["created_at"])

    def is_shown(self, request: Request, row: Row) -> bool:
        """By the kind of its ticket."""
        ticket = self.account.ticketing.tickets.get(row["ticket_id"]) or {"status": None}
        absent = self.account.settings.text("events_absent")
        if absent == "archived" and self.account.ticketing.is_archived(ticket):
            return False
        return in_scope(request, ticket) and (absent != AI_AGENT or ticket.get("support_type") != AI_AGENT)

    def show(self, request: Request, row: Row) -> dict[str, Any]:
        """Comments in full with ``include=comment_events``, else only that there is one."""
        in_full = "comment_events" in included(request)
        events = events_of(self.account, row)
        return {
            "id": row["id"],
            "ticket_id": row["ticket_id"],
            "timestamp": self.moment(row),
            "created_at": row["created_at"],
            "updater_id": row["author_id"],
            "via": str(row["via"]["channel"]).replace("_", " ").capitalize(),
            "via_reference_id": None,
            "system": row["metadata"]["system"],
            "metadata": row["metadata"]["custom"],
            "event_type": "Audit",
            "child_events": events if in_full else [_brief(event) for event in events],
        }


def in_scope(request: Request, ticket: Row) -> bool:
    """Whether ``support_type_scope``, agents' tickets by default, covers a ticket."""
    scope = request.query_params.get("support_type_scope", "agent")
    if scope not in SCOPES:
        raise invalid_attribute("support_type_scope", f"must be one of {', '.join(SCOPES)}")
    return scope == "all" or (scope == AI_AGENT) == (ticket.get("support_type") == AI_AGENT)


def _brief(event: dict[str, Any]) -> dict[str, Any]:
    if event["event_type"] != "Comment":
        return event
    kept = {name: event[name] for name in ("id", "via", "via_reference_id", "event_type")}
    return {**kept, "comment_present": True, "comment_public": event["public"]}
