"""Cases become tickets when somebody names them: once each, with their comments and people."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from support.kills import kill_when, slow_from
from zendesk_from_oro import LATER, LATEST, OroTarget, case, comment, user
from zendesk_target import SYSTEM

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

HELD = 2.0  # seconds: so long the answer of a request is held back, and the request too


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    made = OroTarget(sandbox, tmp_path)
    made.map("casecomments", ticket_id="[case]")
    return made


def users(target: OroTarget) -> dict[str, dict[str, Any]]:
    return {row["email"]: row for row in target.sandbox.control.rows(SYSTEM, "users")}


def test_cases_are_published_by_name_with_their_comments_and_never_twice(target: OroTarget) -> None:
    given = [case(1), case(2), comment(5, 1), comment(6, 1, public=False), comment(7, 2)]
    assert target.send(given, publish=["1"], way_back=None).check(0).outcomes == {"ignored": 5}
    assert target.requests(writes_only=True) == []
    run = target.send(given, publish=["1"]).check(0)
    assert run.outcomes == {"created": 3, "ignored": 2}
    assert target.comments("Case 1") == [("Text of 1", True), ("Remark 5", True), ("Remark 6", False)]
    assert target.tickets["Case 1"]["external_id"] == "oro-1"
    again = target.send(given, publish=["1"]).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"unchanged": 3, "ignored": 2}, [])
    changed = [case(1, at=LATER, subject="Case 1!"), case(2, at=LATER), comment(8, 1, at=LATER)]
    assert target.send(changed).check(0).outcomes == {"updated": 1, "ignored": 1, "created": 1}
    assert target.comments("Case 1!")[-1] == ("Remark 8", True)
    assert target.letters() == []


def test_a_rule_of_the_mapping_publishes_too(target: OroTarget) -> None:
    target.map(_ml_create="True if priority == 'high' else None")
    assert target.send([case(1), case(2, priority="high")]).check(0).outcomes == {"created": 1, "ignored": 1}
    assert target.send([case(1, at=LATER, priority="high")]).check(0).outcomes == {"created": 1}
    assert sorted(target.tickets) == ["Case 1", "Case 2"]


@pytest.mark.parametrize("mapped", [True, False])
def test_a_lost_answer_makes_no_second_ticket(target: OroTarget, *, mapped: bool) -> None:
    if not mapped:
        target.map(external_id=None)
    lost = {"system": SYSTEM, "method": "POST", "path": "/api/v2/tickets", "fault": "lost_response"}
    target.sandbox.control.faults(lost)
    first = target.send([case(1), comment(5, 1)], publish=["1"])
    assert first.exit_code in (0, 4)
    target.send([case(1), comment(5, 1)], publish=["1"]).check(0)
    assert target.comments("Case 1") == [("Text of 1", True), ("Remark 5", True)]
    assert len(target.tickets) == 1
    assert (target.journal(), target.letters()) == (0, [])


def test_killed_between_send_and_answer_and_run_again_there_is_one_ticket(target: OroTarget) -> None:
    given = [case(1), comment(5, 1)]
    target.sandbox.control.faults(slow_from(SYSTEM, "/api/v2/tickets", 1, seconds=HELD) | {"method": "POST"})
    kill = kill_when(lambda: bool(target.requests(writes_only=True)))
    killed = target.send_and(kill, given, publish=["1"])
    assert killed.exit_code == -signal.SIGKILL, killed.errors
    target.sandbox.control.faults()
    target.send(given, publish=["1"], write_timeout=2 * HELD).check(0)
    assert target.comments("Case 1") == [("Text of 1", True), ("Remark 5", True)]
    assert (len(target.tickets), target.journal(), target.letters()) == (1, 0, [])


def people(target: OroTarget) -> None:
    """The mapping of people."""
    named = "relatedContact_name + ' <' + relatedContact_email + '>' if relatedContact_email else None"
    target.map(
        requester_id=f"[relatedContact, {named}, {{'agents': owner}}]",
        assignee_id="[assignedTo, assignedTo_email]",
    )
    author = "contact_name + ' <' + contact_email + '>' if contact_email else None"
    target.map("casecomments", author_id=f"[{{'users': contact}}, {author}, {{'agents': owner}}]")


def contact(email: str | None = "jerry@example.com", name: str = "Jerry Coleman") -> dict[str, Any]:
    return {"relatedContact": None, "relatedContact_name": name, "relatedContact_email": email}


def test_a_requester_who_is_missing_is_made_as_an_end_user_without_a_mail(target: OroTarget) -> None:
    people(target)
    agent = {"assignedTo": "20", "owner": "20"}
    given = [
        user(20, seed.AGENT_EMAIL),
        case(1, **contact(), **agent),
        case(2, **contact("never@example.com", "Nobody"), **agent),
        comment(5, 1, contact_name="Ann", contact_email="ann@example.com", owner="20"),
        comment(6, 1, owner="20"),
    ]
    dry = target.send(given, publish=["1"], dry_run=True).check(0)
    assert (dry.summary["plan"]["create"], target.requests(writes_only=True)) == (3, [])
    target.send(given, publish=["1"]).check(0)
    found = users(target)
    assert "never@example.com" not in found, "a case that is not published makes nobody"
    jerry, ann = found["jerry@example.com"], found["ann@example.com"]
    assert [(row["name"], row["role"]) for row in (jerry, ann)] == [
        ("Jerry Coleman", "end-user"),
        ("Ann", "end-user"),
    ]
    assert target.sandbox.control.rows(SYSTEM, "mails") == []
    ticket = target.tickets["Case 1"]
    assert (ticket["requester_id"], ticket["assignee_id"]) == (jerry["id"], seed.AGENT_ID)
    rows = target.sandbox.control.rows(SYSTEM, "ticket_comments")
    assert [row["author_id"] for row in rows[1:]] == [ann["id"], seed.AGENT_ID]
    assert target.send(given).check(0).outcomes == {"unchanged": 5}


def test_people_who_never_came_are_not_waited_for(target: OroTarget) -> None:
    """`ml-connector publish` has the tap send the case and its comments alone."""
    people(target)
    named = contact() | {"relatedContact": "77", "assignedTo": "20", "assignedTo_email": seed.AGENT_EMAIL}
    given = [case(1, **named), comment(5, 1, contact="78", owner="79")]
    run = target.send(given, publish=["1"], default_zendesk_user_email=seed.ADMIN_EMAIL).check(0)
    assert run.outcomes == {"created": 2}
    ticket = target.tickets["Case 1"]
    assert ticket["requester_id"] == users(target)["jerry@example.com"]["id"]
    assert ticket["assignee_id"] == seed.AGENT_ID
    assert target.rows("ticket_comments")[-1]["author_id"] == seed.ADMIN_ID


def test_who_has_the_address_is_taken_also_where_the_search_lags(target: OroTarget) -> None:
    people(target)
    eve = target.put_user("Eve")
    target.sandbox.control.settings(zendesk={"search_lag_seconds": 3600})
    rob = target.put_user("Rob")
    given = [
        case(1, **contact("EVE@example.com", "Evelyn")),
        case(2, **contact("rob@example.com", "Robert")),
        case(3, **contact("rob@example.com", "Robert")),
    ]
    target.send(given, publish=["1", "2", "3"]).check(0)
    tickets = target.tickets
    asked = [tickets[f"Case {number}"]["requester_id"] for number in (1, 2, 3)]
    assert asked == [eve["id"], rob["id"], rob["id"]]
    assert users(target)["rob@example.com"]["name"] == "Rob", "whoever was there stays as they are"


def test_a_person_whom_zendesk_refuses_is_a_letter_of_that_case_alone(target: OroTarget) -> None:
    people(target)
    refused = {
        "error": "RecordInvalid",
        "description": "No",
        "details": {"name": [{"error": "InvalidValue"}]},
    }
    fault = {"system": SYSTEM, "method": "POST", "path": "/api/v2/users", "fault": "status"}
    target.sandbox.control.faults({**fault, "status": 422, "body": refused})
    given = [case(1, **contact()), case(2)]
    assert target.send(given, publish=["1", "2"]).check(0).outcomes == {"created": 1, "rejected": 1}
    assert [(letter.raw_key, letter.field) for letter in target.letters()] == [("1", "requester_id")]
    assert target.send(given, publish=["1"]).check(0).outcomes == {"created": 1, "unchanged": 1}
    assert target.letters() == []


def test_the_default_user_stands_for_those_whom_nobody_knows(target: OroTarget) -> None:
    people(target)
    given = [
        user(21, "gone@example.com"),
        case(1, **contact(), assignedTo="21", assignedTo_email="gone@example.com", owner="21"),
    ]
    nobody = target.send(given, publish=["1"], default_zendesk_user_email="no@example.com").check(5)
    assert "default_zendesk_user_email" in nobody.errors
    checked = target.feed(b"", "--check", default_zendesk_user_email="no@example.com").check(5)
    assert b'"default user", "ok": false' in checked.output
    settings = {"default_zendesk_user_email": seed.AGENT_EMAIL, "create_requesters": False}
    target.send(given, publish=["1"], **settings).check(0)
    ticket = target.tickets["Case 1"]
    assert (ticket["requester_id"], ticket["assignee_id"]) == (seed.AGENT_ID, seed.AGENT_ID)
    target.put_user("Default")
    changed = case(1, at=LATER, **contact("x@example.com"), assignedTo="22", assignedTo_email="y@example.com")
    settings["default_zendesk_user_email"] = "default@example.com"
    target.send([user(22, "y@example.com"), changed], **settings).check(0)
    ticket = target.tickets["Case 1"]
    assert ticket["requester_id"] == users(target)["default@example.com"]["id"]
    assert ticket["assignee_id"] == seed.AGENT_ID, "an end user is no assignee: who it was stays"


@pytest.mark.parametrize(("setting", "kept"), [("always", "oro-1"), ("new", "ERP-7")])
def test_tickets_of_others_keep_their_external_id_by_setting(
    target: OroTarget, setting: str, kept: str
) -> None:
    target.send([case(1)], publish=["1"], external_ids=setting).check(0)
    assert target.tickets["Case 1"]["external_id"] == "oro-1"
    target.put("tickets", id=target.tickets["Case 1"]["id"], external_id="ERP-7")
    changed = case(1, at=LATEST, priority="high")
    target.send([changed], external_ids=setting, remap=True, policies={"default": "oro"}).check(0)
    assert (target.tickets["Case 1"]["external_id"], target.tickets["Case 1"]["priority"]) == (kept, "high")
