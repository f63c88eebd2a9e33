"""The first load of 10,000 customers with a contact each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import data
from bench.peers import served, tools
from bench.peers.runs import Run, run
from bench.peers.tables import COLUMNS, add, scaled, together
from bench.tables import Table
from ml_sandbox.testing import RunningSandbox

CUSTOMERS = 10_000
ZENPY_SAMPLES = (10, 50)
DRT_SAMPLES = (30, 330)
DRT_USERS = (500, 3_000)

_NOTE = """\
The loop writes one customer and one contact at a time. drt-core writes organizations one at a time and
users by hundreds, without waiting for the jobs or reading what became of each row. What would take
hours is measured on two samples and scaled by the line through them; the column says so, and `right` is
then of the larger sample. The loop needs the least memory. What keeps target-zendesk-ml from its floor:
users wait until the organizations of their batch are settled, so that places for jobs stay empty at the
end of the first half, and are looked up in between; and 100 jobs by 21 are five rounds, not 4.8."""


def measure() -> Table:
    """Each tool into an empty Zendesk."""
    table = Table(
        f"Initial load of {CUSTOMERS:,} customers with a contact each",
        COLUMNS,
        note=_NOTE,
    )
    rows = data.customers(CUSTOMERS)
    with tempfile.TemporaryDirectory() as name, served.zendesk() as sandbox:
        folder = Path(name)
        add(table, tools.TARGET, f"{CUSTOMERS:,}", run(sandbox, tools.target(folder, rows), rows))
        samples = zenpy_samples(sandbox, folder, ZENPY_SAMPLES)
        add(table, tools.ZENPY, f"{ZENPY_SAMPLES[1]}, scaled", scaled(CUSTOMERS, *samples))
        organizations = scaled(CUSTOMERS, *_drt_organizations(sandbox, folder))
        users = scaled(CUSTOMERS, *_drt_users(sandbox, folder))
        measured = f"organizations {DRT_SAMPLES[1]}, users {DRT_USERS[1]:,}, scaled"
        add(table, tools.DRT, measured, together(organizations, users))
    return table


def zenpy_samples(sandbox: RunningSandbox, folder: Path, sizes: tuple[int, int]) -> tuple[Run, Run]:
    """Two runs of the plain loop, each into an empty Zendesk."""
    small, large = (data.customers(size) for size in sizes)
    served.empty(sandbox)
    first = run(sandbox, tools.zenpy(folder, small), small)
    served.empty(sandbox)
    return first, run(sandbox, tools.zenpy(folder, large), large)


def _drt_organizations(sandbox: RunningSandbox, folder: Path) -> tuple[Run, Run]:
    small, large = (data.customers(size) for size in DRT_SAMPLES)
    options = ("--select", "organizations", "--full-refresh")
    served.empty(sandbox)
    first = run(sandbox, tools.drt(folder / "drt", small, *options), small)
    served.empty(sandbox)
    return first, run(sandbox, tools.drt(folder / "drt", large, *options), large)


def _drt_users(sandbox: RunningSandbox, folder: Path) -> tuple[Run, Run]:
    runs = []
    for size in DRT_USERS:
        rows = data.customers(size)
        served.empty(sandbox)
        served.put_organizations(sandbox, rows)
        command = tools.drt(folder / "drt", rows, "--select", "users", "--full-refresh")
        runs.append(run(sandbox, command, rows))
    return runs[0], runs[1]
