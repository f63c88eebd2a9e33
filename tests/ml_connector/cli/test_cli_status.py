"""`status`, `audit`, `pause`, `resume`, `forget`, `prune`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fixtures.letters import add_letter
from sqlalchemy import text
from support.cli import Cli

from ml_connector.ledger import AuditRow, Ledger, Side

SUMMARY: dict[str, Any] = {
    "read": 915,
    "outcomes": {"created": 12, "unchanged": 900, "rejected": 0},
    "filtered": 3,
    "requests": 41,
    "quota": {"limit": 700, "remaining": 630},
    "bookmark": "2026-01-01T00:00:00Z",
    "warnings": ["The mapping of customers changed."],
}


def add_run(ledger: Ledger, plugin: str = "target-zendesk-ml", exit_code: int | None = 0, **more: Any) -> int:
    integration = more.pop("integration", "ebs-zendesk")
    with ledger.write(integration, "t") as tx:
        number = tx.runs.start(integration, plugin, dry=more.pop("dry", False))
        if exit_code is None:
            tx.runs.beat(number, SUMMARY | more)
        else:
            tx.runs.end(number, exit_code, more.pop("reason", None), SUMMARY | more)
    return number


def test_status_shows_the_last_real_run_of_each_direction(ledger: Ledger, cli: Cli) -> None:
    add_run(ledger)
    last = add_run(ledger, exit_code=3, reason="too many rejected")
    add_run(ledger, dry=True)
    other = add_run(ledger, plugin="target-oro", integration="zendesk-oro")
    add_letter(ledger, {"id": 1})
    with ledger.write("", "") as tx:
        tx.runs.pause("zendesk-oro", "moving house")
    report = cli.json("status")
    assert [run["id"] for run in report["runs"]] == [last, other]
    assert report["runs"][0]["state"] == "exit 3"
    assert report["runs"][0]["summary"]["requests"] == 41
    assert report["runs"][0]["bookmark_age_seconds"] > 86_400 * 300
    assert report["open_letters"] == [{"integration": "ebs-zendesk", "target": "zendesk", "letters": 1}]
    assert [(row["integration"], row["reason"]) for row in report["paused"]] == [
        ("zendesk-oro", "moving house")
    ]
    only = cli.json("status", "-i", "zendesk-oro")
    assert [run["id"] for run in only["runs"]] == [other]
    assert only["open_letters"] == []
    assert [run["dry"] for run in cli.json("status", "--runs", "2")["runs"]] == [False, True]


def test_status_as_a_process_prints_tables(ledger: Ledger, cli: Cli) -> None:
    add_run(ledger, exit_code=3, reason="too many rejected")
    add_letter(ledger, {"id": 1})
    done = cli.process("status")
    assert done.exit_code == 0, done.errors
    for words in (
        "ebs-zendesk",
        "12 created, 900 unchanged, 3 filtered",
        "10%",
        "exit 3",
        "too many rejected",
    ):
        assert words in done.output.decode()
    assert "1 open letters of zendesk" in done.output.decode()
    assert "The mapping of customers changed." in done.output.decode()


def test_an_empty_ledger_has_no_runs(cli: Cli) -> None:
    assert "No run is known" in cli("status").output
    assert "Nothing is running" in cli("status", "--running").output


def test_a_summary_without_members_is_no_fault(ledger: Ledger, cli: Cli) -> None:
    with ledger.write("i", "t") as tx:
        number = tx.runs.start("i", "target-x", dry=False)
        tx.runs.end(number, 0, None, {"quota": "plenty", "outcomes": None, "bookmark": "once", "progress": 7})
        tx.runs.start("i", "target-y", dry=False)
    assert "settled" in cli("status").output
    assert "target-y" in cli("status", "--running").output


def test_runs_under_way_show_rate_and_time_left(ledger: Ledger, cli: Cli) -> None:
    add_run(ledger)
    progress = {"done": 200, "expected": 1000, "rate": 100.0}
    number = add_run(ledger, plugin="target-live", exit_code=None, progress=progress)
    [run] = cli.json("status", "--running")["runs"]
    assert (run["id"], run["state"], run["seconds_left"]) == (number, "running", 8.0)
    assert "200 of 1000" in cli("status", "--running").output
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE run SET beat_at = beat_at - 600 WHERE ended_at IS NULL"))
    assert cli.json("status", "--running")["runs"][0]["state"] == "silent"
    assert "silent since 10 min ago" in cli("status", "--running").output


def fill_audit(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        rows = [
            AuditRow("customers", "organizations", "1", "rejected", reason="Name: taken", request_id="r-1"),
            AuditRow("customers", "organizations", "1", "created", target_key="900", fields={"name": "ab"}),
        ]
        tx.runs.audit(7, "i", rows)
        tx.links.create(
            {"s": Side("customers", "1", "organizations"), "t": Side("organizations", "900", "customers")}
        )


def test_audit_tells_what_happened_from_either_side(ledger: Ledger, cli: Cli) -> None:
    fill_audit(ledger)
    assert [row["outcome"] for row in cli.json("audit", "1")] == ["rejected", "created"]
    assert [row["outcome"] for row in cli.json("audit", "900")] == ["created"]
    assert cli.json("audit", "1", "--limit", "1")[0]["fields"] == {"name": "ab"}
    assert cli.json("audit", "1", "-i", "other") == []
    for words in ("Name: taken", "r-1", "created", "900"):
        assert words in cli("audit", "1").output
    assert "Nothing is noted" in cli("audit", "nobody").output


def test_pause_and_resume(ledger: Ledger, cli: Cli) -> None:
    assert cli.json("pause", "i", "--reason", "audit")["paused"] is True
    with ledger.read() as tx:
        assert tx.runs.paused("i", default=False) == (True, "audit")
    assert "i may run" in cli("resume", "i").output
    with ledger.read() as tx:
        assert tx.runs.paused("i", default=True)[0] is False


def test_forget_asks_first_and_then_deletes(ledger: Ledger, cli: Cli) -> None:
    fill_audit(ledger)
    refused = cli("forget", "900", code=5)
    assert "--yes" in refused.output
    assert len(cli.json("audit", "1")) == 2
    counts = cli.json("forget", "900", "--yes")
    assert (counts["audit"], counts["links"]) == (2, 1)
    assert cli.json("audit", "1") == []


def test_prune_keeps_the_young(ledger: Ledger, cli: Cli) -> None:
    fill_audit(ledger)
    assert cli.json("prune", "--older-than", "1d") == {"audit": 0, "letters": 0, "runs": 0}
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET at = at - 200000"))
    assert "2 audit rows" in cli("prune", "--older-than", "1d").output


@pytest.mark.parametrize("age", ["soon", "0d", "-3d"])
def test_prune_refuses_what_is_no_age(cli: Cli, age: str) -> None:
    cli("prune", f"--older-than={age}", code=5)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["status", "--ledger-url", "mysql://root:hunter2@127.0.0.1/x"], 5, "cannot live in mysql"),
        (["status", "--ledger-url", "postgresql://u:hunter2@/x?host=/nowhere"], 4, "cannot be reached"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_faults_are_told_without_traceback_or_password(
    cli: Cli, arguments: list[str], code: int, complaint: str
) -> None:
    done = cli.process(*arguments)
    assert done.exit_code == code
    assert complaint in done.errors
    assert "Traceback" not in done.errors
    assert "hunter2" not in done.errors + done.output.decode()


def test_the_ledger_of_the_project_is_found_from_any_folder_in_it(cli: Cli) -> None:
    project = cli.folder / "project"
    deep = project / "notebooks" / "deep"
    deep.mkdir(parents=True)
    (project / "meltano.yml").write_text("version: 1\n")
    done = cli.process("ledger", "info", "--json", folder=deep, ML_CONNECTOR_HOME="")
    assert done.exit_code == 0, done.errors
    assert json.loads(done.output.decode())["url"] == f"sqlite:///{project}/.ml-connector/ledger.db"
