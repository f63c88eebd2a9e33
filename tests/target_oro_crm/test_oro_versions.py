"""Servers differ: external ids from 7.0.2 on, a field of cases, native records, or nothing."""

from __future__ import annotations

import pytest
from oro_target import COMMENTS, RECORD, RECORDS, TICKETS, OroTarget, comment, row, ticket

from ml_sandbox.oro import seed

NATIVE = {"oro_channel_id": seed.CHANNEL_ID, "native_sync_off": True}
DEFAULTS = {"status": "open", "priority": "normal", "source": "other"}


def with_records(target: OroTarget) -> None:
    """From now on tickets, comments and people go to the records of Zendesk's types as well."""
    target.config["stream_maps"] |= RECORDS


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_without_any_place_for_the_number_an_empty_ledger_is_refused(target: OroTarget, version: str) -> None:
    target.settings(version=version)
    given = [ticket(1), comment(100, 1, "Hello")]
    refused = target.send(given).check(5)
    assert "ticket_number_field" in refused.errors
    assert "allow_empty_ledger" in refused.errors
    assert target.rows() == []
    assert target.send(given, allow_empty_ledger=True).check(0).outcomes == {"created": 2}
    changed = [ticket(1, status="resolved", updated="2026-11-21T00:00:00Z"), comment(101, 1, "More")]
    assert target.send(changed).check(0).outcomes == {"created": 1, "updated": 1}
    (case,) = target.rows()
    assert (case["status"], "externalId" in case) == ("resolved", False)


@pytest.mark.parametrize("filters", ["", "cases.zendesk_number"])
def test_the_number_goes_to_a_field_of_cases(target: OroTarget, filters: str) -> None:
    target.settings(version="6.1", case_attributes="zendesk_number:string", extra_filters=filters)
    target.config["ticket_number_field"] = "zendesk_number"
    given = [ticket(number) for number in range(1, 4)]
    target.send(given).check(0)
    assert [case["zendesk_number"] for case in target.rows()] == ["1", "2", "3"]
    target.lose_ledger()
    run = target.send([*given, ticket(4)]).check(0)
    assert (run.outcomes, len(target.rows())) == ({"unchanged": 3, "created": 1}, 4)


def test_facts_of_the_ticket_go_to_fields_of_cases(target: OroTarget) -> None:
    target.settings(case_attributes="kind:string, address:string")
    fields = {"ticket_type": "kind", "ticket_url": "address"}
    mapping = {**TICKETS, "ticket_type": "type", "ticket_url": "url", "ticket_recipient": "'r'"}
    target.config["stream_maps"]["tickets"] = mapping
    target.send([ticket(1, type="incident", url="u/1")], case_fields=fields).check(0)
    (case,) = target.rows()
    assert (case["kind"], case["address"]) == ("incident", "u/1")
    changed = ticket(1, type="problem", url="u/1", updated="2026-11-21T00:00:00Z")
    assert target.send([changed]).check(0).outcomes == {"unchanged": 1}, "left out where no setting names it"
    later = ticket(1, type="task", url="u/1", updated="2026-11-21T00:00:01Z")
    assert target.send([later], case_fields=fields).check(0).outcomes == {"updated": 1}
    assert target.rows()[0]["kind"] == "task"


def test_an_attribute_that_the_server_does_not_have_stops_the_run(target: OroTarget) -> None:
    target.config["stream_maps"]["tickets"] = {**TICKETS, "ticket_type": "type"}
    given = [ticket(number, type="incident") for number in range(1, 4)]
    run = target.send(given, case_fields={"ticket_type": "nowhere"}).check(5)
    assert "nowhere" in run.errors
    assert "correct `case_fields`" in run.errors
    assert (target.rows(), target.letters()) == ([], [])
    assert target.send(given, case_fields={"ticket_type": ""}).check(0).outcomes == {"created": 3}
    target.settings(version="6.1")
    assert "nowhere" in target.send([ticket(4)], ticket_number_field="nowhere").check(5).errors
    assert len(target.rows()) == 3


