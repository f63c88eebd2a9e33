"""The command line, TLS, and unmodified clients of others."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from ml_sandbox.core.process import READY
from ml_sandbox.testing import running_sandbox
from ml_sandbox.zendesk import seed

COMMAND = [sys.executable, "-m", "ml_sandbox"]

ZENPY = f"""
from zenpy import Zenpy
from zenpy.lib.api_objects import Organization
client = Zenpy(subdomain="{seed.SUBDOMAIN}", email="{seed.ADMIN_EMAIL}", token="{seed.API_TOKEN}")
for number in range(3):
    client.organizations.create(Organization(name=f"Organization {{number}}", external_id=str(number)))
client.organizations.create_or_update(Organization(name="Renamed", external_id="1"))
print([organization.name for organization in client.organizations()])
print([organization.name for organization in client.organizations(external_ids=["1"])])
print(client.users.me().email)
"""

ZENPY_TICKETS = f"""
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket
client = Zenpy(subdomain="{seed.SUBDOMAIN}", email="{seed.ADMIN_EMAIL}", token="{seed.API_TOKEN}")
by_cursor = [ticket.id for ticket in client.tickets.incremental(start_time=1, paginate_by_time=False)]
assert sorted(by_cursor) == sorted(ticket.id for ticket in client.tickets.incremental(start_time=1))
events = list(client.tickets.events(start_time=1, include=["comment_events"]))
comments = sum(child["event_type"] == "Comment" for event in events for child in event.child_events)
print(len(by_cursor), comments)
listings = ("groups", "group_memberships", "ticket_forms", "macros", "satisfaction_ratings", "sla_policies",
            "ticket_metrics", "ticket_fields", "custom_statuses", "brands", "tags")
print([name for name in listings if not list(getattr(client, name)())])
given = [Ticket(subject=name, comment=Comment(body="a")) for name in "AB"]
first, second = (client.tickets.create(ticket).ticket for ticket in given)
audits = list(client.tickets.audits(ticket=first.id))
print(client.tickets.merge(target=first, source=second).status, len(audits))
client.tickets.delete(first)
print(client.tickets.restore(first).status_code, client.tickets(id=first.id).status)
"""


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_where_writes_its_port_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    port_file = tmp_path / "port"
    arguments = ["serve", "--port", "0", "--port-file", str(port_file), "--lifetime", "60"]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line.startswith(f"{READY}http://127.0.0.1:")
        url = line.removeprefix(READY).strip()
        assert url.endswith(f":{port_file.read_text().strip()}")
        assert requests.get(f"{url}/control", timeout=30).json()["systems"]["zendesk"]
        child.send_signal(number)
        assert child.wait(10) == 0
        assert child.stdout.read() == ""


def test_serve_ends_by_itself() -> None:
    began = time.monotonic()
    assert run("serve", "--port", "0", "--lifetime", "0.3").returncode == 0
    assert time.monotonic() - began < 30


def test_a_sandbox_ends_with_the_process_that_started_it() -> None:
    script = (
        "import os, ml_sandbox.testing as t\n"
        "with t.running_sandbox() as s:\n    print(s.url, flush=True)\n    os._exit(0)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    url = ended.stdout.strip()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            requests.get(f"{url}/control", timeout=5)
        except requests.ConnectionError:
            return
    raise AssertionError("the sandbox outlived its parent")


def test_a_taken_port_and_wrong_settings_are_explained() -> None:
    with running_sandbox() as running:
        taken = run("serve", "--port", running.url.rsplit(":", 1)[1])
    assert taken.returncode == 1
    assert "Choose another --port" in taken.stderr
    assert "Traceback" not in taken.stderr
    assert "zendesk.plan" in run("serve", "--port", "0", "--set", "zendesk.plam=x").stderr
    assert "NAME=VALUE" in run("serve", "--port", "0", "--set", "nonsense").stderr


def test_options_set_the_start() -> None:
    with running_sandbox(time_scale=7, latency_ms=1, settings={"zendesk.plan": "suite_team"}) as running:
        settings = running.control.settings()
    assert (settings["time_scale"], settings["latency_ms"], settings["zendesk.plan"]) == (7, 1, "suite_team")


def test_zenpy_works_unmodified_through_exec() -> None:
    ended = run("exec", "--", sys.executable, "-c", ZENPY)
    assert ended.returncode == 0, ended.stderr
    everything, found, user = ended.stdout.splitlines()
    assert everything == "['Organization 0', 'Renamed', 'Organization 2']"
    assert (found, user) == ("['Renamed']", seed.ADMIN_EMAIL)


def test_zenpy_reads_a_generated_world_of_tickets() -> None:
    options = (
        "--tickets",
        "40",
        "--comments",
        "2.5",
        "--time-scale",
        "60",
        "--set",
        "zendesk.high_volume=true",
    )
    ended = run("exec", *options, "--", sys.executable, "-c", ZENPY_TICKETS)
    assert ended.returncode == 0, ended.stderr
    counted, empty, merged, restored = ended.stdout.splitlines()
    assert counted == "39 97", "one of the forty is an AI agent's, with three of the hundred comments"
    assert (empty, merged, restored) == ("[]", "queued 1", "200 new")


def test_exec_with_a_running_sandbox_and_the_commands_exit_code() -> None:
    script = (
        "import sys, urllib.request as u, urllib.error as e\n"
        "try: u.urlopen('https://any.zendesk.com/api/v2/organizations')\n"
        "except e.HTTPError as error: sys.exit(error.code - 400)\n"
    )
    with running_sandbox(tls=True) as running:
        port = running.url.rsplit(":", 1)[1]
        for address in (("--url", running.url), ("--port", port)):
            ended = run("exec", *address, "--", sys.executable, "-c", script)
            assert ended.returncode == 1, ended.stderr
        assert [request["path"] for request in running.control.requests("zendesk")] == [
            "/api/v2/organizations"
        ] * 2


def test_host_names_reach_the_vendor_but_never_the_control_api() -> None:
    with running_sandbox(tls=True) as running:
        ca = running.control.certificate_authority()
        assert ca.startswith("-----BEGIN CERTIFICATE-----")
        script = (
            "import urllib.request as u, urllib.error as e\n"
            "try: u.urlopen('https://acme.zendesk.com/control')\n"
            "except e.HTTPError as error: print(error.code, error.read().decode())\n"
        )
        ended = run("exec", "--url", running.url, "--", sys.executable, "-c", script)
    assert ended.stdout.startswith("404 ")
    assert "InvalidEndpoint" in ended.stdout


def test_exec_explains_what_is_wrong() -> None:
    missing = run("exec", "--port", "9", "--", "true")
    assert (missing.returncode, "No sandbox with TLS answers" in missing.stderr) == (1, True)
    assert "https://" in run("exec", "--url", "http://127.0.0.1:9", "--", "true").stderr
    with running_sandbox(tls=True) as running:
        unknown = run("exec", "--url", running.url, "--", "no-such-command")
    assert (unknown.returncode, "no-such-command" in unknown.stderr) == (127, True)
