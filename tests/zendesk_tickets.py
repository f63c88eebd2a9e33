"""target-zendesk-ml with cases and remarks of a source that become tickets and comments."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plugin_runs import Run, WhileRunning, run_plugin
from singer_lines import Message, lines, record, schema
from zendesk_target import NAME, SYSTEM, ZendeskTarget

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

LATER = "2026-11-21T00:00:00Z"
_TEXT = {"type": ["string", "null"]}
CASE: dict[str, Any] = {
    "id": {"type": "integer"},
    **dict.fromkeys(("subject", "text", "status", "priority", "requester", "account", "assignee"), _TEXT),
    "labels": {"type": ["array", "null"], "items": {"type": "string"}},
    "orders": {"type": ["integer", "null"]},
    "remarks": {"type": ["array", "null"], "items": {"type": "object"}},
    "opened": _TEXT,
    "updated": _TEXT,
}
REMARK: dict[str, Any] = {
    "id": {"type": "integer"},
    "case_id": {"type": "integer"},
    "text": _TEXT,
    "internal": {"type": ["boolean", "null"]},
    "author": _TEXT,
    "updated": _TEXT,
}
CASES = {
    "__alias__": "tickets",
    "__key_properties__": ["external_id"],
    "external_id": "str(id)",
    "subject": "subject",
    "status": "status",
    "priority": "priority",
    "comment": "{'body': text}",
    "__else__": "__NULL__",
}
REMARKS = {
    "__alias__": "ticket_comments",
    "__key_properties__": ["external_id"],
    "external_id": "str(id)",
    "ticket_id": "str(case_id)",
    "body": "text",
    "public": "not internal",
    "__else__": "__NULL__",
}


def case(number: int, **changes: Any) -> Message:
    """The RECORD of one case."""
    fields = {
        "id": number,
        "subject": f"Case {number}",
        "text": f"Text of {number}",
        "status": "open",
        "updated": "2026-11-20T00:00:00Z",
    }
    return record({**fields, **changes}, "cases")


def cases(numbers: Iterable[int], **changes: Any) -> list[Message]:
    """Cases that differ in number only."""
    return [case(number, **changes) for number in numbers]


def remark(number: int, case_id: int, **changes: Any) -> Message:
    """The RECORD of one remark on a case."""
    fields = {"id": number, "case_id": case_id, "text": f"Remark {number}", "internal": False}
    return record({**fields, "updated": "2026-11-20T00:00:00Z", **changes}, "remarks")


class TicketsTarget(ZendeskTarget):
    """The plugin with the two streams."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config["stream_maps"] = {"cases": dict(CASES), "remarks": dict(REMARKS)}
        self.config["organization_fields"] = []

    def map(self, stream: str = "cases", **fields: Any) -> None:
        """Change the mapping of a stream; None takes a field out."""
        changed = {**self.config["stream_maps"][stream], **fields}
        self.config["stream_maps"][stream] = {
            name: value for name, value in changed.items() if value is not None
        }

    def send(self, messages: Iterable[Message], **changes: Any) -> Run:
        """Run with the SCHEMA of both streams."""
        return self.raw([*_schemas(), *messages], **changes)

    def send_and(self, while_running: WhileRunning, messages: Iterable[Message], **changes: Any) -> Run:
        """As `send`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        given = lines([*_schemas(), *messages])
        return run_plugin(NAME, self.arguments(**changes), given, self.folder, while_running=while_running)

    @property
    def tickets(self) -> dict[str, dict[str, Any]]:
        """What the vendor holds, by external id (by subject without one); of twins one has a star."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.sandbox.control.rows(SYSTEM, "tickets"):
            name = row["external_id"] or row["subject"]
            found[f"{name}*" if name in found else name] = row
        return found

    def comments(self, name: str) -> list[tuple[str, bool]]:
        """Text and visibility of a ticket's comments, oldest first."""
        ticket_id = self.tickets[name]["id"]
        rows = self.sandbox.control.rows(SYSTEM, "ticket_comments")
        return [(row["body"], row["public"]) for row in rows if row["ticket_id"] == ticket_id]

    def texts(self) -> list[str]:
        """The texts of all comments."""
        return sorted(row["body"] for row in self.sandbox.control.rows(SYSTEM, "ticket_comments"))

    def put(self, object_name: str, **row: Any) -> dict[str, Any]:
        """Somebody's change in Zendesk."""
        (stored,) = self.sandbox.control.put_rows(SYSTEM, object_name, [row])
        found: dict[str, Any] = stored
        return found

    def close(self, name: str) -> None:
        """The ticket is closed in Zendesk."""
        self.put("tickets", id=self.tickets[name]["id"], status="closed")

    def put_user(self, name: str, **more: Any) -> dict[str, Any]:
        """A user who is in Zendesk already."""
        return self.put("users", name=name, email=f"{name.lower()}@example.com", **more)

    def lose_ledger(self) -> None:
        """The ledger is gone."""
        shutil.rmtree(self.folder / "home")

    def links(self) -> dict[str, str]:
        """Ticket ids in Zendesk by the source's key."""
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            links = tx.links.by_partner("ebs", "tickets", [str(number) for number in range(1000)])
            return {identity: link.sides[SYSTEM].key for identity, link in links.items()}


def _schemas() -> list[Message]:
    return [schema("cases", CASE), schema("remarks", REMARK)]


AGENT = seed.AGENT_EMAIL
