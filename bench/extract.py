"""A tap process that reads the sandbox's EBS, and what it used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Under which alias the sandbox deploys what is not among the customer tables.
_ALIASES = {
    "suppliertables": "PO_VENDORS PO_VENDOR_SITES_ALL",
    "potables": "PO_HEADERS_ALL PO_LINES_ALL PO_LINE_LOCATIONS_ALL PO_DISTRIBUTIONS_ALL",
    "aptables": "AP_INVOICES_ALL AP_INVOICE_DISTRIBUTIONS_ALL AP_PAYMENT_SCHEDULES_ALL",
    "omtables": "OE_ORDER_HEADERS_ALL OE_ORDER_LINES_ALL RA_CUSTOMER_TRX_ALL AR_PAYMENT_SCHEDULES_ALL",
    "gltables": "GL_CODE_COMBINATIONS GL_DAILY_RATES",
}
PROGRAM = str(Path(sys.executable).parent / "tap-oracle-ebs")


@dataclass(frozen=True)
class Extract:
    """What a run gave and used: its own summary, its last STATE, seconds, CPU seconds, peak memory in MB."""

    summary: Mapping[str, Any]
    state: Mapping[str, Any]
    seconds: float
    cpu: float
    memory: float

    @property
    def records(self) -> int:
        """Records of all streams."""
        return sum(self.summary["records"].values())


def run(url: str, folder: Path, streams: Sequence[str], state: Mapping[str, Any], **settings: Any) -> Extract:
    """Read `streams` from the sandbox at `url`; a run that fails ends the measurement."""
    config = folder / "tap.json"
    config.write_text(json.dumps({**_access(url, folder), **settings}), encoding="utf-8")
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    catalog = folder / "catalog.json"
    catalog.write_text(json.dumps(_selected(config, streams)), encoding="utf-8")
    command = [PROGRAM, "--config", str(config), "--catalog", str(catalog)]
    if state:
        command += ["--state", str(folder / "state.json")]
    # The records go into a pipe that is read and thrown away, as by a target that is faster than any.
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        last = {}
        for message in process.stdout:
            if message.startswith(b'{"type":"STATE"'):
                last = json.loads(message)["value"]
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read()
    if process.returncode != 0:
        sys.exit(f"The tap ended with {process.returncode}:\n{said}")
    line = next(line for line in said.splitlines() if "run summary" in line)
    summary = json.loads(line.partition("run summary ")[2])
    return Extract(summary, last, summary["seconds"], used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _access(url: str, folder: Path) -> dict[str, Any]:
    return {
        "base_url": f"{url}/ebs",
        "username": "ML_EXTRACT",
        "password": "extract-1",
        "alias": "custtables",
        "aliases": {table: alias for alias, tables in _ALIASES.items() for table in tables.split()},
        "responsibility": "ML_CONNECTOR_INQUIRY",
        "responsibility_application": "AR",
        "server_timezone": "America/New_York",
        "token_store": str(folder / "tokens"),
        "window_lag": 0,
        "look_back": 0,
        "page_size": 5000,
    }


def _selected(config: Path, streams: Sequence[str]) -> dict[str, Any]:
    """The tap's catalog with these streams alone."""
    found = subprocess.run([PROGRAM, "--config", str(config), "--discover"], capture_output=True, check=True)
    catalog: dict[str, Any] = json.loads(found.stdout)
    catalog["streams"] = [entry for entry in catalog["streams"] if entry["tap_stream_id"] in streams]
    for entry in catalog["streams"]:
        for each in entry["metadata"]:
            each["metadata"]["selected"] = True
    return catalog
