"""Running the console scripts of plugins, from a server of forks or for real."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

DEADLINE = 90.0
# What runs import late: migrations for a new ledger, the keyring, the plugin's own version.
LATE = (
    "alembic.config",
    "alembic.command",
    "alembic.context",
    "alembic.runtime.environment",
    "alembic.script",
    "importlib_metadata._adapters",
    "keyring",
    "keyring.backends.null",
)
WhileRunning = Callable[[int], None]
SCRIPTS = Path(sys.executable).parent
SERVER = Path(__file__).with_name("plugin_server.py")
KEY = "c2FuZGJveC10ZXN0cy1vbmx5LTMyLWJ5dGVzLWtleSE="


@dataclass(frozen=True)
class Run:
    """What a run said and how it ended."""

    exit_code: int
    output: bytes
    errors: str

    @property
    def states(self) -> list[Any]:
        """The STATE messages, decoded."""
        return [json.loads(line) for line in self.output.splitlines() if line.strip()]

    @property
    def summary(self) -> dict[str, Any]:
        """The summary line."""
        lines = [line for line in self.errors.splitlines() if " run summary {" in line]
        assert len(lines) == 1, self.errors
        found: dict[str, Any] = json.loads(lines[0].partition(" run summary ")[2])
        return found

    @property
    def outcomes(self) -> dict[str, int]:
        """The counts of the summary that are not 0."""
        return {name: count for name, count in self.summary["outcomes"].items() if count}

    def check(self, exit_code: int) -> Run:
        """Make sure of the exit code, and that no traceback was shown."""
        if self.exit_code != exit_code or "Traceback" in self.errors:
            pytest.fail(f"exit code {self.exit_code}, not {exit_code}:\n{self.errors[-4000:]}", pytrace=False)
        return self


class Server:
    """The process that holds the imported plugins."""

    def __init__(self, modules: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), str(theirs.fileno()), *modules],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._stream = ours.makefile("rw", encoding="utf-8")
        ours.close()

    def run(self, request: Mapping[str, Any], deadline: float, while_running: WhileRunning | None) -> int:
        """Run one command to its end; gives its exit code, negative for the signal that ended it."""
        self._say(request)
        child = self._hear()["pid"]
        timer = threading.Timer(deadline, os.kill, (child, signal.SIGKILL))
        timer.start()
        try:
            if while_running is not None:
                while_running(child)
            code = self._hear()["exit_code"]
        finally:
            timer.cancel()
        return code

    def start(self, request: Mapping[str, Any]) -> int:
        """Start a command that stays until it is stopped; gives its process id."""
        self._say({**request, "stays": True})
        process: int = self._hear()["pid"]
        return process

    def end(self, process: int) -> int:
        """End a command that was started; gives its exit code."""
        self._say({"stop": process})
        return int(self._hear()["exit_code"])

    def _say(self, request: Mapping[str, Any]) -> None:
        self._stream.write(json.dumps(request) + "\n")
        self._stream.flush()

    def _hear(self) -> dict[str, int]:
        answer: dict[str, int] = json.loads(self._stream.readline())
        return answer

    def stop(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError):
            self._stream.close()
        self._process.terminate()
        self._process.wait()


@functools.cache
def server(module: str, late: Sequence[str] = LATE) -> Server:
    """The server of one plugin, for as long as this process lives."""
    started = Server([*late, module])
    atexit.register(started.stop)
    return started


def environment(folder: Path) -> dict[str, str]:
    """The environment of every run: files beside the test, one key, no settings or keyring from outside."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    own = {"ML_CONNECTOR_HOME": str(folder / "home"), "ML_CONNECTOR_KEY": KEY}
    return {**kept, **own, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


@dataclass(frozen=True)
class Streams:
    """The files that a run has as its standard streams."""

    input: Path
    output: Path
    errors: Path

    @classmethod
    def beside(cls, folder: Path, name: str) -> Streams:
        """Files in `folder` that begin with `name`."""
        return cls(*(folder / f"{name}.{stream}" for stream in ("input", "output", "errors")))

    @property
    def names(self) -> dict[str, str]:
        """The paths, as a request to a server names them."""
        return {name: str(file) for name, file in vars(self).items()}

    def run(
        self,
        command: str,
        arguments: Sequence[str],
        folder: Path,
        *,
        variables: Mapping[str, str] | None = None,
        deadline: float = DEADLINE,
        while_running: WhileRunning | None = None,
    ) -> int:
        """Run the console script `command` in `folder`; gives its exit code."""
        (script,) = entry_points(group="console_scripts", name=command)
        request = {
            "folder": str(folder),
            "environment": {**environment(folder), **(variables or {})},
            "arguments": [command, *arguments],
            "module": script.module,
            "attribute": script.attr,
            **self.names,
        }
        return server(script.module).run(request, deadline, while_running)


def run_plugin(
    command: str,
    arguments: Sequence[str],
    given: bytes,
    folder: Path,
    *,
    variables: Mapping[str, str] | None = None,
    deadline: float = DEADLINE,
    while_running: WhileRunning | None = None,
) -> Run:
    """Run the console script `command` in `folder` with `given` as its standard input.

    `while_running` is called once with the process id, and may take its time.
    """
    streams = Streams.beside(folder, "run")
    streams.input.write_bytes(given)
    code = streams.run(
        command, arguments, folder, variables=variables, deadline=deadline, while_running=while_running
    )
    return Run(code, streams.output.read_bytes(), streams.errors.read_text())


def pipe_plugins(
    tap: Sequence[str], target: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> tuple[Run, Run]:
    """Run `tap | target`, both at the same time; the output of the tap is in the pipe, not in its `Run`."""
    reading, writing = Streams.beside(folder, "tap"), Streams.beside(folder, "target")
    reading.input.touch()
    pipe = folder / "pipe"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    reading, writing = replace(reading, output=pipe), replace(writing, input=pipe)
    with ThreadPoolExecutor(1) as other:
        source = other.submit(reading.run, tap[0], tap[1:], folder, variables=variables)
        code = writing.run(target[0], target[1:], folder, variables=variables)
    return (
        Run(source.result(), b"", reading.errors.read_text()),
        Run(code, writing.output.read_bytes(), writing.errors.read_text()),
    )


def start_plugin(command: str, arguments: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start the console script for real, with all three streams as pipes."""
    return subprocess.Popen(
        [str(SCRIPTS / command), *arguments],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
