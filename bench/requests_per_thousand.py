"""Requests per 1,000 records, polls and look-ups counted, every outcome verified."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bench import pipe
from bench.tables import Table
from ml_sandbox.testing import running_sandbox

COUNT = 3_000


def measure() -> Table:
    """New, changed and unchanged records with the vendor's own job times (5 s + 20 ms a row)."""
    table = Table(
        "Requests per 1,000 records",
        ("records", "requests", "per 1,000", "goal", "seconds"),
        note=f"{COUNT} records, jobs of 5 s + 20 ms a row, 30 at a time, the Enterprise quota, share 0.7.",
    )
    steps: tuple[tuple[str, dict[str, Any], int], ...] = (
        ("new", {"city": "Berlin", "day": 1}, 33),
        ("changed", {"city": "Paris", "day": 2}, 12),
        ("unchanged", {"city": "Paris", "day": 2}, 0),
    )
    with tempfile.TemporaryDirectory() as name, running_sandbox() as sandbox:
        folder = Path(name)
        config = pipe.settings(sandbox.url, folder)
        for label, values, goal in steps:
            messages = pipe.write(folder / f"{label}.jsonl", pipe.customers(COUNT, **values))
            sandbox.control.clear_requests()
            used = pipe.run(config, messages)
            # Login and field definitions are the run's, whatever its records.
            paths = [request["path"] for request in sandbox.control.requests("zendesk")]
            requests = sum("/organization_fields" not in path and "/oauth/" not in path for path in paths)
            per_thousand = round(1000 * requests / COUNT, 1)
            table.rows.append((label, requests, per_thousand, goal, f"{used.summary['seconds']:.0f}"))
    return table
