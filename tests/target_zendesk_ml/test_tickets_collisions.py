"""Tickets that somebody else changes meanwhile, and tickets that are closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from zendesk_tickets import LATER, TicketsTarget, case, cases, remark

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> TicketsTarget:
    return TicketsTarget(sandbox, tmp_path)


def jumping(path: str, seconds: float = 5.0) -> dict[str, Any]:
    """The vendor's clock moves just before a request, so that times differ."""
    return {"system": "zendesk", "path": path, "fault": "clock_jump", "seconds": seconds, "times": None}


def test_a_safe_update_sends_what_was_read(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    run = target.send([case(1, priority="low", updated=LATER)], safe_update=True).check(0)
    assert run.outcomes == {"updated": 1}
    (sent,) = [request["body"]["ticket"] for request in target.requests(writes_only=True)]
    assert sent["safe_update"] is True
    assert sent["updated_stamp"].startswith("20")


def test_a_collision_is_merged_again(target: TicketsTarget) -> None:
    """Between reading and writing somebody changes the ticket: their change stays, ours is written."""
    target.send([case(1)]).check(0)
    number = target.tickets["1"]["id"]
    control = target.sandbox.control
    # The first write is answered with a conflict, as Zendesk does, and the ticket did change.
    target.put("tickets", id=number, assignee_id=None, recipient="theirs@example.com")
    conflict = {"error": "UpdateConflict", "description": "Safe Update prevented the update"}
    refusing = {"system": "zendesk", "method": "PUT", "path": f"/api/v2/tickets/{number}", "fault": "status"}
    control.faults({**refusing, "status": 409, "body": conflict})
    run = target.send([case(1, priority="low", updated=LATER)], safe_update=True).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.calls(writes_only=False) == [
        "GET show_many",
        f"PUT {number}",
        "GET show_many",
        f"PUT {number}",
    ]
    assert (target.tickets["1"]["priority"], target.tickets["1"]["recipient"]) == (
        "low",
        "theirs@example.com",
    )


def test_a_ticket_changed_while_its_job_waits_is_merged_again(target: TicketsTarget) -> None:
    control = target.sandbox.control
    target.send(cases(range(8))).check(0)
    number = target.tickets["3"]["id"]
    control.faults(
        jumping("/api/v2/tickets/update_many"),
        {"system": "zendesk", "path": "/api/v2/tickets/update_many", "fault": "job_partial", "rows": [3]},
    )
    run = target.send(cases(range(8), priority="low", updated=LATER), safe_update=True).check(0)
    assert run.outcomes == {"updated": 8}
    assert {row["priority"] for row in target.tickets.values()} == {"low"}
    assert f"PUT {number}" in target.calls()


def test_who_never_gives_way_ends_in_a_letter(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    refusing = {"system": "zendesk", "method": "PUT", "path": "/api/v2/tickets/*", "fault": "status"}
    conflict = {"error": "UpdateConflict", "description": "Safe Update prevented the update"}
    target.sandbox.control.faults({**refusing, "status": 409, "body": conflict, "times": None})
    run = target.send([case(1, priority="low", updated=LATER)], safe_update=True).check(0)
    assert run.outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["conflict_at_vendor"]
    assert target.tickets["1"]["priority"] is None


def test_a_closed_ticket_is_a_letter(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    target.close("1")
    run = target.send([case(1, priority="low", updated=LATER), remark(5, 1)]).check(0)
    assert run.outcomes == {"rejected": 2}
    assert [letter.cause for letter in target.letters()] == ["closed", "closed"]
    assert all("closed_tickets: follow_up" in letter.reason for letter in target.letters())
    again = target.send([case(1, priority="low", updated=LATER), remark(5, 1)]).check(0)
    assert (again.outcomes, target.requests()) == ({"rejected": 2}, [])


def test_a_closed_ticket_is_continued_by_a_follow_up(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    target.close("1")
    old = target.tickets["1"]["id"]
    changed = case(1, priority="low", updated=LATER)
    run = target.send([changed, remark(5, 1)], closed_tickets="follow_up").check(0)
    assert run.outcomes == {"updated": 1, "created": 1}
    new = target.tickets["1*"]
    assert (new["external_id"], new["priority"], new["subject"]) == ("1", "low", "Case 1")
    assert new["via"]["source"]["rel"] == "follow_up"
    assert target.tickets["1"]["followup_ids"] == [new["id"]]
    assert [text for text, _ in target.comments("1*")] == [
        f"Continues ticket {old}, which is closed.",
        "Remark 5",
    ]
    assert target.links() == {"1": str(new["id"])}
    later = case(1, priority="high", updated="2026-11-21T01:00:00Z")
    assert target.send([later]).check(0).outcomes == {"updated": 1}
    assert target.tickets["1*"]["priority"] == "high"
    target.lose_ledger()
    assert target.send([later]).check(0).outcomes == {"unchanged": 1}
    assert len(target.tickets) == 2


def test_a_comment_on_a_closed_ticket_makes_one_follow_up(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    target.close("1")
    remarks = [remark(5, 1), remark(6, 1)]
    run = target.send(remarks, closed_tickets="follow_up").check(0)
    assert run.outcomes == {"created": 2}
    assert target.comments("1*") == [("Remark 5", True), ("Remark 6", True)]
    assert len(target.tickets) == 2


@pytest.mark.parametrize("path", ["/api/v2/tickets", "/api/v2/tickets/*"])
def test_a_lost_answer_makes_no_second_follow_up(target: TicketsTarget, path: str) -> None:
    target.send([case(1)]).check(0)
    target.close("1")
    given = [case(1, priority="low", updated=LATER), remark(5, 1), remark(6, 1)]
    lost = {"system": "zendesk", "method": "P*", "path": path, "fault": "lost_response"}
    # The first PUT is refused, since the ticket is closed; what is lost is one that does something.
    target.sandbox.control.faults({**lost, "after": 0 if path.endswith("tickets") else 1})
    first = target.send(given, closed_tickets="follow_up")
    assert first.exit_code in (0, 4)
    target.send(given, closed_tickets="follow_up").check(0)
    assert sorted(target.tickets) == ["1", "1*"]
    assert [text for text, _ in target.comments("1*")][1:] == ["Remark 5", "Remark 6"]
    assert target.letters() == []


def test_a_lost_answer_doubles_no_comment_of_a_follow_up(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    target.close("1")
    remarks = [remark(5, 1), remark(6, 1)]
    # Both are refused by the closed ticket; the third PUT gives the second remark to the follow-up.
    lost = {"system": "zendesk", "method": "PUT", "path": "/api/v2/tickets/*", "fault": "lost_response"}
    target.sandbox.control.faults({**lost, "after": 2})
    target.send(remarks, closed_tickets="follow_up").check(4)
    target.send(remarks, closed_tickets="follow_up").check(0)
    assert [text for text, _ in target.comments("1*")] == ["Remark 5", "Remark 6"]
    assert (len(target.tickets), target.letters(), target.journal()) == (2, [], 0)
