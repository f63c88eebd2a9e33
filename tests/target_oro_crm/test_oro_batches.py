"""Contacts and accounts go in batches: at once, or by an operation whose end and errors are read."""

from __future__ import annotations

import pytest
from oro_target import LATER, OroTarget, row

from ml_sandbox.oro import seed

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
    accounts = {account["name"]: account for account in target.rows("accounts")}
    assert len(accounts) == 24
    assert (accounts["Account 9"]["owner"], accounts["Account 9"]["extend_description"]) == ("20", "d")
    target.lose_ledger()
    assert target.send(given).check(0).outcomes == {"unchanged": 24}


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
