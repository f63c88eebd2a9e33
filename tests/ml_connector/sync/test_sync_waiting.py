"""Parents first, waiting children, cycles."""

from __future__ import annotations

import pytest
from sync_support.oneway import Shop
from sync_support.runs import Emitted

from ml_connector.errors import RecordFault
from ml_connector.ledger import Ledger


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> Shop:
    return Shop(ledger, integration)


def test_parents_are_settled_before_children(shop: Shop) -> None:
    kinds = shop.kinds(shop.contact("u1", email="a@b.c", customer="7"), shop.customer("7", name="A"))
    assert kinds == ["created", "created"]
    (key,) = shop.organizations.rows
    (user,) = shop.users.rows.values()
    assert user["organization_id"] == int(key)


def test_child_waits_within_the_run(shop: Shop) -> None:
    """The parent comes many lines later."""
    emitted = [shop.contact("u1", email="a@b.c", customer="7")]
    emitted += [shop.customer(str(key), name=f"N{key}") for key in range(8)]
    kinds = shop.kinds(*emitted, batch=2)
    assert kinds == ["created"] * 9
    (user,) = shop.users.rows.values()
    (key,) = [key for key, row in shop.organizations.rows.items() if row["external_id"] == "7"]
    assert user["organization_id"] == int(key)
    assert shop.causes() == []


def test_chain_of_parents_comes_in_the_wrong_order(shop: Shop) -> None:
    kinds = shop.kinds(
        shop.customer("1", name="child", parent="2"),
        shop.customer("2", name="middle", parent="3"),
        shop.customer("3", name="top"),
        batch=1,
    )
    assert kinds == ["created"] * 3
    rows = {row["external_id"]: (key, row) for key, row in shop.organizations.rows.items()}
    assert rows["1"][1]["parent"] == int(rows["2"][0])
    assert rows["2"][1]["parent"] == int(rows["3"][0])


def test_child_with_two_parents_waits_for_both(shop: Shop) -> None:
    """The pointer that resolves first is not looked up a second time by the target's key."""
    kinds = shop.kinds(
        shop.customer("7", name="A"),
        shop.contact("u1", email="a@b.c", customer="7", manager="u2"),
        shop.contact("u2", email="b@b.c"),
        batch=1,
    )
    assert kinds == ["created"] * 3
    rows = {row["external_id"]: (key, row) for key, row in shop.users.rows.items()}
    assert rows["u1"][1]["manager"] == int(rows["u2"][0])
    assert rows["u1"][1]["organization_id"] == int(*shop.organizations.rows)


def test_child_without_a_parent_is_a_letter_until_it_comes(shop: Shop) -> None:
    child = shop.contact("u1", email="a@b.c", customer="7")
    assert shop.kinds(child) == ["rejected"]
    assert shop.causes() == ["waiting"]
    assert shop.kinds(child) == ["rejected"]
    assert shop.kinds(shop.customer("7", name="A")) == ["created"]
    assert len(shop.users.rows) == 1
    assert shop.causes() == []


def test_newer_version_ends_the_waiting_of_the_older(shop: Shop) -> None:
    kinds = shop.kinds(
        shop.customer("1", name="old", parent="9", version=1),
        shop.customer("1", name="new", version=2),
        batch=1,
    )
    assert kinds == ["superseded", "created"]
    assert shop.organization("1")["name"] == "new"


def test_older_version_does_not_replace_the_waiting_one(shop: Shop) -> None:
    kinds = shop.kinds(
        shop.customer("1", name="new", parent="9", version=2),
        shop.customer("1", name="old", version=1),
        shop.customer("9", name="parent"),
        batch=1,
    )
    assert kinds == ["created", "superseded", "created"]
    assert shop.organization("1")["name"] == "new"


def test_too_many_that_wait_become_letters(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"max_waiting": 2})
    children = [shop.contact(f"u{n}", email=f"{n}@b.c", customer="7") for n in range(5)]
    kinds = shop.kinds(*children, shop.customer("7", name="A"), batch=5, letters=False)
    assert kinds == ["created", "created", "rejected", "rejected", "rejected", "created"]
    assert shop.causes() == ["waiting"] * 3
    shop.run()
    assert len(shop.users.rows) == 5


def cycle(shop: Shop) -> list[Emitted]:
    return [
        shop.customer("1", name="one", parent="2"),
        shop.customer("2", name="two", parent="3"),
        shop.customer("3", name="three", parent="1"),
    ]


def test_cycle_is_created_without_pointers_that_a_second_pass_sets(shop: Shop) -> None:
    assert shop.kinds(*cycle(shop)) == ["created"] * 3
    rows = {row["external_id"]: (key, row) for key, row in shop.organizations.rows.items()}
    for child, parent in (("1", "2"), ("2", "3"), ("3", "1")):
        assert rows[child][1]["parent"] == int(rows[parent][0])
    assert shop.causes() == []


def test_cycle_again_changes_nothing(shop: Shop) -> None:
    emitted = cycle(shop)
    shop.kinds(*emitted)
    writes = shop.organizations.writes
    assert shop.kinds(*emitted) == ["unchanged"] * 3
    assert shop.organizations.writes == writes


def test_only_members_of_the_cycle_are_created_early(shop: Shop) -> None:
    """Who waits for somebody that never comes is not created, nor who waits for it."""
    kinds = shop.kinds(
        *cycle(shop), shop.customer("4", name="four", parent="5"), shop.customer("5", name="five", parent="6")
    )
    assert kinds == ["created"] * 3 + ["rejected"] * 2
    assert len(shop.organizations.rows) == 3


def test_cycle_with_a_refused_member_has_one_outcome_each(shop: Shop) -> None:
    shop.organizations.refuses = lambda item: (
        RecordFault("no", cause="vendor") if item.values.get("name") == "two" else None
    )
    assert shop.kinds(*cycle(shop)) == ["rejected", "rejected", "created"]
    assert sorted(shop.causes()) == ["vendor", "waiting"]
    shop.organizations.refuses = lambda item: None
    assert shop.kinds(shop.customer("2", name="two", parent="3")) == ["created"]
    rows = {row["external_id"]: (key, row) for key, row in shop.organizations.rows.items()}
    assert rows["1"][1]["parent"] == int(rows["2"][0]), "the letter set the pointer"
    assert shop.causes() == []


def test_record_that_points_to_itself(shop: Shop) -> None:
    assert shop.kinds(shop.customer("1", name="one", parent="1")) == ["created"]
    ((key, row),) = shop.organizations.rows.items()
    assert row["parent"] == int(key)
