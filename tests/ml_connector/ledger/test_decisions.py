"""Conflicts that a policy decided, as the ledger keeps them."""

from __future__ import annotations

import time
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import text

from ml_connector.ledger import CONFLICT, DECIDED, PENDING, Ledger, Letter, LetterFilter, Sealer, Side

VALUES = {"name": {"a": "Erika", "b": "Else"}, "city": {"a": "Bonn", "b": None}}
VERDICTS = {name: {"winner": "a", "policy": "newest", "ties": False} for name in VALUES}
SCHEMA = {"type": "SCHEMA", "stream": "people", "schema": {"properties": {}}, "key_properties": ["id"]}


def keep(ledger: Ledger, key: str = "1", *, pending: bool = False, **changes: Any) -> int:
    with ledger.write("i", "b") as tx:
        route = tx.seen.route("i", "a", "people", "b", "contacts")
        detail = {"values": VALUES, "decided": VERDICTS}
        letter = Letter(
            route.id, "people", "contacts", key, CONFLICT, "both", {}, b"d", SCHEMA, key, detail=detail
        )
        for name, value in changes.items():
            setattr(letter, name, value)
        return tx.decisions.keep(1, letter, pending=pending)


def decided(ledger: Ledger) -> list[Letter]:
    with ledger.read("i", "b") as tx:
        return list(tx.letters.select(LetterFilter(closed_as=DECIDED)))


def rows(ledger: Ledger) -> list[tuple[int, str]]:
    with ledger.engine.connect() as connection:
        found = connection.execute(text("SELECT id, closed_as FROM letter ORDER BY id")).all()
    return [(row.id, row.closed_as) for row in found]


def test_a_decision_is_no_open_letter_and_replaces_none(ledger: Ledger) -> None:
    with ledger.write("i", "b") as tx:
        route = tx.seen.route("i", "a", "people", "b", "contacts")
        open_one = Letter(route.id, "people", "contacts", "1", "vendor", "refused", {"id": 1}, b"d", SCHEMA)
        tx.letters.write(1, [open_one])
    keep(ledger)
    with ledger.read("i", "b") as tx:
        assert [letter.id for letter in tx.letters.select(LetterFilter())] == [open_one.id]
        assert (tx.letters.count_open(), tx.letters.open_counts()) == (1, {("i", "b"): 1})
        assert tx.letters.schemas(LetterFilter(cause=CONFLICT)) == {}
    (found,) = decided(ledger)
    assert (found.detail, found.raw, found.mapped) == ({"values": VALUES, "decided": VERDICTS}, {}, None)
    assert found.closed_at == found.created_at > 0


def test_a_pending_decision_is_seen_by_nobody_until_it_comes_true(ledger: Ledger) -> None:
    first, second, third = (keep(ledger, key, pending=True) for key in "123")
    with ledger.read("i", "b") as tx:
        assert list(tx.letters.select(LetterFilter(only_open=False))) == []
    with ledger.write("i", "b") as tx:
        assert tx.decisions.settle(7, first) == 2
        assert tx.decisions.settle(8, first) == 0, "it is settled"
        assert tx.decisions.settle(7, second, {"city", "other"}) == 1
        assert tx.decisions.settle(7, third, set()) == 0
    whole, part = decided(ledger)
    assert (whole.run_id, whole.detail) == (7, {"values": VALUES, "decided": VERDICTS})
    assert (part.field, part.detail) == (
        "city",
        {"values": {"city": VALUES["city"]}, "decided": {"city": VERDICTS["city"]}},
    )
    assert rows(ledger) == [(first, DECIDED), (second, DECIDED)]


def test_only_what_is_pending_is_withdrawn(ledger: Ledger) -> None:
    kept, pending, other = keep(ledger), keep(ledger, pending=True), keep(ledger, pending=True)
    with ledger.write("i", "b") as tx:
        tx.decisions.withdraw([kept, pending])
        tx.decisions.withdraw([])
    assert rows(ledger) == [(kept, DECIDED), (other, PENDING)]


def test_what_was_decided_of_a_record_is_read_newest_first(ledger: Ledger) -> None:
    keep(ledger, detail={"number": 1})
    keep(ledger, detail={"number": 2})
    keep(ledger, "2", detail={"number": 3})
    keep(ledger, detail={"number": 4}, pending=True)
    route_id = decided(ledger)[0].route_id
    with ledger.read("i", "b") as tx:
        assert [detail["number"] for detail in tx.decisions.newest_first(route_id, "1")] == [2, 1]


def test_both_values_are_sealed_and_sealed_anew(ledger_url: str) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    for keys, read_keys in (([old], [old]), ([new, old], [new])):
        ledger = Ledger(ledger_url, sealer=Sealer(MultiFernet([Fernet(key) for key in keys])))
        if keys == [old]:
            keep(ledger)
        else:
            with ledger.write("", "") as tx:
                tx.letters.seal_anew()
        with ledger.engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM letter")).one()
        assert not [value for value in row if value is not None and b"Erika" in str(value).encode()]
        ledger.close()
        reader = Ledger(ledger_url, sealer=Sealer(MultiFernet([Fernet(key) for key in read_keys])))
        assert [(letter.detail or {})["values"] for letter in decided(reader)] == [VALUES]
        reader.close()


def test_decisions_go_by_age_and_with_their_record(ledger: Ledger) -> None:
    old, young = keep(ledger), keep(ledger)
    with ledger.engine.begin() as connection:
        aged = text("UPDATE letter SET closed_at = closed_at - 1000 WHERE id = :id")
        connection.execute(aged, {"id": old})
    with ledger.write("", "") as tx:
        assert tx.runs.prune(before=time.time() - 500)["letters"] == 1
    assert rows(ledger) == [(young, DECIDED)]
    with ledger.write("i", "b") as tx:
        tx.links.create({"a": Side("people", "1", "contacts"), "b": Side("contacts", "b9", "people")})
    with ledger.write("", "") as tx:
        assert tx.runs.forget("b9")["letters"] == 1, "by its key over there"
    assert rows(ledger) == []
