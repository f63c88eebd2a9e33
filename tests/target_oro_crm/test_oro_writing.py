"""Tickets become cases, comments case comments, people contacts; agents are found."""

from __future__ import annotations

from oro_target import OroTarget, comment, row, ticket


def test_a_ticket_with_people_and_comments(target: OroTarget) -> None:
    given = [
        row("users", 7, name="Dr. Jerry Coleman", email="j@acme.example", phone="1"),
        row("agents", 8, name="Agnes", email="agnes@acme.example"),
        ticket(1, requester_id=7, assignee_id=8),
        comment(100, 1, "Hello", author_id=7),
        comment(101, 1, "Hi", author_id=8, public=False),
    ]
    run = target.send(given, default_user_owner="sam").check(0)
    assert run.outcomes == {"created": 4, "unchanged": 1}
    (contact,) = target.rows("contacts")
    assert (contact["namePrefix"], contact["firstName"], contact["lastName"]) == ("Dr.", "Jerry", "Coleman")
    assert (contact["primaryEmail"], contact["owner"]) == ("j@acme.example", "35")
    (case,) = target.rows()
    assert (case["externalId"], case["relatedContact"], case["assignedTo"]) == ("1", contact["id"], "20")
    assert (case["status"], case["priority"], case["source"]) == ("open", "normal", "other")
    said = [
        (each["message"], each["public"], each["contact"], each["owner"])
        for each in target.rows("casecomments")
    ]
    assert said == [("Hello", True, contact["id"], "35"), ("Hi", False, None, "20")]
    again = target.send(given, default_user_owner="sam").check(0)
    assert again.outcomes == {"unchanged": 5}
    assert target.calls() == []
    target.lose_ledger()
    lost = target.send(given, default_user_owner="sam").check(0)
    assert (lost.outcomes, target.calls()) == ({"unchanged": 5}, [])
