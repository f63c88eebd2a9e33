"""Contacts and accounts go in batches: at once, or by an operation whose end and errors are read."""

from __future__ import annotations

import pytest
from oro_target import LATER, OroTarget, row

from ml_sandbox.oro import seed

GONE = "An entity with the requested identifier does not exist."
ACCOUNTS = {
    "__alias__": "accounts",
    "id": "id",
    "name": "name",
    "extend_description": "phone",
    "owner": "[{'users': email}]",
    "__else__": "__NULL__",
}


def people(count: int, **changes: object) -> list[dict[str, object]]:
    """So many end users."""
    return [
        row("users", number, **{"name": f"Ann Lee{number}", "email": f"p{number}@x.example", **changes})
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("version", ["5.1", "6.1", "7.0.2"])
def test_contacts_in_batches(target: OroTarget, version: str) -> None:
    target.settings(version=version)
    run = target.send(people(120)).check(0)
    assert run.outcomes == {"created": 120}
    found = {contact["primaryEmail"]: contact for contact in target.rows("contacts")}
    assert found["p7@x.example"]["lastName"] == "Lee7"
    written = target.calls().count("PATCH contacts")
    assert (written, "POST contacts" in target.calls()) == (2, False)
    assert target.send(people(120)).check(0).outcomes == {"unchanged": 120}
    changed = people(5, phone="1", updated=LATER)
    assert target.send(changed).check(0).outcomes == {"updated": 5}
    assert target.calls() == ["PATCH contacts"]
    assert [contact["primaryPhone"] for contact in target.rows("contacts")][:6] == ["1"] * 5 + [None]


@pytest.mark.parametrize("version", ["6.0", "6.1"])
def test_a_refused_record_does_not_hold_the_others_up(target: OroTarget, version: str) -> None:
    target.settings(version=version)
    given = people(6)
    given[3]["record"]["phone"] = "1" * 300  # type: ignore[index]  # a message's record
    run = target.send(given).check(0)
    assert run.outcomes == {"created": 5, "rejected": 1}
    assert "POST contacts" not in target.calls(), "the batch told which record it was"
    (letter,) = target.letters()
    assert (letter.identity, letter.field) == ("4", "primaryPhone")
    assert len(target.rows("contacts")) == 5


@pytest.mark.parametrize("version", ["5.1", "7.0.2"])
def test_a_lost_answer_to_a_batch(target: OroTarget, version: str) -> None:
    target.settings(version=version)
    target.fault("PATCH", "*/api/contacts", "lost_response", times=1)
    target.send(people(6)).check(4)
    assert target.journal() == 6
    assert target.send(people(6)).check(0).outcomes == {"unchanged": 6}
    assert (len(target.rows("contacts")), target.journal()) == (6, 0)


def test_accounts_in_batches_with_their_owner(target: OroTarget) -> None:
    target.config["stream_maps"]["users"] = ACCOUNTS
    given = [
        row("users", number, name=f"Account {number}", email="agnes@acme.example", phone="d")
        for number in range(1, 25)
    ]
    target.put("accounts", {"name": "Account 3"})
    run = target.send(given, organization_id=seed.ORGANIZATION_ID).check(0)
    assert run.outcomes == {"created": 23, "updated": 1}
    asked = [str(each["query"]) for each in target.requests() if each["path"].endswith("/api/accounts")]
    searches = [query for query in asked if "page%5Bsize" in query and "name" in query]
    assert searches
    assert all("filter%5Borganization%5D=1" in query for query in searches)
    accounts = {account["name"]: account for account in target.rows("accounts")}
    assert len(accounts) == 24
    assert (accounts["Account 9"]["owner"], accounts["Account 9"]["extend_description"]) == ("20", "d")
    target.lose_ledger()
    assert target.send(given).check(0).outcomes == {"unchanged": 24}


def test_a_batch_that_is_refused_as_a_whole_goes_one_by_one(target: OroTarget) -> None:
    body = {"errors": [{"status": "400", "title": "bad request http exception", "detail": "Invalid json."}]}
    target.fault("PATCH", "*/api/contacts", "status", status=400, body=body, times=1)
    assert target.send(people(4)).check(0).outcomes == {"created": 4}
    assert target.calls() == ["PATCH contacts", *["POST contacts"] * 4]


def test_an_operation_that_the_server_has_forgotten_is_over(target: OroTarget) -> None:
    target.settings(version="6.0", consumer_running=False)
    target.send(people(5), batch_timeout=1).check(5)
    target.settings(version="6.0", consumer_running=True)
    gone = {"errors": [{"status": "404", "title": "not found http exception", "detail": GONE}]}
    target.fault("GET", "*/api/asyncoperations/*", "status", status=404, body=gone, times=1)
    target.clear("contacts")
    target.send(people(5), batch="off").check(0)
    assert (len(target.rows("contacts")), target.journal()) == (5, 0)


def test_searches_are_as_long_as_an_address_may_be(target: OroTarget) -> None:
    given = [
        row("users", number, name=f"Ann Lee{number}", email=f"{'ä' * 60}{number}@x.example")
        for number in range(40)
    ]
    target.send(given).check(0)
    lengths = [len(request["target"]) for request in target.requests()]
    assert 5_000 < max(lengths) < 8_000
    target.lose_ledger()
    assert target.send(given).check(0).outcomes == {"unchanged": 40}


def test_a_server_whose_message_consumer_stands_still(target: OroTarget) -> None:
    target.settings(version="6.0", consumer_running=False)
    run = target.send(people(5), batch_timeout=1).check(5)
    assert "oro:message-queue:consume" in run.errors
    target.settings(version="6.0", consumer_running=True)
    target.send(people(5)).check(0)
    assert len(target.rows("contacts")) == 5


@pytest.mark.parametrize("batch", ["off", "async", "sync"])
def test_how_batches_are_sent_is_a_setting(target: OroTarget, batch: str) -> None:
    assert target.send(people(4), batch=batch).check(0).outcomes == {"created": 4}
    calls = target.calls(writes_only=False)
    assert calls.count("POST contacts") == (4 if batch == "off" else 0)
    assert ("GET asyncoperations" in calls) == (batch == "async")


def test_external_ids_may_be_left_to_others(target: OroTarget) -> None:
    target.config["stream_maps"]["users"] |= {"externalId": "'e' + str(id)"}
    target.send(people(3)).check(0)
    assert [contact["externalId"] for contact in target.rows("contacts")] == ["e1", "e2", "e3"]
    more = row("users", 4, name="Bo Lee", email="p4@x.example")
    target.send([more], external_ids="off").check(0)
    assert target.rows("contacts")[3]["externalId"] is None
