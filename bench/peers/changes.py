"""A day later: one customer in a hundred and its contact have changed; then nothing has."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import data
from bench.data import Customer
from bench.peers import served, tools
from bench.peers.runs import run
from bench.peers.tables import COLUMNS, add
from bench.tables import Table
from ml_sandbox.testing import RunningSandbox

CUSTOMERS = 10_000
CHANGED = CUSTOMERS // 100
_DAY = "2026-11-{}T00:00:00Z".format

_NOTE = f"""\
*All rows*: {2 * CUSTOMERS:,} records come once more and the tool finds out what changed; only
target-zendesk-ml can. *Changed rows*: the source gives only what is newer than the last run, as
drt-core (`mode: incremental`) and the loop are run here. target-zendesk-ml needs two jobs, one after
the other, which is 14 s of its run: users wait until their organizations are settled, and each job of
100 rows takes 7 s. drt-core ends without waiting for its job. For a change so small it is the sooner
one: one call a customer, at 11 a second, and one job that nobody reads. A run that is given nothing is
where both peers win: no request and about a second, beside a start that logs in, reads the field
definitions and opens the ledger."""


def measure() -> Table:
    """Each tool upon a Zendesk that holds all of them."""
    table = Table(
        f"1 % of {CUSTOMERS:,} customers and contacts changed, then nothing",
        COLUMNS,
        note=_NOTE,
    )
    with tempfile.TemporaryDirectory() as name, served.zendesk() as sandbox:
        folder = Path(name)
        _load(sandbox, folder)
        _target(table, sandbox, folder)
        _zenpy(table, sandbox, folder)
        _drt(table, sandbox, folder / "drt")
    return table


def _load(sandbox: RunningSandbox, folder: Path) -> None:
    """The first load, without the vendor's pace."""
    rows = data.customers(CUSTOMERS)
    quick = {"job_seconds": 0.05, "job_row_seconds": 0, "requests_per_minute": 90_000}
    sandbox.control.settings(latency_ms=0, zendesk=quick)
    loaded = run(sandbox, tools.target(folder, rows, job_first_poll=0.1, job_poll=0.05), rows)
    if loaded.right != loaded.wanted:
        raise SystemExit(f"The first load ended with {loaded.code}:\n{loaded.errors}")
    sandbox.control.reset_settings()


def _changed(day: int) -> list[Customer]:
    return data.customers(CUSTOMERS, changed=CHANGED, day=day)


def _target(table: Table, sandbox: RunningSandbox, folder: Path) -> None:
    changed, everything = _changed(20)[:CHANGED], _changed(21)
    steps: tuple[tuple[str, list[Customer], list[Customer]], ...] = (
        ("1 %, changed rows", changed, changed),
        ("1 %, all rows", everything, everything[:CHANGED]),
        ("nothing, all rows", everything, everything[:CHANGED]),
        ("nothing, changed rows", [], everything[:CHANGED]),
    )
    for label, given, wanted in steps:
        one = run(sandbox, tools.target(folder, given), wanted)
        add(table, f"{tools.TARGET}: {label}", f"{len(given):,}", one)


def _zenpy(table: Table, sandbox: RunningSandbox, folder: Path) -> None:
    rows = _changed(22)
    for label, since in (("1 %", _DAY(19)), ("nothing", _DAY(22))):
        one = run(sandbox, tools.zenpy(folder, rows, since), rows[:CHANGED])
        add(table, f"{tools.ZENPY}: {label}, changed rows", f"{CHANGED if label == '1 %' else 0}", one)


def _drt(table: Table, sandbox: RunningSandbox, folder: Path) -> None:
    rows = _changed(23)
    for label, options in (("1 %", ("--cursor-value", _DAY(19))), ("nothing", ())):
        one = run(sandbox, tools.drt(folder, rows, *options), rows[:CHANGED])
        add(table, f"{tools.DRT}: {label}, changed rows", f"{CHANGED if label == '1 %' else 0}", one)
