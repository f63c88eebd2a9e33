"""Decisions about held conflicts: either side's value, a third one, and decisions that came too late."""

from __future__ import annotations

from typing import Any

import pytest
from sync_support.oneway import CUSTOMERS, Shop

from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger
from ml_connector.sync.conflicts import resolve


def only(shop: Shop) -> str:
    (key,) = shop.organizations.rows
    return key


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> Shop:
    """A shop in which both sides changed the phone of customer 1, and the conflict is held."""
    shop = Shop(ledger, integration, two_way=True, policies={"policies": {"default": "hold"}})
    shop.run(shop.customer("1", name="Acme", phone="1"))
    shop.organizations.edit(only(shop), phone="2")
    assert shop.kinds(shop.customer("1", name="Acme Ltd", phone="3")) == ["held"]
    assert shop.organization("1")["name"] == "Acme Ltd"
    return shop


def decide(shop: Shop, **decision: Any) -> None:
    (letter,) = shop.pipe.letters()
    resolve(shop.pipe.ledger, shop.pipe.integration, "zd", letter.id, **decision)


def replay(shop: Shop) -> list[str]:
    """The open letters, replayed in a run of their own."""
    letters = shop.pipe.letters()
    shop.run(letters=False)
    engine = shop.pipe.engine
    assert engine is not None
    outcomes = [outcome for letter in letters for outcome in shop.pipe.replay(engine, letter, CUSTOMERS)]
    return [outcome.kind for outcome in outcomes]


def target_snapshot(shop: Shop) -> dict[str, bytes]:
    with shop.pipe.ledger.read(shop.pipe.integration, "zd") as tx:
        return tx.links.by_partner("ebs", "organizations", ["1"])["1"].sides["zd"].snapshot


def test_the_sources_value_is_written_when_the_letter_is_replayed(shop: Shop) -> None:
    decide(shop, take="ebs")
    assert replay(shop) == ["updated"]
    assert shop.organization("1")["phone"] == "3"
    assert shop.causes() == []


def test_a_decision_is_void_where_the_target_moved_since(shop: Shop) -> None:
    decide(shop, take="ebs")
    shop.organizations.edit(only(shop), phone="4")
    assert replay(shop) == ["held"]
    assert shop.organization("1")["phone"] == "4"


def test_a_decision_is_refused_where_the_source_moved_since(shop: Shop) -> None:
    (letter,) = shop.pipe.letters()
    shop.run(shop.customer("1", name="Acme Ltd", phone="2"))
    with pytest.raises(SystemFault):
        resolve(shop.pipe.ledger, shop.pipe.integration, "zd", letter.id, take="ebs")


def test_the_targets_value_stays_and_is_carried_by_the_other_direction(shop: Shop) -> None:
    known = target_snapshot(shop)["organizations.phone"]
    decide(shop, take="zd")
    assert shop.causes() == []
    assert target_snapshot(shop)["organizations.phone"] != known
    assert shop.kinds(shop.customer("1", name="Acme Inc", phone="3")) == ["updated"]
    assert (shop.organization("1")["phone"], shop.organization("1")["name"]) == ("2", "Acme Inc")


def test_a_third_value_is_written_and_left_for_the_other_direction_to_carry(shop: Shop) -> None:
    decide(shop, value="9")
    assert replay(shop) == ["updated"]
    assert shop.organization("1")["phone"] == "9"
    assert target_snapshot(shop)["organizations.phone"] == b""


def test_what_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(SystemFault, match="no open conflict"):
        resolve(shop.pipe.ledger, shop.pipe.integration, "zd", 999_999, take="ebs")
    with pytest.raises(SystemFault, match="not a side"):
        decide(shop, take="oro")
    with pytest.raises(SystemFault, match="does not hold"):
        decide(shop, take="ebs", fields=["name"])
