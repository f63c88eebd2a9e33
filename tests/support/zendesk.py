"""What the tests of tap-zendesk-ml share: settings, a catalog, an account to work in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.tap_run import State, TapRun, run_here

from ml_sandbox.testing import ControlClient, RunningSandbox
from ml_sandbox.zendesk import seed
from tap_zendesk_ml.tap import NAMES, TapZendesk

Row = dict[str, Any]

SYSTEM = "zendesk"
NEXT_DAY = 86_400
MINUTES = 300
"""Seconds after which nothing is withheld any more."""


def zendesk_settings(sandbox: RunningSandbox, folder: Path) -> dict[str, Any]:
    """What every run gives."""
    return {
        "base_url": f"{sandbox.url}/zendesk",
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "token_store": str(folder / "tokens"),
        "backoff": 0.01,
        "backoff_max": 0.05,
        "retry_after_default": 0.01,
        "exports_per_minute": 1000,
    }


def catalog_of(settings: Mapping[str, Any], *streams: str) -> dict[str, Any]:
    """The tap's catalog with these streams selected, whole."""
    catalog: dict[str, Any] = json.loads(TapZendesk(config=dict(settings)).catalog_json_text)
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            entry["metadata"]["selected"] = stream["tap_stream_id"] in streams
    return catalog


class Zendesk:
    """The tap, and somebody who works in the account that it reads."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.control: ControlClient = sandbox.control
        self.settings = zendesk_settings(sandbox, folder)

    def read(self, *streams: str, state: State | None = None, **changes: Any) -> TapRun:
        """Run the tap in this process; without names all streams are selected."""
        settings = {**self.settings, **changes}
        catalog = catalog_of(settings, *(streams or NAMES))
        self.control.clear_requests()
        return run_here(TapZendesk, settings, state, catalog=catalog)

    def put(self, object_name: str, *rows: Row) -> list[Row]:
        """Upsert rows."""
        return self.control.put_rows(SYSTEM, object_name, list(rows))

    def rows(self, object_name: str) -> list[Row]:
        """What the account holds."""
        return self.control.rows(SYSTEM, object_name)

    def tickets(self, count: int, **fields: Any) -> list[Row]:
        """New tickets; `first` is the number of the first."""
        first = fields.pop("first", 0)
        rows = [{"subject": f"Ticket {number}", **fields} for number in range(first, first + count)]
        return self.put("tickets", *rows)

    def comment(self, ticket: Row, body: str, **more: Any) -> Row:
        """A new comment."""
        (stored,) = self.put("ticket_comments", {"ticket_id": ticket["id"], "body": body, **more})
        return stored

    def later(self, seconds: float = MINUTES) -> None:
        """Let time pass."""
        self.control.jump(seconds)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API as the admin would."""
        import requests

        token = requests.post(
            f"{self.sandbox.url}/zendesk/oauth/tokens",
            json={
                "grant_type": "client_credentials",
                "client_id": seed.CLIENT_ID,
                "client_secret": seed.CLIENT_SECRET,
                "scope": "read write",
            },
            timeout=30,
        ).json()["access_token"]
        answer = requests.request(
            method,
            f"{self.sandbox.url}/zendesk/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=30,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def requests(self, part: str = "/api/") -> list[Row]:
        """The logged requests whose path holds a text."""
        return [request for request in self.control.requests(SYSTEM) if part in request["path"]]

    def paths(self, part: str = "/api/") -> list[str]:
        """Their paths."""
        return [str(request["path"]) for request in self.requests(part)]


def ids(run: TapRun, stream: str) -> list[Any]:
    """The ids of a stream's records, in order."""
    return [record["id"] for record in run.records(stream)]


def counts(run: TapRun) -> dict[str, int]:
    """How many records each stream gave; not those that gave none."""
    found: dict[str, int] = {}
    for message in run.of_type("RECORD"):
        found[message["stream"]] = found.get(message["stream"], 0) + 1
    return found
