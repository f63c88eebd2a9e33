"""target-oro-crm against a sandbox: its configuration, its runs, its ledger."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from plugin_runs import KEY, Run, WhileRunning, run_plugin
from singer_lines import Message, lines, record, schema

from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
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


class OroTarget:
    """The plugin in one folder, against one sandbox.

    `config` is what every run gets; keyword arguments of a run go over it, None takes a setting out.
    """

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.config: dict[str, Any] = {
            "base_url": f"{sandbox.url}/oro",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "source_system": "zendesk",
            "backoff": 0.05,
            "backoff_max": 0.2,
            "max_retries": 2,
            "retry_after_default": 0.1,
            "batch_poll": 0.05,
            "write_timeout": 0.5,
            "stream_maps": {
                "customers": MAPPING,
                "tickets": TICKETS,
                "ticket_comments": COMMENTS,
                "users": PEOPLE,
                "agents": AGENTS,
            },
        }

    # Running

    def arguments(self, **changes: Any) -> list[str]:
        """The command line of a run with these settings."""
        settings = {name: value for name, value in {**self.config, **changes}.items() if value is not None}
        file = self.folder / "config.json"
        file.write_text(json.dumps(settings))
        return ["--config", str(file)]

    def feed(self, given: bytes, *options: str, **changes: Any) -> Run:
        """Run with these bytes as input."""
        return run_plugin(NAME, [*self.arguments(**changes), *options], given, self.folder)

    def run(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """Run with the SCHEMA of customers and these messages; forget the requests of before."""
        return self.raw([schema(), *messages], **changes)

    def send(self, messages: Iterable[Message], **changes: Any) -> Run:
        """Run with these records of Zendesk's streams, each stream's SCHEMA before its first."""
        given = list(messages)
        names = dict.fromkeys(str(message["stream"]) for message in given)
        return self.raw([*(stream(name) for name in names), *given], **changes)

    def raw(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """As `run`, without any SCHEMA."""
        self.sandbox.control.clear_requests()
        return self.feed(lines(messages), **changes)

    def run_and(
        self, while_running: WhileRunning, messages: Iterable[Message | str | bytes], **changes: Any
    ) -> Run:
        """As `raw`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        return run_plugin(
            NAME, self.arguments(**changes), lines(messages), self.folder, while_running=while_running
        )

    def check(self, **changes: Any) -> dict[str, dict[str, Any]]:
        """What `--check` says, by name."""
        said = self.feed(b"", "--check", **changes).output.splitlines()
        return {found["check"]: found for found in map(json.loads, said)}

    # Looking

    def rows(self, kind: str = "cases") -> list[dict[str, Any]]:
        """What OroCRM holds."""
        return self.sandbox.control.rows(SYSTEM, kind)

    def put(self, kind: str, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Records of OroCRM's own; somebody edits them where they have an id."""
        return self.sandbox.control.put_rows(SYSTEM, kind, list(rows))

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

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]:
        """What was called since the last run began, logins and questions about features left out."""
        logged = self.sandbox.control.requests(SYSTEM, writes_only=writes_only)
        asked = [request for request in logged if "oauth2-token" not in request["path"]]
        return [request for request in asked if not writes_only or request["body"] != {"data": []}]

    def calls(self, *, writes_only: bool = True) -> list[str]:
        """`METHOD type` of each request."""
        return [
            f"{request['method']} {request['path'].partition('/api/')[2].partition('/')[0]}"
            for request in self.requests(writes_only=writes_only)
        ]

    @contextlib.contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of the runs."""
        opened = Ledger(f"sqlite:///{self.folder}/home/ledger.db", sealer=Sealer(encryption([KEY])))
        try:
            yield opened
        finally:
            opened.close()

    def letters(self, *, only_open: bool = True) -> list[Letter]:
        """The letters in the ledger."""
        with self.ledger() as ledger, ledger.read(NAME, SYSTEM) as tx:
            return list(tx.letters.select(LetterFilter(only_open=only_open)))

    def journal(self) -> int:
        """How many entries of the journal are open."""
        with self.ledger() as ledger, ledger.read(NAME, SYSTEM) as tx:
            return len(tx.journal.open_entries())

    def lose_ledger(self) -> None:
        """Links, snapshots and everything else are gone."""
        for file in (self.folder / "home").glob("ledger.db*"):
            file.unlink()


def fresh_oro(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started, without records but those of its seed."""
    served.control.faults()
    served.control.reset_settings()
    served.control.clear(SYSTEM)
    served.control.clear_requests()
    return served
