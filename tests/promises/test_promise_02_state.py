"""STATE never passes a record whose outcome is not durable."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from singer_lines import Message, customers, state
from support.kills import kill_when, slow_from
from zendesk_target import SYSTEM, ZendeskTarget

STEP = 40
STEPS = 6


def messages() -> list[Message]:
    """Records with a STATE after each forty, which names how many came before it."""
    found: list[Message] = []
    for number in range(STEPS):
        found += [
            *customers(range(number * STEP, (number + 1) * STEP)),
            state({"before": (number + 1) * STEP}),
        ]
    return found


def settled(target: ZendeskTarget) -> set[int]:
    """The customers whose outcome is in the ledger."""
    with target.ledger() as ledger, ledger.read(target.integration, SYSTEM) as tx:
        links = tx.links.by_partner("ebs", "organizations", [f"A{n}" for n in range(STEP * STEPS)])
    return {int(identity[1:]) for identity in links}


def assert_within(target: ZendeskTarget, states: list[Any]) -> None:
    durable = settled(target)
    for reached in states:
        assert set(range(reached["before"])) <= durable, reached


@pytest.mark.parametrize(
    "fault", [{"fault": "lost_response"}, {"fault": "status", "status": 500}, {"fault": "reset"}]
)
def test_not_in_a_run_that_fails(target: ZendeskTarget, fault: dict[str, object]) -> None:
    """Guard: the condition `< first_open` of `StateTracker.ready`."""
    path = {"system": "zendesk", "path": "*/create_many", "after": 1}
    target.sandbox.control.faults({**path, **fault})
    run = target.run(messages()).check(4)
    assert settled(target) != set(range(STEP * STEPS))
    assert_within(target, run.states)
    assert target.run(messages()).check(0).states[-1] == {"before": STEP * STEPS}


def test_not_in_a_run_that_is_killed(target: ZendeskTarget) -> None:
    target.sandbox.control.settings(zendesk={"job_seconds": 0.4})
    target.sandbox.control.faults(slow_from(SYSTEM, "*/job_statuses/*", 1, seconds=9))
    kill = kill_when(lambda: "POST create_many" in target.calls())
    run = target.run_and(kill, messages(), max_batch_age=0.1)
    assert run.exit_code == -signal.SIGKILL
    target.sandbox.control.faults()
    assert_within(target, run.states)
    assert target.run(messages()).check(0).states[-1] == {"before": STEP * STEPS}
    assert settled(target) == set(range(STEP * STEPS))


def test_not_a_record_that_a_scan_misses(target: ZendeskTarget) -> None:
    """Guard: `TargetRun.activate` settles what is missing before the next line is read."""
    target.config["on_delete"] = "flag"
    target.run(customers(range(STEP))).check(0)
    found = [{**each, "version": 7} for each in customers(range(STEP - 10))]
    end: Message = {"type": "ACTIVATE_VERSION", "stream": "customers", "version": 7}
    story = [*found, state("before"), end, state("after")]
    refused = target.run(story, max_deleted=9).check(5)
    assert refused.states == ["before"]
    killed = target.run_and(kill_when(lambda: bool(target.last_run().get("read"))), story)
    assert "after" not in killed.states or missing(target) == 10
    assert target.run(story).check(0).states[-1] == "after"


def missing(target: ZendeskTarget) -> int:
    """How many links are marked."""
    with target.ledger() as ledger, ledger.read(target.integration, SYSTEM) as tx:
        links = tx.links.by_partner("ebs", "organizations", [f"A{n}" for n in range(STEP)])
    return sum(link.mark == "deleted" for link in links.values())
