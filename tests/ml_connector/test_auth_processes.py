"""Tokens among real processes: one refreshes, the last one logs out, the killed ones do not count."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.scripted_server import Answer, Received, ScriptedServer

from ml_connector.auth import TokenStore
from ml_connector.vault import new_key

SCRIPT = Path(__file__).parents[1] / "support" / "token_processes.py"


class TokenVendor:
    """Rotating refresh tokens and session tokens; remembers every login."""

    def __init__(self) -> None:
        self.refreshes: list[str] = []
        self.logins = 0
        self.logouts: list[str] = []
        self.refuse = False
        self.stored_before_use: list[bool] = []
        self.server = ScriptedServer(self.route)

    def route(self, received: Received) -> Answer:
        if received.path == "/oauth/tokens":
            return self.refresh(received)
        if received.path == "/login":
            self.logins += 1
            return Answer(403) if self.refuse else Answer(body={"token": f"session-{self.logins}"}, delay=0.1)
        if received.path == "/logout":
            self.logouts.append(received.json["token"])
            return Answer()
        token = received.header("Authorization") or received.header("jde-AIS-Auth") or ""
        good = {f"Bearer access-{len(self.refreshes)}", f"session-{self.logins}"}
        return Answer() if token in good else Answer(401, {"error": "invalid_token"})

    def refresh(self, received: Received) -> Answer:
        given = received.json["refresh_token"]
        if given != f"refresh-{len(self.refreshes)}":
            return Answer(400, {"error": "invalid_grant"})
        self.refreshes.append(given)
        number = len(self.refreshes)
        pair = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 1800}
        return Answer(body=pair, delay=0.2)


@pytest.fixture
def vendor() -> Iterator[TokenVendor]:
    vendor = TokenVendor()
    with vendor.server:
        yield vendor


class Processes:
    """Starts the script's roles and ends whatever still runs."""

    def __init__(self, vendor: TokenVendor, directory: Path) -> None:
        self.vendor = vendor
        self.directory = directory
        self.key = new_key()
        self.started: list[subprocess.Popen[str]] = []

    @property
    def store(self) -> TokenStore:
        return TokenStore(self.directory / "tokens", keys=[self.key])

    def start(self, role: str, name: str = "x") -> subprocess.Popen[str]:
        arguments = [
            role,
            self.vendor.server.url,
            str(self.directory / "tokens"),
            str(self.directory),
            self.key,
            name,
        ]
        environment = {**os.environ, "PYTHONPATH": ""}
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments], stdout=subprocess.PIPE, text=True, env=environment
        )
        self.started.append(process)
        return process

    def sign(self, name: str) -> None:
        (self.directory / name).touch()

    def await_sign(self, name: str) -> None:
        deadline = time.monotonic() + 30
        while not (self.directory / name).exists():
            assert time.monotonic() < deadline, f"{name} never came"
            time.sleep(0.01)

    def finish(self, process: subprocess.Popen[str]) -> str:
        output, _ = process.communicate(timeout=30)
        return output.strip()


@pytest.fixture
def processes(vendor: TokenVendor, tmp_path: Path) -> Iterator[Processes]:
    group = Processes(vendor, tmp_path)
    yield group
    for process in group.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_of_many_processes_exactly_one_refreshes(vendor: TokenVendor, processes: Processes) -> None:
    running = [processes.start("refresh") for _ in range(8)]
    processes.sign("go")
    assert [processes.finish(process) for process in running] == ["200"] * 8
    assert vendor.refreshes == ["refresh-0"]


def test_the_chain_of_refresh_tokens_goes_on_in_the_next_process(
    vendor: TokenVendor, processes: Processes
) -> None:
    processes.sign("go")
    assert processes.finish(processes.start("refresh")) == "200"
    entry = processes.store.entry("vendor", "client", "refresh_token")
    content = entry.read()
    assert content is not None
    with entry.locked():
        entry.write({**content, "expires_at": time.time() - 1})
    assert processes.finish(processes.start("refresh")) == "200"
    assert vendor.refreshes == ["refresh-0", "refresh-1"]


def test_the_last_holder_logs_out(vendor: TokenVendor, processes: Processes) -> None:
    processes.sign("go")
    first, second = processes.start("hold", "a"), processes.start("hold", "b")
    processes.await_sign("in-a")
    processes.await_sign("in-b")
    processes.sign("leave-a")
    assert processes.finish(first) == "200"
    assert vendor.logouts == []
    processes.sign("leave-b")
    processes.finish(second)
    assert vendor.logins == 1
    assert vendor.logouts == ["session-1"]


def test_a_killed_holder_does_not_keep_the_session_open(vendor: TokenVendor, processes: Processes) -> None:
    processes.sign("go")
    killed, living = processes.start("hold", "a"), processes.start("hold", "b")
    processes.await_sign("in-a")
    processes.await_sign("in-b")
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    processes.sign("leave-b")
    processes.finish(living)
    assert vendor.logouts == ["session-1"]
    assert list(processes.store.directory.glob("*.holder-*")) == []


def test_the_session_of_killed_processes_is_taken_over(vendor: TokenVendor, processes: Processes) -> None:
    processes.sign("go")
    killed = processes.start("hold", "a")
    processes.await_sign("in-a")
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    following = processes.start("hold", "b")
    processes.sign("leave-b")
    assert processes.finish(following) == "200"
    assert vendor.logins == 1
    assert vendor.logouts == ["session-1"]


def test_a_refused_login_is_tried_once_among_processes(vendor: TokenVendor, processes: Processes) -> None:
    vendor.refuse = True
    running = [processes.start("hold", str(number)) for number in range(5)]
    processes.sign("go")
    outputs = [processes.finish(process) for process in running]
    assert all(output.startswith("refused") for output in outputs)
    assert sum("not tried again" in output for output in outputs) == 4
    assert vendor.logins == 1
    assert not any("passw0rd" in output for output in outputs)
