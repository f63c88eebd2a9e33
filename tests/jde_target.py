"""target-jde against a sandbox: its configuration, its runs, its ledger."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from plugin_runs import KEY, Run, WhileRunning, run_plugin
from singer_lines import Message, lines, schema

from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
from ml_sandbox.jde import seed
from ml_sandbox.testing import RunningSandbox

NAME = "target-jde"
SYSTEM = "jde"
MAPPING = {
    "__alias__": "customers",
    "__key_properties__": ["long_address"],
    "long_address": "account_number",
    "name": "name",
    "city": "city",
    "__else__": "__NULL__",
}


class JdeTarget:
    """The plugin in one folder, against one sandbox.

    `config` is what every run gets; keyword arguments of a run go over it, None takes a setting out.
    """

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.config: dict[str, Any] = {
            "base_url": f"{sandbox.url}/jde",
            "username": seed.USERNAME,
            "password": seed.PASSWORD,
            "environment": seed.ENVIRONMENT,
            "server_timezone": "America/Denver",
            "source_system": "crm",
            "backoff": 0.05,
            "backoff_max": 0.2,
            "write_timeout": 0.5,
            "batch_poll": 0.05,
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
        return self.raw([schema(), *messages], **changes)

    def raw(self, messages: Iterable[Message | str | bytes], **changes: Any) -> Run:
        """As `run`, without any SCHEMA."""
        self.sandbox.control.clear_requests()
        return self.feed(lines(messages), **changes)

    def run_and(
        self, while_running: WhileRunning, messages: Iterable[Message | str | bytes], **changes: Any
    ) -> Run:
        """As `raw`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        given = lines(messages)
        return run_plugin(NAME, self.arguments(**changes), given, self.folder, while_running=while_running)

    # Looking

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, by alias."""
        return self.sandbox.control.rows(SYSTEM, table)

    def put(self, table: str, *rows: dict[str, Any]) -> None:
        """Change rows as somebody at JD Edwards would."""
        self.sandbox.control.put_rows(SYSTEM, table, list(rows))

    def by_key(self, table: str = "F0101") -> dict[str, dict[str, Any]]:
        """The rows of a table by the long address of their address number."""
        keys = {row["AN8"]: row["ALKY"] for row in self.rows("F0101")}
        return {keys[row["AN8"]]: row for row in self.rows(table)}

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]:
        """What was called since the last run began, logins left out."""
        logged = self.sandbox.control.requests(SYSTEM, writes_only=writes_only)
        return [request for request in logged if "tokenrequest" not in request["path"]]

    def calls(self) -> list[str]:
        """The names of the orchestrations and services that were called to write."""
        return [request["path"].rpartition("/")[2] for request in self.requests(writes_only=True)]

    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of the writes."""
        return [request["body"] for request in self.requests(writes_only=True)]

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

    def history(self, key: str) -> list[tuple[str, str | None, str | None]]:
        """Outcome, reason and request id of the audited outcomes of one record, oldest first."""
        with self.ledger() as ledger, ledger.read(self.integration, SYSTEM) as tx:
            rows = tx.runs.history(key, integration=self.integration)
            return [(row.outcome, row.reason, row.request_id) for row in rows]

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
