"""The incremental exports of tickets and of their events (IE)."""

from typing import Any

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.incremental import Export
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.ticketing.audits import events_of
from ml_sandbox.zendesk.ticketing.safety import seconds_of
from ml_sandbox.zendesk.ticketing.writes import shown_ticket


class TicketExport(Export):
    """Tickets by the time of any change; deleted and archived ones are in it."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, "tickets", account.ticketing.tickets, shown_ticket, cursors=True)

    @property
    def parameters(self) -> tuple[str, ...]:
        """``support_type_scope`` is read by the vendor; here all tickets are agents'."""
        return (*super().parameters, "exclude_deleted", "support_type_scope")

    def moment(self, row: Row) -> int:
        """Not ``updated_at``, which stays where a change makes no event."""
        return int(row["generated_timestamp"])

    def show(self, request: Request, row: Row) -> dict[str, Any] | None:
        """A ticket with its doubled custom fields."""
        if row["status"] == "deleted" and request.query_params.get("exclude_deleted") == "true":
            return None
        shown = shown_ticket(self.account, row, account_url(request))
        return {**shown, "fields": shown["custom_fields"]}


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
        """As of tickets, without deleted ones."""
        return (*super().parameters, "support_type_scope")

    def moment(self, row: Row) -> int:
        """When the audit was made."""
        return seconds_of(row["created_at"])

    def show(self, request: Request, row: Row) -> dict[str, Any] | None:
        """Comments in full with ``include=comment_events``, else only that there is one."""
        in_full = "comment_events" in request.query_params.get("include", "")
        events = events_of(self.account, row)
        return {
            "id": row["id"],
            "ticket_id": row["ticket_id"],
            "timestamp": self.moment(row),
            "created_at": row["created_at"],
            "updater_id": row["author_id"],
            "via": "API",
            "via_reference_id": None,
            "system": row["metadata"]["system"],
            "event_type": "Audit",
            "child_events": events if in_full else [_brief(event) for event in events],
        }


def _brief(event: dict[str, Any]) -> dict[str, Any]:
    if event["event_type"] != "Comment":
        return event
    kept = {name: event[name] for name in ("id", "via", "via_reference_id", "event_type")}
    return {**kept, "comment_present": True, "comment_public": event["public"]}
