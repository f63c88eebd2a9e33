"""Tickets and cases that change on both sides, are reopened, closed, merged or deleted."""

from __future__ import annotations

import base64
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from zendesk_oro import LATER, LATEST, OroTarget, case, comment, user
from zendesk_target import SYSTEM

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    made = OroTarget(sandbox, tmp_path)
    made.map("casecomments", ticket_id="[case]")
    made.map(assignee_id="[assignedTo, assignedTo_email]")
    return made


def published(target: OroTarget, **fields: Any) -> int:
    """Case 1 has a ticket; its number."""
    target.send([case(1, **fields)], publish=["1"]).check(0)
    return int(target.tickets["Case 1"]["id"])


def ticket(target: OroTarget, key: int) -> dict[str, Any]:
    rows = target.sandbox.control.rows(SYSTEM, "tickets")
    return next(row for row in rows if row["id"] == key)


@pytest.mark.parametrize(("priority", "winner"), [("remote_wins", "low"), ("local_wins", "high")])
def test_each_field_is_merged_three_ways(target: OroTarget, priority: str, winner: str) -> None:
    target.config["sync_priority"] = priority
    key = published(target)
    target.put("tickets", id=key, priority="low", type="incident", tags=["vip"], description="Theirs")
    changed = case(1, at=LATER, priority="high", subject="Ours", description="Ours")
    assert target.send([changed]).check(0).outcomes == {"updated": 1}
    row = ticket(target, key)
    assert (row["priority"], row["subject"]) == (winner, "Ours")
    assert (row["type"], row["tags"], row["description"]) == ("incident", ["vip"], "Text of 1")
    (sent,) = target.requests(writes_only=True)
    wanted = {"id", "subject"} | ({"priority"} if winner == "high" else set())
    assert sent["body"]["ticket"].keys() == wanted
    assert target.send([changed]).check(0).outcomes == {"unchanged": 1}


def test_an_urgent_ticket_stays_urgent_until_somebody_changes_the_case(target: OroTarget) -> None:
    key = published(target, priority="high")
    target.put("tickets", id=key, priority="urgent")
    target.send([case(1, at=LATER, priority="high", subject="Ours")]).check(0)
    assert ticket(target, key)["priority"] == "urgent"


def test_a_custom_status_of_the_same_category_is_no_difference(target: OroTarget) -> None:
    key = published(target)
    waiting = target.put(
        "custom_statuses", status_category="pending", agent_label="Waiting for parts", active=True
    )
    target.put("tickets", id=key, status="pending", custom_status_id=waiting["id"])
    run = target.send([case(1, at=LATER, status="in_progress")]).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"unchanged": 1}, [])
    assert ticket(target, key)["custom_status_id"] == waiting["id"]
    target.send([case(1, at=LATEST, status="in_progress", subject="Ours")]).check(0)
    assert (ticket(target, key)["subject"], ticket(target, key)["custom_status_id"]) == (
        "Ours",
        waiting["id"],
    )


def test_a_reopened_case_reopens_its_ticket_and_never_as_new(target: OroTarget) -> None:
    key = published(target)
    target.send([case(1, at=LATER, status="resolved")]).check(0)
    assert ticket(target, key)["status"] == "solved"
    target.map(status="{'open': 'new', 'resolved': 'solved'}[status]")
    target.send([case(1, at=LATEST, status="open")]).check(0)
    assert (ticket(target, key)["status"], target.letters()) == ("open", [])


def test_who_is_taken_off_a_case_is_taken_off_its_ticket(target: OroTarget) -> None:
    target.send([user(20, seed.AGENT_EMAIL)]).check(0)
    key = published(target, assignedTo="20")
    assert ticket(target, key)["assignee_id"] == seed.AGENT_ID
    target.send([case(1, at=LATER, assignedTo=None)]).check(0)
    assert ticket(target, key)["assignee_id"] is None


@pytest.mark.parametrize(
    ("closed_tickets", "tags", "cause"),
    [
        ("reject", [], "closed"),
        ("reject", ["closed_by_merge"], "merged"),
        ("follow_up", [], None),
        ("follow_up", ["closed_by_merge"], "merged"),
    ],
)
def test_a_closed_or_merged_ticket(
    target: OroTarget, closed_tickets: str, tags: list[str], cause: str | None
) -> None:
    key = published(target)
    target.put("tickets", id=key, status="closed", tags=tags)
    given = [case(1, at=LATER, priority="high"), comment(5, 1, at=LATER)]
    run = target.send(given, closed_tickets=closed_tickets).check(0)
    tickets = target.sandbox.control.rows(SYSTEM, "tickets")
    if cause is None:
        assert (len(tickets), target.letters()) == (2, [])
    else:
        assert (run.outcomes, len(tickets)) == ({"rejected": 2}, 1)
        assert [letter.cause for letter in target.letters()] == [cause] * 2
    again = target.send(given, closed_tickets=closed_tickets).check(0)
    assert (again.outcomes.keys() <= {"unchanged", "rejected"}, target.requests()) == (True, [])


def test_a_closed_ticket_that_shows_the_case_already_is_left(target: OroTarget) -> None:
    target.map(status="{'open': 'open', 'closed': 'closed'}[status]")
    key = published(target)
    target.put("tickets", id=key, status="closed")
    run = target.send([case(1, at=LATER, status="closed")]).check(0)
    assert (run.outcomes, target.letters()) == ({"unchanged": 1}, [])


def delete(target: OroTarget, key: int) -> None:
    """An agent deletes a ticket."""
    login = base64.b64encode(f"{seed.ADMIN_EMAIL}/token:{seed.API_TOKEN}".encode()).decode()
    url = f"{target.config['base_url']}/api/v2/tickets/{key}"
    headers = {"Authorization": f"Basic {login}", "Accept": "application/json"}
    request = urllib.request.Request(url, headers=headers, method="DELETE")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 204


def test_a_deleted_ticket_is_a_letter_until_its_link_is_marked(target: OroTarget) -> None:
    key = published(target)
    delete(target, key)
    given = [case(1, at=LATER, priority="high"), comment(5, 1, at=LATER)]
    target.send(given).check(0)
    assert {letter.cause for letter in target.letters()} == {"missing", "parent_missing"}
    with target.ledger() as ledger, ledger.write(target.integration, SYSTEM) as tx:
        tx.links.set_mark(target.links()["1"].id, "deleted")
    later = [case(1, at=LATEST, priority="low"), comment(6, 1, at=LATEST)]
    run = target.send(later).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"ignored": 2}, [])
    assert target.send(later, publish=["1"]).check(0).outcomes.keys() <= {"ignored", "unchanged"}
    assert len(target.sandbox.control.rows(SYSTEM, "tickets")) == 1


def test_a_deleted_case_leaves_its_ticket_and_does_not_come_back(target: OroTarget) -> None:
    key = published(target)
    target.send([comment(5, 1)]).check(0)
    gone = [case(1, at=LATER, _sdc_deleted_at=LATER), comment(5, 1, at=LATER, _sdc_deleted_at=LATER)]
    run = target.send(gone, on_delete="flag").check(0)
    assert (run.outcomes, target.requests()) == ({"deleted": 2}, [])
    assert target.links()["1"].mark == "deleted"
    assert ticket(target, key)["status"] == "open"
    again = target.send([case(1, at=LATEST, subject="Back"), comment(5, 1, at=LATEST)]).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"ignored": 2}, [])
