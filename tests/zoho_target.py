"""target-zoho-crm against a sandbox: its configuration, its runs, its ledger."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from plugin_runs import KEY, Run, WhileRunning, run_plugin
from singer_lines import Message, lines, schema

from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
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


class ZohoTarget:
    """The plugin in one folder, against one sandbox.

    `config` is what every run gets; keyword arguments of a run go over it, None takes a setting out.
    """

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.config: dict[str, Any] = {
            "accounts_url": f"{sandbox.url}/zoho/accounts",
            "api_url": f"{sandbox.url}/zoho/api",
            "content_url": f"{sandbox.url}/zoho/content",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "refresh_token": seed.REFRESH_TOKEN,
            "source_system": "jde",
            "backoff": 0.05,
            "backoff_max": 0.2,
            "max_retries": 2,
            "retry_after_default": 0.1,
            "write_timeout": 0.5,
            "source_key": SOURCE_KEY,
            "stream_maps": {"customers": MAPPING},
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
        self.sandbox.control.clear_requests()
        return self.feed(lines([schema(properties=PROPERTIES), *messages]), **changes)

    def raw(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """As `run`, without any SCHEMA."""
        self.sandbox.control.clear_requests()
        return self.feed(lines(messages), **changes)

    def run_and(
        self, while_running: WhileRunning, messages: Iterable[Message | str | bytes], **changes: Any
    ) -> Run:
        """As `run`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        given = lines([schema(properties=PROPERTIES), *messages])
        return run_plugin(NAME, self.arguments(**changes), given, self.folder, while_running=while_running)

    def map(self, module: str = "Accounts", **fields: Any) -> dict[str, Any]:
        """Stream maps of customers into a module, with further fields over the usual ones of Accounts."""
        usual: dict[str, Any] = dict(MAPPING) if module == "Accounts" else {"__else__": "__NULL__"}
        made = {**usual, "__alias__": module, **fields}
        return {"customers": {name: value for name, value in made.items() if value is not None}}

    # Looking

    def rows(self, module: str = "Accounts") -> list[dict[str, Any]]:
        """What Zoho holds."""
        return self.sandbox.control.rows(SYSTEM, module)

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """Accounts by their source key (by name without one)."""
        return {str(row.get(NUMBER) or row["Account_Name"]): row for row in self.rows()}

    def put(self, module: str, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Records of Zoho's own; somebody edits them where they have an id."""
        return self.sandbox.control.put_rows(SYSTEM, module, list(rows))

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]:
        """What was called since the last run began, logins left out; a COQL query is no write."""
        logged = self.sandbox.control.requests(SYSTEM, writes_only=writes_only)
        asked = [request for request in logged if "/oauth/" not in request["path"]]
        return [request for request in asked if not writes_only or not request["path"].endswith("/coql")]

    def calls(self, *, writes_only: bool = True) -> list[str]:
        """`METHOD name` of each request, the name being the path's last part."""
        return [
            f"{request['method']} {request['path'].rpartition('/')[2]}"
            for request in self.requests(writes_only=writes_only)
        ]

    def sent(self) -> list[dict[str, Any]]:
        """Every record in the body of a write, in order."""
        bodies = [request["body"] or {} for request in self.requests(writes_only=True)]
        return [row for body in bodies for row in body.get("data", [])]

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
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            return list(tx.letters.select(LetterFilter(only_open=only_open)))

    def journal(self) -> int:
        """How many entries of the journal are open."""
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            return len(tx.journal.open_entries())

    @property
    def integration(self) -> str:
        """The name that its runs go by."""
        return str(self.config.get("integration") or NAME)


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


def fresh_zoho(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started, and without records."""
    served.control.faults()
    served.control.reset_settings()
    served.control.clear(SYSTEM)
    served.control.clear_requests()
    return served
