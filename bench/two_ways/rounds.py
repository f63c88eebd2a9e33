"""JD Edwards and Zoho CRM: matched, loaded, changed on either side, unchanged."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.tables import Table
from bench.two_ways import companies
from bench.two_ways.calls import CREDITS_A_DAY, Calls, floor
from bench.two_ways.runs import Integration, Run
from ml_sandbox.testing import RunningSandbox, running_sandbox

CUSTOMERS = 10_000
NEW = CUSTOMERS // 10
CHANGED = CUSTOMERS // 100
MANY_CHANGED = 6 * CUSTOMERS // 10
_LATENCY_MS = 50
_PAUSE = 900
_TWO_DAYS = 2 * 86_400
_SCAN_ROWS = 2_000
_COLUMNS = (
    "run",
    "read",
    "written",
    "JDE calls",
    "Zoho calls",
    "of them 429",
    "writing calls",
    "Zoho credits",
    "seconds",
    "floor s",
    "of the floor",
    "CPU s tap + target",
    "peak MB tap, target",
    "figure",
    "goal",
)
_TO_ZOHO, _TO_JDE = "JDE → Zoho", "Zoho → JDE"

_NOTE = f"""\
The settings of meltano.yml, tap and target in a pipe, 50 ms latency, the sandbox's default limits
(Enterprise, 10 users: {CREDITS_A_DAY:,} credits a day), its clock moved on by 15 minutes before
each round. *Writing calls*: those that may change something. *Figure*: Zoho's calls in the whole
run, start and look-ups included, for 1,000 records written; key scans are its COQL calls. *Floor*:
what the vendors take at 50 ms a call at best: JD Edwards one call at a time, Zoho 20, of them 10
heavy (COQL, more than 10 records), and all that a day's credits allow. An orchestration of JD
Edwards writes one record, so that there is no goal. (Of
3,000 changes, not 6,000, the five calls of a start make 31.7 for 1,000.) JD Edwards dates
changes by the day: what changed today is read again in each run, and found unchanged.
The first run from Zoho reads what the
load wrote, and writes nothing. What takes the time: into Zoho, the CPU of the target (merging,
digests, ledger), not the vendor; from JD Edwards, calls one at a time: of each table a page of 500
rows when all is read, and a list of 100 keys when some changed. Of `suppliers` there are none here,
and each run makes its complete read of their tables."""


def measure() -> Table:
    """All runs, in the order in which an integration meets them."""
    table = Table(
        f"JD Edwards and Zoho CRM, both ways: {CUSTOMERS:,} customers with a contact each",
        _COLUMNS,
        note=_NOTE,
    )
    with (
        tempfile.TemporaryDirectory() as name,
        running_sandbox(latency_ms=_LATENCY_MS, lifetime=1800) as sandbox,
    ):
        companies.put_into_jde(sandbox.control, CUSTOMERS)
        _match(table, sandbox, Path(name) / "matched")
        sandbox.control.clear("zoho")
        integration = Integration(sandbox, Path(name) / "loaded")
        _load(table, integration)
        _new(table, sandbox, integration)
        _changed(table, sandbox, integration)
        _nothing(table, sandbox, integration)
        _many_changed(table, sandbox, integration)
    return table


def _match(table: Table, sandbox: RunningSandbox, folder: Path) -> None:
    """A Zoho that holds all of them unlinked."""
    companies.put_into_zoho(sandbox.control, companies.unlinked(CUSTOMERS))
    run = Integration(sandbox, folder).run("jde", ["customers"])
    _expect(run, updated=CUSTOMERS, created=0)
    scans = run.calls.queries * _SCAN_ROWS / CUSTOMERS
    _add(
        table,
        f"{_TO_ZOHO}: {CUSTOMERS:,} Accounts matched by tax id",
        run,
        f"{scans:.1f} key scans for 2,000 rows; {per_thousand(run.calls.zoho, CUSTOMERS)}",
        "≤ 1; ≤ 31",
    )


def _load(table: Table, integration: Integration) -> None:
    run = integration.run("jde")
    _expect(run, created=2 * CUSTOMERS)
    _add(table, f"{_TO_ZOHO}: first load", run, per_thousand(run.calls.zoho, 2 * CUSTOMERS), "≤ 33")


def _new(table: Table, sandbox: RunningSandbox, integration: Integration) -> None:
    sandbox.control.jump(_PAUSE)
    run = integration.run("zoho")
    _expect(run, created=0, updated=0)
    _add(table, f"{_TO_JDE}: first run", run, f"{run.calls.writes} writes", "0")
    sandbox.control.jump(_PAUSE)
    companies.put_into_zoho(sandbox.control, companies.prospects(NEW))
    run = integration.run("zoho")
    _expect(run, created=NEW)
    _add(table, f"{_TO_JDE}: {NEW:,} new Accounts", run)
    run = integration.run("jde")
    _expect(run, updated=NEW)
    figure = per_thousand(run.calls.zoho, NEW)
    _add(table, f"{_TO_ZOHO}: their address numbers", run, figure)


def _changed(table: Table, sandbox: RunningSandbox, integration: Integration) -> None:
    """One in a hundred on each side, others here than there."""
    sandbox.control.jump(_PAUSE)
    _move(sandbox, range(companies.FIRST, companies.FIRST + CHANGED), "Paris")
    accounts = sandbox.control.rows("zoho", "Accounts")[-CHANGED:]
    calling = [{"id": row["id"], "Phone": f"069 {position:07}"} for position, row in enumerate(accounts)]
    companies.put_into_zoho(sandbox.control, calling)
    for source, label in (("zoho", _TO_JDE), ("jde", _TO_ZOHO)):
        run = integration.run(source)
        _expect(run, updated=CHANGED)
        figure = per_thousand(run.calls.zoho, CHANGED) if source == "jde" else ""
        _add(table, f"{label}: 1 % changed on each side", run, figure)


def _many_changed(table: Table, sandbox: RunningSandbox, integration: Integration) -> None:
    _move(sandbox, range(companies.FIRST, companies.FIRST + MANY_CHANGED), "Rome")
    run = integration.run("jde")
    _expect(run, updated=MANY_CHANGED)
    figure = per_thousand(run.calls.zoho, MANY_CHANGED)
    _add(table, f"{_TO_ZOHO}: {MANY_CHANGED:,} changed", run, figure, "≤ 31")


def _nothing(table: Table, sandbox: RunningSandbox, integration: Integration) -> None:
    """A round that reads what the former wrote, then those in which there is nothing at all."""
    pauses = {
        "the round after it": _PAUSE,
        "two days later": _TWO_DAYS,
        "four days later": _TWO_DAYS,
    }
    for label, pause in pauses.items():
        sandbox.control.jump(pause)
        for source, way in (("zoho", _TO_JDE), ("jde", _TO_ZOHO)):
            run = integration.run(source)
            _expect(run, created=0, updated=0)
            _add(table, f"{way}: {label}", run, f"{run.calls.writes} writes", "0")


def _move(sandbox: RunningSandbox, numbers: range, city: str) -> None:
    sandbox.control.put_rows("jde", "F0116", companies.moved(numbers, city))


def per_thousand(requests: int, records: int) -> str:
    """Calls for 1,000 records."""
    return f"{1000 * requests / records:.1f} for 1,000"


def _expect(run: Run, **outcomes: int) -> None:
    """Figures of a run that did something else would mean nothing."""
    for name, count in outcomes.items():
        if run.outcomes(name) != count:
            sys.exit(f"Not {count} {name}, but {run.target.summary['outcomes']}.")


def _add(table: Table, label: str, run: Run, figure: str = "", goal: str = "") -> None:
    table.rows.append(
        (
            label,
            f"{run.records:,}",
            f"{run.outcomes('created', 'updated'):,}",
            *_of_calls(run.calls),
            *_of_time(run),
            f"{run.tap.cpu:.1f} + {run.target.cpu:.1f}",
            f"{run.tap.memory:.0f}, {run.target.memory:.0f}",
            figure,
            goal,
        )
    )
    print(f"  {label}: {run.seconds:.1f} s", flush=True)


def _of_calls(calls: Calls) -> Sequence[str]:
    figures = (calls.jde, calls.zoho, calls.refused, calls.writes, calls.credits)
    return [f"{figure:,}" for figure in figures]


def _of_time(run: Run) -> Sequence[str]:
    seconds, limit = floor(run.calls)
    return (f"{run.seconds:.1f}", f"{seconds:.1f} ({limit})", f"{seconds / run.seconds:.2f}")
