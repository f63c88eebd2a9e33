"""A stream of another maker's tap goes into organizations by `stream_maps` alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from foreign.installing import Install
from zendesk_target import CITY, ZendeskTarget

from ml_sandbox.testing import RunningSandbox

CLIENTS: dict[str, Any] = {
    "__alias__": "organizations",
    "__key_properties__": ["external_id"],
    "external_id": "number",
    "name": "name",
    "organization_fields": "{'ebs_city': town}",
    "__else__": "__NULL__",
}
ROWS = [{"number": f"N{number}", "name": f"Client {number}", "town": "Bonn"} for number in range(120)]


@pytest.fixture(scope="module")
def program(install: Install) -> str:
    return install("tap-jsonl")


@pytest.fixture
def target(tmp_path: Path) -> Any:
    settings = {"zendesk.job_seconds": 0.1, "zendesk.job_row_seconds": 0.0005}
    with running_sandbox(settings=settings) as sandbox:
        yield _clients_to(sandbox, tmp_path)


def _clients_to(sandbox: RunningSandbox, folder: Path) -> ZendeskTarget:
    target = ZendeskTarget(sandbox, folder)
    target.config["stream_maps"] = {"clients": CLIENTS}
    return target


def tapped(program: str, folder: Path, rows: list[dict[str, Any]]) -> bytes:
    """What the tap says of these rows in a file."""
    (folder / "clients.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    config = folder / "tap.json"
    config.write_text(
        json.dumps({"path": f"{folder}/*.jsonl", "primary_keys": ["number"], "stream_name": "clients"})
    )
    done = subprocess.run([program, "--config", str(config)], cwd=folder, capture_output=True, check=True)
    return done.stdout


def test_clients_of_json_lines_become_organizations(
    program: str, target: ZendeskTarget, tmp_path: Path
) -> None:
    said = tapped(program, tmp_path, ROWS)
    run = target.feed(said).check(0)
    assert run.outcomes == {"created": 120}
    assert run.states[-1] == json.loads(said.splitlines()[-1])["value"]
    assert {key: row["name"] for key, row in target.organizations.items()} == {
        row["number"]: row["name"] for row in ROWS
    }
    # The file is new, and with it the tap's own columns; nothing of the clients is.
    moved = [{**ROWS[0], "town": "Paris"}, *ROWS[1:]]
    target.sandbox.control.clear_requests()
    assert target.feed(tapped(program, tmp_path, moved)).check(0).outcomes == {"updated": 1, "unchanged": 119}
    assert target.organizations["N0"]["organization_fields"] == {CITY["key"]: "Paris"}
    assert target.calls() == ["PUT update_many"]
