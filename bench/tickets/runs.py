"""A tap's run: what it called, what it used, what it wrote."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.peers.runs import execute
from bench.peers.tools import Command
from bench.tickets import output
from bench.tickets.limits import Calls, calls_of
from ml_sandbox.testing import RunningSandbox

# Longer than any window of the quota, so that each run begins with a whole one.
_PAUSE = 120


@dataclass(frozen=True)
class Run:
    """Figures of one run that read `tickets` tickets.

    `records` came, and `right` of the `wanted` ids; `memory` is the peak in MB, `cpu` and `seconds` are of
    the process alone.
    """

    tickets: int
    calls: Calls
    seconds: float
    cpu: float
    memory: float
    records: float
    right: int
    wanted: int


def run(sandbox: RunningSandbox, command: Command, tickets: int, expected: Mapping[str, set[int]]) -> Run:
    """Run a tap through `ml-sandbox exec`; a run that fails ends the measurement."""
    sandbox.control.jump(_PAUSE)
    sandbox.control.clear_requests()
    with tempfile.TemporaryDirectory() as name:
        result, written = Path(name) / "used.json", Path(name) / "output.jsonl"
        said = execute(sandbox.url, command, result, written)
        used = json.loads(result.read_text(encoding="utf-8"))
        if used["code"] != 0:
            sys.exit(f"{command.arguments[0]} ended with {used['code']}:\n{said[-4000:]}")
        found = output.read(written)
    return Run(
        tickets,
        calls_of(sandbox.control.requests("zendesk")),
        used["seconds"],
        used["cpu"],
        used["memory"],
        found.records,
        found.right(expected),
        sum(map(len, expected.values())),
    )


def scaled(tickets: int, small: Run, large: Run) -> Run:
    """What so many tickets would take, on the line through two samples."""

    def line(first: float, second: float) -> float:
        return second + (second - first) / (large.tickets - small.tickets) * (tickets - large.tickets)

    calls = Calls(
        line(small.calls.requests, large.calls.requests),
        line(small.calls.exports, large.calls.exports),
        line(small.calls.refused, large.calls.refused),
    )
    return replace(
        large,
        tickets=tickets,
        calls=calls,
        seconds=line(small.seconds, large.seconds),
        cpu=line(small.cpu, large.cpu),
        records=line(small.records, large.records),
    )
