"""Users: created, changed, unchanged; what is sent, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from singer_lines import customer, schema
from zendesk_users import LATER, UsersTarget, contact, contact_schema, contacts

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> UsersTarget:
    return UsersTarget(sandbox, tmp_path)


def test_create_no_change_change(target: UsersTarget) -> None:
    run = target.run_both(contacts(range(3), phone=" +49 30 1 ")).check(0)
    assert run.outcomes == {"created": 4}
    user = target.users["C1"]
    assert (user["name"], user["email"], user["role"]) == ("Contact 1", "contact1@acme.example", "end-user")
    assert (user["phone"], user["user_fields"]) == ("+49 30 1", {"ebs_title": "Buyer"})
    assert user["organization_id"] == target.organizations["A1"]["id"]
    assert target.rows("mails") == [], "no verification mail"
    again = target.run_both(contacts(range(3), phone=" +49 30 1 ")).check(0)
    assert again.outcomes == {"unchanged": 4}
    assert set(target.calls(writes_only=False)) == {"GET organization_fields", "GET user_fields"}
    changed = contact(1, phone=" +49 30 1 ", title="Head", updated=LATER)
    assert target.run_contacts([changed]).check(0).outcomes == {"updated": 1}
    assert target.users["C1"]["user_fields"] == {"ebs_title": "Head"}
    (row,) = [request["body"]["users"] for request in target.requests(writes_only=True)]
    assert row == [{"id": user["id"], "user_fields": {"ebs_title": "Head"}}]


def test_a_run_with_nothing_new_costs_no_request(target: UsersTarget) -> None:
    target.map(user_fields=None)
    target.run_contacts(contacts(range(3), account=None)).check(0)
    assert target.run_contacts(contacts(range(3), account=None)).check(0).outcomes == {"unchanged": 3}
    assert target.requests() == []


def test_a_verification_mail_only_by_setting(target: UsersTarget) -> None:
    target.run_both([contact(1)], send_verification=True).check(0)
    assert [mail["email"] for mail in target.rows("mails")] == ["contact1@acme.example"]
    bodies = [request["body"] for request in target.requests(writes_only=True) if "users" in request["body"]]
    assert [row["skip_verify_email"] for body in bodies for row in body["users"]] == [False]


def test_a_lost_ledger_finds_everybody_by_external_id(target: UsersTarget) -> None:
    target.run_both(contacts(range(4))).check(0)
    target.lose_ledger()
    assert target.run_both(contacts(range(4))).check(0).outcomes == {"unchanged": 5}
    assert target.requests(writes_only=True) == []


def test_role_suspension_and_organization_of_existing_users_stay(target: UsersTarget) -> None:
    target.map(role="'end-user'", suspended="False")
    mine = target.put_organization(name="Elsewhere")
    user = target.put_user(
        name="Old", email="contact1@acme.example", suspended=True, organization_id=mine, external_id="c1"
    )
    run = target.run_both([contact(1)]).check(0)
    assert run.outcomes == {"created": 1, "updated": 1}
    found = target.users["c1"] if "c1" in target.users else target.users["C1"]
    assert (found["id"], found["name"]) == (user["id"], "Contact 1")
    assert (found["suspended"], found["organization_id"]) == (True, mine)
    assert run.summary["kept"] == {"users.organization_external_id": 1, "users.suspended": 1}


def test_a_user_moves_only_by_setting(target: UsersTarget) -> None:
    messages = [schema(), contact_schema(), customer(1), customer(2), contact(1)]
    target.raw(messages).check(0)
    other = target.organizations["A2"]["id"]
    first = target.organizations["A1"]["id"]
    run = target.run_contacts([contact(1, account="A2", updated=LATER)]).check(0)
    assert (run.outcomes, run.summary["kept"]) == (
        {"unchanged": 1},
        {"users.organization_external_id": 1},
    )
    assert target.users["C1"]["organization_id"] == first
    later = "2026-11-21T01:00:00Z"
    run = target.run_contacts([contact(1, account="A2", updated=later)], on_moved="move", remap=True).check(0)
    assert (run.outcomes, run.summary["kept"]) == ({"updated": 1}, {})
    assert target.users["C1"]["organization_id"] == other


def test_an_end_is_reported_or_suspends(target: UsersTarget) -> None:
    target.map(ended="ended")
    target.run_both([contact(1, ended=False), contact(2, ended=False)]).check(0)
    run = target.run_contacts([contact(1, ended=True, updated=LATER)]).check(0)
    assert (run.outcomes, run.summary["kept"]) == ({"unchanged": 1}, {"users.ended": 1})
    assert not target.users["C1"]["suspended"]
    run = target.run_contacts([contact(2, ended=True, updated=LATER)], on_ended="suspend").check(0)
    assert (run.outcomes, target.users["C2"]["suspended"]) == ({"updated": 1}, True)
    again = contact(2, ended=False, updated="2026-11-21T02:00:00Z")
    run = target.run_contacts([again], on_ended="suspend").check(0)
    assert (run.outcomes, target.users["C2"]["suspended"]) == ({"updated": 1}, False)


def test_somebody_elses_suspension_is_not_lifted(target: UsersTarget) -> None:
    target.map(ended="ended")
    target.put_user(name="Contact 1", email="contact1@acme.example", suspended=True)
    target.run_both([contact(1, ended=False)], on_ended="suspend").check(0)
    assert (target.users["C1"]["suspended"], target.users["C1"]["external_id"]) == (True, "C1")


def test_who_is_not_to_be_created_waits_for_no_organization(target: UsersTarget) -> None:
    target.map(_ml_create="title == 'Head'")
    known = target.put_user(name="Contact 2", email="contact2@acme.example", external_id="C2")
    run = target.run_contacts(contacts(range(1, 3), title="Buyer")).check(0)
    assert (run.outcomes, target.letters()) == ({"ignored": 1, "updated": 1}, [])
    assert target.users["C2"]["organization_id"] == known["organization_id"]
    assert target.run_contacts([contact(3, title="Head")]).check(0).outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["waiting"]


def test_user_fields_of_another_type_stop_the_run(target: UsersTarget) -> None:
    definition = {"key": "ebs_title", "title": "T", "type": "integer"}
    target.sandbox.control.put_rows("zendesk", "user_fields", [definition])
    run = target.run_contacts([contact(1)]).check(5)
    assert "User field ebs_title is of type integer in Zendesk, text in the settings" in run.errors
    assert target.calls() == []


def test_the_check_looks_at_user_fields(target: UsersTarget) -> None:
    output = target.feed(b"", "--check").check(0).output.decode()
    assert '"user field ebs_title"' in output


def test_requests_per_thousand(target: UsersTarget) -> None:
    """Goals: at most 33 requests for 1,000 new users, 12 for 1,000 changed ones that are linked."""
    target.map(user_fields=None, organization_external_id=None)
    target.config |= {"user_fields": None, "job_first_poll": 3, "job_poll": 1}
    number = 3_000
    assert target.run_contacts(contacts(range(number))).check(0).outcomes == {"created": number}
    created = len(target.requests())
    changed = contacts(range(number), name="Renamed", updated=LATER)
    assert target.run_contacts(changed).check(0).outcomes == {"updated": number}
    updated = len(target.requests())
    assert (created <= 33 * 3, updated <= 12 * 3) == (True, True), (created, updated)
    assert target.rows("mails") == []
