"""Records that the vendor never changes, and records that change while they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sync_support.oneway import Shop, mapped
from sync_support.runs import Emitted, Pipe, emit
from sync_support.vendor import Death, VendorObject

from ml_connector.errors import RecordFault
from ml_connector.ledger import Ledger
from ml_connector.sync import Field, ObjectSpec, RemoteRecord, Rung, WriteItem

NOTES = ObjectSpec(
    "notes",
    {
        "external_id": Field("external_id"),
        "parent": Field("parent", kind="reference", refers_to="organizations"),
        "text": Field("text"),
    },
    (Rung("external_id", exclusive=True, within="parent"),),
    depends_on=("organizations",),
    append_only=True,
)
WAY = mapped("remarks", {"external_id": "id", "parent": "customer", "text": "text"}, target="notes")


class Notes(VendorObject):
    """Notes are found by their parent and their key together only."""

    asked: list[Any]

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        self.asked = [*getattr(self, "asked", []), *values]
        found: dict[Any, list[RemoteRecord]] = {}
        for key, row in self.rows.items():
            place = f"{row['parent']}/{row['external_id']}"
            if place in values:
                found.setdefault(place, []).append(self._record(key))
        return found


class NoteShop(Shop):
    """A shop whose customers have notes."""

    def __init__(self, ledger: Ledger, integration: str, **settings: Any) -> None:
        super().__init__(ledger, integration, **settings)
        self.notes = Notes(NOTES, moments=self.moments, prefix="n")
        self.pipe = Pipe(
            ledger,
            "ebs",
            "zd",
            {**self.pipe.objects, "notes": self.notes},
            integration,
            options=self.pipe.options,
        )

    def note(self, key: str, **values: Any) -> Emitted:
        self.version += 1
        return emit(WAY, {"id": key, **values, "updated_at": self.version})


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> NoteShop:
    return NoteShop(ledger, integration)


def test_a_change_of_what_only_grows_is_a_letter(shop: NoteShop) -> None:
    shop.run(shop.customer("1", name="one"), shop.note("a", customer="1", text="hello"))
    assert [row["text"] for row in shop.notes.rows.values()] == ["hello"]
    (outcome,) = shop.run(shop.note("a", customer="1", text="hello!"))
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.cause, outcome.fault.field) == ("rejected", "unchangeable", "text")
    assert (shop.notes.writes, shop.notes.calls["read"]) == (1, 0)
    (outcome,) = shop.run(shop.note("a", customer="1", text="hello", more="a field that is not mapped"))
    assert outcome.kind == "unchanged"


def test_a_key_within_its_parent_is_asked_for_with_it(shop: NoteShop) -> None:
    shop.run(shop.customer("1", name="one"), shop.customer("2", name="two"))
    shop.notes.add(external_id="a", parent=1, text="as it was stored there")
    outcomes = shop.run(
        shop.note("a", customer="1", text="hello"), shop.note("b", customer="2", text="another")
    )
    assert [outcome.kind for outcome in outcomes] == ["unchanged", "created"]
    assert shop.notes.asked == ["1/a", "2/b"]
    assert [row["text"] for row in shop.notes.rows.values()] == ["as it was stored there", "another"]


def test_a_note_written_before_a_kill_is_found_again(shop: NoteShop) -> None:
    shop.run(shop.customer("1", name="one"))
    note = shop.note("a", customer="1", text="hello")
    shop.moments.passed, shop.moments.names = 0, []
    shop.moments.fatal = 3
    with pytest.raises(Death):
        shop.run(note)
    assert shop.moments.names[-1] == "after commit"
    shop.moments.fatal = None
    assert [outcome.kind for outcome in shop.run(note)] == ["unchanged"]
    assert len(shop.notes.rows) == 1


def conflicts(shop: Shop, times: int, edit: Callable[[], None]) -> None:
    """The vendor says so many times that the record changed meanwhile, and so it did."""
    left = iter(range(times))

    def refuse(item: WriteItem) -> RecordFault | None:
        if next(left, None) is None:
            return None
        edit()
        return RecordFault("Changed meanwhile.", cause="conflict_at_vendor")

    shop.organizations.refuses = refuse


def test_what_changed_meanwhile_is_merged_again(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, two_way=True)
    shop.run(shop.customer("1", name="one", phone="1", notes="n"))
    (key,) = shop.organizations.rows
    conflicts(shop, 1, lambda: shop.organizations.edit(key, notes="theirs"))
    (outcome,) = shop.run(shop.customer("1", name="one", phone="2", notes="n"))
    assert (outcome.kind, outcome.fields) == ("updated", {"phone": "2"})
    row = shop.organizations.rows[key]
    assert (row["phone"], row["notes"]) == ("2", "theirs")


def test_what_is_equal_by_then_is_not_written(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, two_way=True)
    shop.run(shop.customer("1", name="one", phone="1"))
    (key,) = shop.organizations.rows
    writes = shop.organizations.writes
    conflicts(shop, 1, lambda: shop.organizations.edit(key, phone="2"))
    (outcome,) = shop.run(shop.customer("1", name="one", phone="2"))
    assert (outcome.kind, shop.organizations.writes) == ("unchanged", writes)


def test_what_never_stands_still_is_a_letter(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, two_way=True)
    shop.run(shop.customer("1", name="one", phone="1"))
    (key,) = shop.organizations.rows
    conflicts(shop, 99, lambda: shop.organizations.edit(key, notes="again"))
    (outcome,) = shop.run(shop.customer("1", name="one", phone="2"))
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.cause) == ("rejected", "conflict_at_vendor")


def test_what_is_gone_by_then_is_missing(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, two_way=True)
    shop.run(shop.customer("1", name="one", phone="1"))
    (key,) = shop.organizations.rows
    conflicts(shop, 1, lambda: shop.organizations.delete(key))
    (outcome,) = shop.run(shop.customer("1", name="one", phone="2"))
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.cause) == ("rejected", "missing")
