"""Killed anywhere and run again: the vendor holds what one clean run makes, and little is sent twice."""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import WhileRunning
from singer_lines import Message, customer, customers, state
from support.kills import kill_when, slow_from
from zendesk_target import ZendeskTarget, fresh

from ml_sandbox.testing import RunningSandbox

LATER = "2026-11-21T00:00:00Z"
OLD = customers(range(120))
CHANGED = customers(range(40), city="Paris", updated=LATER)
NEW = [*customers(range(200, 415)), customer(416, name="IT"), customer(417, name="IT")]
MESSAGES: list[Message] = [
    *CHANGED[:20],
    *NEW[:110],
    state({"k": 1}),
    *CHANGED[20:],
    *NEW[110:],
    state({"k": 2}),
]
BATCH = 100

_choose = random.Random(20261121)
DURING = sorted(_choose.sample(range(1, 13), 6))
AFTER = sorted(_choose.sample(range(2, 12), 2))
SECONDS = sorted(_choose.uniform(0.05, 1.6) for _ in range(2))
MOMENTS = [("during", n) for n in DURING] + [("after", n) for n in AFTER] + [("seconds", s) for s in SECONDS]


class Prepared:
    """120 customers are in; a copy of that moment, to begin each kill with."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        target = ZendeskTarget(sandbox, folder)
        target.run(OLD).check(0)
        self.home = folder / "home"
        self.rows = sandbox.control.rows("zendesk", "organizations")
        self.fields = sandbox.control.rows("zendesk", "organization_fields")
        shutil.copytree(self.home, folder / "copy")
        target.run(MESSAGES).check(0)
        self.requests = len(target.requests())
        self.clean = content(target)
        shutil.rmtree(self.home)
        self.copy = folder / "copy"

    def again(self, sandbox: RunningSandbox, folder: Path) -> ZendeskTarget:
        fresh(sandbox)
        sandbox.control.put_rows("zendesk", "organization_fields", self.fields)
        sandbox.control.put_rows("zendesk", "organizations", self.rows)
        sandbox.control.settings(zendesk={"job_seconds": 0.3})
        shutil.copytree(self.copy, folder / "home")
        return ZendeskTarget(sandbox, folder)


@pytest.fixture(scope="module")
def prepared(served: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(fresh(served), tmp_path_factory.mktemp("prepared"))


def content(target: ZendeskTarget) -> list[tuple[Any, ...]]:
    """What the vendor holds, but for ids and times; a duplicate is seen."""
    rows = target.sandbox.control.rows("zendesk", "organizations")
    return sorted(
        (str(row["external_id"]), row["name"], str(row["organization_fields"]), str(row["notes"]))
        for row in rows
    )


def killing(target: ZendeskTarget, moment: str, value: float) -> WhileRunning:
    """Wait for the moment, then kill."""

    if moment == "seconds":
        end = time.monotonic() + value
        return kill_when(lambda: time.monotonic() >= end)
    return kill_when(lambda: len(answered(target, moment)) >= value)


def answered(target: ZendeskTarget, moment: str) -> list[Any]:
    requests = target.requests()
    return requests if moment == "during" else [request for request in requests if request["status"]]


def sent_keys(target: ZendeskTarget) -> list[str]:
    return [str(row.get("id") or row["external_id"]) for row in target.sent_rows()]


@pytest.mark.parametrize(("moment", "value"), MOMENTS)
def test_killed_and_run_again(
    prepared: Prepared, served: RunningSandbox, tmp_path: Path, moment: str, value: float
) -> None:
    target = prepared.again(served, tmp_path)
    if moment != "seconds":
        # The request is held up, so that the kill hits it in the middle, or the one after it.
        served.control.faults(slow_from("zendesk", "/api/*", int(value) + (moment == "after")))
    killed = target.run_and(killing(target, moment, value), MESSAGES)
    assert killed.exit_code == -signal.SIGKILL or (moment == "seconds" and killed.exit_code == 0), (
        killed.errors
    )
    served.control.faults()
    first = sent_keys(target)
    seen = dict.fromkeys(str(reached) for reached in killed.states)
    assert list(seen) in ([], ["{'k': 1}"], ["{'k': 2}"], ["{'k': 1}", "{'k': 2}"])

    run = target.run(MESSAGES).check(0)
    assert run.states[-1] == {"k": 2}
    assert content(target) == prepared.clean
    assert target.journal() == 0
    resent = set(first) & set(sent_keys(target))
    assert len(resent) <= BATCH, f"{len(resent)} records were sent again"
    idle = target.run(MESSAGES).check(0)
    assert idle.outcomes == {"unchanged": len(CHANGED) + len(NEW)}
    assert target.calls() == []


def test_the_moments_lie_within_a_run(prepared: Prepared) -> None:
    assert len(MOMENTS) == 10
    assert prepared.requests >= max(*DURING, *AFTER)
