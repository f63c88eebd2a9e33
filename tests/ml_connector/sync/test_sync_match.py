"""The ladder: which record is meant; unique values; links that move."""

from __future__ import annotations

import pytest
from sync_support.oneway import Shop

from ml_connector.errors import RecordFault
from ml_connector.ledger import Ledger


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> Shop:
    return Shop(ledger, integration)


def test_external_id_finds_the_record(shop: Shop) -> None:
    key = shop.organizations.add(external_id="7", name="Acme", phone="1")
    assert shop.kinds(shop.customer("7", name="Acme", phone="2")) == ["updated"]
    assert shop.organizations.rows[key]["phone"] == "2"
    assert len(shop.organizations.rows) == 1


def test_equal_record_is_linked_without_a_write(shop: Shop) -> None:
    shop.organizations.add(external_id="7", name="Acme")
    assert shop.kinds(shop.customer("7", name="Acme")) == ["unchanged"]
    assert shop.organizations.writes == 0
    assert shop.kinds(shop.customer("7", name="Acme Ltd")) == ["updated"]


def test_second_rung_is_asked_where_the_first_finds_nothing(shop: Shop) -> None:
    key = shop.users.add(email="a@b.c", name="Ann")
    assert shop.kinds(shop.contact("u1", email="a@b.c", name="Ann")) == ["updated"]
    assert shop.users.rows[key]["external_id"] == "u1"


def test_two_candidates_are_a_letter_that_names_them(shop: Shop) -> None:
    shop.users.add(email="a@b.c")
    shop.users.rows["2"] = {**shop.users.rows["1"]}
    shop.users.versions["2"] = shop.users.versions["1"]
    (outcome,) = shop.run(shop.contact("u1", email="a@b.c"))
    assert outcome.kind == "rejected"
    assert outcome.fault is not None
    assert outcome.fault.cause == "ambiguous"
    assert "1, 2" in outcome.fault.message
    assert shop.users.writes == 0


def test_candidate_that_is_linked_elsewhere_is_a_letter(shop: Shop) -> None:
    assert shop.kinds(shop.contact("u1", email="a@b.c")) == ["created"]
    (outcome,) = shop.run(shop.contact("u2", email="a@b.c"))
    assert outcome.fault is not None
    assert outcome.fault.cause == "linked"
    assert len(shop.users.rows) == 1


def test_two_of_one_batch_never_share_a_candidate(shop: Shop) -> None:
    shop.users.add(email="a@b.c")
    kinds = shop.kinds(shop.contact("u1", email="a@b.c"), shop.contact("u2", email="a@b.c"))
    assert kinds == ["updated", "rejected"]
    assert shop.causes() == ["ambiguous"]


def test_lazy_rung_adopts_when_the_vendor_says_taken(shop: Shop) -> None:
    key = shop.organizations.add(name="Acme", phone="1")
    shop.organizations.adopts = lambda candidate, incoming: candidate.fields["phone"] == "1"
    assert shop.kinds(shop.customer("7", name="Acme", country="NL")) == ["updated"]
    assert shop.organizations.rows[key]["external_id"] == "7"
    assert [kind for kind, _, _ in shop.organizations.sent] == ["create", "update"]


def test_lazy_rung_is_not_asked_without_need(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="Acme"))
    assert shop.organizations.calls["find"] == 1  # the external id only


def test_adopted_record_that_is_equal_needs_no_second_write(shop: Shop) -> None:
    shop.organizations.add(external_id="x", name="Acme")
    shop.organizations.adopts = lambda candidate, incoming: True
    (outcome,) = shop.run(shop.customer("x", name="Acme"))
    assert outcome.kind == "unchanged"
    assert shop.organizations.writes == 0


def test_taken_name_is_changed_where_the_object_knows_how(shop: Shop) -> None:
    shop.organizations.add(name="Acme")
    shop.organizations.renames = lambda name, incoming: f"{incoming.mapped[name]} ({incoming.identity})"
    assert shop.kinds(shop.customer("7", name="Acme")) == ["created"]
    assert shop.organization("7")["name"] == "Acme (7)"


def test_taken_name_is_a_letter_otherwise(shop: Shop) -> None:
    key = shop.organizations.add(name="Acme")
    (outcome,) = shop.run(shop.customer("7", name="Acme"))
    assert outcome.kind == "rejected"
    assert outcome.fault is not None
    assert outcome.fault.cause == "taken"
    assert key in outcome.fault.message
    assert shop.causes() == ["taken"]


def test_two_of_one_batch_never_create_twins(shop: Shop) -> None:
    kinds = shop.kinds(shop.customer("7", name="Acme"), shop.customer("8", name=" acme "))
    assert kinds == ["created", "rejected"]
    assert len(shop.organizations.sent) == 1, "the second is not even sent"


def test_value_of_a_refused_record_is_free_again(shop: Shop) -> None:
    shop.organizations.refuses = lambda item: (
        RecordFault("no") if item.values.get("external_id") == "7" else None
    )
    kinds = shop.kinds(shop.customer("7", name="Acme"), shop.customer("8", name="Acme"), batch=1)
    assert kinds == ["rejected", "created"]


def test_index_knows_who_holds_a_value(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="Acme"))
    shop.organizations.sent.clear()
    assert shop.kinds(shop.customer("8", name="ACME")) == ["rejected"]
    assert shop.organizations.sent == [], "refused before it was sent"


def test_index_is_confirmed_before_it_is_believed(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="Acme"))
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, name="Something else")
    assert shop.kinds(shop.customer("8", name="Acme")) == ["created"]


def test_unique_value_that_is_not_written_claims_nothing(shop: Shop) -> None:
    """A record whose name somebody changed at the vendor is still updated in its other fields."""
    shop.kinds(shop.customer("7", name="Acme", phone="1"))
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, name="Renamed there")
    shop.organizations.add(external_id="other", name="Acme")
    assert shop.kinds(shop.customer("7", name="Acme", phone="2")) == ["updated"]
    assert shop.organization("7")["name"] == "Renamed there"


def test_vendor_that_merges_creates_makes_no_double_link(shop: Shop) -> None:
    """Some vendors answer a create with a record that exists: one that is linked is not linked twice."""
    shop.kinds(shop.contact("u1", email="a@b.c", name="Ann"))
    (key,) = shop.users.rows
    shop.users.merges_into = key
    (outcome,) = shop.run(shop.contact("u2", email="x@y.z"))
    assert outcome.kind == "rejected"
    assert outcome.fault is not None
    assert outcome.fault.cause == "linked"


def test_renumbered_record_takes_over_a_marked_link(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_delete": "flag"})
    shop.kinds(shop.contact("u1", email="a@b.c", name="Ann"))
    gone = shop.contact("u1", email="a@b.c", name="Ann", _sdc_deleted_at="2026-11-20T00:00:00Z")
    assert shop.kinds(gone) == ["deleted"]
    assert shop.kinds(shop.contact("u9", email="a@b.c", name="Anna")) == ["updated"]
    (row,) = shop.users.rows.values()
    assert (row["external_id"], row["name"]) == ("u9", "Anna")
    assert shop.kinds(shop.contact("u9", email="a@b.c", name="Annie")) == ["updated"]
