"""Answers that get lost and runs that are killed: no ticket and no comment twice, none missing."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from plugin_runs import WhileRunning
from support.kills import kill_when, slow_from
from zendesk_target import fresh
from zendesk_tickets import LATER, TicketsTarget, case, cases, remark

from ml_sandbox.testing import RunningSandbox

FIRST = cases(range(6))
GIVEN = [
    *cases(range(6), priority="low", updated=LATER),
    *cases(range(10, 18)),
    *(remark(100 + number, number) for number in range(6)),
    *(remark(200 + number, number) for number in (0, 12)),
]
WRITES = (
    "/api/v2/tickets",
    "/api/v2/tickets/create_many",
    "/api/v2/tickets/update_many",
    "^/api/v2/tickets/[0-9]+$",
    "/api/v2/imports/tickets",
    "/api/v2/imports/tickets/create_many",
)


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> TicketsTarget:
    return TicketsTarget(sandbox, tmp_path)


def content(target: TicketsTarget) -> list[Any]:
    """What the vendor holds, but for ids and times; a duplicate is seen."""
    control = target.sandbox.control
    names = {row["id"]: row["external_id"] for row in control.rows("zendesk", "tickets")}
    tickets = [
        (row["external_id"], row["subject"], row["priority"], row["status"])
        for row in control.rows("zendesk", "tickets")
    ]
    comments = [(names[row["ticket_id"]], row["body"]) for row in control.rows("zendesk", "ticket_comments")]
    return [sorted(tickets), sorted(comments)]


@pytest.mark.parametrize("path", WRITES)
def test_a_lost_answer_on_any_write(target: TicketsTarget, path: str) -> None:
    settings: dict[str, Any] = {"use_imports": "imports" in path}
    few = not path.endswith("_many")
    given = [case(1, updated=LATER, priority="low"), case(7)] if few else [*GIVEN[:14]]
    target.send([case(1)] if few else FIRST).check(0)
    lost = {"system": "zendesk", "path": path, "fault": "lost_response"}
    target.sandbox.control.faults({**lost, "method": "P*"})
    first = target.send(given, **settings)
    assert first.exit_code in (0, 4)
    fired = target.sandbox.control.present_faults()
    assert [fault["fired"] for fault in fired] == [1]
    target.send(given, **settings).check(0)
    assert len(target.tickets) == (2 if few else 14)
    assert len(target.texts()) == len(target.tickets)
    assert {target.tickets[name]["priority"] for name in ("1",)} == {"low"}
    assert (target.journal(), target.letters()) == (0, [])
    idle = target.send(given, **settings).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": len(given)}, [])


@pytest.mark.parametrize("count", [1, 8])
def test_an_archived_import_is_found_again(target: TicketsTarget, count: int) -> None:
    """Listings show no archived tickets, and the export withholds the last minute, which is 1 s here."""
    control = target.sandbox.control
    control.settings(time_scale=60, zendesk={"job_seconds": 30})
    target.map(created_at="opened", updated_at="opened")
    given = cases(range(count), status="closed", opened="2020-01-01T10:00:00Z")
    settings: dict[str, Any] = {"use_imports": True, "write_timeout": 2}
    control.faults({"system": "zendesk", "path": "/api/v2/imports/tickets*", "fault": "lost_response"})
    target.send(given, **settings).check(4)
    again = target.send(given, **settings).check(0)
    assert (len(target.tickets), again.summary["new_letters"]) == (count, 0)
    control.jump(70)
    target.lose_ledger()
    run = target.send(given, **settings).check(0)
    assert (run.outcomes, target.calls()) == ({"unchanged": count}, [])


def test_an_idempotency_key_saves_a_create_without_external_id(target: TicketsTarget) -> None:
    target.map(external_id=None, __key_properties__=["id"], id="id")
    lost = {"system": "zendesk", "path": "/api/v2/tickets", "method": "POST", "fault": "lost_response"}
    target.sandbox.control.faults(lost)
    assert target.send([case(1)]).check(0).outcomes == {"created": 1}
    assert target.calls() == ["POST tickets"] * 2, "sent again, and answered with the first ticket"
    assert list(target.tickets) == ["Case 1"]


def saying(target: TicketsTarget, **shown: Any) -> WhileRunning:
    """Whatever is asked of the next job is answered so, as soon as its work is done."""
    control = target.sandbox.control

    def forge(process: int) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end and not control.rows("zendesk", "jobs"):
            time.sleep(0.01)
        (job,) = control.rows("zendesk", "jobs")
        statuses = [{"id": job["id"], **shown}] if shown else []
        path = "/api/v2/job_statuses/show_many"
        answer = {"system": "zendesk", "path": path, "fault": "status", "status": 200, "times": None}
        control.faults({**answer, "body": {"job_statuses": statuses}})

    return forge


@pytest.mark.parametrize("status", ["completed", "killed"])
def test_rows_of_which_a_job_says_nothing_are_looked_for(target: TicketsTarget, status: str) -> None:
    """The vendor did them, and its job shows no item for them: none is done twice."""
    control = target.sandbox.control
    remarks = [remark(100 + number, number) for number in range(8)]
    # One poll long after the job's end: what it forged is all that is seen of it.
    settings = {"job_first_poll": 2}
    target.send_and(saying(target, status=status, results=[]), cases(range(8)), **settings).check(0)
    assert (len(target.tickets), target.letters()) == (8, [])
    control.faults()
    control.clear("zendesk", "jobs")
    target.send_and(saying(target, status=status, results=[]), remarks, **settings).check(0)
    assert (len(target.texts()), target.letters()) == (16, [])


def test_a_row_without_a_success_is_sent_once_more(target: TicketsTarget) -> None:
    """An item may say something that nobody knows: that is no success."""
    target.send(cases(range(6))).check(0)
    numbers = {name: row["id"] for name, row in target.tickets.items()}
    target.sandbox.control.clear("zendesk", "jobs")
    target.sandbox.control.settings(zendesk={"job_seconds": 60})  # so that only the single calls write
    results = [{"id": number, "action": "update", "status": "Skipped"} for number in numbers.values()]
    changed = cases(range(6), priority="low", updated=LATER)
    run = target.send_and(saying(target, status="completed", results=results), changed).check(0)
    assert run.outcomes == {"updated": 6}
    assert {row["priority"] for row in target.tickets.values()} == {"low"}
    assert len(target.calls()) == 7


def test_a_job_that_the_vendor_forgot_stops_the_run(target: TicketsTarget) -> None:
    control = target.sandbox.control
    control.settings(zendesk={"job_seconds": 60})  # so that nothing is seen of it before it is forgotten
    run = target.send_and(saying(target), cases(range(8))).check(4)
    assert "no longer knows its job" in run.errors
    control.faults()
    control.jump(70)
    assert target.send(cases(range(8))).check(0).summary["new_letters"] == 0
    assert len(target.tickets) == 8


class Prepared:
    """Six tickets are in; a copy of that moment, to begin each kill with."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        target = TicketsTarget(sandbox, folder)
        target.send(FIRST).check(0)
        self.tickets = sandbox.control.rows("zendesk", "tickets")
        shutil.copytree(folder / "home", folder / "copy")
        target.send(GIVEN).check(0)
        self.clean = content(target)
        self.requests = len(target.requests())
        self.copy = folder / "copy"

    def again(self, sandbox: RunningSandbox, folder: Path) -> TicketsTarget:
        fresh(sandbox)
        sandbox.control.put_rows("zendesk", "tickets", self.tickets)
        shutil.copytree(self.copy, folder / "home")
        return TicketsTarget(sandbox, folder)


