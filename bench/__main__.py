"""`python -m bench [NAME ...]`: run all measurements, or those named, and write docs/benchmarks.md."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from bench import requests_per_thousand, results, tap_customers, tap_rows, unchanged
from bench.peers import changes, initial, single_users, zoho
from bench.tables import Table
from bench.tickets import cases, exports
from bench.two_ways import rounds

MEASUREMENTS: dict[str, Callable[[], Table]] = {
    "initial": initial.measure,
    "changes": changes.measure,
    "single-users": single_users.measure,
    "requests": requests_per_thousand.measure,
    "unchanged": unchanged.measure,
    "tap-rows": tap_rows.measure,
    "tap-customers": tap_customers.measure,
    "jde-zoho": rounds.measure,
    "zoho-peers": zoho.measure,
    "tickets": exports.measure,
    "cases": cases.measure,
}


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - MEASUREMENTS.keys())
    if unknown:
        print(f"No measurement {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}.", file=sys.stderr)
        return 2
    # Each in a process of its own: what this one holds would count as the peak of what it starts.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as others:
        for name in names or MEASUREMENTS:
            _measure(name, others)
    print(f"Written to docs/{results.PAGE.name}.")
    return 0


def _measure(name: str, others: ProcessPoolExecutor) -> None:
    print(f"{name} ...", flush=True)
    began = time.monotonic()
    table = others.submit(MEASUREMENTS[name]).result()
    print(table.as_text(), flush=True)
    results.keep(name, table, time.monotonic() - began)
    results.assemble(MEASUREMENTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
