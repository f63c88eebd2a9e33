"""Both sides changed one field: policies, held fields, first contact, edited letters, sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sync_support.runs import Pipe, Way, emit
from sync_support.vendor import Clock, VendorObject

from ml_connector.ledger import DECIDED, Ledger, LetterFilter
from ml_connector.sync import Field, ObjectSpec, Options, Outcome, Rung

NAMES = ("no", "name", "phone", "tags")


def spec(name: str, **fields: Field) -> ObjectSpec:
    known = {each: Field(each) for each in NAMES} | {"tags": Field("tags", kind="set")}
    return ObjectSpec(name, known | fields, (Rung("no", exclusive=True),), two_way=True)


def way(stream: str, target: str) -> Way:
    return Way(
        stream,
        target,
        lambda raw: {name: raw[name] for name in NAMES},
        {name: frozenset({name}) for name in NAMES},
    )


@dataclass
class Pair:
    """Two systems with one linked record, and both directions between them."""

    ledger: Ledger
    integration: str
    policies: dict[str, Any]
    fields: dict[str, Field]

    def __post_init__(self) -> None:
        clock = Clock()
        self.a = VendorObject(spec("people", **self.fields), clock=clock, prefix="a")
        self.b = VendorObject(spec("contacts", **self.fields), clock=clock, prefix="b")
        common: dict[str, Any] = {
            "integration": self.integration,
            "policies": {"authority": {"default": "a"}, **self.policies},
            "options": Options(write_timeout=0.0),
        }
        self.to_b = Pipe(self.ledger, "a", "b", {"contacts": self.b}, **common)
        self.to_a = Pipe(self.ledger, "b", "a", {"people": self.a}, **common)
        self.a.add(no=1, name="start", phone="1", tags=["x"])
        self.go()

    def run(self, direction: str) -> list[Outcome]:
        if direction == "ab":
            return self.to_b.run([emit(way("people", "contacts"), self.a.row(key)) for key in self.a.rows])
        return self.to_a.run([emit(way("contacts", "people"), self.b.row(key)) for key in self.b.rows])

    def go(self) -> None:
        """Rounds until both are idle, which two must be enough for."""
        for direction in ("ab", "ba", "ab", "ba"):
            self.run(direction)
        writes = self.a.writes + self.b.writes
        for direction in ("ab", "ba"):
            self.run(direction)
        assert self.a.writes + self.b.writes == writes, "idle rounds wrote"

    def edit(self, **values: tuple[Any, Any]) -> None:
        """People change fields on both sides: (in A, in B); `...` leaves a side."""
        for name, (of_a, of_b) in values.items():
            if of_a is not ...:
                self.a.edit("a1", **{name: of_a})
            if of_b is not ...:
                self.b.edit("b1", **{name: of_b})

    def values(self, name: str) -> tuple[Any, Any]:
        return self.a.rows["a1"][name], self.b.rows["b1"][name]

    def conflicts(self) -> list[dict[str, Any]]:
        letters = self.to_b.letters() + self.to_a.letters()
        return [letter.detail["values"] for letter in letters if letter.detail]

    def decided(self) -> list[tuple[dict[str, Any], str | None, bool]]:
        """Of each conflict that a policy decided: the values by field, the winner, whether by ties."""
        wanted = LetterFilter(closed_as=DECIDED)
        details = [letter.detail or {} for letter in self.to_b.letters(wanted) + self.to_a.letters(wanted)]
        return [
            (detail["values"][name], verdict["winner"], verdict["ties"])
            for detail in details
            for name, verdict in detail["decided"].items()
        ]


def pair(ledger: Ledger, integration: str, fields: dict[str, Field] | None = None, **policies: Any) -> Pair:
    return Pair(ledger, integration, policies, fields or {})


@pytest.mark.parametrize("first", ["ab", "ba"])
@pytest.mark.parametrize("winner", ["a", "b"])
def test_named_system_wins_whichever_direction_runs_first(
    ledger: Ledger, integration: str, winner: str, first: str
) -> None:
    both = pair(ledger, integration, policies={"default": winner})
    both.edit(name=("of a", "of b"))
    both.run(first)
    both.go()
    assert both.values("name") == (f"of {winner}",) * 2
    assert both.decided() == [({"a": "of a", "b": "of b"}, winner, False)], "told once, by one direction"


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_policy_of_a_field_may_be_named_on_either_side(ledger: Ledger, integration: str, first: str) -> None:
    policies = {"default": "a", "b.contacts.phone": "b", "a.people.name": "b"}
    both = pair(ledger, integration, policies=policies)
    both.edit(name=("of a", "of b"), phone=("of a", "of b"), tags=(["x"], ["x"]))
    both.run(first)
    both.go()
    assert both.values("phone") == ("of b", "of b")
    assert both.values("name") == ("of b", "of b")


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_held_field_moves_on_neither_side_and_the_others_are_written(
    ledger: Ledger, integration: str, first: str
) -> None:
    both = pair(ledger, integration, policies={"default": "hold"})
    both.edit(name=("of a", "of b"), phone=("new", ...))
    kinds = [outcome.kind for outcome in both.run(first)]
    assert kinds == ["held"]
    both.go()
    assert both.values("name") == ("of a", "of b")
    assert both.values("phone") == ("new", "new")
    assert {"name": {"a": "of a", "b": "of b"}} in both.conflicts()
    assert both.decided() == []


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_conflict_is_over_when_people_agree(ledger: Ledger, integration: str, first: str) -> None:
    both = pair(ledger, integration, policies={"default": "hold"})
    both.edit(name=("of a", "of b"))
    both.go()
    assert both.conflicts()
    both.edit(name=("same", "same"))
    both.run(first)
    both.go()
    assert both.conflicts() == []


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_conflict_is_over_in_both_directions_when_one_side_gives_in(
    ledger: Ledger, integration: str, first: str
) -> None:
    both = pair(ledger, integration, policies={"default": "hold"})
    both.edit(name=("of a", "of b"))
    both.go()
    assert len(both.conflicts()) == 2, "one per direction"
    both.edit(name=("of b", ...) if first == "ab" else (..., "of a"))
    both.run(first)
    assert both.conflicts() == []


def test_resolved_conflict_is_a_letter_that_writes(ledger: Ledger, integration: str) -> None:
    both = pair(ledger, integration, policies={"default": "hold"})
    both.edit(name=("of a", "of b"))
    both.go()
    (letter,) = both.to_b.letters()
    both.run("ab")
    assert both.to_b.engine is not None
    (outcome,) = both.to_b.replay(both.to_b.engine, letter, way("people", "contacts"), {"name": "of a"})
    assert outcome.kind == "updated"
    both.go()
    assert both.values("name") == ("of a", "of a")
    assert both.conflicts() == []


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_fill_blanks_writes_only_where_the_other_is_blank(
    ledger: Ledger, integration: str, first: str
) -> None:
    fields = {"phone": Field("phone", write_blanks=True)}
    both = pair(ledger, integration, fields, policies={"default": "fill_blanks"})
    both.edit(name=("of a", "of b"), phone=("of a", None))
    both.run(first)
    both.go()
    assert both.values("name") == ("of a", "of b"), "both keep their own"
    assert both.values("phone") == ("of a", "of a")
    told = [({"a": "of a", "b": "of b"}, None, False), ({"a": "of a", "b": None}, "a", False)]
    # Who is blank had not said so before: of the phone only the direction that fills sees a conflict.
    assert [each for each in told if each in both.decided()] == told
    both.edit(name=("next", ...))
    both.go()
    assert both.values("name") == ("next", "next"), "a later change of one side is carried"


@pytest.mark.parametrize("ties", ["a", "b"])
def test_newest_wins_where_the_times_tell(ledger: Ledger, integration: str, ties: str) -> None:
    """A was seen without its change after B had changed: A's change is the later one."""
    both = pair(ledger, integration, policies={"default": "newest"}, newest_ties=ties)
    both.edit(name=(..., "older, of b"))
    both.edit(name=("start", ...))
    both.run("ab")
    both.edit(name=("newer, of a", ...))
    both.run("ab")
    assert both.values("name") == ("newer, of a", "newer, of a")
    both.edit(name=("older, of a", ...))
    both.edit(name=(..., "newer, of a"))
    both.run("ba")
    both.edit(name=(..., "newer, of b"))
    both.go()
    assert both.values("name") == ("newer, of b", "newer, of b")
    assert (("newer, of a", "a", False)) in [(each["a"], *more) for each, *more in both.decided()]


