"""The two taps, as commands that `ml-sandbox exec` runs unmodified."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.peers import environments
from bench.peers.runs import execute
from bench.peers.tools import Command
from ml_sandbox.zendesk.seed import CLIENT_ID, CLIENT_SECRET, SUBDOMAIN

OURS, PEER = "tap-zendesk-ml", "tap-zendesk"
STREAMS = ("users", "tickets", "ticket_comments")


def ours(url: str, folder: Path, since: int, settings: Mapping[str, Any]) -> Command:
    """Our tap, with what changed since a moment in Unix seconds."""
    config = {
        "subdomain": SUBDOMAIN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "start_date": _iso(since),
        "token_store": str(folder / "tokens"),
        **settings,
    }
    program = Path(sys.executable).with_name(OURS)
    return _reading(url, folder, [str(program), "--config", str(_write(folder / "ours.json", config))])


def peer(url: str, folder: Path, since: int, access_token: str) -> Command:
    """singer-io's tap, with all users, and the tickets that changed since a moment in Unix seconds."""
    config = {"subdomain": SUBDOMAIN, "access_token": access_token, "start_date": _iso(0)}
    state = {"bookmarks": {"tickets": {"generated_timestamp": _iso(since)}}}
    program = environments.python(PEER).with_name(PEER)
    reading = _reading(url, folder, [str(program), "--config", str(_write(folder / "peer.json", config))])
    kept = _write(folder / "peer.state.json", state)
    return replace(reading, arguments=[*reading.arguments, "--state", str(kept)])


def _reading(url: str, folder: Path, program: list[str]) -> Command:
    """The command that reads the streams that are compared, of the catalog that the tap discovers."""
    catalog = folder / f"{Path(program[0]).name}.catalog.json"
    execute(url, Command([*program, "--discover"]), folder / "discovered.json", catalog)
    _write(catalog, selected(json.loads(catalog.read_text(encoding="utf-8"))))
    return Command([*program, "--catalog", str(catalog)])


def selected(catalog: dict[str, Any], streams: Iterable[str] = STREAMS) -> dict[str, Any]:
    """A discovered catalog with these streams alone selected, with all their fields."""
    wanted = set(streams)
    for entry in catalog["streams"]:
        for each in entry["metadata"]:
            each["metadata"]["selected"] = entry["tap_stream_id"] in wanted
    return catalog


def _iso(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
