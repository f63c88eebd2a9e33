"""First contact of a field that only one direction maps: the other one made it known on the target's side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sync_support.runs import Pipe, Way, emit
from sync_support.vendor import Clock, VendorObject

from ml_connector.ledger import Ledger
from ml_connector.sync import Field, ObjectSpec, Rung

OWN_KEY = (Rung("no", exclusive=True),)
PEOPLE = ObjectSpec("people", {name: Field(name) for name in ("no", "prio")}, OWN_KEY, two_way=True)
BADGE = Field("badge", write_blanks=True)
CONTACTS = ObjectSpec(
    "contacts", {"no": Field("no"), "prio": Field("prio"), "badge": BADGE}, OWN_KEY, two_way=True
)
TO_B = Way(
    "people",
    "contacts",
    lambda a: {"no": a["no"], "prio": a["prio"], "badge": a["name"].get("short")},
    {"no": frozenset({"no"}), "prio": frozenset({"prio"}), "badge": frozenset({"name"})},
)
TO_A = Way(
    "contacts",
    "people",
    lambda b: {"no": b["no"], "prio": b["prio"]},
    {"no": frozenset({"no"}), "prio": frozenset({"prio"})},
)


@dataclass
class Pair:
    """One person here and there. Only the way to B maps the badge; the way back came first and saw it."""

    ledger: Ledger
    integration: str
    authority: str
    name: Any
    badge: str | None = "theirs"

    def __post_init__(self) -> None:
        self.a = VendorObject(PEOPLE, clock=Clock(), prefix="a")
        self.b = VendorObject(CONTACTS, clock=Clock(), prefix="b")
        rules = {"policies": {"default": "a"}, "authority": {"default": self.authority}}
        common: dict[str, Any] = {"integration": self.integration, "policies": rules}
        self.out = Pipe(self.ledger, "a", "b", {"contacts": self.b}, **common)
        self.back = Pipe(self.ledger, "b", "a", {"people": self.a}, **common)
        self.person = self.a.add(no=1, prio="low")
        self.contact = self.b.add(no=1, prio="low", badge=self.badge)
        self.back.run([emit(TO_A, self.b.row(self.contact))])

    def go(self) -> list[str]:
        row = {**self.a.row(self.person), "name": {"short": self.name}}
        return [outcome.kind for outcome in self.out.run([emit(TO_B, row)])]

    @property
    def shown(self) -> Any:
        return self.b.rows[self.contact]["badge"]


def test_authority_keeps_its_value_until_the_source_changes(ledger: Ledger, integration: str) -> None:
    pair = Pair(ledger, integration, authority="b", name="ours")
    assert pair.go() == ["unchanged"]
    assert pair.shown == "theirs"
    (outcome,) = pair.out.outcomes
    assert outcome.kept == ("badge",)
    pair.name = "new"
    assert pair.go() == ["updated"]
    assert pair.shown == "new"


def test_source_speaks_first_where_it_is_the_authority(ledger: Ledger, integration: str) -> None:
    pair = Pair(ledger, integration, authority="a", name="ours")
    assert pair.go() == ["updated"]
    assert pair.shown == "ours"


@pytest.mark.parametrize("authority", ["a", "b"])
def test_blank_is_filled_and_overwrites_nothing(ledger: Ledger, integration: str, authority: str) -> None:
    pair = Pair(ledger, integration, authority, name="ours", badge=None)
    assert pair.go() == ["updated"]
    assert pair.shown == "ours"
    other = Pair(ledger, f"{integration} other", authority, name=None)
    assert other.go() == ["unchanged"]
    assert other.shown == "theirs"
    other.name = "ours"
    other.go()
    other.name = None
    assert other.go() == ["updated"], "from then on a blank is a change"
    assert other.shown is None
