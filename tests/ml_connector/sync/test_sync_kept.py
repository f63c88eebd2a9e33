"""Fields that are given to new records only or to none, objections, and parents that have no link."""

from __future__ import annotations

import pytest
from sync_support.oneway import Shop

from ml_connector.errors import RecordFault
from ml_connector.ledger import Ledger
from ml_connector.sync import Incoming, RemoteRecord


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> Shop:
    return Shop(ledger, integration)


def test_a_field_of_create_is_given_once(shop: Shop) -> None:
    assert shop.kinds(shop.contact("u1", name="Ann", role="end-user")) == ["created"]
    (user,) = shop.users.rows.values()
    assert user["role"] == "end-user"
    (outcome,) = shop.run(shop.contact("u1", name="Ann B", role="agent"))
    assert (outcome.kind, outcome.kept, outcome.fields) == ("updated", ("role",), {"name": "Ann B"})
    (user,) = shop.users.rows.values()
    assert (user["role"], user["name"]) == ("end-user", "Ann B")
    (outcome,) = shop.run(shop.contact("u1", name="Ann B", role="end-user"))
    assert (outcome.kind, outcome.kept) == ("unchanged", ())
    assert (shop.users.writes, shop.users.calls["read"]) == (2, 0)


def test_a_found_record_keeps_its_own(shop: Shop) -> None:
    key = shop.users.add(external_id="u1", name="Ann", role="admin")
    (outcome,) = shop.run(shop.contact("u1", name="Ann", role="end-user"))
    assert (outcome.kind, outcome.kept) == ("unchanged", ("role",))
    assert shop.users.rows[key]["role"] == "admin"


def test_a_field_of_never_is_reported_where_it_says_something(shop: Shop) -> None:
    created = shop.run(shop.contact("u1", name="Ann", ended=False), shop.contact("u2", name="B", ended=True))
    assert [outcome.kept for outcome in created] == [(), ("ended",)]
    assert all(row["ended"] is None for row in shop.users.rows.values())
    (outcome,) = shop.run(shop.contact("u1", name="Ann", ended=True))
    assert (outcome.kind, outcome.kept, shop.users.calls["read"]) == ("unchanged", ("ended",), 0)


def test_an_objection_ends_either_rung_with_its_reason(shop: Shop) -> None:
    def no_agents(candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        agent = candidate.fields["role"] == "agent"
        return RecordFault(f"{candidate.key} is an agent.", cause="agent", field="email") if agent else None

    shop.users.objects = no_agents
    key = shop.users.add(email="a@b.c", role="agent")
    (outcome,) = shop.run(shop.contact("u1", email="a@b.c", name="Ann"))
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.cause, shop.users.writes) == ("rejected", "agent", 0)
    assert key in outcome.fault.message
    shop.organizations.objects = lambda candidate, incoming: RecordFault("Not this one.", cause="agent")
    shop.organizations.add(name="Acme")
    (outcome,) = shop.run(shop.customer("7", name="Acme"))
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.cause) == ("rejected", "agent")


def test_a_parent_without_a_link_is_asked_for(shop: Shop) -> None:
    shop.users.strangers = {"7": "4711"}
    kinds = shop.kinds(
        shop.contact("u1", customer="7"), shop.contact("u2", customer="8"), shop.customer("9", name="N")
    )
    assert kinds == ["created", "rejected", "created"]
    (user,) = shop.users.rows.values()
    assert user["organization_id"] == 4711
    assert shop.causes() == ["waiting"]


def test_nobody_waits_for_a_pointer_that_is_not_written(shop: Shop) -> None:
    assert shop.kinds(shop.customer("7", name="A"), shop.contact("u1", team="7")) == ["created", "created"]
    assert shop.kinds(shop.contact("u1", name="Ann", team="8")) == ["updated"]
    (user,) = shop.users.rows.values()
    (organization,) = shop.organizations.rows
    assert (user["team"], user["name"]) == (int(organization), "Ann")
    assert shop.kinds(shop.contact("u2", team="8")) == ["rejected"]
