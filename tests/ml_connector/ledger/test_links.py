"""Links, snapshots and the numbers of field names."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy.exc import IntegrityError

from ml_connector.ledger import Ledger, Link, Side

DIGEST = bytes(range(8))
OTHER = bytes(range(8, 16))


def make_link(ledger: Ledger, left: str = "1", right: str = "A") -> Link:
    with ledger.write("i", "zoho") as tx:
        return tx.links.create(
            {
                "jde": Side("customers", left, "Accounts", {"name": DIGEST}, version="v1"),
                "zoho": Side("Accounts", right, "customers", {"Name": DIGEST, "Tags": DIGEST + OTHER}),
            }
        )


def test_a_link_is_found_from_both_sides_whole(ledger: Ledger) -> None:
    made = make_link(ledger)
    ledger.numbers.clear()
    with ledger.read("i", "zoho") as tx:
        assert tx.links.by_key("jde", "customers", ["1", "2"]) == {"1": made}
        assert tx.links.by_key("zoho", "Accounts", ["A"]) == {"A": made}
        assert tx.links.by_partner("jde", "Accounts", ["1"]) == {"1": made}
        assert tx.links.by_partner("jde", "Contacts", ["1"]) == {}
        assert tx.links.by_id([made.id, 999]) == {made.id: made}
        assert list(tx.links.keys_of("zoho", "Accounts")) == [("A", made.id)]
    with ledger.read("another", "zoho") as tx:
        assert tx.links.by_key("jde", "customers", ["1"]) == {}


def test_many_keys_are_looked_up_in_pieces(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        for number in range(1100):
            tx.links.create({"t": Side("o", f"{number:04}", "p"), "s": Side("p", f"s{number}", "o")})
    with ledger.read("i", "t") as tx:
        found = tx.links.by_key("t", "o", [f"{number:04}" for number in range(1200)])
    assert len(found) == 1100
    assert found["1099"].sides["s"].key == "s1099"


def test_both_sides_are_unique_per_object_of_the_other(ledger: Ledger) -> None:
    make_link(ledger)
    with pytest.raises(IntegrityError):
        make_link(ledger, left="1", right="B")
    with pytest.raises(IntegrityError):
        make_link(ledger, left="2", right="A")
    with ledger.write("i", "zoho") as tx:
        tx.links.create(
            {"jde": Side("customers", "1", "Contacts"), "zoho": Side("Contacts", "C", "customers")}
        )


def test_saving_moves_snapshot_version_key_and_time_of_the_write(ledger: Ledger) -> None:
    link = make_link(ledger)
    link.sides["zoho"] = Side("Accounts", "B", "customers", {"City": OTHER}, "v2", written_at=12.5)
    with ledger.write("i", "zoho") as tx:
        tx.links.save([link])
    with ledger.read("i", "zoho") as tx:
        assert tx.links.by_id([link.id]) == {link.id: link}
        assert tx.links.by_key("zoho", "Accounts", ["A", "B"]) == {"B": link}


def test_a_mark_is_set_and_taken_back(ledger: Ledger) -> None:
    link = make_link(ledger)
    for mark in ("deleted", None):
        with ledger.write("i", "zoho") as tx:
            tx.links.set_mark(link.id, mark)
        with ledger.read("i", "zoho") as tx:
            assert tx.links.by_id([link.id])[link.id].mark == mark


def test_removed_links_can_be_made_again(ledger: Ledger) -> None:
    link = make_link(ledger)
    with ledger.write("i", "zoho") as tx:
        tx.links.remove([link.id])
    assert make_link(ledger).id != 0


def test_field_numbers_of_a_transaction_that_failed_are_forgotten(ledger: Ledger) -> None:
    fails = contextlib.suppress(ZeroDivisionError)
    with fails, ledger.write("i", "zoho") as tx:
        tx.links.create({"jde": Side("c", "0", "d", {"lost": DIGEST}), "zoho": Side("d", "0", "c")})
        raise ZeroDivisionError
    with ledger.write("i", "zoho") as tx:
        tx.links.create({"jde": Side("c", "1", "d", {"kept": DIGEST}), "zoho": Side("d", "1", "c")})
    with ledger.write("i", "zoho") as tx:
        tx.links.create({"jde": Side("c", "2", "d", {"lost": OTHER}), "zoho": Side("d", "2", "c")})
    with ledger.read("i", "zoho") as tx:
        found = tx.links.by_key("jde", "c", ["0", "1", "2"])
    assert {key: link.sides["jde"].snapshot for key, link in found.items()} == {
        "1": {"kept": DIGEST},
        "2": {"lost": OTHER},
    }


def test_names_learnt_by_another_process_are_read(ledger: Ledger, ledger_url: str) -> None:
    other = Ledger(ledger_url)
    link = make_link(other)
    other.close()
    with ledger.read("i", "zoho") as tx:
        assert tx.links.by_id([link.id])[link.id].sides == link.sides
