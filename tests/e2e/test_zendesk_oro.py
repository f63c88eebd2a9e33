"""Zendesk and OroCRM, both ways, with the mapping of meltano.yml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.desk import Desk
from e2e.desk_edits import DeskEdits
from e2e.zendesk_oro import ZendeskOro
from fixtures.sandboxes import running_sandbox

from ml_sandbox.testing import RunningSandbox

Row = dict[str, Any]
BUNDLE = {"native_sync_off": True, "oro_channel_id": "1"}
CLERK = {"name": "Ann Clerk", "email": "ann@support.example", "role": "agent"}
ASKER = {"name": "Dr Jerry Coleman Jr.", "email": "jerry@example.com", "role": "end-user"}


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(time_scale=100) as running:
        yield running


@pytest.fixture
def desk(served: RunningSandbox, tmp_path: Path) -> ZendeskOro:
    """Both directions, with one agent who works in OroCRM too, and one customer."""
    served.control.faults()
    served.control.reset_settings()
    for system in ("zendesk", "oro"):
        served.control.clear(system)
    put = served.control.put_rows
    put("zendesk", "users", [CLERK, ASKER])
    put(
        "oro",
        "users",
        [{"username": "ann", "email": CLERK["email"], "firstName": "Ann", "lastName": "Clerk"}],
    )
    made = ZendeskOro(served, tmp_path)
    made.both_ways()
    return made


def colleague(name: str, email: str) -> Row:
    """A user of OroCRM."""
    return {"username": name, "email": email, "firstName": name.title(), "lastName": "Clerk"}


def user(desk: ZendeskOro, email: str) -> int:
    """The id of a user of Zendesk."""
    return next(int(row["id"]) for row in desk.rows("zendesk", "users") if row["email"] == email)


def opened(desk: ZendeskOro, **fields: Any) -> int:
    """A ticket of the customer with a first comment, assigned to the agent; its number."""
    asker, clerk = user(desk, ASKER["email"]), user(desk, CLERK["email"])
    ticket = desk.ticket(
        **{
            "subject": "Printer on fire",
            "description": "It burns.",
            "requester_id": asker,
            "submitter_id": asker,
            "assignee_id": clerk,
            "status": "open",
            "priority": "urgent",
            **fields,
        }
    )
    return int(ticket["id"])


def settled(desk: ZendeskOro, profile: str = "guide") -> None:
    """Both sides agree, and nothing more is written."""
    assert Desk(desk.sandbox.control, profile).differences() == []
    assert (desk.idle(), desk.idle()) == ([], [])
    assert desk.letters("oro") == desk.letters("zendesk") == []


@pytest.mark.parametrize("profile", ["guide", "bundle"])
def test_tickets_of_every_kind_are_cases_field_by_field_and_stay_so(tmp_path: Path, profile: str) -> None:
    with running_sandbox(tickets=60, seed=5, time_scale=100) as running:
        desk = ZendeskOro(running, tmp_path)
        values = {**desk.setting("target-oro-crm", "stream_map_config"), "profile": profile}
        desk.both_ways(stream_map_config=values)
        if profile == "bundle":
            running.control.settings(oro={"version": "6.1", "bundle": True})
            desk.settings["target-oro-crm"] |= BUNDLE
        desk.round()
        settled(desk, profile)
        found = Desk(running.control, profile)
        assert len({ticket["status"] for ticket in found.tickets.values()}) >= 6
        assert bool(found.records) == (profile == "bundle")


@pytest.mark.parametrize("rule", ["remote_wins", "local_wins"])
def test_after_random_edits_on_both_sides_rounds_agree_and_then_write_nothing(
    tmp_path: Path, rule: str
) -> None:
    with running_sandbox(tickets=20, seed=9, time_scale=100) as running:
        desk = ZendeskOro(running, tmp_path)
        desk.both_ways(sync_priority=rule)
        desk.round()
        edits = DeskEdits(running.control, seed=4)
        for _ in range(20):
            edits.make_one()
        desk.round()
        desk.round()
        assert Desk(running.control, edited=True).differences() == [], edits.made
        assert (desk.idle(), desk.idle()) == ([], []), edits.made
        assert desk.letters("oro") == desk.letters("zendesk") == []


def test_a_status_of_either_side_arrives_at_the_other(desk: ZendeskOro) -> None:
    number = opened(desk)
    desk.round()
    desk.ticket(id=number, status="pending")
    desk.round()
    ticket, case = desk.pair(number)
    assert (ticket["status"], case["status"]) == ("pending", "in_progress")
    desk.case(id=case["id"], status="resolved")
    desk.round()
    ticket, case = desk.pair(number)
    assert (ticket["status"], case["status"]) == ("solved", "resolved")
    assert (desk.idle(), desk.idle()) == ([], [])


def test_an_urgent_ticket_stays_urgent_until_somebody_changes_the_case(desk: ZendeskOro) -> None:
    number = opened(desk)
    for subject in ("once", "twice", "three times"):
        desk.ticket(id=number, subject=subject)
        desk.round()
        _, case = desk.pair(number)
        desk.case(id=case["id"], resolution=subject)
        desk.round()
        ticket, case = desk.pair(number)
        assert (ticket["priority"], case["priority"]) == ("urgent", "high")
    desk.case(id=case["id"], priority="low")
    desk.round()
    desk.case(id=case["id"], priority="high")
    desk.round()
    ticket, case = desk.pair(number)
    assert (ticket["priority"], case["priority"]) == ("high", "high")


@pytest.mark.parametrize(("rule", "subject"), [("remote_wins", "of Zendesk"), ("local_wins", "of Oro")])
def test_of_a_field_changed_on_both_sides_the_priority_takes_one_and_the_others_survive(
    desk: ZendeskOro, rule: str, subject: str
) -> None:
    desk.both_ways(sync_priority=rule)
    number = opened(desk)
    desk.round()
    _, case = desk.pair(number)
    desk.ticket(id=number, subject="of Zendesk", status="pending")
    desk.case(id=case["id"], subject="of Oro", priority="low")
    desk.round()
    ticket, case = desk.pair(number)
    assert (ticket["subject"], case["subject"]) == (subject, subject)
    assert (ticket["status"], case["status"]) == ("pending", "in_progress")
    assert (ticket["priority"], case["priority"]) == ("low", "low")
    (conflict,) = desk.conflicts()
    assert conflict["values"] == {"subject": {"zendesk": "of Zendesk", "oro": "of Oro"}}
    assert (desk.idle(), desk.idle()) == ([], [])


def test_the_case_s_colleague_becomes_the_ticket_s_assignee(desk: ZendeskOro) -> None:
    put = desk.sandbox.control.put_rows
    bob: Row = {"name": "Bob Clerk", "email": "bob@support.example", "role": "agent"}
    put("zendesk", "users", [bob])
    put("oro", "users", [colleague("bob", bob["email"])])
    number = opened(desk)
    desk.round()
    _, case = desk.pair(number)
    bobs, anns = (
        next(row["id"] for row in desk.rows("oro", "users") if row["username"] == name)
        for name in ("bob", "ann")
    )
    desk.case(id=case["id"], assignedTo=bobs)
    desk.round()
    ticket, case = desk.pair(number)
    assert ticket["assignee_id"] == user(desk, bob["email"])
    # It comes back as nobody's change: the owner stays who it was.
    assert (case["assignedTo"], case["owner"]) == (bobs, anns)
    assert (desk.idle(), desk.idle()) == ([], [])


def test_comments_go_both_ways_once_and_private_ones_stay_private(desk: ZendeskOro) -> None:
    number = opened(desk)
    clerk = user(desk, CLERK["email"])
    desk.comment("zendesk", ticket_id=number, body="Secret", public=False, author_id=clerk)
    desk.round()
    _, case = desk.pair(number)
    desk.comment("oro", case=case["id"], message="Bring water", public=True, contact=case["relatedContact"])
    desk.comment("oro", case=case["id"], message="Between us", public=False, owner=case["assignedTo"])
    desk.round()
    said = {row["body"]: row for row in desk.rows("zendesk", "ticket_comments")}
    assert said.keys() == {"It burns.", "Secret", "Bring water", "Between us"}
    assert [said[text]["public"] for text in ("Secret", "Bring water", "Between us")] == [False, True, False]
    assert said["Bring water"]["author_id"] == user(desk, ASKER["email"])
    assert said["Between us"]["author_id"] == clerk
    settled(desk)


def test_without_two_way_zendesk_sees_no_write(desk: ZendeskOro) -> None:
    desk.both_ways(two_way=False)
    number = opened(desk)
    desk.round()
    _, case = desk.pair(number)
    desk.case(id=case["id"], subject="Changed in OroCRM", status="closed")
    desk.comment("oro", case=case["id"], message="Unheard")
    desk.case(subject="Only here", status="open", priority="low", source="phone")
    run = desk.run("oro")
    assert desk.sandbox.control.requests("zendesk") == []
    assert run.outcomes.keys() == {"ignored"}
    desk.run("zendesk")
    assert desk.sandbox.control.requests("zendesk", writes_only=True) == []
    assert desk.pair(number)[0]["subject"] == "Printer on fire"
    # Switched on, fields come with the case's next change, and all the rest when everything is read again.
    desk.both_ways(two_way=True)
    desk.case(id=case["id"], resolution="Water")
    desk.run("oro")
    ticket, _ = desk.pair(number)
    assert (ticket["subject"], ticket["status"]) == ("Changed in OroCRM", "solved")
    desk.run("oro", full_refresh=True)
    assert [row["body"] for row in desk.rows("zendesk", "ticket_comments")] == ["It burns.", "Unheard"]
    assert (desk.idle(), desk.idle()) == ([], [])


def publishing(desk: ZendeskOro, **rule: Any) -> None:
    """Let cases that match become tickets."""
    values = desk.setting("target-oro-crm", "stream_map_config")
    desk.both_ways(stream_map_config={**values, "publish": {**values["publish"], **rule}})


def test_a_case_that_matches_the_rule_becomes_a_ticket_with_its_comments(desk: ZendeskOro) -> None:
    publishing(desk, sources=["phone"])
    contact = {"firstName": "Zoe", "lastName": "Quill", "primaryEmail": "zoe@example.com"}
    (zoe,) = desk.sandbox.control.put_rows("oro", "contacts", [contact])
    usual = {"status": "open", "priority": "low", "relatedContact": zoe["id"]}
    kept = desk.case(**usual, subject="Stays here", source="web")
    called = desk.case(**usual, subject="Called in", description="No ink.", source="phone")
    for case in (kept, called):
        desk.comment(
            "oro", case=case["id"], message=f"About {case['subject']}", public=True, contact=zoe["id"]
        )
    desk.round()
    (ticket,) = desk.rows("zendesk", "tickets")
    assert (ticket["subject"], ticket["status"], ticket["priority"]) == ("Called in", "open", "low")
    texts = [row["body"] for row in desk.rows("zendesk", "ticket_comments")]
    assert texts == ["No ink.", "About Called in"]
    (asker,) = [row for row in desk.rows("zendesk", "users") if row["id"] == ticket["requester_id"]]
    assert (asker["name"], asker["email"], asker["role"]) == ("Zoe Quill", "zoe@example.com", "end-user")
    # The number comes back; the first comment of the ticket is a comment of the case, once.
    desk.round()
    cases = {row["subject"]: row for row in desk.rows("oro", "cases")}
    assert (cases["Called in"]["externalId"], cases["Stays here"]["externalId"]) == (str(ticket["id"]), None)
    notes = sorted(row["message"] for row in desk.rows("oro", "casecomments"))
    assert notes == ["About Called in", "About Stays here", "No ink."]
    assert sorted(row["lastName"] for row in desk.rows("oro", "contacts")) == ["Coleman", "Quill"]
    # The other one is published by a change, with what was said before.
    desk.case(id=kept["id"], source="phone")
    desk.round()
    said = [
        row["body"] for row in desk.rows("zendesk", "ticket_comments") if row["ticket_id"] != ticket["id"]
    ]
    assert said == ["Stays here", "About Stays here"]
    desk.round()
    assert (desk.idle(), desk.idle()) == ([], [])
    assert desk.letters("oro") == desk.letters("zendesk") == []


def test_a_deleted_case_does_not_come_back(desk: ZendeskOro) -> None:
    number = opened(desk)
    desk.round()
    _, case = desk.pair(number)
    desk.delete("oro", "cases", case["id"])
    desk.ticket(id=number, subject="Still burning")
    desk.comment("zendesk", ticket_id=number, body="Hello?", public=True)
    desk.round()
    desk.round()
    assert desk.rows("oro", "cases") == []
    assert desk.rows("zendesk", "tickets")[0]["status"] == "open"
    assert (desk.idle(), desk.idle()) == ([], [])


def test_a_deleted_ticket_closes_its_case(desk: ZendeskOro) -> None:
    number = opened(desk)
    desk.round()
    desk.delete("zendesk", "tickets", number)
    desk.round()
    (case,) = desk.rows("oro", "cases")
    assert case["status"] == "closed"
    assert (desk.idle(), desk.idle()) == ([], [])


def test_a_ticket_that_is_opened_again_opens_its_case(desk: ZendeskOro) -> None:
    number = opened(desk)
    desk.round()
    desk.ticket(id=number, status="solved")
    desk.round()
    _, case = desk.pair(number)
    closed_at = case["closedAt"]
    assert case["status"] == "closed"
    assert closed_at is not None
    desk.ticket(id=number, status="open")
    desk.round()
    _, case = desk.pair(number)
    assert (case["status"], case["closedAt"]) == ("open", closed_at)
    settled(desk)


def test_a_merged_ticket_closes_its_case_and_says_so_in_both(desk: ZendeskOro) -> None:
    loser, winner = opened(desk, subject="Twice"), opened(desk)
    desk.round()
    desk.merge(loser, winner)
    desk.round()
    desk.round()
    ticket, case = desk.pair(loser)
    assert (ticket["status"], case["status"]) == ("closed", "closed")
    settled(desk)
    # What people do with that case cannot reach a closed ticket.
    desk.case(id=case["id"], subject="Late")
    desk.round()
    (letter,) = desk.letters("zendesk")
    assert (letter.raw_key, letter.cause) == (case["id"], "merged")


def test_a_lost_ledger_costs_no_case_no_comment_and_no_write(desk: ZendeskOro) -> None:
    number = opened(desk)
    desk.comment("zendesk", ticket_id=number, body="Same words", public=True)
    desk.comment("zendesk", ticket_id=number, body="Same words", public=True)
    desk.round()
    _, case = desk.pair(number)
    desk.comment("oro", case=case["id"], message="Bring water", public=True, contact=case["relatedContact"])
    desk.round()
    desk.lose_ledger()
    for source in desk.ways:
        desk.run(source, full_refresh=True)
        assert desk.writes() == []
    settled(desk)
    desk.case(id=case["id"], subject="Found again")
    desk.round()
    assert desk.pair(number)[0]["subject"] == "Found again"


def test_beside_its_case_a_ticket_has_its_record_where_the_bundle_is_installed(desk: ZendeskOro) -> None:
    desk.sandbox.control.settings(oro={"version": "6.1", "bundle": True})
    desk.both_ways(**BUNDLE)
    problem = opened(desk, type="problem", subject="The fire")
    number = opened(desk, type="incident", problem_id=problem, recipient="help@acme.example")
    gone = opened(desk, subject="Deleted before anybody read it")
    desk.comment("zendesk", ticket_id=gone, body="Never mind", public=True)
    desk.delete("zendesk", "tickets", gone)
    desk.round()
    assert desk.letters("oro") == [], "comments of a ticket that never gets a record wait for nothing"
    records = {row["originId"]: row for row in desk.rows("oro", "zendesktickets")}
    record, people = records[str(number)], {row["id"]: row for row in desk.rows("oro", "zendeskusers")}
    assert (record["ticketType"], record["status"], record["priority"]) == ("incident", "open", "urgent")
    assert record["problem"] == records[str(problem)]["id"]
    assert people[record["requester"]]["originId"] == str(user(desk, ASKER["email"]))
    assert people[record["assignee"]]["relatedUser"] is not None
    assert record["channel"] == "1"
    case = next(row for row in desk.rows("oro", "cases") if row["id"] == record["relatedCase"])
    assert case["subject"] == "Printer on fire"
    notes = {row["originId"]: row for row in desk.rows("oro", "zendeskticketcomments")}
    assert len(notes) == 2
    assert all(row["relatedComment"] and row["ticket"] for row in notes.values())
    assert (desk.idle(), desk.idle()) == ([], [])


def test_without_the_bundle_a_ticket_s_facts_go_to_case_fields(desk: ZendeskOro) -> None:
    people = ("requester", "submitter", "assignee", "collaborators")
    facts = ("status", "priority", "recipient", "type", "tags", "problem", *people)
    attributes = ",".join(f"my_{fact}:string" for fact in facts)
    desk.sandbox.control.settings(oro={"version": "6.1", "case_attributes": f"number:string,{attributes}"})
    fields = {f"ticket_{fact}": f"my_{fact}" for fact in facts}
    desk.settings["target-oro-crm"] |= {"ticket_number_field": "number", "case_fields": fields}
    asker, clerk = str(user(desk, ASKER["email"])), str(user(desk, CLERK["email"]))
    problem = opened(desk, type="problem", subject="The fire")
    more = {"collaborator_ids": [int(asker), int(clerk)], "recipient": "help@acme.example"}
    opened(desk, type="incident", problem_id=problem, tags=["hot", "wet"], **more)
    desk.round()
    case = next(row for row in desk.rows("oro", "cases") if row["subject"] == "Printer on fire")
    told = ["open", "urgent", "help@acme.example", "incident", "hot, wet", str(problem)]
    who = [asker, asker, clerk, f"{asker}, {clerk}"]
    assert [case[f"my_{fact}"] for fact in facts] == [*told, *who]
    assert (desk.idle(), desk.idle()) == ([], [])
