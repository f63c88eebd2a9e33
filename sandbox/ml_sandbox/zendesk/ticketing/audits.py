"""Audits: what each write did to a ticket (AUD)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.ticketing.comments import VIA, shown_comment

# Fields whose changes an audit names.
NOTED = (
    "subject",
    "type",
    "priority",
    "status",
    "custom_status_id",
    "external_id",
    "requester_id",
    "assignee_id",
    "organization_id",
    "group_id",
    "brand_id",
    "ticket_form_id",
    "problem_id",
    "due_at",
    "tags",
    "recipient",
    "collaborator_ids",
    "follower_ids",
    "email_cc_ids",
    "sharing_agreement_ids",
)
_OF_COMMENT = ("id", "type", "author_id", "body", "html_body", "plain_body", "public", "attachments")


@dataclass(frozen=True)
class Written:
    """A ticket after a write, and the audit of that write."""

    ticket: Row
    audit: Row


def keep_audit(
    account: Account,
    before: Row | None,
    ticket: Row,
    comments: Sequence[Row],
    metadata: dict[str, Any] | None,
    actor: int,
    via: dict[str, Any] | None = None,
) -> Written:
    """Store a ticket with its new comments, and what was done; without an event no audit is kept."""
    ticketing = account.ticketing
    kind = "Create" if before is None else "Change"
    audit: Row = {
        "id": ticketing.event_ids.take(),
        "ticket_id": ticket["id"],
        "created_at": account.now(),
        "author_id": comments[0]["author_id"] if comments else actor,
        "metadata": {"system": {}, "custom": metadata or {}},
        "via": via or (ticket["via"] if before is None else VIA),
    }
    for comment in comments:
        told = {"audit_id": audit["id"], "metadata": audit["metadata"]}
        ticketing.comments.put(comment | told)
    audit["events"] = [
        *({name: comment[name] for name in _OF_COMMENT} | {"audit_id": audit["id"]} for comment in comments),
        *_changes(account, kind, before or {"values": {}}, ticket),
    ]
    ticketing.tickets.put(ticket)
    if audit["events"]:
        ticketing.audits.put(audit)
    return Written(ticket, audit)


def keep_event(account: Account, ticket: Row, event: dict[str, Any], actor: int) -> None:
    """Store a ticket with an audit of one event."""
    told = {"id": account.ticketing.event_ids.take(), "ticket_id": ticket["id"], "created_at": account.now()}
    event = {"id": account.ticketing.event_ids.take(), **event}
    metadata: dict[str, Any] = {"system": {}, "custom": {}}
    account.ticketing.tickets.put(ticket)
    audit = {**told, "author_id": actor, "metadata": metadata, "via": VIA, "events": [event]}
    account.ticketing.audits.put(audit)


def events_of(account: Account, audit: Row) -> list[dict[str, Any]]:
    """The child events of an exported ticket event, comments in full (IE)."""
    return [
        _exported_comment(account, event) if event["type"] == "Comment" else _exported(event)
        for event in audit["events"]
    ]


def shown_audit(account: Account, row: Row) -> Row:
    """An audit as the vendor shows it: comments as they are now, unless a setting keeps them as they were."""
    if not account.settings.flag("redacted_events"):
        return row
    return {**row, "events": [_present(account, event) for event in row["events"]]}


def _present(account: Account, event: Row) -> Row:
    stored = account.ticketing.comments.get(event["id"]) if event["type"] == "Comment" else None
    return event if stored is None else {**event, **{name: stored[name] for name in _OF_COMMENT}}


def _exported_comment(account: Account, event: Row) -> dict[str, Any]:
    stored = account.ticketing.comments.get(event["id"]) or {}
    kept = {} if stored and account.settings.flag("redacted_events") else event
    via = stored.get("via", VIA)
    # A channel without a source comes as a mere text.
    told = {"event_type": "Comment", "via": via if "source" in via else via["channel"]}
    return {**shown_comment(stored), **kept, **told, "via_reference_id": None}


def _exported(event: Row) -> dict[str, Any]:
    told = {"id": event["id"], "via": VIA["channel"], "via_reference_id": None, "event_type": event["type"]}
    if "field_name" not in event:
        return told | {name: value for name, value in event.items() if name != "type"}
    told[event["field_name"]] = event["value"]
    return told | ({"previous_value": event["previous_value"]} if "previous_value" in event else {})


def _changes(account: Account, kind: str, before: Row, after: Row) -> list[Row]:
    values = {name: (before.get(name), after[name]) for name in NOTED}
    for field_id in after["values"]:
        values[str(field_id)] = before["values"].get(field_id), after["values"][field_id]
    return [
        _event(account, kind, name, old, new)
        for name, (old, new) in values.items()
        if old != new and not (old is None and new == [])
    ]


def _event(account: Account, kind: str, name: str, old: Any, new: Any) -> Row:
    event = {"id": account.ticketing.event_ids.take(), "type": kind, "field_name": name, "value": new}
    return event if kind == "Create" else event | {"previous_value": old}