@pytest.mark.parametrize("version", ["6.1", "7.0.2"])
def test_the_native_integrations_records_are_written_and_tell_who_is_who(
    target: OroTarget, version: str
) -> None:
    target.settings(version=version, bundle=True)
    target.config |= NATIVE
    with_records(target)
    given = [
        row("users", 7, name="Jerry Coleman", email="j@acme.example", role="end-user"),
        row("users", 9, name="Ann Lee", email="ann@acme.example", role="end-user"),
        ticket(9_007_199_254_740_993, requester_id=7, collaborator_ids=[9, 99], status="open", type="task"),
        comment(100, 9_007_199_254_740_993, "Hello", author_id=7),
        comment(101, 9_007_199_254_740_993, "Hello", author_id=7),
    ]
    assert target.send(given).check(0).outcomes == {"created": 10}
    people = {person["originId"]: person for person in target.rows("zendeskusers")}
    (record,) = target.rows("zendesktickets")
    (case,) = target.rows()
    assert (record["originId"], record["relatedCase"]) == ("9007199254740993", case["id"])
    assert (record["requester"], record["collaborators"]) == (people["7"]["id"], [people["9"]["id"]])
    assert (record["channel"], record["ticketType"]) == (seed.CHANNEL_ID, "task")
    comments = {each["originId"]: each for each in target.rows("zendeskticketcomments")}
    ids = [each["id"] for each in target.rows("casecomments")]
    assert [comments["100"]["relatedComment"], comments["101"]["relatedComment"]] == ids
    assert comments["100"]["originCreatedAt"] == "2026-11-02T00:00:40Z"
    assert target.send(given).check(0).outcomes == {"unchanged": 10}
    assert target.calls() == []
    target.lose_ledger()
    assert target.send(given).check(0).outcomes == {"unchanged": 10}
    assert target.calls() == []


def test_cases_of_the_native_integration_are_found_by_its_tickets(target: OroTarget) -> None:
    target.settings(bundle=True)
    target.config |= NATIVE
    (case,) = target.put("cases", {"subject": "Ticket 5", "description": "Text of 5", **DEFAULTS})
    target.put("zendesktickets", {"originId": "5", "relatedCase": case["id"], "channel": seed.CHANNEL_ID})
    run = target.send([ticket(5)]).check(0)
    assert run.outcomes == {"updated": 1}, target.letters()
    (found,) = target.rows()
    assert (found["id"], found["externalId"]) == (case["id"], "5")


def test_the_native_integration_has_to_be_off(target: OroTarget) -> None:
    target.settings(bundle=True)
    for setting in NATIVE:
        missing = {name: value for name, value in NATIVE.items() if name != setting}
        run = target.send([ticket(1)], **missing).check(5)
        assert setting in run.errors
        assert target.calls() == []
        checks = target.check(**missing)
        assert not checks["native sync"]["ok"]
        assert setting in checks["native sync"]["detail"] + checks["native sync"]["fix"]
    target.send([ticket(1)], **NATIVE).check(0)
    assert target.check(**NATIVE)["native sync"]["ok"]


def test_records_that_the_server_has_no_place_for(target: OroTarget) -> None:
    with_records(target)
    run = target.send([ticket(1), comment(100, 1, "Hello")]).check(0)
    assert run.outcomes == {"created": 2}
    said = [line for line in run.errors.splitlines() if "is left out" in line]
    assert len(said) == 2
    assert "zendesktickets is left out: the server does not have this type" in said[0]
    assert "has no zendesktickets" in target.send([ticket(2)], zendesk_records="require").check(5).errors
    target.settings(bundle=True)
    target.send([ticket(2)], zendesk_records="off", **NATIVE).check(0)
    assert (len(target.rows()), target.rows("zendesktickets")) == (2, [])
    way = {name: RECORD[name] for name in ("id", "originId", "__else__")}
    only = {"stream_maps": {"tickets": {"__alias__": "zendesktickets", **way}}}
    target.settings(bundle=False)
    alone = target.send([ticket(3)], **only).check(0)
    assert (alone.outcomes, alone.summary["filtered"]) == ({}, 1)


def test_what_check_says_of_the_server(target: OroTarget) -> None:
    target.settings(version="6.1", prefix="/admin/api")
    checks = target.check(api_prefix="/admin/api", default_user_owner="nobody")
    assert not checks["default_user_owner"]["ok"]
    assert not checks["ticket numbers"]["ok"]
    assert "externalId: none" in checks["features"]["detail"]
    target.settings(version="7.0.2")
    checks = target.check(api_prefix="/admin/api", default_user_owner="sam@acme.example")
    assert all(check["ok"] for check in checks.values())
    assert checks["default_user_owner"]["detail"] == "user 35"
    assert "externalId: cases, contacts, accounts" in checks["features"]["detail"]


def test_an_api_that_is_off(target: OroTarget) -> None:
    target.settings(api_enabled=False)
    assert "Web API" in target.send([ticket(1)]).check(5).errors
    target.settings(api_enabled=True)
    assert "admin/api" in target.send([ticket(1)], api_prefix="/backend/api").check(5).errors


def test_the_mapping_of_comments_is_complete() -> None:
    assert {"comment_number", "comment_created_at"} <= COMMENTS.keys()
