"""Tickets with their comments into OroCRM: cases, comments of cases, contacts."""

from __future__ import annotations

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
_STREAMS = ("users", "tickets", "ticket_comments")
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
    """The first load, then the same records again."""
    table = Table(f"{TICKETS:,} tickets with {COMMENTS:,} comments into OroCRM", _COLUMNS)
    with (
        tempfile.TemporaryDirectory() as name,
        world.served(HIGH_VOLUME, tls=False) as sandbox,
    ):
        folder = Path(name)
        surroundings = processes.environment(folder)
        world.filled(sandbox.control, TICKETS, COMMENTS)
        given = _extracted(sandbox, folder, surroundings)
        config = project.settings(TARGET, sandbox.url)
        parallel = int(config.get("parallel") or 4)
        path = project.write(folder, f"{TARGET}.json", config)
        for label in ("first load", "once more"):
            sandbox.control.clear_requests()
            used = processes.run(TARGET, folder, surroundings, "--config", str(path), given=given)
            calls = calls_of(sandbox.control.requests("oro"))
            _expect(sandbox, used, label)
            table.rows.append(row(label, used, calls, parallel))
            print(f"  {label}: {used.seconds:.1f} s", flush=True)
    table.note = note(parallel)
    return table


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
The settings of meltano.yml. The records are what tap-zendesk-ml wrote: users, tickets, comments; each ticket
is a case, and a record of its own where the server has `zendesktickets`, which this one (7.0.2) has not.
OroCRM writes cases and comments one in a request, so that the latency bounds a run: *floor* is that of the
calls made, {world.LATENCY_MS} ms each, {parallel} at a time (the setting `parallel`)."""


def _extracted(sandbox: RunningSandbox, folder: Path, surroundings: Mapping[str, str]) -> Path:
    """What the tap reads, in a file."""
    # The exports leave out the last minute.
    sandbox.control.jump(120)
    config = project.write(
        folder, f"{TAP}.json", {**project.settings(TAP, sandbox.url), "exports_per_minute": 30}
    )
    catalog = project.write(folder, "catalog.json", project.catalog(TAP, config, _STREAMS, surroundings))
    options = ("--config", str(config), "--catalog", str(catalog))
    output = folder / "messages.jsonl"
    processes.run(TAP, folder, surroundings, *options, output=output)
    return output


def _expect(sandbox: RunningSandbox, used: Used, label: str) -> None:
    """Figures of a run that did something else would mean nothing."""
    cases = len(sandbox.control.rows("oro", "cases"))
    comments = len(sandbox.control.rows("oro", "casecomments"))
    if (cases, comments) != (TICKETS, COMMENTS):
        sys.exit(
            f"{label}: {cases} cases and {comments} comments, not {TICKETS} and {COMMENTS}: {used.summary}"
        )
