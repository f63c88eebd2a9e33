"""CPU per unchanged record, from the line read to the record settled.

The slope between two sizes leaves out what every run costs: start-up, login, the ledger's opening.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench import pipe
from bench.tables import Table
from ml_connector.ledger import Ledger, Seen, tables
from ml_sandbox.testing import running_sandbox

WRITTEN, LINKS = 100, 1_000_000
SMALL, LARGE = 50_000, 350_000
_SLICE = 10_000
_INTEGRATION = "target-zendesk-ml"


def measure() -> Table:
    """Write some, note the rest in the ledger as settled, and run them all again."""
    table = Table(
        f"Unchanged records, {LINKS:,} links",
        ("records", "CPU s", "peak MB", "requests"),
        note=f"The goal is 30 µs. {WRITTEN} records were written by a run; links and digests of the "
        "rest were put into its ledger (SQLite). The bottleneck: decoding a line, its digest, its look-up.",
    )
    with tempfile.TemporaryDirectory() as name, running_sandbox() as sandbox:
        folder = Path(name)
        config = pipe.settings(sandbox.url, folder)
        pipe.run(config, pipe.write(folder / "first.jsonl", pipe.customers(WRITTEN)))
        _settle(folder, pipe.customers(LINKS - WRITTEN, first=WRITTEN))
        used = {}
        for count in (SMALL, LARGE):
            messages = pipe.write(folder / "again.jsonl", pipe.customers(count))
            used[count] = pipe.run(config, messages)
            if used[count].summary["outcomes"]["unchanged"] != count:
                raise SystemExit(f"Not all are unchanged: {used[count].summary['outcomes']}")
    for count, each in used.items():
        table.rows.append((f"{count:,}", f"{each.cpu:.2f}", f"{each.memory:.0f}", each.summary["requests"]))
    slope = (used[LARGE].cpu - used[SMALL].cpu) / (LARGE - SMALL)
    table.rows.append(("per record", f"{slope * 1e6:.1f} µs", "", ""))
    return table


def _settle(folder: Path, messages: Iterator[dict[str, Any]]) -> None:
    """Links, both sides and digests, as a run leaves them."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}")
    numbers = itertools.count(1_000_000)
    try:
        while chunk := list(itertools.islice(messages, _SLICE)):
            records = [message["record"] for message in chunk]
            links = list(itertools.islice(numbers, len(records)))
            with ledger.write(_INTEGRATION, "zendesk") as tx:
                (route,) = tx.seen.routes_into(_INTEGRATION, "zendesk", "organizations")
                tx.connection.execute(insert(tables.link), [_link(number) for number in links])
                sides = itertools.chain.from_iterable(map(_sides, links, records))
                tx.connection.execute(insert(tables.side), list(sides))
                known = (
                    Seen(tx.digester.record(record), record["updated_at"], number)
                    for number, record in zip(links, records, strict=True)
                )
                keys = (str(record["id"]) for record in records)
                tx.seen.settle((route, key, seen) for key, seen in zip(keys, known, strict=True))
    finally:
        ledger.close()


def _link(number: int) -> dict[str, Any]:
    return {"id": number, "integration": _INTEGRATION, "linked_at": time.time()}


def _sides(number: int, record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    keys = {"ebs": record["account_number"], "zendesk": str(number)}
    for system, key in keys.items():
        yield {
            "link_id": number,
            "system": system,
            "integration": _INTEGRATION,
            "object": "organizations",
            "other": "organizations",
            "key": key,
            "snapshot": bytes(36),
        }
