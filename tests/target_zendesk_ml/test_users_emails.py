"""Users by their addresses: adopted, changed through identities, agents left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from zendesk_users import LATER, UsersTarget, contact, contact_schema, contacts

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> UsersTarget:
    made = UsersTarget(sandbox, tmp_path)
    made.map(organization_external_id=None)
    return made


def reasons(target: UsersTarget) -> dict[str | None, tuple[str, str | None]]:
    return {letter.identity: (letter.cause, letter.field) for letter in target.letters()}


def test_a_user_of_the_same_address_without_an_external_id_is_adopted(target: UsersTarget) -> None:
    user = target.put_user(name="Known", email="contact1@acme.example", notes="Likes tea")
    run = target.run_contacts([contact(1, email=" Contact1@ACME.example")]).check(0)
    assert run.outcomes == {"updated": 1}
    (found,) = [row for row in target.rows("users") if row["email"] == "contact1@acme.example"]
    assert (found["id"], found["external_id"], found["name"]) == (user["id"], "C1", "Contact 1")
    assert (found["notes"], len(target.emails(user["id"]))) == ("Likes tea", 1)
    assert target.rows("mails") == []


def test_many_known_users_are_found_by_reading_all_once(target: UsersTarget) -> None:
    rows = [{"name": "Known", "email": f"contact{n}@acme.example"} for n in range(250)]
    target.sandbox.control.put_rows("zendesk", "users", rows)
    run = target.run_contacts(contacts(range(600))).check(0)
    assert run.outcomes == {"created": 350, "updated": 250}
    calls = target.calls(writes_only=False)
    assert ("GET search" in calls, calls.count("GET count"), calls.count("GET users")) == (False, 1, 3)
    assert all(not request["path"].endswith("/users") for request in target.requests(writes_only=True))


def test_reading_all_starts_once_searches_cost_as_much(target: UsersTarget) -> None:
    rows = [{"name": "Known", "email": f"contact{n}@acme.example"} for n in range(120)]
    target.sandbox.control.put_rows("zendesk", "users", rows)
    batches = [*contacts(range(20)), contact_schema(), *contacts(range(20, 40))]
    run = target.run_contacts(batches).check(0)
    assert run.outcomes == {"updated": 40}
    # The first batch of the run has to search; what follows reads the two pages of everybody.
    assert target.calls(writes_only=False).count("GET search") == 20
    assert target.calls(writes_only=False).count("GET users") == 2


def test_a_user_of_another_external_id_is_a_letter(target: UsersTarget) -> None:
    user = target.put_user(name="Known", email="contact1@acme.example", external_id="CRM-7")
    run = target.run_contacts([contact(1), contact(2)]).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.cause, letter.field) == ("linked", "email")
    assert str(user["id"]) in letter.reason
    assert "CRM-7" in letter.reason
    assert target.users["CRM-7"]["name"] == "Known"


def test_an_agent_is_never_touched_unless_allowed(target: UsersTarget) -> None:
    target.put_user(name="Ada", email="contact1@acme.example", role="agent")
    target.put_user(name="Bob", email="bob@acme.example", role="admin", external_id="C2")
    run = target.run_contacts(contacts([1, 2])).check(0)
    assert (run.outcomes, reasons(target)) == (
        {"rejected": 2},
        {"C1": ("agent", "email"), "C2": ("agent", "email")},
    )
    assert all("is an a" in letter.reason for letter in target.letters())
    names = {row["name"] for row in target.rows("users")}
    assert {"Ada", "Bob"} <= names
    replayed = [contact(1, updated=LATER)]
    assert target.run_contacts(replayed, allow_agents=True).check(0).outcomes == {"updated": 1}
    assert (target.users["C1"]["role"], target.users["C1"]["name"]) == ("agent", "Contact 1")


def test_the_role_of_a_new_user_needs_the_same_permission(target: UsersTarget) -> None:
    target.map(role="'agent'")
    assert target.run_contacts([contact(1)]).check(0).outcomes == {"rejected": 1}
    assert target.calls() == ["POST user_fields"]
    run = target.run_contacts([contact(1, updated=LATER)], allow_agents=True).check(0)
    assert run.outcomes == {"created": 1}, [letter.reason for letter in target.letters()]
    assert target.users["C1"]["role"] == "agent"


def test_two_records_of_one_address_make_one_user_and_a_letter(target: UsersTarget) -> None:
    run = target.run_contacts([contact(1), contact(2, email="CONTACT1@acme.example")]).check(0)
    assert (run.outcomes, reasons(target)) == (
        {"created": 1, "rejected": 1},
        {"C2": ("taken", "email")},
    )


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("old", ["keep", "remove"])
def test_a_changed_address_goes_through_identities(target: UsersTarget, at_once: bool, old: str) -> None:
    target.sandbox.control.settings(zendesk={"primary_on_create": at_once})
    target.run_contacts(contacts([1, 2])).check(0)
    user = target.users["C1"]["id"]
    changed = [
        contact(1, email="new1@acme.example", title="Head", updated=LATER),
        contact(2, email="new2@acme.example", updated=LATER),
    ]
    run = target.run_contacts(changed, old_email=old).check(0)
    assert run.outcomes == {"updated": 2}
    assert (target.users["C1"]["email"], target.users["C2"]["email"]) == (
        "new1@acme.example",
        "new2@acme.example",
    )
    assert target.users["C1"]["user_fields"] == {"ebs_title": "Head"}
    expected = {"new1@acme.example": True} | ({"contact1@acme.example": False} if old == "keep" else {})
    assert target.emails(user) == expected
    assert target.rows("mails") == []
    assert target.calls().count("PUT make_primary") == (0 if at_once else 2)
    assert [row for row in target.sent_users() if "email" in row] == []
    assert target.run_contacts(changed, old_email=old).check(0).outcomes == {"unchanged": 2}


def test_back_to_a_former_address(target: UsersTarget) -> None:
    target.run_contacts([contact(1)]).check(0)
    target.run_contacts([contact(1, email="new1@acme.example", updated=LATER)]).check(0)
    run = target.run_contacts([contact(1, updated="2026-11-21T01:00:00Z")]).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.emails(target.users["C1"]["id"]) == {
        "contact1@acme.example": True,
        "new1@acme.example": False,
    }


def test_a_change_to_an_address_of_somebody_else_is_a_letter(target: UsersTarget) -> None:
    target.run_contacts([contact(1)]).check(0)
    target.put_user(name="Other", email="other@acme.example")
    changed = contact(1, email="other@acme.example", title="Head", updated=LATER)
    assert target.run_contacts([changed]).check(0).outcomes == {"rejected": 1}
    assert reasons(target) == {"C1": ("taken", "email")}
    assert target.users["C1"]["user_fields"] == {"ebs_title": "Buyer"}, "nothing of it was written"


def test_whoever_became_an_agent_keeps_the_address(target: UsersTarget) -> None:
    target.run_contacts([contact(1)]).check(0)
    target.put_user(email="contact1@acme.example", external_id="C1", role="agent")
    changed = contact(1, email="new1@acme.example", updated=LATER)
    assert target.run_contacts([changed]).check(0).outcomes == {"rejected": 1}
    assert reasons(target) == {"C1": ("agent", "email")}
    assert target.users["C1"]["email"] == "contact1@acme.example"


def test_a_secondary_address_leads_to_its_user(target: UsersTarget) -> None:
    user = target.put_user(name="Known", email="known@acme.example")
    identity = {"user_id": user["id"], "type": "email", "value": "contact1@acme.example"}
    target.sandbox.control.put_rows("zendesk", "identities", [identity])
    assert target.run_contacts([contact(1)]).check(0).outcomes == {"updated": 1}
    assert target.users["C1"]["id"] == user["id"]
    assert target.emails(user["id"]) == {"known@acme.example": False, "contact1@acme.example": True}


def test_a_search_that_lags_makes_no_twin(target: UsersTarget) -> None:
    target.sandbox.control.settings(zendesk={"search_lag_seconds": 600})
    target.put_user(name="Just now", email="contact1@acme.example")
    assert target.run_contacts([contact(1)]).check(0).outcomes == {"rejected": 1}
    assert reasons(target) == {"C1": ("taken", "email")}


def test_a_wrong_address_is_a_letter_without_a_request(target: UsersTarget) -> None:
    target.run_contacts([contact(9)]).check(0)
    run = target.run_contacts([contact(1, email="nobody"), contact(2, email=None)]).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    assert reasons(target) == {"C1": ("invalid", "email")}
    assert target.users["C2"]["email"] is None
