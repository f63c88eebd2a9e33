"""A stream of another maker's tap goes into an object of each target by `stream_maps` alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from foreign.installing import Install
from jde_target import MAPPING as JDE_MAPPING
from jde_target import JdeTarget
from zendesk_target import CITY, ZendeskTarget
from zoho_target import NUMBER, ZohoTarget

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


def test_clients_of_json_lines_become_customers_of_jd_edwards(program: str, tmp_path: Path) -> None:
    maps = {**JDE_MAPPING, "long_address": "number", "city": "town"}
    said = tapped(program, tmp_path, ROWS[:5])
    with running_sandbox() as sandbox:
        target = JdeTarget(sandbox, tmp_path)
        target.config |= {"stream_maps": {"clients": maps}}
        assert target.feed(said).check(0).outcomes == {"created": 5}
        addresses = target.by_key("F0116")
        assert {key: row["CTY1"] for key, row in addresses.items()} == {f"N{n}": "Bonn" for n in range(5)}
        moved = [{**ROWS[0], "town": "Paris"}, *ROWS[1:5]]
        run = target.feed(tapped(program, tmp_path, moved)).check(0)
        assert run.outcomes == {"updated": 1, "unchanged": 4}
        assert target.by_key("F0116")["N0"]["CTY1"] == "Paris"


ACCOUNTS = {
    "__alias__": "Accounts",
    "__key_properties__": [NUMBER],
    NUMBER: "number",
    "Account_Name": "name",
    "Billing_City": "town",
    "__else__": "__NULL__",
}


def test_clients_of_json_lines_become_accounts(program: str, target: ZendeskTarget, tmp_path: Path) -> None:
    zoho = ZohoTarget(target.sandbox, tmp_path)
    zoho.config["stream_maps"] = {"clients": ACCOUNTS}
    said = tapped(program, tmp_path, ROWS)
    run = zoho.feed(said).check(0)
    assert run.outcomes == {"created": 120}
    assert run.states[-1] == json.loads(said.splitlines()[-1])["value"]
    assert {key: row["Account_Name"] for key, row in zoho.accounts.items()} == {
        row["number"]: row["name"] for row in ROWS
    }
    zoho.sandbox.control.clear_requests()
    moved = [{**ROWS[0], "town": "Paris"}, *ROWS[1:]]
    assert zoho.feed(tapped(program, tmp_path, moved)).check(0).outcomes == {"updated": 1, "unchanged": 119}
    assert zoho.sent() == [{"id": zoho.accounts["N0"]["id"], "Billing_City": "Paris"}]
