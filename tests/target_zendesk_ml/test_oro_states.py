"""Tickets and cases that change on both sides, are reopened, closed, merged or deleted."""

from __future__ import annotations

import base64
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from singer_lines import Message
from zendesk_from_oro import LATER, LATEST, OroTarget, case, comment, user
from zendesk_target import SYSTEM

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    made = OroTarget(sandbox, tmp_path)
    made.map("casecomments", ticket_id="[case]")
    made.map(assignee_id="[assignedTo, assignedTo_email]")
    return made


def published(target: OroTarget, *cases: Message) -> list[int]:
    """These cases have tickets; their numbers."""
    target.send(cases, publish=[each["record"]["id"] for each in cases]).check(0)
    return [target.tickets[each["record"]["subject"]]["id"] for each in cases]


def ticket(target: OroTarget, key: int) -> dict[str, Any]:
    return next(row for row in target.rows("tickets") if row["id"] == key)


@pytest.mark.parametrize(("priority", "winner"), [("remote_wins", "low"), ("local_wins", "high")])
def test_each_field_is_merged_three_ways(target: OroTarget, priority: str, winner: str) -> None:
    target.config["sync_priority"] = priority
    first, urgent = published(target, case(1), case(2, priority="high"))
    target.put("tickets", id=first, priority="low", type="incident", tags=["vip"])
    target.put("tickets", id=urgent, priority="urgent")
    changed = [
        case(1, at=LATER, priority="high", subject="Ours", description="Ours"),
        case(2, at=LATER, priority="high", subject="Urgent"),
    ]
    assert target.send(changed).check(0).outcomes == {"updated": 2}
    row = ticket(target, first)
    assert (row["priority"], row["subject"]) == (winner, "Ours")
    assert (row["type"], row["tags"], row["description"]) == ("incident", ["vip"], "Text of 1")
    assert ticket(target, urgent)["priority"] == "urgent", "nobody changed the priority of its case"
    sent = [request["body"]["ticket"].keys() - {"id"} for request in target.requests(writes_only=True)]
    own = {"subject", "priority"} if winner == "high" else {"subject"}
    assert sorted(sent, key=len) == sorted([own, {"subject"}], key=len)
    assert target.send(changed).check(0).outcomes == {"unchanged": 2}


def test_states_and_assignees_follow_the_case(target: OroTarget) -> None:
    target.send([user(20, seed.AGENT_EMAIL)]).check(0)
    custom, reopened, assigned = published(target, case(1), case(2), case(3, assignedTo="20"))
    assert ticket(target, assigned)["assignee_id"] == seed.AGENT_ID
    parts = {"status_category": "pending", "agent_label": "Waiting for parts", "active": True}
    waiting = target.put("custom_statuses", **parts)["id"]
    target.put("tickets", id=custom, status="pending", custom_status_id=waiting)
    given = [
        case(1, at=LATER, status="in_progress"),
        case(2, at=LATER, status="resolved"),
        case(3, at=LATER, assignedTo=None),
    ]
    run = target.send(given).check(0)
    assert run.outcomes == {"unchanged": 1, "updated": 2}
    assert ticket(target, custom)["custom_status_id"] == waiting, "pending by another name is pending"
    assert ticket(target, reopened)["status"] == "solved"
    assert ticket(target, assigned)["assignee_id"] is None
    target.map(status="{'open': 'new', 'in_progress': 'pending', 'resolved': 'solved'}[status]")
    again = [case(1, at=LATEST, status="in_progress", subject="Ours"), case(2, at=LATEST)]
    target.send(again).check(0)
    row = ticket(target, custom)
    assert (row["subject"], row["custom_status_id"]) == ("Ours", waiting)
    assert ticket(target, reopened)["status"] == "open", "no ticket goes back to new"
    assert target.letters() == []


def test_closed_and_merged_tickets(target: OroTarget) -> None:
    target.map(status="{'open': 'open', 'closed': 'closed'}[status]")
    closed, merged, same = published(target, case(1), case(2), case(3))
    for key, tags in ((closed, []), (merged, ["closed_by_merge"]), (same, [])):
        target.put("tickets", id=key, status="closed", tags=tags)
    given = [*(case(number, at=LATER, priority="high") for number in (1, 2)), comment(5, 2, at=LATER)]
    run = target.send([*given, case(3, at=LATER, status="closed")]).check(0)
    assert run.outcomes == {"rejected": 3, "unchanged": 1}
    letters = sorted((letter.stream, letter.cause) for letter in target.letters())
    assert letters == [("casecomments", "merged"), ("cases", "closed"), ("cases", "merged")]
    again = target.send(given).check(0)
    assert (again.outcomes, target.requests()) == ({"rejected": 3}, [])
    newer = [case(number, at=LATEST, priority="low") for number in (1, 2)]
    run = target.send(newer, closed_tickets="follow_up").check(0)
    assert run.outcomes == {"updated": 1, "rejected": 1}
    follow_up = max(target.rows("tickets"), key=lambda row: int(row["id"]))
    assert follow_up["via"]["source"]["from"]["ticket_id"] == closed
    assert len(target.rows("tickets")) == 4


def delete(target: OroTarget, key: int) -> None:
    """An agent deletes a ticket."""
    login = base64.b64encode(f"{seed.ADMIN_EMAIL}/token:{seed.API_TOKEN}".encode()).decode()
    url = f"{target.config['base_url']}/api/v2/tickets/{key}"
    headers = {"Authorization": f"Basic {login}", "Accept": "application/json"}
    request = urllib.request.Request(url, headers=headers, method="DELETE")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 204


def test_a_deleted_ticket_is_a_letter_until_its_link_is_marked(target: OroTarget) -> None:
    (key,) = published(target, case(1))
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
    assert len(target.rows("tickets")) == 1


def test_a_deleted_case_leaves_its_ticket_and_does_not_come_back(target: OroTarget) -> None:
    (key,) = published(target, case(1))
    target.send([comment(5, 1)]).check(0)
    gone = [case(1, at=LATER, _sdc_deleted_at=LATER), comment(5, 1, at=LATER, _sdc_deleted_at=LATER)]
    run = target.send(gone, on_delete="flag").check(0)
    assert (run.outcomes, target.requests()) == ({"deleted": 2}, [])
    assert target.links()["1"].mark == "deleted"
    assert ticket(target, key)["status"] == "open"
    again = target.send([case(1, at=LATEST, subject="Back"), comment(5, 1, at=LATEST)]).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"ignored": 2}, [])
