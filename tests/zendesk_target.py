"""target-zendesk-ml against a sandbox: its configuration, its runs, its ledger."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from plugin_runs import KEY, Run, WhileRunning, run_plugin, start_plugin
from singer_lines import Message, lines, schema

from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

NAME = "target-zendesk-ml"
SYSTEM = "zendesk"
MAPPING = {
    "__alias__": "organizations",
    "__key_properties__": ["external_id"],
    "external_id": "account_number",
    "name": "name",
    "organization_fields": "{'ebs_city': city}",
    "__else__": "__NULL__",
}
CITY = {"key": "ebs_city", "title": "City", "type": "text"}


class ZendeskTarget:
    """The plugin in one folder, against one sandbox.

    `config` is what every run gets; keyword arguments of a run go over it, None takes a setting out.
    """

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.config: dict[str, Any] = {
            "base_url": f"{sandbox.url}/zendesk",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "source_system": "ebs",
            "job_first_poll": 0.05,
            "job_poll": 0.05,
            "backoff": 0.05,
            "backoff_max": 0.2,
            "write_timeout": 0.5,
            "organization_fields": [CITY],
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
        return self.feed(lines([schema(), *messages]), **changes)

    def raw(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """As `run`, without any SCHEMA."""
        self.sandbox.control.clear_requests()
        return self.feed(lines(messages), **changes)

    def run_and(
        self, while_running: WhileRunning, messages: Iterable[Message | str | bytes], **changes: Any
    ) -> Run:
        """As `run`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        given = lines([schema(), *messages])
        return run_plugin(NAME, self.arguments(**changes), given, self.folder, while_running=while_running)

    def start(self, **changes: Any) -> subprocess.Popen[bytes]:
        """Start the console script with pipes."""
        self.sandbox.control.clear_requests()
        return start_plugin(NAME, self.arguments(**changes), self.folder)

    # Looking

    @property
    def organizations(self) -> dict[str, dict[str, Any]]:
        """What the vendor holds, by external id (by name without one)."""
        rows = self.sandbox.control.rows(SYSTEM, "organizations")
        return {row["external_id"] or row["name"]: row for row in rows}

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]:
        """What was called since the last run began, logins left out."""
        logged = self.sandbox.control.requests(SYSTEM, writes_only=writes_only)
        return [request for request in logged if not request["path"].startswith("/oauth")]

    def calls(self, *, writes_only: bool = True) -> list[str]:
        """`METHOD name` of each request, the name being the path's last part."""
        return [
            f"{request['method']} {request['path'].rpartition('/')[2]}"
            for request in self.requests(writes_only=writes_only)
        ]

    def sent_rows(self) -> list[dict[str, Any]]:
        """Every organization in the body of a write, in order."""
        rows: list[dict[str, Any]] = []
        for request in self.requests(writes_only=True):
            body = request["body"] or {}
            rows += body.get("organizations") or ([body["organization"]] if "organization" in body else [])
        return rows

    @contextlib.contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of the runs."""
        url = self.config.get("ledger_url") or f"sqlite:///{self.folder}/home/ledger.db"
        opened = Ledger(url, sealer=Sealer(encryption([KEY])))
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

    def history(self, key: str) -> list[str]:
        """The audited outcomes of one record, oldest first."""
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            return [row.outcome for row in tx.runs.history(key, integration=self.integration)]

    def last_run(self) -> dict[str, Any]:
        """The summary of the newest run, which may be under way."""
        with self.ledger() as ledger, ledger.read() as tx:
            return {"read": 0, **tx.runs.latest(limit=1)[0].summary}

    @property
    def integration(self) -> str:
        """The name that its runs go by."""
        return str(self.config.get("integration") or NAME)


def fresh(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started."""
    served.control.faults()
    served.control.reset_settings()
    served.control.clear(SYSTEM)
    served.control.clear_requests()
    return served