@pytest.mark.parametrize("ties", ["a", "b"])
@pytest.mark.parametrize("first", ["ab", "ba"])
def test_newest_goes_to_the_named_system_where_times_overlap(
    ledger: Ledger, integration: str, ties: str, first: str
) -> None:
    both = pair(ledger, integration, policies={"default": "newest"}, newest_ties=ties)
    both.edit(name=("of a", "of b"))
    both.run(first)
    both.go()
    assert both.values("name") == (f"of {ties}",) * 2
    assert both.decided() == [({"a": "of a", "b": "of b"}, ties, True)]


def test_blank_never_overwrites_at_first_contact(ledger: Ledger, integration: str) -> None:
    fields = {"phone": Field("phone", write_blanks=True)}
    both = pair(ledger, integration, fields, policies={"default": "a"})
    both.edit(phone=(None, "kept"))
    both.to_b.integration = both.to_a.integration = f"{integration} again"
    both.go()
    assert both.values("phone") == ("kept", "kept")


def test_only_the_authority_writes_at_first_contact(ledger: Ledger, integration: str) -> None:
    both = pair(ledger, integration, policies={"default": "b"})
    both.edit(name=("of a", "of b"))
    both.to_b.integration = both.to_a.integration = f"{integration} again"
    both.run("ba")
    assert both.values("name") == ("of a", "of b")
    both.go()
    assert both.values("name") == ("of a", "of a")


@pytest.mark.parametrize("first", ["ab", "ba"])
def test_sets_merge_by_member(ledger: Ledger, integration: str, first: str) -> None:
    both = pair(ledger, integration, policies={"default": "a"})
    both.edit(tags=(["x", "from a"], ["from b"]))
    both.run(first)
    both.go()
    of_a, of_b = both.values("tags")
    assert sorted(of_a) == sorted(of_b) == ["from a", "from b"], "B removed x, both added one"


def test_set_in_another_order_is_no_change(ledger: Ledger, integration: str) -> None:
    both = pair(ledger, integration, policies={"default": "a"})
    both.edit(tags=(["x", "y", "z"], ...))
    both.go()
    writes = both.a.writes + both.b.writes
    both.edit(tags=(["z", "x", "y"], ["y", "z", "x"]))
    both.go()
    assert both.a.writes + both.b.writes == writes


def test_echo_is_called_by_its_name(ledger: Ledger, integration: str) -> None:
    both = pair(ledger, integration, policies={"default": "a"})
    both.edit(name=("of a", ...))
    both.run("ab")
    assert [outcome.kind for outcome in both.run("ba")] == ["echoed"]
