"""Killed anywhere and run again: Zoho holds what one clean run makes, and little is sent twice."""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import WhileRunning
from singer_lines import Message, customers, state
from support.kills import kill_when, slow_from
from zoho_target import LATER, NUMBER, SYSTEM, ZohoTarget, fresh_zoho

from ml_sandbox.testing import RunningSandbox

CHANGED = customers(range(12), city="Rome", updated=LATER)
NEW = [*customers(range(100, 118)), *customers(range(118, 121), parent="A100")]
MESSAGES: list[Message] = [*CHANGED[:6], *NEW[:9], state({"k": 1}), *CHANGED[6:], *NEW[9:], state({"k": 2})]
BATCH = 6
SETTINGS: dict[str, Any] = {"write_batch": BATCH, "parallel": 1, "two_way": True, "write_timeout": 0.3}

_choose = random.Random(20261121)
DURING = sorted(_choose.sample(range(2, 17), 6))
AFTER = sorted(_choose.sample(range(3, 16), 4))
MOMENTS = [("during", n) for n in DURING] + [("after", n) for n in AFTER]


class Prepared:
    """Some accounts are in; a copy of that moment, to begin each kill with."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        target = made(sandbox, folder)
        target.run(customers(range(12))).check(0)
        self.rows = target.rows()
        shutil.copytree(folder / "home", folder / "copy")
        target.run(MESSAGES).check(0)
        self.requests = len(target.requests())
        self.clean = content(target)
        self.copy = folder / "copy"

    def again(self, sandbox: RunningSandbox, folder: Path) -> ZohoTarget:
        fresh_zoho(sandbox)
        target = made(sandbox, folder)
        target.put("Accounts", *[{name: row[name] for name in KEPT} for row in self.rows])
        shutil.copytree(self.copy, folder / "home")
        return target


KEPT = ("id", NUMBER, "Account_Name", "Billing_City")


def made(sandbox: RunningSandbox, folder: Path) -> ZohoTarget:
    target = ZohoTarget(sandbox, folder)
    target.config |= {**SETTINGS, "stream_maps": target.map(Parent_Account="parent")}
    return target


@pytest.fixture(scope="module")
def prepared(served: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(fresh_zoho(served), tmp_path_factory.mktemp("prepared"))


def content(target: ZohoTarget) -> list[tuple[Any, ...]]:
    """What Zoho holds, but for ids and times; a duplicate is seen."""
    names = {row["id"]: row[NUMBER] for row in target.rows()}
    return sorted(
        (
            row[NUMBER],
            row["Account_Name"],
            str(row["Billing_City"]),
            names.get((row["Parent_Account"] or {}).get("id", ""), ""),
        )
        for row in target.rows()
    )


def killing(target: ZohoTarget, moment: str, reached: int) -> WhileRunning:
    """Wait for the moment, then kill."""

    return kill_when(lambda: len(answered(target, moment)) >= reached)


def answered(target: ZohoTarget, moment: str) -> list[Any]:
    requests = target.requests()
    return requests if moment == "during" else [request for request in requests if request["status"]]


def sent_keys(target: ZohoTarget) -> list[str]:
    return [str(row.get("id") or row[NUMBER]) for row in target.sent()]


@pytest.mark.parametrize(("moment", "reached"), MOMENTS)
def test_killed_and_run_again(
    prepared: Prepared, served: RunningSandbox, tmp_path: Path, moment: str, reached: int
) -> None:
    target = prepared.again(served, tmp_path)
    # The request is held up, so that the kill hits it in the middle, or the one after it before it is sent
    # off: the vendor still does what it got.
    served.control.faults(slow_from(SYSTEM, "/crm/*", reached + (moment == "after"), seconds=0.3))
    killed = target.run_and(killing(target, moment, reached), MESSAGES)
    assert killed.exit_code == -signal.SIGKILL, killed.errors
    served.control.faults()
    first = sent_keys(target)
    assert killed.output.splitlines() in ([], [b'{"k":1}'], [b'{"k":1}', b'{"k":2}'])

    run = target.run(MESSAGES).check(0)
    assert run.states[-1] == {"k": 2}
    assert content(target) == prepared.clean
    assert (target.journal(), target.letters()) == (0, [])
    resent = set(first) & set(sent_keys(target))
    assert len(resent) <= BATCH, f"{len(resent)} records were sent again"
    idle = target.run(MESSAGES).check(0)
    assert (idle.outcomes, target.requests(writes_only=True)) == ({"unchanged": len(CHANGED) + len(NEW)}, [])


def test_the_moments_lie_within_a_run(prepared: Prepared) -> None:
    assert len(MOMENTS) == 10
    assert prepared.requests > max(*DURING, *AFTER)
