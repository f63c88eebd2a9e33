"""The three ways from customers to Zendesk, as commands that `ml-sandbox exec` runs unmodified."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.data import FIELDS, STREAM_MAPS, Customer, write_messages, write_rows
from bench.peers import environments
from ml_sandbox.zendesk.seed import ADMIN_EMAIL, API_TOKEN, CLIENT_ID, CLIENT_SECRET, SUBDOMAIN

ACCOUNT = {"ZENDESK_SUBDOMAIN": SUBDOMAIN, "ZENDESK_EMAIL": ADMIN_EMAIL, "ZENDESK_API_TOKEN": API_TOKEN}
TARGET, ZENPY, DRT = "target-zendesk-ml", "zenpy loop", "drt-core"


@dataclass(frozen=True)
class Command:
    """A program to run: what it reads from standard input, and what its environment adds."""

    arguments: list[str]
    given: Path = Path(os.devnull)
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


def target(folder: Path, customers: list[Customer], **settings: Any) -> Command:
    """Our target over a file of Singer messages, with a ledger in `folder`."""
    config = {
        "subdomain": SUBDOMAIN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "source_system": "ebs",
        "ledger_url": f"sqlite:///{folder / 'ledger.db'}",
        "token_store": str(folder / "tokens"),
        "stream_maps": STREAM_MAPS,
        **FIELDS,
        **settings,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    program = str(Path(sys.executable).parent / TARGET)
    return Command([program, "--config", str(path)], write_messages(folder / "messages.jsonl", customers))


def zenpy(folder: Path, customers: list[Customer], since: str = "") -> Command:
    """The plain loop over a file of rows, those newer than `since`."""
    rows = write_rows(folder / "rows.jsonl", customers)
    script = environments.FOLDER / "zenpy_loop.py"
    return Command([str(environments.python("zenpy")), str(script), str(rows), since], environment=ACCOUNT)


def drt(folder: Path, customers: list[Customer], *options: str) -> Command:
    """A drt project of two syncs over a warehouse with a table for each."""
    shutil.copytree(environments.FOLDER / "drt", folder, dirs_exist_ok=True)
    home = folder / ".drt"
    home.mkdir(exist_ok=True)
    shutil.copy(folder / "profiles.yml", home)
    rows = write_rows(folder / "rows.jsonl", customers)
    interpreter = environments.python("drt")
    environments.run(
        [str(interpreter), str(environments.FOLDER / "drt_warehouse.py"), "warehouse.duckdb", str(rows)],
        folder,
    )
    # Its profiles are in the home folder, its state is in the project's.
    surroundings = {**ACCOUNT, "HOME": str(folder), "DO_NOT_TRACK": "1"}
    program = str(interpreter.with_name("drt"))
    return Command([program, "run", *options], environment=surroundings, folder=folder)
