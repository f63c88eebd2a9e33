"""A target against a sandbox, its runs and its ledger: what the tests of all targets share."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from plugin_runs import KEY, Run, WhileRunning, run_plugin, start_plugin
from singer_lines import Message, lines, schema

from ml_connector.ledger import AuditRow, Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
from ml_sandbox.testing import RunningSandbox

Given = Iterable[Message | str | bytes]


class TargetHarness:
    """The plugin in one folder, against one sandbox.

    A subclass gives `name`, `system` and `config`, which every run gets; keyword arguments of a run go over
    it, None takes a setting out. `opening`: what `run` sends before the messages of a test.
    """

    name: ClassVar[str]
    system: ClassVar[str]
    opening: ClassVar[Sequence[Message]] = (schema(),)

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        # Short waits: the sandbox is near.
        self.config: dict[str, Any] = {"backoff": 0.05, "backoff_max": 0.2, "write_timeout": 0.5}

    @property
    def integration(self) -> str:
        """The name that its runs go by."""
        return str(self.config.get("integration") or self.name)

    # Running

    def arguments(self, **changes: Any) -> list[str]:
        """The command line of a run with these settings."""
        settings = {name: value for name, value in {**self.config, **changes}.items() if value is not None}
        file = self.folder / "config.json"
        file.write_text(json.dumps(settings))
        return ["--config", str(file)]

    def feed(self, given: bytes, *options: str, **changes: Any) -> Run:
        """Run with these bytes as input."""
        return run_plugin(self.name, [*self.arguments(**changes), *options], given, self.folder)

    def run(self, messages: Given, **changes: Any) -> Run:
        """Run with the opening and these messages; forget the requests of before."""
        return self.raw([*self.opening, *messages], **changes)

    def raw(self, messages: Given, **changes: Any) -> Run:
        """As `run`, without the opening."""
        self.sandbox.control.clear_requests()
        return self.feed(lines(messages), **changes)

    def run_and(self, while_running: WhileRunning, messages: Given, **changes: Any) -> Run:
        """As `run`; `while_running` gets the process id and may kill it."""
        return self.raw_and(while_running, [*self.opening, *messages], **changes)

    def raw_and(self, while_running: WhileRunning, messages: Given, **changes: Any) -> Run:
        """As `raw`; `while_running` gets the process id and may kill it."""
        self.sandbox.control.clear_requests()
        arguments = self.arguments(**changes)
        return run_plugin(self.name, arguments, lines(messages), self.folder, while_running=while_running)

    def start(self, **changes: Any) -> subprocess.Popen[bytes]:
        """Start the console script with pipes."""
        self.sandbox.control.clear_requests()
        return start_plugin(self.name, self.arguments(**changes), self.folder)

    # The vendor

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """What the vendor holds of one kind."""
        return self.sandbox.control.rows(self.system, kind)

    def put_rows(self, kind: str, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Records of the vendor's own; somebody edits those that are there. What is stored then."""
        return self.sandbox.control.put_rows(self.system, kind, list(rows))

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]:
        """What was called since the last run began, logins left out."""
        logged = self.sandbox.control.requests(self.system, writes_only=writes_only)
        asked = [request for request in logged if not self.is_login(request)]
        return [request for request in asked if not writes_only or self.is_write(request)]

    def is_login(self, request: Mapping[str, Any]) -> bool:
        """Whether a request only asks for a token."""
        raise AssertionError("A subclass says so.")

    def is_write(self, request: Mapping[str, Any]) -> bool:
        """Whether a request that the sandbox takes for a write is one."""
        return True

    def calls(self, *, writes_only: bool = True) -> list[str]:
        """Each request in a word or two, see `call_of`."""
        return [self.call_of(request) for request in self.requests(writes_only=writes_only)]

    def call_of(self, request: Mapping[str, Any]) -> str:
        """`METHOD name`, the name being the path's last part."""
        return f"{request['method']} {request['path'].rpartition('/')[2]}"

    # The ledger

    @contextlib.contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of the runs."""
        url = self.config.get("ledger_url") or f"sqlite:///{self.folder}/home/ledger.db"
        opened = Ledger(url, sealer=Sealer(encryption([KEY])))
        try:
            yield opened
        finally:
            opened.close()

    def lose_ledger(self) -> None:
        """Links, snapshots and everything else are gone."""
        for file in (self.folder / "home").glob("ledger.db*"):
            file.unlink()

    def letters(self, *, only_open: bool = True) -> list[Letter]:
        """The letters in the ledger."""
        with self.ledger() as ledger, ledger.read(self.integration, self.system) as tx:
            return list(tx.letters.select(LetterFilter(only_open=only_open)))

    def journal(self) -> int:
        """How many entries of the journal are open."""
        with self.ledger() as ledger, ledger.read(self.integration, self.system) as tx:
            return len(tx.journal.open_entries())

    def audited(self, key: str) -> list[AuditRow]:
        """The audit of one record, oldest first."""
        with self.ledger() as ledger, ledger.read(self.integration, self.system) as tx:
            return list(tx.runs.history(key, integration=self.integration))

    def last_run(self) -> dict[str, Any]:
        """The summary of the newest run, which may be under way."""
        with self.ledger() as ledger, ledger.read() as tx:
            return {"read": 0, **tx.runs.latest(limit=1)[0].summary}


def emptied(served: RunningSandbox, system: str) -> RunningSandbox:
    """The sandbox as it was when it started, and without records."""
    served.control.faults()
    served.control.reset_settings()
    served.control.clear(system)
    served.control.clear_requests()
    return served
