"""Kill -9 anywhere, run again: the vendor holds what one clean run would have made. None lost, none twice.

Ten moments of one large run are in the tests of target-zendesk-ml; here is the cruellest: in the middle of a
create that the vendor carries out afterwards, while it does not yet notice twins.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

import pytest
from plugin_runs import WhileRunning
from singer_lines import customers, state
from zendesk_target import ZendeskTarget

MESSAGES = [*customers(range(30)), state({"k": 1})]


def kill_at(target: ZendeskTarget, call: str) -> WhileRunning:
    def kill(process: int) -> None:
        end = time.monotonic() + 30
        while call not in target.calls(writes_only=False) and time.monotonic() < end:
            time.sleep(0.005)
        os.kill(process, signal.SIGKILL)

    return kill


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
