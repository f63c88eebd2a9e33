"""Tickets: created, changed, unchanged; what is sent, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sandbox.openapi_contract import load_contract
from zendesk_tickets import AGENT, LATER, TicketsTarget, case, cases, remark

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> TicketsTarget:
    return TicketsTarget(sandbox, tmp_path)


def test_create_no_change_change(target: TicketsTarget) -> None:
    assert target.send([case(1), case(2, priority="high")]).check(0).outcomes == {"created": 2}
    ticket = target.tickets["2"]
    assert (ticket["subject"], ticket["description"]) == ("Case 2", "Text of 2")
    assert (ticket["status"], ticket["priority"]) == ("open", "high")
    assert target.calls(writes_only=False).count("POST tickets") == 2
    assert len(target.requests()) == 4, "a look-up and a create for each"

    again = target.send([case(1), case(2, priority="high")]).check(0)
    assert (again.outcomes, target.requests()) == ({"unchanged": 2}, [])

    changed = target.send([case(2, priority="low", updated=LATER)]).check(0)
    assert changed.outcomes == {"updated": 1}
    (sent,) = target.requests()
    assert sent["body"] == {"ticket": {"id": ticket["id"], "priority": "low"}}
    assert target.comments("2") == [("Text of 2", True)]


def test_a_changed_first_comment_is_kept_as_it_was(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    run = target.send([case(1, text="Another text", updated=LATER)]).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"unchanged": 1}, [])
    assert run.summary["kept"] == {"tickets.comment.body": 1}


def test_many_tickets_go_in_jobs(target: TicketsTarget) -> None:
    assert target.send(cases(range(150))).check(0).outcomes == {"created": 150}
    assert target.calls().count("POST create_many") == 2
    reads = [request["path"] for request in target.requests() if request["method"] == "GET"]
    assert "/api/v2/incremental/tickets/cursor" in reads, "one reading instead of 150 look-ups"
    assert len(target.requests()) < 15
    target.sandbox.control.clear_requests()
    changed = target.send(cases(range(150), priority="high", updated=LATER)).check(0)
    assert changed.outcomes == {"updated": 150}
    assert target.calls() == ["PUT update_many"] * 2
    assert {row["priority"] for row in target.tickets.values()} == {"high"}
    assert target.send(cases(range(150), priority="high", updated=LATER)).check(0).outcomes == {
        "unchanged": 150
    }
    assert target.requests() == []


def test_a_row_that_the_job_refuses_becomes_a_letter_with_the_reason(target: TicketsTarget) -> None:
    run = target.send([*cases(range(8)), case(8, text=None)]).check(0)
    assert run.outcomes == {"created": 8, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.identity, letter.field) == ("8", "base")
    assert "base: BlankValue" in letter.reason


def test_a_lost_ledger_finds_all_by_external_id(target: TicketsTarget) -> None:
    target.send(cases(range(30))).check(0)
    target.lose_ledger()
    run = target.send(cases(range(30))).check(0)
    assert run.outcomes == {"unchanged": 30}
    assert (target.requests(writes_only=True), len(target.tickets)) == ([], 30)
    target.lose_ledger()
    assert target.send(cases(range(3))).check(0).outcomes == {"unchanged": 3}
    assert [request["query"] for request in target.requests() if request["query"]] != []


def test_two_tickets_of_one_external_id_are_not_guessed(target: TicketsTarget) -> None:
    for number in (1, 2):
        ticket = target.put("tickets", subject=str(number))
        target.put("tickets", id=ticket["id"], external_id="7")
    run = target.send([case(7)]).check(0)
    assert run.outcomes == {"rejected": 1}
    (letter,) = target.letters()
    assert letter.cause == "ambiguous"
    assert target.requests(writes_only=True) == []


def test_people_and_organizations_by_external_id_address_or_id(target: TicketsTarget) -> None:
    organization = target.put("organizations", name="Acme", external_id="A1")
    rita = target.put_user("Rita", external_id="C7", organization_id=organization["id"])
    target.map(requester_id="requester", organization_id="account", assignee_id="assignee")
    target.send([case(1, requester="C7", account="A1", assignee=AGENT)]).check(0)
    target.send([case(2, requester="rita@example.com", assignee=f"id:{seed.ADMIN_ID}")]).check(0)
    one, two = target.tickets["1"], target.tickets["2"]
    assert (one["requester_id"], one["organization_id"]) == (rita["id"], organization["id"])
    assert (one["assignee_id"], two["assignee_id"]) == (seed.AGENT_ID, seed.ADMIN_ID)
    assert two["requester_id"] == rita["id"]


def test_a_requester_who_is_not_there_yet_is_waited_for(target: TicketsTarget) -> None:
    target.map(requester_id="requester")
    run = target.send([case(1, requester="C9")]).check(0)
    assert run.outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["waiting"]
    target.put_user("Cy", external_id="C9")
    target.send([]).check(0)
    assert (target.letters(), list(target.tickets)) == ([], ["1"])


def test_a_requester_by_name_and_address_is_made(target: TicketsTarget) -> None:
    target.map(requester="{'name': requester, 'email': requester + '@example.com'}")
    assert target.send([case(1, requester="Rita")]).check(0).outcomes == {"created": 1}
    users = {row["id"]: row for row in target.sandbox.control.rows("zendesk", "users")}
    assert users[target.tickets["1"]["requester_id"]]["email"] == "rita@example.com"
    assert target.send([case(1, requester="Rita", priority="low", updated=LATER)]).check(0).outcomes == {
        "updated": 1
    }


def test_an_organization_that_is_not_the_requesters_is_a_letter(target: TicketsTarget) -> None:
    target.put("organizations", name="Acme", external_id="A1")
    target.map(organization_id="account")
    run = target.send([case(1, account="A1")]).check(0)
    assert run.outcomes == {"rejected": 1}
    assert [letter.field for letter in target.letters()] == ["organization"]


def test_tags_are_merged_by_member(target: TicketsTarget) -> None:
    target.map(tags="labels")
    target.send([case(1, labels=["A b"])]).check(0)
    target.put("tickets", id=target.tickets["1"]["id"], additional_tags=["theirs"])
    target.send([case(1, labels=["c"], updated=LATER)]).check(0)
    assert target.tickets["1"]["tags"] == ["theirs", "c"]


CUSTOM: list[dict[str, Any]] = [
    {"key": "orders", "title": "Open orders", "type": "integer"},
    {
        "key": "tier",
        "title": "Tier",
        "type": "tagger",
        "custom_field_options": [{"name": "Gold", "value": "t_gold"}],
    },
]


def values(target: TicketsTarget, name: str) -> dict[str, Any]:
    titles = {row["id"]: row["title"] for row in target.sandbox.control.rows("zendesk", "ticket_fields")}
    return {titles[item["id"]]: item["value"] for item in target.tickets[name]["custom_fields"]}


def test_custom_fields_are_created_and_named(target: TicketsTarget) -> None:
    target.map(custom_fields="{'orders': orders, 'tier': priority}")
    first = case(1, orders=3, priority="t_gold")
    target.map(priority=None)
    assert target.send([first], ticket_fields=CUSTOM).check(0).outcomes == {"created": 1}
    assert values(target, "1") == {"Open orders": "3", "Tier": "t_gold"}
    assert target.send([first], ticket_fields=CUSTOM).check(0).outcomes == {"unchanged": 1}
    target.lose_ledger()
    again = target.send([first], ticket_fields=CUSTOM).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"unchanged": 1}, [])
    wrong = target.send([case(2, orders=3, priority="t_lead")], ticket_fields=CUSTOM).check(0)
    assert wrong.outcomes == {"rejected": 1}
    clash = [{**CUSTOM[0], "type": "text"}]
    run = target.send([case(3, orders=3)], ticket_fields=clash).check(5)
    assert "is of type integer in Zendesk" in run.errors


def test_a_custom_field_by_id(target: TicketsTarget) -> None:
    field = target.put("ticket_fields", title="Open orders", type="integer")
    target.map(custom_fields=f"{{'{field['id']}': orders}}")
    target.send([case(1, orders=3)]).check(0)
    assert values(target, "1") == {"Open orders": "3"}


def test_imports_keep_the_past(target: TicketsTarget) -> None:
    target.put_user("Rita", external_id="C7")
    target.map(comment=None, comments="remarks", created_at="opened", updated_at="updated")
    past = [
        {"body": "First", "author": "C7", "created_at": "2020-01-01T10:00:00Z"},
        {"body": "Second", "public": False, "created_at": "2020-01-02T10:00:00Z"},
    ]
    old = {"remarks": past, "opened": "2020-01-01T10:00:00+01:00", "status": "closed"}
    run = target.send(cases(range(8), **old), use_imports=True).check(0)
    assert run.outcomes == {"created": 8}
    assert target.calls() == ["POST create_many"]
    assert target.requests(writes_only=True)[0]["path"] == "/api/v2/imports/tickets/create_many"
    assert target.tickets["3"]["created_at"] == "2020-01-01T09:00:00Z"
    assert target.comments("3") == [("First", True), ("Second", False)]
    one = target.send([case(9, **old)], use_imports=True).check(0)
    assert (one.outcomes, target.calls()) == ({"created": 1}, ["POST tickets"])
    unknown = [{"body": "x", "author": "nobody"}]
    waiting = target.send([case(10, remarks=unknown, opened=None)], use_imports=True).check(0)
    assert waiting.outcomes == {"rejected": 1}
    without = target.send([case(11)]).check(5)
    assert "tickets has no field comments" in without.errors


def test_stamps_say_which_run_wrote_and_when(target: TicketsTarget) -> None:
    stamped: dict[str, Any] = {"audit_field": "ml_run", "synced_at_field": "ml_synced"}
    run = target.send([case(1)], **stamped).check(0)
    shown = values(target, "1")
    assert shown["Ml run"] == str(run.summary["run"])
    assert str(shown["Ml synced"]).startswith("20")
    again = target.send([case(1)], **stamped).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"unchanged": 1}, [])
    assert values(target, "1") == shown
    target.lose_ledger()
    assert target.send([case(1)], **stamped).check(0).outcomes == {"unchanged": 1}


def test_a_dry_run_writes_nothing(target: TicketsTarget) -> None:
    run = target.send([*cases(range(3)), remark(5, 1)], dry_run=True).check(0)
    assert run.summary["plan"]["create"] == 4
    assert "GET audits" not in target.calls(writes_only=False)
    assert (target.requests(writes_only=True), target.tickets) == ([], {})


def test_all_requests_hold_against_the_vendors_document(target: TicketsTarget) -> None:
    contract = load_contract()
    control = target.sandbox.control
    logged = []
    target.map(custom_fields="{'orders': orders}", requester_id="requester")
    target.put_user("Rita", external_id="C7")
    many = cases(range(30), orders=3, requester="C7")
    settings: dict[str, Any] = {"ticket_fields": CUSTOM, "audit_field": "ml_run", "safe_update": True}
    for given, more in (
        (many, {}),
        (cases(range(8), orders=4, requester="C7", updated=LATER), {}),
        ([remark(100 + number, number) for number in range(8)], {}),
        ([remark(200, 1), case(40)], {"closed_tickets": "follow_up"}),
        ([case(50, requester="rita@example.com")], {"use_imports": True}),
    ):
        target.send(given, **settings, **more).check(0)
        logged += control.requests("zendesk")
        target.close("1")
    called = {(request["method"], request["path"].rpartition("/")[2]) for request in logged}
    assert {("POST", "create_many"), ("PUT", "update_many"), ("POST", "tickets"), ("GET", "audits")} <= called
    assert contract.request_problems(logged) == []
