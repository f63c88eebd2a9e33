"""Lost answers, dead tokens, killed runs, deleted cases: nothing is lost, nothing comes twice."""

from __future__ import annotations

import signal

import pytest
from oro_target import LATER, RECORDS, OroTarget, comment, row, stream, ticket
from support.kills import kill_when

from ml_sandbox.oro import seed

HELD = 2.0  # seconds that a request is held up
NATIVE = {"oro_channel_id": seed.CHANNEL_ID, "native_sync_off": True}


def given() -> list[dict[str, object]]:
    return [
        row("users", 7, name="Jerry Coleman", email="j@x.example", role="end-user"),
        ticket(1, requester_id=7),
        comment(100, 1, "Thanks", author_id=7),
        comment(101, 1, "Thanks", author_id=7),
    ]


def counts(target: OroTarget) -> list[int]:
    kinds = ("contacts", "cases", "casecomments", "zendeskusers", "zendesktickets", "zendeskticketcomments")
    return [len(target.rows(kind)) for kind in kinds]


@pytest.mark.parametrize(
    "kind", ["contacts", "cases", "casecomments", "zendeskusers", "zendesktickets", "zendeskticketcomments"]
)
def test_a_lost_answer_to_each_kind_of_create(target: OroTarget, kind: str) -> None:
    target.settings(bundle=True, version="6.1")
    target.config |= NATIVE
    target.config["stream_maps"] |= RECORDS
    target.fault("POST", f"*/api/{kind}", "lost_response", times=2)
    target.send(given()).check(4)
    assert target.journal() >= 1
    target.sandbox.control.faults()
    target.send(given()).check(0)
    assert (counts(target), target.journal(), target.letters()) == ([1, 1, 2, 1, 1, 2], 0, [])


def test_cases_without_a_number_are_found_by_report_and_text(target: OroTarget) -> None:
    target.settings(version="6.1")
    alike = {"subject": "Alert", "description": "down", "created_at": "2026-11-01T00:00:00Z"}
    tickets = [ticket(number, **alike) for number in range(1, 4)]
    own = {"subject": "Alert", "description": "down", "reportedAt": "2026-11-01T00:00:00Z"}
    target.put("cases", {**own, "status": "open", "priority": "low", "source": "web"})
    target.send(tickets[:1], allow_empty_ledger=True).check(0)
    target.fault("POST", "*/api/cases", "lost_response", times=1)
    target.send(tickets).check(4)
    target.sandbox.control.faults()
    target.send(tickets).check(0)
    assert (len(target.rows()), target.journal(), target.letters()) == (4, 0, [])
    assert [case["source"] for case in target.rows()] == ["web", "other", "other", "other"]
    assert target.rows()[0]["priority"] == "low", "a case of OroCRM's own is left alone"


def test_a_lost_answer_to_a_change_is_asked_again(target: OroTarget) -> None:
    target.send(given()).check(0)
    target.fault("PATCH", "*/api/cases/*", "lost_response", times=1)
    changed = ticket(1, requester_id=7, status="closed", updated=LATER)
    assert target.send([changed]).check(0).outcomes == {"updated": 1}
    assert target.rows()[0]["status"] == "closed"


def test_a_dead_token_is_renewed_once(target: OroTarget) -> None:
    target.fault("POST", "*/api/cases", "expire_token", times=1)
    assert target.send(given()).check(0).outcomes == {"created": 4}
    assert counts(target)[:3] == [1, 1, 2]


def test_a_password_login(target: OroTarget) -> None:
    login = {"auth_mode": "password", "username": seed.USERNAME, "password": seed.PASSWORD}
    assert target.send(given(), **login).check(0).outcomes == {"created": 4}
    assert "password" in target.send(given(), auth_mode="password").check(5).errors


def test_a_run_that_is_killed_while_it_writes(target: OroTarget) -> None:
    tickets = [ticket(number) for number in range(1, 31)]
    # The others are never answered, however slow the machine is; and never done.
    target.fault("POST", "*/api/cases", "timeout", after=12, times=None)
    kill = kill_when(lambda: len(target.rows()) >= 12)
    run = target.raw_and(kill, [stream("tickets"), *tickets], parallel=4)
    assert (run.exit_code, len(target.rows())) == (-signal.SIGKILL, 12)
    target.sandbox.control.faults()
    target.send(tickets).check(0)
    numbers = sorted(int(case["externalId"]) for case in target.rows())
    assert (numbers, target.journal()) == (list(range(1, 31)), 0)


@pytest.mark.parametrize("two_way", [True, False])
def test_a_deleted_case_does_not_come_back(target: OroTarget, two_way: bool) -> None:
    target.config["two_way"] = two_way
    target.send(given()).check(0)
    target.clear("cases")
    changed = ticket(1, requester_id=7, status="closed", updated=LATER)
    assert target.send([changed]).check(0).outcomes == {"deleted": 1}
    again = ticket(1, requester_id=7, status="open", updated="2026-11-21T00:00:01Z")
    run = target.send([again, comment(102, 1, "More", author_id=7)]).check(0)
    assert run.outcomes == {"ignored": 2}
    assert (target.rows(), target.letters(), target.calls()) == ([], [], [])
    back = ticket(1, requester_id=7, status="resolved", updated="2026-11-21T00:00:02Z")
    assert target.send([back], on_missing="recreate").check(0).outcomes == {"created": 1}
    target.clear("cases")
    last = ticket(1, requester_id=7, status="closed", updated="2026-11-21T00:00:03Z")
    assert target.send([last], on_missing="letter").check(0).outcomes == {"rejected": 1}


def test_a_deleted_ticket_closes_its_case(target: OroTarget) -> None:
    target.send(given()).check(0)
    gone = row("tickets", 1, _sdc_deleted_at=LATER)
    assert target.send([gone], on_delete="inactivate").check(0).outcomes == {"deleted": 1}
    assert target.rows()[0]["status"] == "closed"
    wrong = {"cases": {"state": "x"}}
    assert "state" in target.send([ticket(2)], inactive_values=wrong).check(5).errors
    assert "casecomments" in target.send([ticket(2)], inactive_values={"casecomments": {}}).check(5).errors
