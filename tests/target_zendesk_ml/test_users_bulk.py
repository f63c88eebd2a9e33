"""Users in jobs: refused rows, bulk imports that are off, lost answers, organizations that come later."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox.openapi_contract import load_contract
from singer_lines import customer, schema
from zendesk_users import LATER, UsersTarget, contact, contact_schema, contacts

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> UsersTarget:
    return UsersTarget(sandbox, tmp_path)


def set_imports(target: UsersTarget, *, enabled: bool) -> None:
    target.sandbox.control.settings(zendesk={"bulk_user_imports": enabled})


@pytest.mark.parametrize("index", ["never", "failures", "always"])
def test_rows_that_a_job_refused_are_sent_singly(target: UsersTarget, index: str) -> None:
    target.sandbox.control.settings(zendesk={"job_result_index": index})
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/users/create_many", "fault": "job_partial", "rows": [0, 2]}
    )
    run = target.run_both(contacts(range(4))).check(0)
    assert run.outcomes == {"created": 5}
    assert set(target.users) >= {f"C{n}" for n in range(4)}
    assert len([row for row in target.rows("users") if row["role"] == "end-user"]) == 4
    assert target.calls().count("POST users") == 2
    assert target.rows("mails") == []


def test_a_refused_update_is_sent_singly(target: UsersTarget) -> None:
    target.run_both(contacts(range(3))).check(0)
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/users/update_many", "fault": "job_partial", "rows": [1]}
    )
    run = target.run_contacts(contacts(range(3), title="Head", updated=LATER)).check(0)
    assert run.outcomes == {"updated": 3}
    assert {row["user_fields"]["ebs_title"] for row in target.rows("users") if row["external_id"]} == {"Head"}


def test_bulk_imports_off_are_found_out_once(target: UsersTarget) -> None:
    set_imports(target, enabled=False)
    run = target.run_both([*contacts(range(150)), contact_schema(), *contacts(range(150, 250))]).check(0)
    assert run.outcomes == {"created": 251}
    calls = [request["path"].rpartition("/")[2] for request in target.requests(writes_only=True)]
    paths = [request["path"] for request in target.requests(writes_only=True)]
    assert paths.count("/api/v2/users/create_many") == 1
    assert calls.count("users") == 250
    assert run.errors.count("Zendesk refused a bulk user import") == 1
    assert run.summary["bulk_user_imports"] is False
    assert target.rows("mails") == []
    changed = target.run_contacts(contacts(range(250), title="Head", updated=LATER)).check(0)
    assert changed.outcomes == {"updated": 250}
    assert target.calls() == ["PUT update_many"] * 3, "updates need no import"


def test_bulk_imports_switched_off_in_mid_run(target: UsersTarget) -> None:
    """The first two jobs are let in; the third is refused, and the rest goes singly."""
    off = {
        "system": "zendesk",
        "path": "*/users/create_many",
        "fault": "status",
        "status": 403,
        "after": 2,
        "times": 99,
        "body": {"error": {"title": "Forbidden", "message": "Bulk user imports are not enabled."}},
    }
    target.sandbox.control.faults(off)
    run = target.run_both(contacts(range(500)), parallel=1).check(0)
    assert run.outcomes == {"created": 501}
    paths = [request["path"] for request in target.requests(writes_only=True)]
    assert (paths.count("/api/v2/users/create_many"), paths.count("/api/v2/users")) == (3, 300)
    assert len([row for row in target.rows("users") if row["role"] == "end-user"]) == 500


def test_a_missing_permission_is_no_switch(target: UsersTarget) -> None:
    forbidden = {"system": "zendesk", "fault": "status", "status": 403, "times": 99}
    body = {"error": {"title": "Forbidden", "message": "You do not have access to this page."}}
    target.sandbox.control.faults(
        {**forbidden, "path": "*/users/create_many", "body": body},
        {**forbidden, "path": "*/users", "method": "POST", "body": body},
    )
    run = target.run_both([contact(1)]).check(5)
    assert "does not permit POST" in run.errors


@pytest.mark.parametrize("enabled", [True, False])
def test_a_lost_answer_makes_no_twin(target: UsersTarget, enabled: bool) -> None:
    set_imports(target, enabled=enabled)
    path = "*/users/create_many" if enabled else "*/users"
    target.sandbox.control.faults(
        {"system": "zendesk", "path": path, "method": "POST", "fault": "lost_response"}
    )
    target.run_both(contacts(range(8))).check(4)
    outcomes = target.run_both(contacts(range(8))).check(0).outcomes
    assert (sum(outcomes.values()), outcomes.keys() <= {"created", "unchanged"}) == (9, True)
    assert len([row for row in target.rows("users") if row["role"] == "end-user"]) == 8
    assert (target.journal(), target.letters()) == (0, [])


def test_a_refused_single_create_names_field_and_reason(target: UsersTarget) -> None:
    set_imports(target, enabled=False)
    run = target.run_both([contact(1, email="a@no-domain"), contact(2)]).check(0)
    assert run.outcomes == {"created": 2, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.identity, letter.field) == ("C1", "email")
    assert "InvalidFormat" in letter.reason


def test_contacts_that_come_before_their_customer_wait(target: UsersTarget) -> None:
    customers_later = [customer(n) for n in (2, 3, 1)]
    run = target.raw([contact_schema(), *contacts(range(3)), schema(), *customers_later, schema()]).check(0)
    assert run.outcomes == {"created": 6}
    assert {row["organization_id"] for row in target.users.values() if row["external_id"]} == {
        target.organizations["A1"]["id"]
    }


def test_an_organization_that_is_not_ours_is_found_by_its_external_id(target: UsersTarget) -> None:
    organization = target.put_organization(name="Acme", external_id="a1")
    assert target.run_contacts(contacts([1, 2])).check(0).outcomes == {"created": 2}
    assert target.users["C1"]["organization_id"] == organization


def test_a_customer_that_does_not_come_is_a_letter_that_passes(target: UsersTarget) -> None:
    assert target.run_contacts(contacts([1, 2])).check(0).outcomes == {"rejected": 2}
    assert {(letter.cause, letter.field) for letter in target.letters()} == {
        ("waiting", "organization_external_id")
    }
    asked = [request for request in target.requests() if request["path"].endswith("organizations/show_many")]
    assert len(asked) == 1, "asked once"
    assert all("organizations record of A1" in letter.reason for letter in target.letters())
    run = target.run_both([]).check(0)
    assert (run.outcomes["created"], target.letters()) == (3, []), "tried again by itself"


def test_an_existing_user_does_not_wait_for_an_organization_that_is_not_written(target: UsersTarget) -> None:
    target.run_both([contact(1)]).check(0)
    run = target.run_contacts([contact(1, account="A99", title="Head", updated=LATER)]).check(0)
    assert run.outcomes == {"updated": 1}


def test_a_user_deleted_in_zendesk_is_a_letter_or_made_again(target: UsersTarget) -> None:
    target.run_both(contacts([1, 2])).check(0)
    for name in ("C1", "C2"):
        row = {"id": target.users[name]["id"], "active": False}
        target.sandbox.control.put_rows("zendesk", "users", [row])
    run = target.run_contacts([contact(1, title="Head", updated=LATER)]).check(0)
    assert run.outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["missing"]


def test_a_dry_run_of_users_asks_little_and_writes_nothing(target: UsersTarget) -> None:
    rows = [{"name": "Known", "email": f"contact{n}@acme.example"} for n in range(50)]
    target.sandbox.control.put_rows("zendesk", "users", rows)
    run = target.run_both(contacts(range(300)), dry_run=True).check(0)
    assert run.outcomes == {"created": 251, "updated": 50}
    assert (target.requests(writes_only=True), run.summary["plan"]["create"]) == ([], 251)
    assert len(target.requests()) < 15


def test_all_requests_of_users_hold_against_the_vendors_document(target: UsersTarget) -> None:
    contract = load_contract()
    control = target.sandbox.control
    logged = []
    control.faults({"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "rows": [0]})
    target.put_user(name="Known", email="contact3@acme.example")
    target.run_both(contacts(range(4))).check(0)
    logged += control.requests("zendesk")
    control.settings(zendesk={"primary_on_create": False})
    changed = [contact(n, email=f"new{n}@acme.example", title="Head", updated=LATER) for n in range(4)]
    target.run_contacts(changed, old_email="remove").check(0)
    logged += control.requests("zendesk")
    called = {(request["method"], request["path"].rpartition("/")[2]) for request in logged}
    assert {("POST", "create_many"), ("PUT", "update_many"), ("GET", "search"), ("POST", "users")} <= called
    assert {("POST", "identities"), ("PUT", "make_primary"), ("GET", "identities")} <= called
    assert contract.request_problems(logged) == []


@pytest.mark.parametrize("width", [1, 4])
def test_so_many_single_calls_are_under_way_at_once(target: UsersTarget, width: int) -> None:
    target.run_both([]).check(0)
    set_imports(target, enabled=False)
    # The first that arrives is slow: alone it goes before all others, and among several others pass it.
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/users", "method": "POST", "fault": "latency", "seconds": 1}
    )
    target.run_contacts(contacts(range(4)), parallel=width).check(0)
    logged = target.sandbox.control.requests("zendesk")
    (slow,) = (request["body"]["user"]["external_id"] for request in logged if request["fault"] == "latency")
    made = sorted((row["id"], row["external_id"]) for row in target.users.values())
    first = [key for _, key in made if key].index(slow)
    assert first == 0 if width == 1 else first > 0
