"""Kill -9 anywhere, run again: the vendor holds what one clean run would have made. None lost, none twice.

Ten moments of one large run are in the tests of target-zendesk-ml; here is the cruellest: in the middle of a
create that the vendor carries out afterwards, while it does not yet notice twins.
"""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from plugin_runs import WhileRunning
from singer_lines import Message, customers, record, state
from support.kills import kill_when
from zendesk_target import ZendeskTarget

MESSAGES = [*customers(range(30)), state({"k": 1})]


def kill_at(target: ZendeskTarget, call: str) -> WhileRunning:
    return kill_when(lambda: call in target.calls(writes_only=False))


@pytest.mark.parametrize("call", ["POST create_many", "GET show_many"])
def test_a_create_under_way_is_neither_lost_nor_doubled(target: ZendeskTarget, call: str) -> None:
    """Guards: `Engine.start` resolves the journal before anything is judged; it waits until no job runs, and
    for `write_timeout` until a request that was under way shows up, then for its job.
    """
    control = target.sandbox.control
    control.settings(zendesk={"job_seconds": 2.5, "twin_seconds": 60})
    control.faults({"system": "zendesk", "path": "*/create_many", "fault": "latency", "seconds": 0.3})
    killed = target.run_and(kill_at(target, call), MESSAGES)
    assert (killed.exit_code, killed.states) == (-signal.SIGKILL, [])

    again = target.run(MESSAGES, write_timeout=1).check(0)
    assert again.states == [{"k": 1}]
    rows = control.rows("zendesk", "organizations")
    assert Counter(row["external_id"] for row in rows) == Counter(f"A{number}" for number in range(30))
    assert {row["name"] for row in rows} == {f"Customer {number}" for number in range(30)}
    assert target.journal() == 0
    assert target.run(MESSAGES).check(0).outcomes == {"unchanged": 30}
    assert target.calls() == []


@pytest.mark.parametrize("after", range(3))
def test_in_the_middle_of_a_scan(target: ZendeskTarget, after: int) -> None:
    """Guard: `Scans` begins anew with each version. Every other moment: tests of ml_connector, scan kills."""
    target.config["on_delete"] = "flag"
    target.run(customers(range(40))).check(0)

    def scan(version: int) -> list[Message]:
        found = [record({"id": number}, version=version) for number in range(36)]
        return [*found, {"type": "ACTIVATE_VERSION", "stream": "customers", "version": version}]

    reached = kill_when(lambda: target.last_run().get("read", 0) >= 20 * after)
    target.run_and(reached, [*scan(1), state({"k": 1})])
    target.run([*scan(2), state({"k": 2})]).check(0)
    outcomes = Counter(tuple(target.history(f"A{number}")) for number in range(40))
    assert outcomes == {("created",): 36, ("created", "deleted"): 4}
