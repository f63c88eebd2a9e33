"""Letters: records that were not settled."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import text

from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger, Letter, LetterFilter, Sealer, Seen

SCHEMA = {"type": "SCHEMA", "stream": "customers", "schema": {"properties": {}}, "key_properties": ["id"]}


def route(ledger: Ledger) -> int:
    with ledger.write("i", "zendesk") as tx:
        return tx.seen.route("i", "ebs", "customers", "zendesk", "organizations").id


def letter(route_id: int, key: str, **changes: Any) -> Letter:
    values: dict[str, Any] = {
        "route_id": route_id,
        "stream": "customers",
        "object": "organizations",
        "raw_key": key,
        "cause": "vendor",
        "reason": f"Name of {key} is taken",
        "raw": {"id": key, "city": "Köln"},
        "digest": b"d",
        "schema": SCHEMA,
        "identity": key,
    }
    return Letter(**(values | changes))


def write(ledger: Ledger, *letters: Letter, run_id: int = 1) -> list[int]:
    with ledger.write("i", "zendesk") as tx:
        return tx.letters.write(run_id, letters)


def ids(ledger: Ledger, **wanted: Any) -> list[str]:
    with ledger.read("i", "zendesk") as tx:
        return [found.raw_key for found in tx.letters.select(LetterFilter(**wanted))]


def one(ledger: Ledger, letter_id: int) -> Letter:
    with ledger.read("i", "zendesk") as tx:
        return next(iter(tx.letters.select(LetterFilter(ids=[letter_id], only_open=False))))


def test_a_letter_is_kept_whole(ledger: Ledger) -> None:
    sent = letter(
        route(ledger),
        "1",
        link_id=4,
        field="name",
        request_id="r-1",
        version="v",
        extracted_at=9.5,
        mapped={"name": "x", "tags": ["a"]},
        overlay={"name": "y"},
        detail={"values": {"name": {"ebs": 1, "zendesk": None}}},
    )
    assert write(ledger, sent) == [sent.id]
    found = one(ledger, sent.id)
    assert found.created_at == found.tried_at
    assert found.created_at > 0
    sent.created_at, sent.tried_at, sent.run_id = found.created_at, found.tried_at, 1
    assert found == sent


def test_one_letter_is_open_per_route_and_key(ledger: Ledger) -> None:
    first = route(ledger)
    [number] = write(ledger, letter(first, "1"))
    again = letter(first, "1", cause="invalid", reason="no name", raw={"id": "1", "v": 2}, digest=b"e")
    assert write(ledger, again, run_id=2) == []
    found = one(ledger, number)
    assert (again.id, found.attempts, found.run_id) == (number, 2, 2)
    assert (found.cause, found.reason, found.raw) == ("invalid", "no name", {"id": "1", "v": 2})
    with ledger.write("i", "zendesk") as tx:
        assert tx.letters.close(first, ["1", "2"], "settled") == 1
        assert tx.letters.close(first, ["1"], "settled") == 0
    assert write(ledger, letter(first, "1")) == [again.id + 1]
    assert one(ledger, number).closed_as == "settled"


def test_an_overlay_outlives_another_rejection(ledger: Ledger) -> None:
    first = route(ledger)
    [number] = write(ledger, letter(first, "1"))
    with ledger.write("i", "zendesk") as tx:
        tx.letters.set_overlay(number, {"name": "mended"})
    write(ledger, letter(first, "1"))
    assert one(ledger, number).overlay == {"name": "mended"}
    with ledger.write("i", "zendesk") as tx:
        tx.letters.set_overlay(number, None)
    assert one(ledger, number).overlay is None


def test_letters_are_selected_by_what_is_known_of_them(ledger: Ledger) -> None:
    first = route(ledger)
    a, b, c = write(
        ledger,
        letter(first, "a"),
        letter(first, "b", cause="waiting", reason="parent 100% missing", identity="B"),
        letter(first, "c", stream="sites", cause="conflict"),
        run_id=5,
    )
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE letter SET created_at = created_at - 3600 WHERE id = :id"), {"id": a})
    assert ids(ledger) == ["a", "b", "c"]
    assert ids(ledger, ids=[b, c]) == ["b", "c"]
    assert ids(ledger, ids=[]) == []
    assert ids(ledger, stream="sites") == ["c"]
    assert ids(ledger, cause="waiting") == ["b"]
    assert ids(ledger, causes=frozenset({"vendor", "conflict"})) == ["a", "c"]
    assert ids(ledger, reason="100%") == ["b"]
    assert ids(ledger, reason="NAME OF") == ["a", "c"]
    assert ids(ledger, reason="Name_of") == []
    assert ids(ledger, run_id=4) == []
    assert ids(ledger, older_than=1800) == ["a"]
    assert ids(ledger, newer_than=1800) == ["b", "c"]
    assert ids(ledger, identities=["B"]) == ["b"]


def test_closed_letters_are_found_only_when_asked_for(ledger: Ledger) -> None:
    first = route(ledger)
    a, _ = write(ledger, letter(first, "a"), letter(first, "b"))
    with ledger.write("i", "other") as tx:
        assert tx.letters.close_ids([a], "discarded") == 0
    with ledger.write("i", "zendesk") as tx:
        assert tx.letters.count_open() == 2
        assert tx.letters.close_ids([a, 999], "discarded") == 1
        assert tx.letters.count_open() == 1
    assert ids(ledger) == ["b"]
    assert ids(ledger, only_open=False) == ["a", "b"]


def test_a_discarded_record_counts_as_settled_until_it_changes(ledger: Ledger) -> None:
    number = route(ledger)
    a, b = write(ledger, letter(number, "a"), letter(number, "b"))
    with ledger.write("i", "zendesk") as tx:
        way = tx.seen.route_by_id(number)
        known = {"a": Seen(b"o", "v", 7, b"d"), "b": Seen(b"o", "v", 7, b"x"), "c": Seen(rejected=b"d")}
        tx.seen.settle([(way, key, seen) for key, seen in known.items()])
    with ledger.write("i", "other") as tx:
        assert tx.letters.discard([a]) == 0
    with ledger.write("i", "zendesk") as tx:
        assert tx.letters.discard([a, b, 999]) == 2
        assert tx.letters.discard([a]) == 0
        found = tx.seen.look_up(way, ["a", "b", "c"])
    assert found == {"a": Seen(b"d", "v", 7), "b": known["b"], "c": known["c"]}
    assert ids(ledger) == []


def test_groups_count_most_first(ledger: Ledger) -> None:
    first = route(ledger)
    write(ledger, letter(first, "a", reason="r1"), letter(first, "b", reason="r2"))
    write(ledger, letter(first, "c", reason="r2"))
    with ledger.read("i", "zendesk") as tx:
        groups = tx.letters.groups(LetterFilter())
    assert [(group["reason"], group["letters"]) for group in groups] == [("r2", 2), ("r1", 1)]


def test_a_large_selection_is_read_while_its_letters_are_closed(ledger: Ledger) -> None:
    first = route(ledger)
    write(ledger, *(letter(first, str(number)) for number in range(1200)))
    with ledger.write("i", "zendesk") as tx:
        closed = sum(
            tx.letters.close_ids([found.id], "discarded") for found in tx.letters.select(LetterFilter())
        )
    assert closed == 1200


def sealed_with(url: str, *keys: bytes) -> Ledger:
    return Ledger(url, sealer=Sealer(MultiFernet([Fernet(key) for key in keys])))


def stored(ledger: Ledger) -> bytes:
    with ledger.engine.connect() as connection:
        row = connection.execute(text("SELECT raw, mapped, overlay, detail FROM letter")).one()
    return b"".join(bytes(value) for value in row)


def test_with_a_key_nothing_of_a_record_is_readable_in_the_database(ledger_url: str) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    ledger = sealed_with(ledger_url, old)
    secret = {"name": "Erika Mustermann"}
    sent = letter(route(ledger), "1", raw=secret, mapped=secret, overlay=secret, detail=secret)
    [number] = write(ledger, sent)
    assert b"Erika" not in stored(ledger)
    assert one(ledger, number).overlay == secret
    for other, complaint in (
        (Ledger(ledger_url), "no key is set"),
        (sealed_with(ledger_url, new), "another key"),
    ):
        with pytest.raises(SystemFault, match=complaint):
            one(other, number)
        other.close()
    rotated = sealed_with(ledger_url, new, old)
    assert one(rotated, number).raw == secret
    rotated.close()
    ledger.close()


def test_a_key_that_is_set_later_leaves_old_letters_readable(ledger: Ledger, ledger_url: str) -> None:
    [number] = write(ledger, letter(route(ledger), "1"))
    assert b"K\xc3\xb6ln" in b"" + stored_raw(ledger)
    later = sealed_with(ledger_url, Fernet.generate_key())
    assert one(later, number).raw == {"id": "1", "city": "Köln"}
    later.close()


def stored_raw(ledger: Ledger) -> bytes:
    with ledger.engine.connect() as connection:
        return bytes(connection.execute(text("SELECT raw FROM letter")).scalar_one())


def test_letters_are_sealed_anew_with_the_first_key(ledger_url: str) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    ledger = sealed_with(ledger_url, old)
    first = route(ledger)
    write(ledger, letter(first, "1", mapped={"a": 1}), letter(first, "2"))
    ledger.close()
    both = sealed_with(ledger_url, new, old)
    with both.write("", "") as tx:
        assert tx.letters.seal_anew() == 2
    both.close()
    alone = sealed_with(ledger_url, new)
    assert one(alone, 1).mapped == {"a": 1}
    assert ids(alone) == ["1", "2"]
    alone.close()
