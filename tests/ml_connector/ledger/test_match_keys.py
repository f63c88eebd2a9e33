"""The index of dedupe keys."""

from __future__ import annotations

from ml_connector.ledger import Ledger


def test_owners_are_found_by_rung_and_digest(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.match_keys.put("users", [("1", "email", b"x"), ("2", "email", b"x"), ("1", "phone", b"p")])
        tx.match_keys.put("organizations", [("9", "email", b"x")])
    with ledger.read("i", "t") as tx:
        owners = tx.match_keys.owners("users", "email", [b"x", b"y"])
        assert {digest: sorted(keys) for digest, keys in owners.items()} == {b"x": ["1", "2"]}
        assert tx.match_keys.owners("users", "phone", [b"x", b"p"]) == {b"p": ["1"]}
    with ledger.read("i", "other") as tx:
        assert tx.match_keys.owners("users", "email", [b"x"]) == {}


def test_a_record_holds_its_newest_value_only(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.match_keys.put("users", [("1", "email", b"old"), ("1", "phone", b"p")])
        tx.match_keys.put("users", [("1", "email", b"new"), ("1", "email", b"new")])
        assert tx.match_keys.owners("users", "email", [b"old", b"new"]) == {b"new": ["1"]}
        tx.match_keys.put("users", [("1", "email", None)])
        assert tx.match_keys.owners("users", "email", [b"old", b"new"]) == {}
        assert tx.match_keys.owners("users", "phone", [b"p"]) == {b"p": ["1"]}
