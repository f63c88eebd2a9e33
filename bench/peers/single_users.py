"""A new account, where bulk user import is off until Zendesk's support enables it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import data
from bench.peers import served, tools
from bench.peers.initial import zenpy_samples
from bench.peers.runs import run
from bench.peers.tables import COLUMNS, add, scaled
from bench.tables import Table

CUSTOMERS = 1_000
ZENPY_SAMPLES = (10, 30)

_NOTE = """\
target-zendesk-ml creates users one by one, which only the requests of a minute limit; an upsert of a
single user (the loop) is let in once a second. drt-core has no other way than the bulk endpoint: its
organizations are written, its users are all refused with 403."""


def measure() -> Table:
    """Each tool into an empty Zendesk, on a sample."""
    table = Table(
        f"Bulk user import off: {CUSTOMERS} customers with a contact each",
        COLUMNS,
        note=_NOTE,
    )
    rows = data.customers(CUSTOMERS)
    with tempfile.TemporaryDirectory() as name, served.zendesk(bulk_user_imports=False) as sandbox:
        folder = Path(name)
        add(table, tools.TARGET, f"{CUSTOMERS}", run(sandbox, tools.target(folder, rows), rows))
        samples = zenpy_samples(sandbox, folder, ZENPY_SAMPLES)
        add(table, tools.ZENPY, f"{ZENPY_SAMPLES[1]}, scaled", scaled(CUSTOMERS, *samples))
        served.empty(sandbox)
        add(table, tools.DRT, f"{CUSTOMERS}", run(sandbox, tools.drt(folder / "drt", rows), rows))
    return table
