"""Memberships: several organizations for a user, the default one left alone, each pair once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox.openapi_contract import load_contract
from singer_lines import customer, schema
from zendesk_memberships import MembershipsTarget, role, roles
from zendesk_users import LATER, contact, contact_schema

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> MembershipsTarget:
    return MembershipsTarget(sandbox, tmp_path)


def test_create_no_change_and_what_it_costs(target: MembershipsTarget) -> None:
    target.fill(30)
    given = [*roles(range(30), 1), *roles(range(30), 2), role(0, 3)]
    run = target.send(given).check(0)
    assert run.outcomes["created"] == 31
    assert len(target.pairs) == 61
    assert target.of(0) == {"A1": True, "A2": False, "A3": False}
    assert target.calls() == ["POST create_many"], "those of the default organization were there"
    assert len(target.requests()) <= 6
    again = target.send(given).check(0)
    assert (again.outcomes, target.requests()) == ({"unchanged": 61}, [])
    target.lose_ledger()
    run = target.send(given[:3]).check(0)
    assert ("created" in run.outcomes, target.calls()) == (False, [])


@pytest.mark.parametrize("index", ["never", "failures", "always"])
def test_those_that_are_there_already_are_linked(target: MembershipsTarget, index: str) -> None:
    """Of many users nobody looks beforehand: the job refuses the pair, and it is found."""
    target.fill(15)
    target.sandbox.control.settings(zendesk={"job_result_index": index})
    user, organization = target.users["C7"]["id"], target.organizations["A2"]["id"]
    held = [{"user_id": user, "organization_id": organization}]
    target.sandbox.control.put_rows("zendesk", "organization_memberships", held)
    run = target.send(roles(range(15), 2)).check(0)
    assert (sum(run.outcomes.values()), target.letters(), target.journal()) == (15, [], 0)
    assert len(target.pairs) == 30
    assert target.send(roles(range(15), 2)).check(0).outcomes == {"unchanged": 15}


def test_the_default_organization_changes_only_by_setting(target: MembershipsTarget) -> None:
    target.fill(2)
    run = target.send([role(0, 2, main=True), role(1, 2, main=True)]).check(0)
    assert (target.of(0), target.users["C0"]["organization_id"]) == (
        {"A1": True, "A2": False},
        target.organizations["A1"]["id"],
    )
    settings = {"default_organization": "set"}
    run = target.send([role(0, 2, main=True, updated=LATER)], remap=True, **settings).check(0)
    assert (run.outcomes, target.of(0)) == ({"updated": 1}, {"A1": False, "A2": True})
    assert target.users["C0"]["organization_id"] == target.organizations["A2"]["id"]
    run = target.send([role(1, 3, main=True), role(0, 3, main=False)], **settings).check(0)
    assert target.of(1) == {"A1": False, "A2": False, "A3": True}
    assert target.of(0) == {"A1": False, "A2": True, "A3": False}, "a false default takes nothing away"
    assert run.outcomes == {"created": 2}


def test_an_end_is_reported_or_takes_the_user_out(target: MembershipsTarget) -> None:
    target.fill(1)
    target.send([role(0, 2), role(0, 3)]).check(0)
    run = target.send([role(0, 2, over=True, updated=LATER)]).check(0)
    assert run.summary["kept"] == {"organization_memberships.ended": 1}
    assert set(target.of(0)) == {"A1", "A2", "A3"}
    settings = {"on_membership_ended": "remove"}
    run = target.send([role(0, 3, over=True, updated=LATER)], **settings).check(0)
    assert (run.outcomes, set(target.of(0))) == ({"updated": 1}, {"A1", "A2"})
    later = "2026-11-21T02:00:00Z"
    run = target.send([role(0, 3, over=False, updated=later)], **settings).check(0)
    assert (run.outcomes, set(target.of(0))) == ({"updated": 1}, {"A1", "A2", "A3"})
    assert target.letters() == []


def test_who_is_not_there_yet_is_waited_for(target: MembershipsTarget) -> None:
    target.fill(1)
    assert target.send([role(0, 9)]).check(0).outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["waiting"]
    target.raw([schema(), customer(9)]).check(0)
    assert (set(target.of(0)), target.letters()) == ({"A1", "A9"}, [])


def test_a_plan_with_one_organization_for_a_user_refuses_the_second(target: MembershipsTarget) -> None:
    target.sandbox.control.settings(zendesk={"multiple_organizations": "off"})
    target.fill(2)
    run = target.send([role(0, 1), role(0, 2)]).check(0)
    assert run.outcomes["rejected"] == 1
    (letter,) = target.letters()
    assert "base: InvalidValue" in letter.reason
    assert target.of(0) == {"A1": True}


def test_a_user_who_is_gone_is_a_letter(target: MembershipsTarget) -> None:
    target.fill(1)
    target.send([role(0, 2)]).check(0)
    row = {"id": target.users["C0"]["id"], "active": False}
    target.sandbox.control.put_rows("zendesk", "users", [row])
    settings = {"default_organization": "set"}
    run = target.send([role(0, 2, main=True, updated=LATER)], **settings).check(0)
    assert run.outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["missing"]


WRITES = (
    ("/api/v2/organization_memberships/create_many", 12),
    ("/api/v2/organization_memberships", 3),
    ("^/api/v2/users/[0-9]+/organizations/[0-9]+$", 3),
    ("^/api/v2/users/[0-9]+/organizations/[0-9]+/make_default$", 3),
)


@pytest.mark.parametrize(("path", "count"), WRITES)
def test_a_lost_answer_makes_nothing_twice(target: MembershipsTarget, path: str, count: int) -> None:
    target.fill(count)
    settings = {"default_organization": "set", "on_membership_ended": "remove"}
    given = roles(range(count), 2)
    if path.startswith("^"):
        target.send(given).check(0)
        ends = "organizations/[0-9]+$" in path
        given = roles(range(count), 2, updated=LATER, **({"over": True} if ends else {"main": True}))
    target.sandbox.control.faults(
        {"system": "zendesk", "path": path, "method": "[PD]*", "fault": "lost_response"}
    )
    run = target.send(given, **settings)
    assert [each["fired"] for each in target.sandbox.control.present_faults()] == [1]
    assert run.exit_code in (0, 4)
    target.send(given, **settings).check(0)
    wanted = {"A1": True} if "[0-9]+$" in path else {"A1": "^" not in path, "A2": "^" in path}
    assert [target.of(number) for number in range(count)] == [wanted] * count
    assert (target.letters(), target.journal()) == ([], 0)
    idle = target.send(given, **settings).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": count}, [])


@pytest.mark.parametrize(
    "fault", [{"fault": "job_partial", "rows": [0, 5]}, {"fault": "job_stuck", "seconds": 2}]
)
def test_jobs_that_do_half_or_get_stuck(target: MembershipsTarget, fault: dict[str, object]) -> None:
    target.fill(8)
    target.sandbox.control.faults({"system": "zendesk", "path": "*/create_many", **fault})
    run = target.send(roles(range(8), 2), job_timeout=1)
    assert run.exit_code == (0 if fault["fault"] == "job_partial" else 4)
    target.send(roles(range(8), 2)).check(0)
    assert (len(target.pairs), target.letters(), target.journal()) == (16, [], 0)


def test_all_requests_hold_against_the_vendors_document(target: MembershipsTarget) -> None:
    contract = load_contract()
    settings = {"default_organization": "set", "on_membership_ended": "remove"}
    target.fill(8)
    target.send([*roles(range(8), 2), role(0, 3)]).check(0)
    logged = target.requests()
    target.send([role(0, 3, main=True, updated=LATER), role(1, 2, over=True, updated=LATER)], **settings)
    logged += target.requests()
    people = [contact_schema(), contact(1, updated=LATER)]
    target.raw(people).check(0)
    called = {(request["method"], request["path"].rpartition("/")[2]) for request in logged}
    assert {("POST", "create_many"), ("PUT", "make_default")} <= called
    assert contract.request_problems(logged) == []
