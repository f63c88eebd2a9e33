"""The real OroCRM simulator in another process, and the tap pointed at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from plugin_runs import WhileRunning, run_plugin
from support.oro import oro_settings
from support.tap_run import ReadTap, State, TapRun

from ml_sandbox.testing import RunningSandbox
from tap_oro_crm.tap import TapOroCrm

Process = Callable[..., TapRun]


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> Iterator[RunningSandbox]:
    yield served
    served.control.faults()
    served.control.reset_settings()
    served.control.clear("oro")


@pytest.fixture
def settings(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, Any]:
    sandbox.control.clear_requests()
    return oro_settings(sandbox, tmp_path)


@pytest.fixture
def read(settings: dict[str, Any]) -> ReadTap:
    return ReadTap(TapOroCrm, settings)


@pytest.fixture
def process(settings: dict[str, Any], tmp_path: Path) -> Process:
    """Runs the tap's own command in a process; `changes` are settings."""

    def run(
        state: State | None = None,
        *options: str,
        while_running: WhileRunning | None = None,
        **changes: Any,
    ) -> TapRun:
        config, bookmarks = tmp_path / "config.json", tmp_path / "state.json"
        config.write_text(json.dumps({**settings, **changes}))
        arguments = ["--config", str(config), *options]
        if state is not None:
            bookmarks.write_text(json.dumps(state))
            arguments += ["--state", str(bookmarks)]
        done = run_plugin("tap-oro-crm", arguments, b"", tmp_path, while_running=while_running)
        assert "Traceback" not in done.errors
        return TapRun(done.output.decode().splitlines(), done.errors, done.exit_code)

    return run
