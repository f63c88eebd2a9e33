"""target-zoho-crm against a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from singer_lines import schema
from support.target_harness import TargetHarness, emptied

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

NAME = "target-zoho-crm"
SYSTEM = "zoho"
LATER = "2026-11-21T00:00:00Z"
NUMBER = "JDE_Address_Number"
MAPPING = {
    "__alias__": "Accounts",
    "__key_properties__": [NUMBER],
    NUMBER: "account_number",
    "Account_Name": "name",
    "Billing_City": "city",
    "__else__": "__NULL__",
}
SOURCE_KEY = {"Accounts": NUMBER, "Vendors": NUMBER, "Contacts": "JDE_Contact_Key"}
MODULES = ("Accounts", "Contacts", "Vendors", "Leads", "Deals", "Purchase_Orders", "Invoices")
PROPERTIES: dict[str, Any] = {
    "id": {"type": "integer"},
    "account_number": {"type": ["string", "null"]},
    "name": {"type": ["string", "null"]},
    "city": {"type": ["string", "null"]},
    "email": {"type": ["string", "null"]},
    "tax_id": {"type": ["string", "null"]},
    "phone": {"type": ["string", "null"]},
    "postal_code": {"type": ["string", "null"]},
    "country": {"type": ["string", "null"]},
    "terms": {"type": ["string", "null"]},
    "credit": {"type": ["number", "null"]},
    "parent": {"type": ["string", "null"]},
    "tags": {"type": ["array", "null"], "items": {"type": "string"}},
    "domains": {"type": ["array", "null"], "items": {"type": "string"}},
    "notes": {"type": ["string", "null"]},
    "updated": {"type": ["string", "null"], "format": "date-time"},
    "create": {"type": ["boolean", "null"]},
    "reject": {"type": ["string", "null"]},
}


class ZohoTarget(TargetHarness):
    """The plugin against Zoho CRM."""

    name = NAME
    system = SYSTEM
    put = TargetHarness.put_rows
    opening = (schema(properties=PROPERTIES),)

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {
            "accounts_url": f"{sandbox.url}/zoho/accounts",
            "api_url": f"{sandbox.url}/zoho/api",
            "content_url": f"{sandbox.url}/zoho/content",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "refresh_token": seed.REFRESH_TOKEN,
            "source_system": "jde",
            "max_retries": 2,
            "retry_after_default": 0.1,
            "source_key": SOURCE_KEY,
            "stream_maps": {"customers": MAPPING},
        }

    def map(self, module: str = "Accounts", **fields: Any) -> dict[str, Any]:
        """Stream maps of customers into a module, with further fields over the usual ones of Accounts."""
        usual: dict[str, Any] = dict(MAPPING) if module == "Accounts" else {"__else__": "__NULL__"}
        made = {**usual, "__alias__": module, **fields}
        return {"customers": {name: value for name, value in made.items() if value is not None}}

    def rows(self, kind: str = "Accounts") -> list[dict[str, Any]]:
        """What Zoho holds."""
        return super().rows(kind)

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """Accounts by their source key (by name without one)."""
        return {str(row.get(NUMBER) or row["Account_Name"]): row for row in self.rows()}

    def is_login(self, request: Mapping[str, Any]) -> bool:
        """Tokens are asked for at the server of accounts."""
        return "/oauth/" in request["path"]

    def is_write(self, request: Mapping[str, Any]) -> bool:
        """A COQL query is none."""
        return not request["path"].endswith("/coql")

    def sent(self) -> list[dict[str, Any]]:
        """Every record in the body of a write, in order."""
        bodies = [request["body"] or {} for request in self.requests(writes_only=True)]
        return [row for body in bodies for row in body.get("data", [])]


def fresh_zoho(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started, and without records."""
    return emptied(served, SYSTEM)
