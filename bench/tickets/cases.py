"""Tickets with their comments into OroCRM: cases, comments of cases, contacts."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.tables import Table
from bench.tickets import processes, world
from bench.tickets.limits import HIGH_VOLUME
from bench.tickets.processes import Used
from bench.two_ways import project
from ml_sandbox.testing import RunningSandbox

TICKETS = 2_000
COMMENTS = 3 * TICKETS
TAP, TARGET = "tap-zendesk-ml", "target-oro-crm"
MOST_PARALLEL = 16
"""As many as the setting allows."""
_LATENCY = world.LATENCY_MS / 1000
_COLUMNS = (
    "run",
    "records",
    "written",
    "calls",
    "writing calls",
    "calls for 1,000 records",
    "seconds",
    "floor s",
    "of the floor",
    "CPU s",
    "peak MB",
)


@dataclass(frozen=True)
class Calls:
    """Calls to OroCRM: all of them, and those that may change something."""

    all: int
    writes: int = 0


def calls_of(log: Iterable[Mapping[str, Any]]) -> Calls:
    """Count the requests of a sandbox's log."""
    entries = list(log)
    return Calls(len(entries), sum(bool(each["write"]) for each in entries))


def floor(calls: Calls, parallel: int) -> float:
    """Seconds that the calls take at the latency of one, so many at a time."""
    return calls.all * _LATENCY / parallel


def measure() -> Table:
    """The first load, the same records again, and the first load with as many calls at a time as may be."""
    table = Table(f"{TICKETS:,} tickets with {COMMENTS:,} comments into OroCRM", _COLUMNS)
    with tempfile.TemporaryDirectory() as name, world.served(HIGH_VOLUME, tls=False) as sandbox:
        folder = Path(name)
        world.filled(sandbox.control, TICKETS, COMMENTS)
        given = _extracted(sandbox, folder)
        load = Load(sandbox, folder / "default", given)
        table.rows.append(load.run("first load"))
        table.rows.append(load.run("once more"))
        sandbox.control.clear("oro")
        wide = Load(sandbox, folder / "wide", given, parallel=MOST_PARALLEL)
        table.rows.append(wide.run(f"first load, {MOST_PARALLEL} at a time"))
    table.note = note(load.parallel)
    return table


class Load:
    """Runs of the target over one file of messages, with one ledger."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, given: Path, **settings: Any) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._given = given
        folder.mkdir()
        self._surroundings = processes.environment(folder)
        config = {**project.settings(TARGET, sandbox.url), **settings}
        self._config = project.write(folder, f"{TARGET}.json", config)
        self.parallel = int(config.get("parallel", _default("parallel")))

    def run(self, label: str) -> tuple[str, ...]:
        """One run, as a row of the table."""
        self._sandbox.control.clear_requests()
        options = ("--config", str(self._config))
        used = processes.run(TARGET, self._folder, self._surroundings, *options, given=self._given)
        calls = calls_of(self._sandbox.control.requests("oro"))
        _expect(self._sandbox, used, label)
        print(f"  {label}: {used.seconds:.1f} s", flush=True)
        return row(label, used, calls, self.parallel)


def _default(name: str) -> Any:
    """The default of a setting, as the target describes itself."""
    program = str(project.PROGRAMS / TARGET)
    said = subprocess.run(
        [program, "--about", "--format", "json"], capture_output=True, check=True, text=True
    )
    return json.loads(said.stdout)["settings"]["properties"][name]["default"]


def row(label: str, used: Used, calls: Calls, parallel: int) -> tuple[str, ...]:
    """The figures of a run."""
    count = used.summary["read"]
    least = floor(calls, parallel)
    return (
        label,
        f"{count:,}",
        f"{used.outcomes('created', 'updated'):,}",
        f"{calls.all:,}",
        f"{calls.writes:,}",
        f"{1000 * calls.all / count:,.0f}" if count else "",
        f"{used.seconds:,.1f}",
        f"{least:,.1f}",
        f"{least / used.seconds:.2f}",
        f"{used.cpu:,.1f}",
        f"{used.memory:.0f}",
    )


def note(parallel: int) -> str:
    """What the figures mean."""
    return f"""\
The settings of meltano.yml. The records are what tap-zendesk-ml wrote: users, agents, tickets, comments.
Deleted tickets and their comments become nothing. OroCRM 7.0.2 without its Zendesk bundle,
{world.LATENCY_MS} ms latency. It takes cases and comments one in a request, contacts a hundred, so that the
latency bounds a run: *floor* is that of the calls made, so many at a time as the setting `parallel` says
({parallel} by default)."""


def _extracted(sandbox: RunningSandbox, folder: Path) -> Path:
    """What the tap reads, in a file."""
    surroundings = processes.environment(folder)
    settings = {**project.settings(TAP, sandbox.url), "exports_per_minute": HIGH_VOLUME.exports}
    config = project.write(folder, f"{TAP}.json", settings)
    selected = project.catalog(TAP, config, project.streams(TAP), surroundings)
    catalog = project.write(folder, "catalog.json", selected)
    options = ("--config", str(config), "--catalog", str(catalog))
    output = folder / "messages.jsonl"
    processes.run(TAP, folder, surroundings, *options, output=output)
    return output


def _expect(sandbox: RunningSandbox, used: Used, label: str) -> None:
    """Figures of a run that did something else would mean nothing."""
    control = sandbox.control
    tickets = {row["id"] for row in control.rows("zendesk", "tickets") if row["status"] != "deleted"}
    comments = [row for row in control.rows("zendesk", "ticket_comments") if row["ticket_id"] in tickets]
    wanted = len(tickets), len(comments)
    held = len(control.rows("oro", "cases")), len(control.rows("oro", "casecomments"))
    if held != wanted:
        sys.exit(f"{label}: cases and comments are {held}, not {wanted}: {used.summary}")
