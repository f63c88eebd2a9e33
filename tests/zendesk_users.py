"""target-zendesk-ml with contacts that become users, against a sandbox."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plugin_runs import Run
from singer_lines import EXTRACTED, Message, customer, record, schema
from zendesk_target import SYSTEM, ZendeskTarget

from ml_sandbox.testing import RunningSandbox

CONTACT: dict[str, Any] = {
    name: {"type": ["string", "null"]}
    for name in ("contact", "account", "name", "email", "phone", "title", "role", "updated")
} | {"id": {"type": "integer"}, "ended": {"type": ["boolean", "null"]}}
USER_MAPPING: dict[str, Any] = {
    "__alias__": "users",
    "__key_properties__": ["external_id"],
    "external_id": "contact",
    "name": "name",
    "email": "email",
    "phone": "phone",
    "organization_external_id": "account",
    "user_fields": "{'ebs_title': title}",
    "__else__": "__NULL__",
}
TITLE = {"key": "ebs_title", "title": "Job title", "type": "text"}
LATER = "2026-11-21T00:00:00Z"


def contact(number: int, **changes: Any) -> Message:
    """The RECORD of one contact of customer A1."""
    fields = {
        "id": number,
        "contact": f"C{number}",
        "account": "A1",
        "name": f"Contact {number}",
        "email": f"contact{number}@acme.example",
        "title": "Buyer",
        "updated": "2026-11-20T00:00:00Z",
    }
    extracted = changes.pop("extracted", EXTRACTED)
    return record({**fields, **changes}, "contacts", extracted)


def contacts(numbers: Iterable[int], **changes: Any) -> list[Message]:
    """Contacts that differ in number only."""
    return [contact(number, **changes) for number in numbers]


def contact_schema() -> Message:
    """The SCHEMA of contacts."""
    return schema("contacts", CONTACT)


class UsersTarget(ZendeskTarget):
    """The plugin with a stream of customers and one of their contacts."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config["user_fields"] = [TITLE]
        self.map()

    def map(self, **changes: Any) -> dict[str, Any]:
        """Change the mapping of contacts; None takes a field out."""
        before = self.config["stream_maps"].get("contacts", USER_MAPPING)
        mapping = {name: value for name, value in {**before, **changes}.items() if value is not None}
        self.config["stream_maps"] = {**self.config["stream_maps"], "contacts": mapping}
        return mapping

    def run_contacts(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """Run with contacts only."""
        return self.raw([contact_schema(), *messages], **changes)

    def run_both(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """Run with customer A1 and these contacts."""
        return self.raw([schema(), contact_schema(), customer(1), *messages], **changes)

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        """The end users and others that the vendor holds, by external id (by address without one)."""
        rows = self.rows("users")
        return {row["external_id"] or row["email"]: row for row in rows if row["active"]}

    def sent_users(self) -> list[dict[str, Any]]:
        """Every user in the body of a job or single write, in order."""
        bodies = [request["body"] or {} for request in self.requests(writes_only=True)]
        return [row for body in bodies for row in body.get("users") or [body.get("user")] if row]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """What the vendor holds."""
        return self.sandbox.control.rows(SYSTEM, name)

    def put_user(self, **values: Any) -> dict[str, Any]:
        """Somebody who is there already."""
        self.sandbox.control.put_rows(SYSTEM, "users", [values])
        return next(row for row in self.rows("users") if row["email"] == values["email"])

    def put_organization(self, **values: Any) -> int:
        """An organization that is there already; gives its id."""
        self.sandbox.control.put_rows(SYSTEM, "organizations", [values])
        return next(int(row["id"]) for row in self.rows("organizations") if row["name"] == values["name"])

    def emails(self, user_id: int) -> dict[str, bool]:
        """A user's addresses, and which is primary."""
        return {
            row["value"]: row["primary"]
            for row in self.rows("identities")
            if row["user_id"] == user_id and row["type"] == "email"
        }

    def lose_ledger(self) -> None:
        """As after a lost disk."""
        for file in (self.folder / "home").glob("ledger.db*"):
            file.unlink()
