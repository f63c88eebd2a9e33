"""One raw stream of a million rows: rows per second, CPU per row, memory.

The slope between two sizes leaves out what every run costs: start-up, login, discovery.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import extract
from bench.tables import Table
from ml_sandbox.testing import RunningSandbox, running_sandbox

SIZES = (100_000, 1_000_000)
_STREAM, _TABLE = "hz_contact_points", "HZ_CONTACT_POINTS"
_PUT = 20_000


def measure() -> Table:
    """Read HZ_CONTACT_POINTS whole, with 100,000 rows and with a million."""
    table = Table(
        "Rows of a raw stream",
        ("rows", "rows per second", "seconds", "tap CPU s", "peak MB", "requests"),
        note="HZ_CONTACT_POINTS whole, 5,000 rows per page, one request at a time. The goal is 20 µs of CPU "
        "per row. The bottleneck is the simulated gateway, which makes the pages on the same machine.",
    )
    used: dict[int, extract.Extract] = {}
    with tempfile.TemporaryDirectory() as name, running_sandbox(lifetime=1800) as sandbox:
        written = 0
        for size in SIZES:
            _fill(sandbox, written, size)
            written = size
            one = used[size] = extract.run(sandbox.url, Path(name), [_STREAM], {})
            if one.records != size:
                raise SystemExit(f"{_STREAM} gave {one.records} rows, not {size}.")
            speed = f"{size / one.seconds:,.0f}"
            table.rows.append(
                (
                    size,
                    speed,
                    f"{one.seconds:.0f}",
                    f"{one.cpu:.1f}",
                    f"{one.memory:.0f}",
                    one.summary["requests"],
                )
            )
    small, large = (used[size] for size in SIZES)
    slope = (large.cpu - small.cpu) / (SIZES[1] - SIZES[0])
    table.rows.append(("per row", "", "", f"{slope * 1e6:.1f} µs", "", ""))
    return table


def _fill(sandbox: RunningSandbox, start: int, end: int) -> None:
    for first in range(start, end, _PUT):
        rows = [
            {
                "CONTACT_POINT_ID": number,
                "OWNER_TABLE_NAME": "HZ_PARTIES",
                "OWNER_TABLE_ID": number // 3,
                "CONTACT_POINT_TYPE": "EMAIL",
                "EMAIL_ADDRESS": f"person.{number}@example.com",
                "PRIMARY_FLAG": "Y",
                "STATUS": "A",
                "LAST_UPDATE_DATE": f"2026-0{number % 9 + 1}-1{number % 7}T08:00:00",
            }
            for number in range(first + 1, min(first + _PUT, end) + 1)
        ]
        sandbox.control.put_rows("ebs", _TABLE, rows)
