"""CPU per unchanged record, from the line read to the record settled.

The slope between two sizes leaves out what every run costs: start-up, login, the ledger's opening.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import pipe
from bench.tables import Table
from ml_sandbox.testing import running_sandbox

SMALL, LARGE = 10_000, 110_000


def measure() -> Table:
    """Load once, then run the same records again."""
    table = Table(
        "Unchanged records",
        ("records", "CPU s", "peak MB", "requests"),
        note="The goal is 30 µs. The bottleneck: decoding a line, its digest, and the look-up in SQLite.",
    )
    quick = {"zendesk.job_seconds": 0.05, "zendesk.job_row_seconds": 0, "zendesk.requests_per_minute": 90_000}
    with tempfile.TemporaryDirectory() as name, running_sandbox(settings=quick) as sandbox:
        folder = Path(name)
        config = pipe.settings(sandbox.url, folder, job_first_poll=0.1, job_poll=0.05)
        small = pipe.write(folder / "small.jsonl", pipe.customers(SMALL))
        large = pipe.write(folder / "large.jsonl", pipe.customers(LARGE))
        pipe.run(config, large)
        used = {SMALL: pipe.run(config, small), LARGE: pipe.run(config, large)}
    for count, each in used.items():
        table.rows.append((count, f"{each.cpu:.2f}", f"{each.memory:.0f}", each.summary["requests"]))
    slope = (used[LARGE].cpu - used[SMALL].cpu) / (LARGE - SMALL)
    table.rows.append(("per record", f"{slope * 1e6:.1f} µs", "", ""))
    return table
