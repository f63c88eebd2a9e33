"""A target process fed with generated customers, and what it used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_sandbox.zendesk.seed import CLIENT_ID, CLIENT_SECRET

SCHEMA = {
    "type": "SCHEMA",
    "stream": "customers",
    "key_properties": ["id"],
    "bookmark_properties": ["updated_at"],
    "schema": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "account_number": {"type": "string"},
            "name": {"type": "string"},
            "city": {"type": "string"},
            "updated_at": {"type": "string", "format": "date-time"},
            **{f"column_{number}": {"type": "string"} for number in range(15)},
        },
    },
}
STREAM_MAPS = {
    "customers": {
        "__alias__": "organizations",
        "__key_properties__": ["external_id"],
        "external_id": "account_number",
        "name": "name",
        "organization_fields": "{'ebs_city': city}",
        "__else__": "__NULL__",
    }
}


@dataclass(frozen=True)
class Used:
    """What a run used: its own summary, CPU seconds, peak memory in MB."""

    summary: Mapping[str, Any]
    cpu: float
    memory: float


def settings(url: str, folder: Path, **further: Any) -> Path:
    """The target's configuration as a file in `folder`, with a ledger of its own there."""
    config = {
        "base_url": f"{url}/zendesk",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "source_system": "ebs",
        "ledger_url": f"sqlite:///{folder / 'ledger.db'}",
        "token_store": str(folder / "tokens"),
        "organization_fields": [{"key": "ebs_city", "title": "City", "type": "text"}],
        "stream_maps": STREAM_MAPS,
        **further,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def customers(count: int, *, city: str = "Berlin", day: int = 1, first: int = 0) -> Iterator[dict[str, Any]]:
    """RECORD messages of 20 fields each."""
    for number in range(first, first + count):
        record = {
            "id": number,
            "account_number": f"A{number}",
            "name": f"Customer {number}",
            "city": city,
            "updated_at": f"2026-11-{day:02d}T00:00:00Z",
            **{f"column_{column}": f"value {column} of {number}" for column in range(15)},
        }
        yield {"type": "RECORD", "stream": "customers", "record": record}


def write(path: Path, messages: Iterable[Mapping[str, Any]]) -> Path:
    """A file of Singer messages, with their SCHEMA before and a STATE behind them."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(SCHEMA) + "\n")
        file.writelines(json.dumps(message) + "\n" for message in messages)
        file.write('{"type": "STATE", "value": {"bookmarks": {}}}\n')
    return path


def run(config: Path, messages: Path) -> Used:
    """Run the target over a file of messages; a run that fails ends the measurement."""
    command = [str(Path(sys.executable).parent / "target-zendesk-ml"), "--config", str(config)]
    with messages.open("rb") as lines, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdin=lines, stdout=subprocess.DEVNULL, stderr=errors)
        # Of this process alone: the totals of all children would keep the peak of the largest.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read()
    if process.returncode != 0:
        sys.exit(f"The target ended with {process.returncode}:\n{said}")
    line = next(line for line in said.splitlines() if "run summary" in line)
    summary = json.loads(line.partition("run summary ")[2])
    return Used(summary, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
