"""Every raw stream of many customers against the simulator's tables, in both ways: run it by hand.

python tests/tap_oracle_ebs/raw_at_scale.py [--customers 1000 | --data DIR]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.ebs_business import settings_of
from support.raw_streams import ReadRaw, expected, in_order

from ml_sandbox.testing import RunningSandbox, running_sandbox
from tap_oracle_ebs.catalog.tables import TABLES


def main() -> None:
    """Compare all tables by GET and through the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--data", help="a Northwind CSV directory")
    given = parser.parse_args()
    source: dict[str, Any] = {"data": given.data} if given.data else {"customers": given.customers, "seed": 5}
    with running_sandbox(lifetime=3600, **source) as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = {**settings_of(sandbox, Path(folder)), "page_size": 5000}
        for access in ("rest_get", "plsql"):
            compare(sandbox, {**settings, "access": access})


def compare(sandbox: RunningSandbox, settings: dict[str, Any]) -> None:
    """Read every table by one way, and stop at the first that differs."""
    began, count, read = time.monotonic(), 0, ReadRaw(settings)
    for name, table in TABLES.items():
        records = in_order(table, read(name.lower()).records(name.lower()))
        wanted = expected(sandbox, name)
        assert len(records) == len(wanted), f"{name}: {len(records)} records of {len(wanted)} rows"
        for record, row in zip(records, wanted, strict=True):
            assert record == row, f"{name}: {record} is not {row}"
        count += len(records)
    seconds = time.monotonic() - began
    sys.stdout.write(f"{settings['access']}: {len(TABLES)} tables, {count:,} rows equal, {seconds:.0f} s\n")


if __name__ == "__main__":
    main()
