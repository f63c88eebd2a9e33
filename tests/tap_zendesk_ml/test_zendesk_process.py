"""The tap's own command: kills, stops, checks, exit codes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import WhileRunning, run_plugin
from support.tap_run import State, TapRun
from support.zendesk import Row, Zendesk, catalog_of, ids

from ml_connector.errors import SystemFault
from ml_sandbox.zendesk import seed

Process = Callable[..., TapRun]
TICKETS = "/api/v2/incremental/tickets/cursor"
EVENTS = "/api/v2/incremental/ticket_events"


@pytest.fixture
def process(zendesk: Zendesk, tmp_path: Path) -> Process:
    """Runs the tap's command with some streams selected; `changes` are settings, null ones too."""

    def run(
        *streams: str,
        state: State | None = None,
        options: tuple[str, ...] = (),
        while_running: WhileRunning | None = None,
        **changes: Any,
    ) -> TapRun:
        settings = {**zendesk.settings, **changes}
        files = {"config": settings, "catalog": catalog_of(zendesk.settings, *streams), "state": state or {}}
        arguments = list(options)
        for name, content in files.items():
            if name == "config" or streams:
                (tmp_path / f"{name}.json").write_text(json.dumps(content))
                arguments += [f"--{name}", str(tmp_path / f"{name}.json")]
        done = run_plugin("tap-zendesk-ml", arguments, b"", tmp_path, while_running=while_running)
        assert "Traceback" not in done.errors
        return TapRun(done.output.decode().splitlines(), done.errors, done.exit_code)

    return run


def world(zendesk: Zendesk) -> None:
    """Eight tickets with two comments each, a minute apart."""
    for number in range(8):
        (ticket,) = zendesk.tickets(1, first=number)
        zendesk.comment(ticket, f"Answer {number}")
        zendesk.later(60)
    zendesk.later()


def complete(run: TapRun) -> TapRun:
    """What a killed run had written whole: the lines up to its last STATE, as a target would keep them."""
    lines = [line for line in run.lines if line.endswith("}")]
    last = max(place for place, line in enumerate(lines) if '"type":"STATE"' in line)
    return TapRun(lines[: last + 1])


@pytest.mark.parametrize("path", [TICKETS, EVENTS, "/api/v2/tickets/*/audits"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_is_resumed_without_a_gap(
    zendesk: Zendesk, process: Process, path: str, number: signal.Signals
) -> None:
    world(zendesk)
    streams = ("tickets", "ticket_comments", "ticket_audits", "ticket_metrics")
    # On the second page of each: the first has its STATE.
    after = 4 if "audits" in path else 2
    hang: Row = {"fault": "timeout", "after": after, "times": None, "seconds": 600}
    zendesk.control.faults({"system": "zendesk", "path": f"{path}*", **hang})

    def kill(pid: int) -> None:
        deadline = time.monotonic() + 30
        while not zendesk.control.present_faults()[0]["fired"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(pid, number)

    killed = process(*streams, while_running=kill, page_size=3, read_timeout=5)
    assert killed.code == (-9 if number == signal.SIGKILL else 143)
    zendesk.control.faults()
    kept = complete(killed)
    rest = process(*streams, state=kept.state, page_size=3)
    assert rest.code == 0, rest.errors
    for stream in ("tickets", "ticket_comments", "ticket_audits"):
        wanted = {row["id"] for row in zendesk.rows(stream)}
        assert set(ids(kept, stream)) | set(ids(rest, stream)) == wanted
        # What was sent before the last state is not sent again, but for comments and audits on its edge.
        assert len(set(ids(kept, stream)) & set(ids(rest, stream))) <= 2
    assert {record["ticket_id"] for each in (kept, rest) for record in each.records("ticket_metrics")} == {
        row["id"] for row in zendesk.rows("tickets")
    }


def test_the_check_names_what_is_wrong(zendesk: Zendesk, process: Process) -> None:
    zendesk.later(3600)
    done = process("tickets", "ticket_audits", "groups", options=("--check",))
    said = {check["check"]: check for check in done.messages}
    assert {name: check["ok"] for name, check in said.items()} == {
        "login": True,
        "clock": False,  # that of the simulator is ahead
        "exports": True,
        "stream ticket_audits": True,
        "stream groups": True,
    }
    assert "NTP" in said["clock"]["fix"]
    assert done.code == 5
    agent = {"client_id": seed.AGENT_CLIENT_ID, "client_secret": seed.AGENT_CLIENT_SECRET}
    refused = next(
        each
        for each in process("tickets", options=("--check",), **agent).messages
        if each["check"] == "exports"
    )
    assert not refused["ok"]
    assert "admin" in refused["fix"]
    narrow = {"scope": "tickets:read users:read", "token_store": f"{zendesk.settings['token_store']}-narrow"}
    checks = process("tickets", "ticket_audits", options=("--check",), **narrow).messages
    (refused,) = [each for each in checks if not each["ok"] and each["check"] != "clock"]
    assert refused["check"] == "stream ticket_audits"
    assert "scope" in refused["fix"]
    wrong = process("tickets", client_secret="wrong")
    assert wrong.code == 5
    assert "credentials" in wrong.errors


def test_discovery_and_summary(zendesk: Zendesk, process: Process) -> None:
    zendesk.tickets(2)
    zendesk.later()
    catalog = json.loads("".join(process(options=("--discover",)).lines))
    assert len(catalog["streams"]) == 22
    selected = [
        stream["stream"]
        for stream in catalog["streams"]
        if next(each for each in stream["metadata"] if each["breadcrumb"] == [])["metadata"].get("selected")
    ]
    assert sorted(selected) == ["organizations", "ticket_comments", "tickets", "users"]
    run = process("tickets")
    assert run.summary["records"] == {"tickets": 2}
    assert run.summary["quota_left"]["requests"] > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base_url": None}, "subdomain"),
        ({"base_url": None, "subdomain": "no host"}, "subdomain"),
        ({"client_secret": None}, "client_secret is missing"),
        ({"auth_mode": "api_token", "email": "admin@acme.example"}, "api_token is missing"),
        ({"auth_mode": "refresh_token"}, "refresh_token is missing"),
    ],
)
def test_settings_that_make_no_login(zendesk: Zendesk, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SystemFault, match=message):
        zendesk.read("tickets", **changes)


def test_an_api_token_still_serves(zendesk: Zendesk) -> None:
    zendesk.tickets(1)
    zendesk.later()
    login: dict[str, Any] = {"auth_mode": "api_token", "email": seed.ADMIN_EMAIL, "api_token": seed.API_TOKEN}
    assert len(zendesk.read("tickets", client_id=None, client_secret=None, **login).records("tickets")) == 1
    assert zendesk.requests("/oauth") == []


def test_a_plan_that_lacks_something_is_told(zendesk: Zendesk) -> None:
    body = {"error": "InvalidEndpoint", "description": "Not found"}
    fault: Row = {"fault": "status", "status": 404, "body": body, "times": None}
    zendesk.control.faults({"system": "zendesk", "path": "/api/v2/slas/policies*", **fault})
    with pytest.raises(SystemFault, match="take the stream out of the selection"):
        zendesk.read("sla_policies")


def test_the_scope_that_is_asked_for_is_to_read(zendesk: Zendesk) -> None:
    zendesk.read("groups", token_lifetime=600)
    (login,) = zendesk.requests("/oauth/tokens")
    assert login["body"]["scope"] == "read"
    assert login["body"]["expires_in"] == 600
