"""target-oro-crm against a sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from plugin_runs import Run
from singer_lines import Message, record, schema
from support.target_harness import TargetHarness, emptied

from ml_sandbox.oro import seed
from ml_sandbox.testing import RunningSandbox

NAME = "target-oro-crm"
SYSTEM = "oro"
NOW = "2026-11-20T00:00:00Z"
LATER = "2026-11-21T00:00:00Z"
MAPPING = {
    "__alias__": "cases",
    "__key_properties__": ["ticket_number"],
    "ticket_number": "account_number",
    "subject": "name",
    "description": "city",
    "__else__": "__NULL__",
}
TICKETS = {
    "__alias__": "cases",
    "id": "id",
    "ticket_number": "str(id)",
    "subject": "subject",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "reportedAt": "created_at",
    "relatedContact": "[requester_id]",
    "assignedTo": "[{'users': assignee_id}]",
    "__else__": "__NULL__",
}
COMMENTS = {
    "__alias__": "casecomments",
    "id": "id",
    "case": "ticket_id",
    "message": "body",
    "public": "public",
    "contact": "[{'contacts': author_id}]",
    "owner": "[{'users': author_id}]",
    "comment_number": "str(id)",
    "comment_created_at": "created_at",
    "__else__": "__NULL__",
}
PEOPLE = {
    "__alias__": "contacts",
    "id": "id",
    "full_name": "name",
    "primaryEmail": "email",
    "primaryPhone": "phone",
    "__else__": "__NULL__",
}
AGENTS = {"__alias__": "users", "id": "id", "email": "email", "__else__": "__NULL__"}
RECORD = {
    "__source__": "tickets",
    "id": "id",
    "originId": "str(id)",
    "url": "url",
    "subject": "subject",
    "status": "status",
    "ticketType": "type",
    "originCreatedAt": "created_at",
    "requester": "[requester_id]",
    "collaborators": "collaborator_ids",
    "relatedCase": "id",
    "__else__": "__NULL__",
}
COMMENT_RECORD = {
    "__source__": "ticket_comments",
    "id": "id",
    "originId": "str(id)",
    "body": "body",
    "public": "public",
    "originCreatedAt": "created_at",
    "author": "[author_id]",
    "ticket": "ticket_id",
    "relatedComment": "id",
    "__else__": "__NULL__",
}
PERSON_RECORD = {
    "__source__": "users",
    "id": "id",
    "originId": "str(id)",
    "name": "name",
    "email": "email",
    "role": "role",
    "relatedContact": "[id]",
    "__else__": "__NULL__",
}
RECORDS = {
    "zendesktickets": RECORD,
    "zendeskticketcomments": COMMENT_RECORD,
    "zendeskusers": PERSON_RECORD,
}
TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
FIELDS: dict[str, dict[str, Any]] = {
    "tickets": {
        **dict.fromkeys(("subject", "description", "status", "priority", "created_at", "type", "url"), TEXT),
        **dict.fromkeys(("requester_id", "assignee_id", "submitter_id"), NUMBER),
        "collaborator_ids": {"type": ["array", "null"], "items": {"type": "integer"}},
    },
    "ticket_comments": {
        **dict.fromkeys(("body", "created_at", "html_body"), TEXT),
        **dict.fromkeys(("ticket_id", "author_id"), NUMBER),
        "public": {"type": ["boolean", "null"]},
    },
    "users": dict.fromkeys(("name", "email", "phone", "role"), TEXT),
    "agents": dict.fromkeys(("name", "email", "role"), TEXT),
}


def stream(name: str) -> Message:
    """The SCHEMA of one of Zendesk's streams."""
    properties = {"id": {"type": "integer"}, "updated": TEXT, **FIELDS[name]}
    return schema(name, properties=properties)


def row(name: str, key: int, /, **fields: Any) -> Message:
    """A RECORD of one of Zendesk's streams."""
    return record({"id": key, "updated": NOW, **fields}, stream=name)


def ticket(key: int, **fields: Any) -> Message:
    """A ticket with the usual fields."""
    usual = {
        "subject": f"Ticket {key}",
        "description": f"Text of {key}",
        "status": "open",
        "priority": "normal",
        "created_at": f"2026-11-01T00:00:{key % 60:02d}Z",
    }
    return row("tickets", key, **{**usual, **fields})


def comment(key: int, ticket_id: int, body: str, **fields: Any) -> Message:
    """A comment of a ticket."""
    usual = {"public": True, "created_at": f"2026-11-02T00:00:{key % 60:02d}Z"}
    return row("ticket_comments", key, ticket_id=ticket_id, body=body, **{**usual, **fields})


class OroTarget(TargetHarness):
    """The plugin against OroCRM, with the mapping of Zendesk's streams."""

    name = NAME
    system = SYSTEM
    put = TargetHarness.put_rows

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {
            "base_url": f"{sandbox.url}/oro",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "source_system": "zendesk",
            "max_retries": 2,
            "retry_after_default": 0.1,
            "batch_poll": 0.05,
            "stream_maps": {
                "customers": MAPPING,
                "tickets": TICKETS,
                "ticket_comments": COMMENTS,
                "users": PEOPLE,
                "agents": AGENTS,
            },
        }

    def send(self, messages: Iterable[Message], **changes: Any) -> Run:
        """Run with these records of Zendesk's streams, each stream's SCHEMA before its first."""
        given = list(messages)
        names = dict.fromkeys(str(message["stream"]) for message in given)
        return self.raw([*(stream(name) for name in names), *given], **changes)

    def check(self, **changes: Any) -> dict[str, dict[str, Any]]:
        """What `--check` says, by name."""
        said = self.feed(b"", "--check", **changes).output.splitlines()
        return {found["check"]: found for found in map(json.loads, said)}

    def rows(self, kind: str = "cases") -> list[dict[str, Any]]:
        """What OroCRM holds."""
        return super().rows(kind)

    def clear(self, kind: str) -> None:
        """Somebody deletes all records of a type."""
        self.sandbox.control.clear(SYSTEM, kind)

    def settings(self, **values: Any) -> None:
        """Settings of the server."""
        self.sandbox.control.settings(**{f"{SYSTEM}.{name}": value for name, value in values.items()})

    def fault(self, method: str, path: str, fault: str, **more: Any) -> None:
        """The server's next fault."""
        self.sandbox.control.faults(
            {"system": SYSTEM, "method": method, "path": path, "fault": fault, **more}
        )

    def is_login(self, request: Mapping[str, Any]) -> bool:
        """Whether a request only asks for a token."""
        return "oauth2-token" in request["path"]

    def is_write(self, request: Mapping[str, Any]) -> bool:
        """A question about batches is none."""
        return bool(request["body"] != {"data": []})

    def call_of(self, request: Mapping[str, Any]) -> str:
        """`METHOD type`."""
        return f"{request['method']} {request['path'].partition('/api/')[2].partition('/')[0]}"


def fresh_oro(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started, without records but those of its seed."""
    return emptied(served, SYSTEM)
