"""Results on disk: a file for each measurement, put together in docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from bench.tables import Table

FRAGMENTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_HEAD = Path(__file__).with_name("head.md")


def keep(name: str, table: Table, seconds: float, folder: Path = FRAGMENTS) -> None:
    """Keep a measurement's result in place of its former one."""
    day = dt.datetime.now(dt.UTC).date()
    load = os.getloadavg()[0]
    measured = (
        f"`make bench ONLY={name}`, {day}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; {seconds:.0f} s, load {load:.1f} at its end."
    )
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(f"{table.as_markdown()}\n{measured}\n", encoding="utf-8")


def page(names: Iterable[str], folder: Path = FRAGMENTS) -> str:
    """The page, of the results that there are, in this order."""
    kept = (folder / f"{name}.md" for name in names)
    parts = [path.read_text(encoding="utf-8") for path in kept if path.exists()]
    return "\n".join([_HEAD.read_text(encoding="utf-8"), *parts])


def assemble(names: Iterable[str]) -> None:
    """Write the page."""
    PAGE.write_text(page(names), encoding="utf-8")
