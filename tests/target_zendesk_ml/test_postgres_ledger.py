"""The same target with its ledger on PostgreSQL."""

from __future__ import annotations

import signal

import pytest
from fixtures.postgres import PostgresServer
from singer_lines import customer, customers, state
from support.kills import kill_when, slow_from
from zendesk_target import ZendeskTarget

LATER = "2026-11-21T00:00:00Z"


@pytest.mark.postgres
def test_from_the_first_run_to_the_replay(target: ZendeskTarget, postgres: PostgresServer) -> None:
    target.config["ledger_url"] = postgres.new_database()
    run = target.run([*customers(range(120)), customer(500, name=None), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"created": 120, "rejected": 1}, [{"k": 1}])
    again = target.run([*customers(range(120)), customer(500, name=None)]).check(0)
    assert (again.outcomes, target.calls()) == ({"unchanged": 120, "rejected": 1}, [])
    changed = target.run(
        [*customers(range(3), city="Paris", updated=LATER), *customers(range(3, 120))]
    ).check(0)
    assert (changed.outcomes, target.calls()) == ({"updated": 3, "unchanged": 117}, ["PUT update_many"])

    (letter,) = target.letters()
    replay = customer(500, name=None, _ml_letter={"id": letter.id, "overlay": {"name": "Mended"}})
    assert target.run([replay]).check(0).outcomes == {"created": 1}
    assert (target.letters(), target.history("A500")) == ([], ["rejected", "created"])
    assert not list((target.folder / "home").glob("*.db")), "no other ledger was opened"

    with target.ledger() as ledger, ledger.lease(target.integration, plugin="another-target"):
        assert "another-target" in target.run([customer(1)]).check(5).errors


@pytest.mark.postgres
def test_killed_and_run_again(target: ZendeskTarget, postgres: PostgresServer) -> None:
    target.config["ledger_url"] = postgres.new_database()
    target.sandbox.control.settings(zendesk={"job_seconds": 0.5})
    target.sandbox.control.faults(slow_from("zendesk", "*/job_statuses/*", 1, seconds=9))
    kill = kill_when(lambda: "POST create_many" in target.calls())
    assert target.run_and(kill, customers(range(30))).exit_code == -signal.SIGKILL
    target.sandbox.control.faults()
    target.run([*customers(range(30)), state({"k": 1})], lease_wait=10).check(0)
    assert (len(target.organizations), target.journal()) == (30, 0)
    assert target.run(customers(range(30))).check(0).outcomes == {"unchanged": 30}
