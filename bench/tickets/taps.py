"""The two taps, as commands that `ml-sandbox exec` runs unmodified."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.peers import environments
from bench.peers.runs import execute
from bench.peers.tools import Command
from ml_sandbox.zendesk.seed import CLIENT_ID, CLIENT_SECRET, SUBDOMAIN

OURS, PEER = "tap-zendesk-ml", "tap-zendesk"
STREAMS = ("users", "tickets", "ticket_comments")
_REFERENCE = "$ref"


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
    path = _write(folder / "ours.json", config)
    program = [str(Path(sys.executable).with_name(OURS)), "--config", str(path)]
    catalog = folder / "ours.catalog.json"
    execute(url, Command([*program, "--discover"]), folder / "discovered.json", catalog)
    _write(catalog, selected(_load(catalog)))
    return Command([*program, "--catalog", str(catalog)])


def peer(folder: Path, since: int, access_token: str) -> Command:
    """singer-io's tap, with all users, and the tickets that changed since a moment in Unix seconds."""
    interpreter = environments.python(PEER)
    config = {"subdomain": SUBDOMAIN, "access_token": access_token, "start_date": _iso(0)}
    state = {"bookmarks": {"tickets": {"generated_timestamp": _iso(since)}}}
    catalog = {"streams": [entry(interpreter, stream) for stream in STREAMS]}
    return Command(
        [
            str(interpreter.with_name(PEER)),
            *("--config", str(_write(folder / "peer.json", config))),
            *("--catalog", str(_write(folder / "peer.catalog.json", catalog))),
            *("--state", str(_write(folder / "peer.state.json", state))),
        ]
    )


def entry(interpreter: Path, stream: str) -> dict[str, Any]:
    """A stream of its catalog, all fields selected, with the schema that it brings."""
    (schemas,) = interpreter.parents[1].glob("lib/python*/site-packages/tap_zendesk/schemas")
    schema = _resolved(_load(schemas / f"{stream}.json"), schemas)
    fields = [
        {"breadcrumb": ["properties", name], "metadata": {"inclusion": "available", "selected": True}}
        for name in schema["properties"]
    ]
    whole = {"breadcrumb": [], "metadata": {"selected": True, "table-key-properties": ["id"]}}
    return {"stream": stream, "tap_stream_id": stream, "schema": schema, "metadata": [whole, *fields]}


def _resolved(schema: Any, schemas: Path) -> Any:
    """A schema with the shared ones that it refers to."""
    if isinstance(schema, list):
        return [_resolved(each, schemas) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if _REFERENCE not in schema:
        return {name: _resolved(each, schemas) for name, each in schema.items()}
    name, _, inside = schema[_REFERENCE].partition("#")
    found = _load(schemas / name)
    for step in filter(None, inside.split("/")):
        found = found[step]
    return _resolved(found, schemas)


def selected(catalog: dict[str, Any], streams: Iterable[str] = STREAMS) -> dict[str, Any]:
    """A discovered catalog with these streams alone selected."""
    wanted = set(streams)
    for entry in catalog["streams"]:
        for each in entry["metadata"]:
            if not each["breadcrumb"]:
                each["metadata"]["selected"] = entry["tap_stream_id"] in wanted
    return catalog


def _iso(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