@pytest.fixture(scope="module")
def slow() -> Iterator[RunningSandbox]:
    settings = {"zendesk.job_seconds": 0.3, "zendesk.job_row_seconds": 0.0005}
    with running_sandbox(settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def prepared(slow: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(fresh(slow), tmp_path_factory.mktemp("prepared"))


def killing(target: TicketsTarget, moment: str, reached: int) -> WhileRunning:
    """Kill when so many requests have come, or are answered."""

    def is_reached() -> bool:
        requests = target.requests()
        return len([each for each in requests if moment == "during" or each["status"]]) >= reached

    return kill_when(is_reached)


@pytest.mark.parametrize(
    ("moment", "reached"), [("during", 10), ("after", 10), ("during", 13), ("during", 20), ("after", 24)]
)
def test_killed_and_run_again(
    prepared: Prepared, slow: RunningSandbox, tmp_path: Path, moment: str, reached: int
) -> None:
    assert prepared.requests > 24, "the moments lie within a run"
    target = prepared.again(slow, tmp_path)
    # The request is held up, so that the kill hits it in the middle, or the one after it.
    slow.control.faults(slow_from("zendesk", "/api/*", reached + (moment == "after")))
    killed = target.send_and(killing(target, moment, reached), GIVEN)
    assert killed.exit_code == -signal.SIGKILL, killed.errors
    slow.control.faults()
    target.send(GIVEN).check(0)
    assert content(target) == prepared.clean
    assert (target.journal(), target.letters()) == (0, [])
    idle = target.send(GIVEN).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": len(GIVEN)}, [])
