"""The same Accounts by target-zoho-crm and by Zoho's own SDK."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.peers import environments
from bench.peers.runs import execute
from bench.peers.tools import Command
from bench.tables import Table
from bench.two_ways import companies
from bench.two_ways.calls import Calls, calls_of, floor
from ml_sandbox.testing import RunningSandbox, running_sandbox
from ml_sandbox.zoho.seed import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN

ACCOUNTS = 10_000
SAMPLES = (20, 120)
TARGET, SDK = "target-zoho-crm", "Zoho's SDK"
_LATENCY_MS = 50
_KEY = "JDE_Address_Number"
_CLIENT = {
    "ZOHO_CLIENT_ID": CLIENT_ID,
    "ZOHO_CLIENT_SECRET": CLIENT_SECRET,
    "ZOHO_REFRESH_TOKEN": REFRESH_TOKEN,
}
_COLUMNS = (
    "tool",
    "measured",
    "requests",
    "of them 429",
    "credits",
    "seconds",
    "floor s",
    "of the floor",
    "CPU s",
    "peak MB",
    "right at its end",
)
_NOTE = f"""\
`zohocrmsdk8-0` (Apache-2.0) is Zoho's own Python SDK, run unmodified: upserts on the unique field
`{_KEY}`, no triggers, one record in a request or a hundred, one request after the other; it reads
its answers for what was refused. *Scaled*: the line through {SAMPLES[0]} and {SAMPLES[1]} records;
*right* is then of the larger sample, and so is the peak. target-zoho-crm is given the same records
as Singer messages, one way: it reads definitions of modules and fields, writes in hundreds on the
same field, four requests at a time, and keeps a ledger of links and digests. The SDK in hundreds
needs less CPU and memory for the same seconds. *Once more*: the same records
again; the SDK writes all of them, target-zoho-crm none. All run through `ml-sandbox exec`, with TLS
and 50 ms latency. The floor is what Zoho takes at 50 ms a call at best: 20 calls at a time, of them
10 heavy (COQL, more than 10 records)."""


@dataclass(frozen=True)
class Run:
    """Figures of one run over `wanted` Accounts, of which `right` were as they should be at its end."""

    calls: Calls
    seconds: float
    cpu: float
    memory: float
    right: int
    wanted: int


def measure() -> Table:
    """Each tool into an empty Zoho, then once more with the same records."""
    table = Table(f"{ACCOUNTS:,} Accounts of Zoho CRM, beside its own SDK", _COLUMNS, note=_NOTE)
    rows = [companies.linked_account(number) for number in range(1, ACCOUNTS + 1)]
    with (
        tempfile.TemporaryDirectory() as name,
        running_sandbox(tls=True, lifetime=1800, latency_ms=_LATENCY_MS) as sandbox,
    ):
        folder = Path(name)
        _add(table, TARGET, f"{ACCOUNTS:,}", _run(sandbox, target(folder, rows), rows))
        _add(table, f"{TARGET}, once more", f"{ACCOUNTS:,}", _run(sandbox, target(folder, rows), rows))
        sandbox.control.clear("zoho")
        _add(table, f"{SDK}, in hundreds", f"{ACCOUNTS:,}", _run(sandbox, sdk(folder, rows, 100), rows))
        again = _run(sandbox, sdk(folder, rows, 100), rows)
        _add(table, f"{SDK}, in hundreds, once more", f"{ACCOUNTS:,}", again)
        samples = []
        for size in SAMPLES:
            sandbox.control.clear("zoho")
            samples.append(_run(sandbox, sdk(folder, rows[:size], 1), rows[:size]))
        _add(table, f"{SDK}, one by one", f"{SAMPLES[1]}, scaled", scaled(ACCOUNTS, samples[0], samples[1]))
    return table


def target(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Command:
    """Our target over a file of Singer messages, with a ledger in `folder`."""
    config = {
        "data_center": "us",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
        "source_system": "jde",
        "source_key": {"Accounts": _KEY},
        "ledger_url": f"sqlite:///{folder / 'ledger.db'}",
        "token_store": str(folder / "tokens"),
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    given = _lines(folder / "messages.jsonl", _messages(rows))
    return Command([str(Path(sys.executable).parent / TARGET), "--config", str(path)], given)


def sdk(folder: Path, rows: Sequence[Mapping[str, Any]], size: int) -> Command:
    """The SDK's upserts of so many records in a request; its token and definitions are asked for anew."""
    home = Path(tempfile.mkdtemp(dir=folder))
    given = _lines(home / "rows.jsonl", rows)
    script = environments.FOLDER / "zoho_upserts.py"
    interpreter = environments.python("zohocrmsdk")
    return Command(
        [str(interpreter), str(script), str(given), str(size)],
        Path(os.devnull),
        _CLIENT,
        home,
    )


def scaled(count: int, small: Run, large: Run) -> Run:
    """What `count` Accounts would take, on the line through two samples."""

    def line(first: float, second: float) -> float:
        return second + (second - first) / (large.wanted - small.wanted) * (count - large.wanted)

    counts = {
        name: round(line(getattr(small.calls, name), getattr(large.calls, name)))
        for name in ("zoho", "heavy", "writes", "credits", "refused", "queries")
    }
    return replace(
        large,
        calls=Calls(jde=0, **counts),
        seconds=line(small.seconds, large.seconds),
        cpu=line(small.cpu, large.cpu),
    )


def _run(sandbox: RunningSandbox, command: Command, wanted: Sequence[Mapping[str, Any]]) -> Run:
    # A refresh token gives ten access tokens in ten minutes; the SDK asks for one in each run.
    sandbox.control.jump(700)
    sandbox.control.clear_requests()
    with tempfile.TemporaryDirectory() as name:
        result = Path(name) / "used.json"
        said = execute(sandbox.url, command, result)
        used = json.loads(result.read_text(encoding="utf-8"))
    if used["code"] != 0:
        sys.exit(f"{command.arguments[0]} ended with {used['code']}:\n{said[-4000:]}")
    calls = calls_of(sandbox.control.requests("zoho"))
    held = {row[_KEY]: row for row in sandbox.control.rows("zoho", "Accounts")}
    right = sum(_is_right(held.get(row[_KEY], {}), row) for row in wanted)
    return Run(calls, used["seconds"], used["cpu"], used["memory"], right, len(wanted))


def _is_right(held: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return all(held.get(name) == value for name, value in row.items())


def _messages(rows: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    properties = {
        name: {"type": "number" if isinstance(value, float) else "string"} for name, value in rows[0].items()
    }
    yield {
        "type": "SCHEMA",
        "stream": "Accounts",
        "key_properties": [_KEY],
        "schema": {"type": "object", "properties": properties},
    }
    for row in rows:
        yield {"type": "RECORD", "stream": "Accounts", "record": row}
    yield {"type": "STATE", "value": {"bookmarks": {}}}


def _lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def _add(table: Table, tool: str, measured: str, run: Run) -> None:
    seconds, limit = floor(run.calls)
    table.rows.append(
        (
            tool,
            measured,
            f"{run.calls.zoho:,}",
            f"{run.calls.refused:,}",
            f"{run.calls.credits:,}",
            f"{run.seconds:,.1f}",
            f"{seconds:,.1f} ({limit})",
            f"{seconds / run.seconds:.2f}",
            f"{run.cpu:,.1f}",
            f"{run.memory:.0f}",
            f"{run.right:,} of {run.wanted:,}",
        )
    )
    print(f"  {tool}: {run.seconds:.0f} s", flush=True)
