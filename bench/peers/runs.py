"""A tool's run against a sandbox: what it called, what it used, and what Zendesk holds when it ended."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.data import Customer
from bench.floors import Calls, calls_of
from bench.peers.environments import FOLDER
from bench.peers.tools import Command
from ml_sandbox.testing import RunningSandbox

_LONGER_THAN_JOBS = 300


@dataclass(frozen=True)
class Run:
    """Figures of one run.

    `wanted` counts the organizations and users that the rows ask for, `right` those that were as they
    should be when the process ended, `later` those after the jobs that it did not wait for; `memory` is
    its peak in MB, `cpu` and `seconds` are of the process alone.
    """

    calls: Calls
    seconds: float
    cpu: float
    memory: float
    right: int
    later: int
    wanted: int
    code: int
    errors: str


def run(sandbox: RunningSandbox, command: Command, wanted: list[Customer]) -> Run:
    """Run a tool through `ml-sandbox exec`, over TLS and by the vendor's host name."""
    sandbox.control.clear_requests()
    with tempfile.TemporaryDirectory() as name:
        result = Path(name) / "used.json"
        errors = execute(sandbox.url, command, result)
        used = json.loads(result.read_text(encoding="utf-8"))
    right = _right(sandbox, wanted)
    log = sandbox.control.requests("zendesk")
    # Past all jobs, and into a minute of which no request is used.
    sandbox.control.jump(_LONGER_THAN_JOBS)
    return Run(
        calls_of(log),
        used["seconds"],
        used["cpu"],
        used["memory"],
        right,
        _right(sandbox, wanted),
        2 * len(wanted),
        used["code"],
        errors,
    )


def execute(url: str, command: Command, result: Path, output: Path | None = None) -> str:
    """Run a command through `ml-sandbox exec`; its figures are in `result` then, and this is what it said.

    What it writes to standard output goes to `output`, where one is given.
    """
    measured = [sys.executable, str(FOLDER / "used.py"), str(result), str(command.given), *command.arguments]
    with contextlib.ExitStack() as files:
        ended = subprocess.run(
            [sys.executable, "-m", "ml_sandbox", "exec", "--url", url, "--", *measured],
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdout=files.enter_context(output.open("wb")) if output else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    if ended.returncode != 0:
        sys.exit(f"{' '.join(command.arguments)} was not run:\n{ended.stderr}")
    return (ended.stdout or "") + ended.stderr


def _right(sandbox: RunningSandbox, wanted: list[Customer]) -> int:
    organizations = {row["external_id"]: row for row in sandbox.control.rows("zendesk", "organizations")}
    users = {row["external_id"]: row for row in sandbox.control.rows("zendesk", "users")}
    return sum(
        _organization_is(organizations.get(row["account_number"], {}), row)
        + _user_is(users.get(row["contact_number"], {}), row, organizations)
        for row in wanted
    )


def _organization_is(held: dict[str, Any], row: Customer) -> bool:
    fields = held.get("organization_fields") or {}
    return held.get("name") == row["name"] and fields.get("ebs_city") == row["city"]


def _user_is(held: dict[str, Any], row: Customer, organizations: dict[str, Any]) -> bool:
    fields = held.get("user_fields") or {}
    organization = organizations.get(row["account_number"], {})
    return (
        held.get("email") == row["email"]
        and fields.get("ebs_title") == row["title"]
        and held.get("organization_id") == organization.get("id")
    )
