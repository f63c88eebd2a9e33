"""target-zendesk-ml on the way back from OroCRM, fed with records as tap-oro-crm sends them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plugin_runs import Run, WhileRunning
from singer_lines import Message, record, schema
from zendesk_target import SYSTEM, ZendeskTarget

from ml_connector.ledger import Link
from ml_sandbox.testing import RunningSandbox

LATER, LATEST = "2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z"
BEGAN = "2026-11-20T08:00:00Z"
_TEXT = {"type": ["string", "null"]}
_LIST = {"type": ["array", "null"], "items": {"type": "string"}}
CASE: dict[str, Any] = {
    "id": {"type": "string"},
    **dict.fromkeys(("subject", "description", "status", "priority", "source", "resolution"), _TEXT),
    **dict.fromkeys(("relatedContact", "relatedContact_name", "relatedContact_email"), _TEXT),
    **dict.fromkeys(("assignedTo", "assignedTo_email", "owner", "owner_email"), _TEXT),
    **dict.fromkeys(("createdAt", "updatedAt", "changed_at", "_sdc_deleted_at"), _TEXT),
}
COMMENT: dict[str, Any] = {
    "id": {"type": "string"},
    "public": {"type": ["boolean", "null"]},
    **dict.fromkeys(("message", "case", "contact", "contact_name", "contact_email"), _TEXT),
    **dict.fromkeys(("owner", "owner_email", "changed_at", "_sdc_deleted_at"), _TEXT),
}
USER: dict[str, Any] = {
    "id": {"type": "string"},
    **dict.fromkeys(("email", "firstName", "lastName", "changed_at"), _TEXT),
    "emails": _LIST,
}
KEY: dict[str, Any] = {"__key_properties__": ["id"], "id": "id"}
CASES: dict[str, Any] = {
    "__alias__": "tickets",
    **KEY,
    "_ml_create": "None",
    "external_id": "'oro-' + id",
    "subject": "subject",
    "status": "{'open': 'open', 'in_progress': 'pending', 'resolved': 'solved', 'closed': 'solved'}[status]",
    "priority": "priority",
    "comment": "{'body': description or subject}",
    "__else__": "__NULL__",
}
COMMENTS: dict[str, Any] = {
    "__alias__": "ticket_comments",
    **KEY,
    "external_id": "id",
    "ticket_id": "case",
    "body": "message",
    "public": "bool(public)",
    "__else__": "__NULL__",
}
USERS: dict[str, Any] = {
    "__alias__": "agents",
    **KEY,
    "email": "email",
    "emails": "emails",
    "__else__": "__NULL__",
}


def case(number: int, *, at: str = BEGAN, **changes: Any) -> Message:
    """The RECORD of one case."""
    fields = {
        **_blank(CASE),
        "id": str(number),
        "subject": f"Case {number}",
        "description": f"Text of {number}",
        "status": "open",
        "priority": "normal",
        "changed_at": at,
    }
    return record({**fields, **changes}, "cases", extracted=_read(at))


def comment(number: int, case_id: int, *, at: str = BEGAN, **changes: Any) -> Message:
    """The RECORD of one comment of a case."""
    fields = {
        **_blank(COMMENT),
        "id": str(number),
        "case": str(case_id),
        "message": f"Remark {number}",
        "public": True,
    }
    return record({**fields, "changed_at": at, **changes}, "casecomments", extracted=_read(at))


def user(number: int, email: str | None, *others: str, at: str = BEGAN) -> Message:
    """The RECORD of one user of OroCRM."""
    fields = {"id": str(number), "email": email, "emails": list(others), "changed_at": at}
    return record(fields, "users", extracted=_read(at))


def _blank(schema_of: dict[str, Any]) -> dict[str, Any]:
    """All fields without a value, as the API shows them."""
    return {name: None for name in schema_of if not name.startswith("_sdc_")}


def _read(at: str) -> str:
    """Records are read after whatever a test did before, by this machine's clock."""
    return f"2036{at[4:]}"


class OroTarget(ZendeskTarget):
    """The plugin with the streams of tap-oro-crm, both ways on."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {
            "integration": "zendesk-oro",
            "source_system": "oro",
            "way_back": True,
            "two_way": True,
            "sync_priority": "remote_wins",
            "organization_fields": [],
            "stream_maps": {"cases": dict(CASES), "casecomments": dict(COMMENTS), "users": dict(USERS)},
        }

    def map(self, stream: str = "cases", **fields: Any) -> None:
        """Change the mapping of a stream; None takes a field out."""
        changed = {**self.config["stream_maps"][stream], **fields}
        self.config["stream_maps"][stream] = {
            name: value for name, value in changed.items() if value is not None
        }

    def send(self, messages: Iterable[Message], **changes: Any) -> Run:
        """Run with the SCHEMA of all streams."""
        return self.raw([*_schemas(), *messages], **changes)

    def send_and(self, while_running: WhileRunning, messages: Iterable[Message], **changes: Any) -> Run:
        """As `send`; `while_running` gets the process id and may kill it."""
        return self.raw_and(while_running, [*_schemas(), *messages], **changes)

    @property
    def tickets(self) -> dict[str, dict[str, Any]]:
        """What the vendor holds, by subject; of twins one has a star."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows("tickets"):
            found[f"{row['subject']}*" if row["subject"] in found else row["subject"]] = row
        return found

    def comments(self, subject: str) -> list[tuple[str, bool]]:
        """Text and visibility of a ticket's comments, oldest first."""
        ticket_id = self.tickets[subject]["id"]
        rows = self.rows("ticket_comments")
        return [(row["body"], row["public"]) for row in rows if row["ticket_id"] == ticket_id]

    def put(self, object_name: str, **row: Any) -> dict[str, Any]:
        """Somebody's change in Zendesk."""
        (stored,) = self.sandbox.control.put_rows(SYSTEM, object_name, [row])
        found: dict[str, Any] = stored
        return found

    def put_user(self, name: str, **more: Any) -> dict[str, Any]:
        """A user who is in Zendesk already."""
        return self.put("users", name=name, email=f"{name.lower()}@example.com", **more)

    def links(self, object_name: str = "tickets") -> dict[str, Link]:
        """The links of an object by the source's key."""
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            keys = [str(number) for number in range(1000)]
            return tx.links.by_partner("oro", object_name, keys)


def _schemas() -> list[Message]:
    streams = {"cases": CASE, "casecomments": COMMENT, "users": USER}
    return [schema(name, fields, bookmark="changed_at") for name, fields in streams.items()]
