"""Runs of both directions, tap and target in a pipe, and what they used."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers.environments import FOLDER
from bench.two_ways import project
from bench.two_ways.calls import Calls, calls_of
from ml_sandbox.testing import RunningSandbox


@dataclass(frozen=True)
class Used:
    """Of one process: its own summary, CPU seconds, peak memory in MB."""

    summary: Mapping[str, Any]
    cpu: float
    memory: float


@dataclass(frozen=True)
class Run:
    """One direction, once: seconds from the start of both processes to the end of both."""

    calls: Calls
    seconds: float
    tap: Used
    target: Used

    @property
    def records(self) -> int:
        """Records that the tap gave."""
        return sum(self.tap.summary["records"].values())

    def outcomes(self, *names: str) -> int:
        """How many records had one of these outcomes."""
        return sum(self.target.summary["outcomes"].get(name, 0) for name in names)


class Integration:
    """Both directions with one ledger, and the state of each."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        folder.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        key = base64.b64encode(os.urandom(32)).decode()
        self._environment = {**kept, "ML_CONNECTOR_HOME": str(folder / "home"), "ML_CONNECTOR_KEY": key}

    def run(self, source: str, streams: Sequence[str] = ()) -> Run:
        """Read one system and write the other; a run that fails ends the measurement."""
        tap, target = project.WAYS[source]
        tap_command = self._tap(tap, streams or project.streams(tap))
        target_command = [*self._program(target), "--config", str(self._config(target))]
        self._sandbox.control.clear_requests()
        began = time.monotonic()
        output = self._pipe(tap, tap_command, target, target_command)
        seconds = time.monotonic() - began
        if output.strip():
            (self._folder / f"{tap}.state.json").write_bytes(output.splitlines()[-1])
        calls = calls_of(self._sandbox.control.requests())
        return Run(calls, seconds, self._used(tap), self._used(target))

    def _pipe(self, tap: str, reading: list[str], target: str, writing: list[str]) -> bytes:
        with (
            (self._folder / f"{tap}.log").open("wb") as tap_log,
            (self._folder / f"{target}.log").open("wb") as target_log,
        ):
            given = subprocess.Popen(
                reading,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=tap_log,
            )
            done = subprocess.run(
                writing,
                env=self._environment,
                stdin=given.stdout,
                stdout=subprocess.PIPE,
                stderr=target_log,
                check=True,
            )
            assert given.stdout is not None
            given.stdout.close()
            given.wait()
        return done.stdout

    def _used(self, plugin: str) -> Used:
        said = (self._folder / f"{plugin}.log").read_text(encoding="utf-8")
        figures = json.loads((self._folder / f"{plugin}.used.json").read_text(encoding="utf-8"))
        if figures["code"] != 0:
            sys.exit(f"{plugin} ended with {figures['code']}:\n{said}")
        line = next(line for line in said.splitlines() if " run summary {" in line)
        summary = json.loads(line.partition(" run summary ")[2])
        return Used(summary, figures["cpu"], figures["memory"])

    def _tap(self, tap: str, streams: Sequence[str]) -> list[str]:
        config = self._config(tap)
        catalog = self._folder / f"{tap}.catalog.json"
        if not catalog.exists():
            project.write(
                self._folder, catalog.name, project.catalog(tap, config, streams, self._environment)
            )
        state = self._folder / f"{tap}.state.json"
        command = [*self._program(tap), "--config", str(config), "--catalog", str(catalog)]
        return [*command, "--state", str(state)] if state.exists() else command

    def _config(self, plugin: str) -> Path:
        return project.write(self._folder, f"{plugin}.json", project.settings(plugin, self._sandbox.url))

    def _program(self, plugin: str) -> list[str]:
        """The program, measured by a small process around it."""
        result, given = self._folder / f"{plugin}.used.json", "/dev/stdin"
        program = str(project.PROGRAMS / plugin)
        return [sys.executable, str(FOLDER / "used.py"), str(result), given, program]
