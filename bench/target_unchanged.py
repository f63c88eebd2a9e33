"""CPU per record that did not change: from the line read to the outcome, against a large ledger.

The ledger holds LINKS links (100,000; 1,000,000 with BENCH_LINKS=1000000). RECORDS of them come in again.
What the start costs is measured alone and taken off.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measurement import Measured, run_measured
from ml_connector.ledger import Ledger, Seen, tables
from ml_connector.singer.intake import raw_line
from ml_connector.singer.lines import decode

LINKS = int(os.environ.get("BENCH_LINKS", "100000"))
RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))
ROWS = 20_000
NAME = "target-zendesk-ml"
GOAL = 30.0

FIELDS: dict[str, Any] = {
    "cust_account_id": {"type": "integer"},
    "account_number": {"type": "string"},
    "account_name": {"type": ["string", "null"]},
    "party_id": {"type": "integer"},
    "party_name": {"type": "string"},
    "status": {"type": "string"},
    "customer_class_code": {"type": ["string", "null"]},
    "address1": {"type": ["string", "null"]},
    "address2": {"type": ["string", "null"]},
    "city": {"type": ["string", "null"]},
    "postal_code": {"type": ["string", "null"]},
    "country": {"type": ["string", "null"]},
    "credit_limit": {"type": ["number", "null"]},
    "creation_date": {"type": "string", "format": "date-time"},
    "last_update_date": {"type": "string", "format": "date-time"},
}
SCHEMA = {
    "type": "SCHEMA",
    "stream": "customers",
    "schema": {"type": "object", "properties": FIELDS},
    "key_properties": ["cust_account_id"],
    "bookmark_properties": ["last_update_date"],
}
MAPPING = {
    "__alias__": "organizations",
    "__key_properties__": ["external_id"],
    "external_id": "account_number",
    "name": "party_name",
    "details": "address1",
    "notes": "city",
    "__else__": "__NULL__",
}


def record(number: int) -> dict[str, Any]:
    """A customer as a tap of EBS sends it."""
    return {
        "cust_account_id": number,
        "account_number": f"{100000 + number}",
        "account_name": f"Account of customer {number}",
        "party_id": 5_000_000 + number,
        "party_name": f"Customer {number} of the measured ledger",
        "status": "A",
        "customer_class_code": None,
        "address1": f"{number % 900 + 1} Long Street",
        "address2": None,
        "city": "Springfield",
        "postal_code": f"{number % 100000:05d}",
        "country": "US",
        "credit_limit": 1000.5 + number % 7,
        "creation_date": "2024-02-29T12:00:00+00:00",
        "last_update_date": "2026-11-20T08:00:00+00:00",
    }


def line(number: int) -> bytes:
    """The RECORD message of a customer."""
    message = {
        "type": "RECORD",
        "stream": "customers",
        "record": record(number),
        "time_extracted": "2026-11-21T06:00:00+00:00",
    }
    return json.dumps(message).encode() + b"\n"


def fill(ledger: Ledger, count: int) -> None:
    """Links and settled records, written as a run would have left them."""
    with ledger.write(NAME, "zendesk") as tx:
        route = tx.seen.route(NAME, "ebs", "customers", "zendesk", "organizations")
    for start in range(0, count, ROWS):
        numbers = range(start, min(start + ROWS, count))
        settled = list(_settled(ledger, numbers))
        with ledger.write(NAME, "zendesk") as tx:
            tx.connection.execute(
                tables.link.insert(),
                [{"id": number + 1, "integration": NAME, "linked_at": 0.0} for number in numbers],
            )
            tx.connection.execute(tables.side.insert(), [row for number in numbers for row in _sides(number)])
            tx.seen.settle((route, key, seen) for key, seen in settled)


def _settled(ledger: Ledger, numbers: range) -> Iterator[tuple[str, Seen]]:
    for number in numbers:
        read = raw_line("customers", ("cust_account_id",), decode(line(number), 1), 1, ledger.digester)
        yield read.key, Seen(read.digest, "t2026-11-20T08:00:00.000000", number + 1)


def _sides(number: int) -> list[dict[str, Any]]:
    common = {"link_id": number + 1, "integration": NAME, "snapshot": b"\0" * 120}
    source = {"system": "ebs", "object": "customers", "other": "organizations", "key": f"{100000 + number}"}
    target = {
        "system": "zendesk",
        "object": "organizations",
        "other": "customers",
        "key": f"{10**12 + number}",
    }
    return [{**common, **source}, {**common, **target}]


def measure() -> list[Measured]:
    """The CPU per unchanged record, and the memory of the run."""
    with tempfile.TemporaryDirectory(prefix="ml-bench-") as name:
        folder = Path(name)
        ledger = Ledger(f"sqlite:///{folder}/ledger.db")
        fill(ledger, LINKS)
        ledger.close()
        config = {
            "base_url": "http://127.0.0.1:9",
            "client_id": "none",
            "client_secret": "nothing-is-sent",
            "source_system": "ebs",
            "ledger_url": f"sqlite:///{folder}/ledger.db",
            "stream_maps": {"customers": MAPPING},
        }
        (folder / "config.json").write_text(json.dumps(config))
        return _measure(folder)


def _measure(folder: Path) -> list[Measured]:
    chosen = random.Random(1).sample(range(LINKS), min(RECORDS, LINKS))
    schema = json.dumps(SCHEMA).encode() + b"\n"
    inputs = {"empty": [], "some": chosen[:1000], "all": chosen}
    used = {}
    for name, numbers in inputs.items():
        given = folder / name
        with given.open("wb") as stream:
            stream.write(schema)
            stream.writelines(map(line, numbers))
            stream.write(b'{"type": "STATE", "value": {"done": true}}\n')
        variables = {"ML_CONNECTOR_HOME": str(folder)}
        used[name] = run_measured(NAME, ["--config", "config.json"], given, folder, variables)
        _all_unchanged(folder, len(numbers))
    cpu = (used["all"].cpu - used["some"].cpu) / (len(chosen) - 1000) * 1e6
    return [
        Measured(f"target, unchanged record, {LINKS:,} links", cpu, "µs CPU", GOAL),
        Measured("target, start", used["empty"].cpu, "s CPU"),
        Measured(f"target, memory with {len(chosen):,} records", used["all"].memory, "MiB"),
        Measured("target, memory with 1,000 records", used["some"].memory, "MiB"),
    ]


def _all_unchanged(folder: Path, count: int) -> None:
    text = (folder / "errors").read_text()
    summary = json.loads(text.rpartition("run summary ")[2].splitlines()[0])
    if summary["outcomes"]["unchanged"] != count or summary["read"] != count:
        raise RuntimeError(f"Not all were unchanged: {summary}")
