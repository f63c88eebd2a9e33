"""100,000 customers: the first load, then one in a hundred touched through each table behind them."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench import extract
from bench.tables import Table
from ml_sandbox.testing import ControlClient, running_sandbox

CUSTOMERS = 100_000
TOUCHED = 1_000
STREAMS = {
    "customers": "HZ_CUST_ACCOUNTS HZ_LOCATIONS HZ_CUST_PROFILE_AMTS",
    "customer_contacts": "HZ_RELATIONSHIPS HZ_CONTACT_POINTS",
    "customer_summaries": "AP_SUPPLIERS PO_LINES_ALL AP_INVOICE_DISTRIBUTIONS_ALL",
}
"""Per stream, some of the tables behind it: the nearest and the farthest."""


def measure() -> Table:
    """Requests and seconds of each run."""
    table = Table(
        "Customers of EBS, one in a hundred touched",
        ("stream", "touched table", "records", "requests", "seconds", "peak MB"),
        note=f"{CUSTOMERS:,} customers; {TOUCHED:,} rows of one table touched before each run, which then "
        "follows them by key lists of 300. `rest_get`, 5,000 rows per page, one request at a time.",
    )
    with (
        tempfile.TemporaryDirectory() as name,
        running_sandbox(customers=CUSTOMERS, lifetime=3000, start_seconds=600) as sandbox,
    ):
        for stream, tables in STREAMS.items():
            for label, one in _runs(sandbox.url, Path(name), stream, tables.split()):
                figures = (one.records, one.summary["requests"], f"{one.seconds:.1f}", f"{one.memory:.0f}")
                table.rows.append((stream, label, *figures))
    return table


def _runs(url: str, folder: Path, stream: str, tables: list[str]) -> Iterator[tuple[str, extract.Extract]]:
    first = extract.run(url, folder, [stream], {})
    yield "(first load)", first
    state = first.state
    # In a process of its own: what this one holds would count as the peak of what it starts.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as others:
        for table in tables:
            others.submit(_touch, url, table).result()
            one = extract.run(url, folder, [stream], state)
            state = one.state
            yield table, one


def _touch(url: str, table: str) -> None:
    """Stamp some rows, spread over the table, with the present."""
    control = ControlClient(url)
    rows = control.rows("ebs", table)
    chosen = rows[:: max(1, len(rows) // TOUCHED)][:TOUCHED]
    for row in chosen:
        del row["LAST_UPDATE_DATE"]  # what is not given is stamped by the server
    control.put_rows("ebs", table, chosen)
