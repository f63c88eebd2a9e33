"""target-zendesk-ml with customers, contacts, and which contact belongs to which customers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plugin_runs import Run
from singer_lines import Message, customer, record, schema
from zendesk_users import UsersTarget, contact, contact_schema

from ml_sandbox.testing import RunningSandbox

ROLE: dict[str, Any] = {name: {"type": ["string", "null"]} for name in ("contact", "account", "updated")} | {
    name: {"type": ["boolean", "null"]} for name in ("main", "over")
}
MEMBERSHIP_MAPPING: dict[str, Any] = {
    "__alias__": "organization_memberships",
    "__key_properties__": ["user_id", "organization_id"],
    "user_id": "contact",
    "organization_id": "account",
    "default": "main",
    "ended": "over",
    "__else__": "__NULL__",
}


def role(contact_number: int, account: int, **changes: Any) -> Message:
    """The RECORD of a contact's part in a customer."""
    fields = {
        "contact": f"C{contact_number}",
        "account": f"A{account}",
        "updated": "2026-11-20T00:00:00Z",
    }
    return record({**fields, **changes}, "roles")


def roles(contacts: Iterable[int], account: int, **changes: Any) -> list[Message]:
    """Parts of several contacts in one customer."""
    return [role(number, account, **changes) for number in contacts]


class MembershipsTarget(UsersTarget):
    """Contacts whose first organization is customer A1, and memberships."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config["stream_maps"] = {**self.config["stream_maps"], "roles": MEMBERSHIP_MAPPING}

    def fill(self, contacts: int) -> None:
        """Customers 1 to 3, and contacts who belong to the first."""
        people = [contact(number) for number in range(contacts)]
        customers = [customer(number) for number in (1, 2, 3)]
        self.raw([schema(), contact_schema(), *customers, *people]).check(0)

    def send(self, messages: Iterable[Message], **changes: Any) -> Run:
        """Run with these memberships."""
        return self.raw([schema("roles", ROLE, keys=("contact", "account")), *messages], **changes)

    @property
    def pairs(self) -> dict[tuple[str, str], bool]:
        """Contact and customer of every membership, and whether it is the default; a pair twice fails."""
        users = {row["id"]: row["external_id"] for row in self.rows("users")}
        names = {row["id"]: row["external_id"] for row in self.rows("organizations")}
        rows = self.rows("organization_memberships")
        found = {
            (users[row["user_id"]], names[row["organization_id"]]): row["default"] is True for row in rows
        }
        assert len(found) == len(rows)
        return found

    def of(self, contact_number: int) -> dict[str, bool]:
        """The customers of one contact."""
        return {
            account: default for (who, account), default in self.pairs.items() if who == f"C{contact_number}"
        }
