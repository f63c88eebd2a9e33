"""Business streams of many customers against SQL, with what a run takes: run it by hand.

    python tests/tap_oracle_ebs/business_at_scale.py [--customers 1000 | --data DIR]

Each run is a process of its own; its seconds, processor time, requests and largest memory are printed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.ebs_business import (
    EXCLUSIONS,
    STREAMS,
    SUMMARIES,
    catalog_of,
    lines_of,
    midnight,
    rows,
    settings_of,
)
from support.ebs_expected import ROUTES, compare_exclusions, compare_summaries
from support.ebs_odd_rows import make_odd
from support.ebs_sql import Reference
from support.tap_run import TapRun, start

from ml_sandbox.testing import running_sandbox


def main() -> None:
    """Compare both ways of access with SQL, then time a run after a change of a few customers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--data", help="a Northwind CSV directory, instead of generated customers")
    given = parser.parse_args()
    customers = given.customers
    source: dict[str, Any] = {"data": given.data} if given.data else {"customers": customers, "seed": 11}
    with (
        running_sandbox(lifetime=3600, **source) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        make_odd(sandbox)
        settings = settings_of(sandbox, Path(folder))
        runs = {
            "rest_get, first load": timed(Path(folder), settings),
            "plsql, first load": timed(Path(folder), {**settings, "access": "plsql"}),
        }
        first = runs["rest_get, first load"]
        assert sorted(lines_of(first)) == sorted(lines_of(runs["plsql, first load"]))
        reference = Reference(sandbox, midnight(sandbox), ROUTES["both"])
        compare_summaries(reference, first.records(SUMMARIES), None)
        compare_exclusions(reference, first.records(EXCLUSIONS))
        say(f"{source}: all values equal SQL, both ways to the byte")
        changed = rows(sandbox, "PO_HEADERS_ALL")[:: max(1, customers // 100)]
        keys = [{"PO_HEADER_ID": row["PO_HEADER_ID"]} for row in changed]
        sandbox.control.put_rows("ebs", "PO_HEADERS_ALL", keys)
        for access in ("rest_get", "plsql"):
            say(f"{access}: {len(keys)} orders changed")
            timed(Path(folder), {**settings, "access": access}, first.state)


def say(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def timed(folder: Path, settings: dict[str, Any], state: dict[str, Any] | None = None) -> TapRun:
    """Run the tap over all business streams and print what it took."""
    catalog = folder / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(*STREAMS)))
    begun, spent = time.monotonic(), processor_seconds()
    with start("tap-oracle-ebs", folder, settings, state, "--catalog", str(catalog)) as process:
        peak = Peak(process.pid)
        output, errors = process.communicate(timeout=3000)
    run = TapRun(output.decode().splitlines(), errors.decode(), process.returncode)
    seconds, spent = time.monotonic() - begun, processor_seconds() - spent
    assert run.code == 0, run.errors
    count = len(lines_of(run))
    say(
        f"{settings.get('access', 'rest_get')}: {count} records, {seconds:.1f} s ({spent:.1f} s CPU), "
        f"{run.summary['requests']} requests, at most {peak.mebibytes} MiB"
    )
    return run


class Peak:
    """The largest memory of a process, looked up while it runs."""

    def __init__(self, process_id: int) -> None:
        self.mebibytes = 0
        self._status = Path(f"/proc/{process_id}/status")
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        with contextlib.suppress(OSError, StopIteration):
            while True:
                lines = self._status.read_text().splitlines()
                line = next(line for line in lines if line.startswith("VmHWM"))
                self.mebibytes = int(line.split()[1]) // 1024
                time.sleep(0.05)


def processor_seconds() -> float:
    """Processor time of all finished runs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
