"""`python -m bench [NAME]`: run all measurements, or those whose name contains NAME."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import bench
from bench.measurement import Measured


def main() -> int:
    """Print every number; the exit code says whether all goals were reached."""
    only = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ONLY", "")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    missed = 0
    for module in pkgutil.iter_modules(bench.__path__):
        measure = getattr(importlib.import_module(f"bench.{module.name}"), "measure", None)
        if measure is None or only not in module.name:
            continue
        results: list[Measured] = measure()
        for result in results:
            print(result, flush=True)
            missed += not result.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
