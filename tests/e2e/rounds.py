"""A two-way integration with the settings of meltano.yml: its runs and rounds, for tests."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from e2e.project import plugin_settings, program_of, selected_streams
from plugin_runs import KEY, Run, run_plugin

from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer
from ml_connector.vault import encryption
from ml_sandbox.testing import RunningSandbox


@dataclass
class Rounds:
    """Both directions, each with its state; one ledger.

    `settings`: by plugin, over those of meltano.yml. `streams`: by tap, besides those that it selects. An
    integration gives its name, its `ways` (system that a run reads -> tap and target) in the order of a
    round, the endings of paths that write nothing although they are no GET, and where its systems are.
    """

    integration: ClassVar[str]
    ways: ClassVar[Mapping[str, tuple[str, str]]]
    no_writes: ClassVar[tuple[str, ...]]

    sandbox: RunningSandbox
    folder: Path
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    streams: dict[str, list[str]] = field(default_factory=dict)

    def address(self, plugin: str) -> dict[str, Any]:
        """The settings that lead a plugin to the sandbox."""
        raise LookupError(plugin)

    # Running

    def run(self, source: str, *, full_refresh: bool = False) -> Run:
        """Read one system, write the other, once."""
        tap, target = self.ways[source]
        state = self.folder / f"{tap}.state.json"
        if full_refresh:
            state.unlink(missing_ok=True)
        self.sandbox.control.clear_requests()
        reading = ["--config", self.config(tap), "--catalog", str(self._catalog(tap))]
        if state.exists():
            reading += ["--state", str(state)]
        read = run_plugin(tap, reading, b"", self.folder).check(0)
        wrote = run_plugin(
            program_of(target), ["--config", self.config(target)], read.output, self.folder
        ).check(0)
        if wrote.states:
            state.write_text(json.dumps(wrote.states[-1]))
        return wrote

    def round(self, *, full_refresh: bool = False) -> list[Run]:
        """Every direction once."""
        return [self.run(source, full_refresh=full_refresh) for source in self.ways]

    def idle(self) -> list[str]:
        """The writes of one round."""
        return [call for source in self.ways for call in self._writes_of(source)]

    def _writes_of(self, source: str) -> list[str]:
        self.run(source)
        return self.writes()

    def config(self, plugin: str) -> str:
        """Write the settings of a plugin; gives the path of the file."""
        fast = {"backoff": 0.05, "backoff_max": 0.2, "write_timeout": 0.5}
        given = {**plugin_settings(plugin), **self.address(plugin), **fast, **self.settings.get(plugin, {})}
        path = self.folder / f"{plugin}.json"
        path.write_text(json.dumps({name: value for name, value in given.items() if value is not None}))
        return str(path)

    def _catalog(self, tap: str) -> Path:
        """What Meltano makes of `select`: a catalog in which the streams to read are marked."""
        path = self.folder / f"{tap}.catalog.json"
        if not path.exists():
            found = run_plugin(tap, ["--config", self.config(tap), "--discover"], b"", self.folder).check(0)
            catalog = json.loads(found.output)
            chosen = [*selected_streams(tap), *self.streams.get(tap, ())]
            for stream in catalog["streams"]:
                for each in stream["metadata"]:
                    if not each["breadcrumb"]:
                        each["metadata"]["selected"] = stream["tap_stream_id"] in chosen
            path.write_text(json.dumps(catalog))
        return path

    # Looking

    def writes(self) -> list[str]:
        """`METHOD PATH` of what was written since the last run began."""
        logged = [
            each for name in self.ways for each in self.sandbox.control.requests(name, writes_only=True)
        ]
        return [
            f"{each['method']} {each['path']}" for each in logged if not each["path"].endswith(self.no_writes)
        ]

    def rows(self, system: str, object_name: str) -> list[dict[str, Any]]:
        """What a system holds of an object."""
        return self.sandbox.control.rows(system, object_name)

    @contextlib.contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of both directions."""
        opened = Ledger(f"sqlite:///{self.folder}/home/ledger.db", sealer=Sealer(encryption([KEY])))
        try:
            yield opened
        finally:
            opened.close()

    def letters(self, target: str) -> list[Letter]:
        """The open letters of a target system."""
        with self.ledger() as ledger, ledger.read(self.integration, target) as tx:
            return list(tx.letters.select(LetterFilter(only_open=True)))

    def conflicts(self) -> list[dict[str, Any]]:
        """What `ml-connector conflicts list --json` says."""
        arguments = ["conflicts", "list", "--json", "--ledger-url", f"sqlite:///{self.folder}/home/ledger.db"]
        shown: list[dict[str, Any]] = json.loads(
            run_plugin("ml-connector", arguments, b"", self.folder).check(0).output
        )
        return shown

    def lose_ledger(self) -> None:
        """As if its disk were gone."""
        for file in (self.folder / "home").glob("ledger.db*"):
            file.unlink()
