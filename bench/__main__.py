"""`python -m bench [NAME ...]`: run all measurements, or those named, and write docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from bench import requests_per_thousand, tap_customers, tap_rows, unchanged
from bench.tables import Table

MEASUREMENTS: dict[str, Callable[[], Table]] = {
    "unchanged": unchanged.measure,
    "requests": requests_per_thousand.measure,
    "tap-rows": tap_rows.measure,
    "tap-customers": tap_customers.measure,
}
RESULTS = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - MEASUREMENTS.keys())
    if unknown:
        print(f"No measurement {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}.", file=sys.stderr)
        return 2
    tables = []
    for name in names or MEASUREMENTS:
        print(f"{name} ...", flush=True)
        table = MEASUREMENTS[name]()
        print(table.as_text(), flush=True)
        tables.append(table)
    if not names:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        day = dt.datetime.now(dt.UTC).date()
        head = f"# Benchmarks\n\nMeasured on {day} with `make bench` against the sandbox: {machine}.\n"
        RESULTS.write_text(head + "\n" + "\n".join(table.as_markdown() for table in tables), encoding="utf-8")
        print(f"Written to docs/{RESULTS.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
