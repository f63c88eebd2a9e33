"""Running taps in tests: in this process with their output caught, or as a real process."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ml_connector.singer.tap import ConnectorTap

State = dict[str, Any]
Settings = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class TapRun:
    """What a run of a tap wrote: its messages in order, its standard error, its exit code."""

    lines: list[str]
    errors: str = ""
    code: int = 0

    @functools.cached_property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line, parse_float=Decimal) for line in self.lines]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [message["record"] for message in self.of_type("RECORD") if message["stream"] == stream]

    @property
    def states(self) -> list[State]:
        return [message["value"] for message in self.of_type("STATE")]

    @property
    def state(self) -> State:
        return self.states[-1]

    @property
    def summary(self) -> dict[str, Any]:
        found = [line for line in self.errors.splitlines() if "run summary" in line]
        assert len(found) == 1, self.errors
        summary: dict[str, Any] = json.loads(found[0].partition("run summary ")[2])
        return summary


def run_here(
    tap: type[ConnectorTap], settings: Settings, state: State | None = None, **options: Any
) -> TapRun:
    """Run a tap in this process; its faults are raised."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(output):
        tap(config=dict(settings), state=json.loads(json.dumps(state or {})), **options).run()
        output.seek(0)
        text = output.read()
    return TapRun(text.splitlines())


class ReadTap:
    """Runs a tap in this process, with some settings changed."""

    def __init__(self, tap: type[ConnectorTap], settings: Settings) -> None:
        self.tap = tap
        self.settings = dict(settings)

    def __call__(
        self, state: State | None = None, *, options: dict[str, Any] | None = None, **changes: Any
    ) -> TapRun:
        return run_here(self.tap, {**self.settings, **changes}, state, **(options or {}))


def start(
    script: str,
    folder: Path,
    settings: Settings,
    state: State | None = None,
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a plugin's own command in a process of its own, with pipes."""
    folder.mkdir(parents=True, exist_ok=True)
    config, bookmarks = folder / "config.json", folder / "state.json"
    config.write_text(json.dumps(dict(settings)))
    command = [str(Path(sys.executable).parent / script), "--config", str(config), *options]
    if state is not None:
        bookmarks.write_text(json.dumps(state))
        command += ["--state", str(bookmarks)]
    own = {**os.environ, "ML_CONNECTOR_HOME": str(folder / "home"), **(environment or {})}
    return subprocess.Popen(command, cwd=folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run_process(
    script: str,
    folder: Path,
    settings: Settings,
    state: State | None = None,
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> TapRun:
    """Run a plugin's own command to its end."""
    with start(script, folder, settings, state, *options, environment=environment) as process:
        output, errors = process.communicate(timeout=120)
    return TapRun(output.decode().splitlines(), errors.decode(), process.returncode)
