"""The three-way merge, held against what it promises for any values."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ml_connector.ledger import Digester, Route, Side, is_blank
from ml_connector.sync import Field, Incoming, ObjectSpec, Policies, RemoteRecord
from ml_connector.sync.merge import Merged, Merger
from ml_connector.sync.moves import move_snapshots

ROUTE = Route(1, "i", "a", "people", "b", "contacts")
DIGESTER = Digester(b"key")
SPEC = ObjectSpec(
    "contacts",
    {
        "plain": Field("plain"),
        "clears": Field("clears", write_blanks=True),
        "short": Field("short", stored_form=lambda value: value[:2] if isinstance(value, str) else value),
        "tags": Field("tags", kind="set"),
    },
    (),
    two_way=True,
)
VALUES = st.sampled_from([None, "", "a", "b", "abc", "abd"])
MEMBERS = st.lists(st.sampled_from("uvwxyz"), unique=True, max_size=4)
NAMES = st.sampled_from(["plain", "clears", "short"])
POLICIES = st.sampled_from(["a", "b", "hold", "fill_blanks"])


def incoming(**values: Any) -> Incoming:
    behind = {name: frozenset({name}) for name in values}
    return Incoming(0, ROUTE, "1", dict(values), b"", dict(values), behind, "1", {})


def merger(policy: str = "a", authority: str = "a") -> Merger:
    rules = Policies("a", "b", policies={"default": policy}, authority={"default": authority})
    return Merger(SPEC, rules, DIGESTER)


def sides() -> tuple[Side, Side]:
    return Side("people", "1", "contacts"), Side("contacts", "9", "people")


def remote(**values: Any) -> RemoteRecord:
    return RemoteRecord("9", dict(values))


def agree(source: Side, target: Side, name: str, value: Any, stored: Any) -> None:
    """Both were settled with these values once."""
    source.snapshot[f"people.{name}"] = DIGESTER.value(value)
    target.snapshot[f"contacts.{name}"] = DIGESTER.value(stored)


def shown(name: str, value: Any) -> Any:
    stored = SPEC.stored(name, value)
    return None if is_blank(stored) else stored


def merge_one(policy: str, name: str, base: Any, ours: Any, theirs: Any) -> tuple[Merged, Any]:
    """The merge, and what the target holds after it."""
    source, target = sides()
    agree(source, target, name, base, SPEC.stored(name, base))
    now = SPEC.stored(name, theirs)
    merged = merger(policy).merge(incoming(**{name: ours}), source, target, remote(**{name: now}))
    written = merged.write.get(name, now)
    return merged, shown(name, written)


@given(NAMES, VALUES, VALUES, VALUES, POLICIES)
def test_unchanged_source_writes_nothing(name: str, base: Any, ours: Any, theirs: Any, policy: str) -> None:
    merged, after = merge_one(policy, name, base, base, theirs)
    assert merged.write == {}
    assert after == shown(name, theirs)


@given(NAMES, VALUES, VALUES, POLICIES)
def test_unchanged_target_takes_the_change(name: str, base: Any, ours: Any, policy: str) -> None:
    merged, after = merge_one(policy, name, base, ours, base)
    may_clear = SPEC.fields[name].write_blanks
    expected = shown(name, base) if is_blank(ours) and not may_clear else shown(name, ours)
    assert after == expected
    assert not merged.held
    assert not merged.drop


@given(NAMES, VALUES, VALUES, POLICIES)
def test_equal_values_are_adopted_without_a_write(name: str, base: Any, ours: Any, policy: str) -> None:
    merged, _ = merge_one(policy, name, base, ours, ours)
    assert (merged.write, merged.held, merged.drop) == ({}, {}, set())


@given(NAMES, VALUES, VALUES, VALUES, POLICIES)
def test_conflicts_go_by_the_policy(name: str, base: Any, ours: Any, theirs: Any, policy: str) -> None:
    values = [shown(name, base), shown(name, ours), shown(name, theirs)]
    if DIGESTER.value(base) == DIGESTER.value(ours) or values[2] in (values[0], values[1]) or is_blank(ours):
        return
    merged, after = merge_one(policy, name, base, ours, theirs)
    if policy == "a":
        assert after == values[1]
    elif policy == "b":
        assert (after, merged.drop) == (values[2], {name})
    elif policy == "hold":
        assert (after, set(merged.held)) == (values[2], {name})
        assert f"people.{name}" not in merged.source, "a held field moves on neither side"
    else:
        assert after == (values[1] if is_blank(theirs) else values[2])


@given(NAMES, VALUES, VALUES, st.sampled_from(["a", "b"]))
def test_first_contact(name: str, ours: Any, theirs: Any, authority: str) -> None:
    source, target = sides()
    now = SPEC.stored(name, theirs)
    merged = merger(authority=authority).merge(
        incoming(**{name: ours}), source, target, remote(**{name: now})
    )
    after = shown(name, merged.write.get(name, now))
    if is_blank(ours):
        assert after == shown(name, theirs), "a blank never overwrites"
    elif is_blank(theirs) or authority == "a":
        assert after == shown(name, ours)
    else:
        assert after == shown(name, theirs)


@given(NAMES, VALUES, VALUES, VALUES, POLICIES)
def test_settled_merge_is_idle_the_second_time(
    name: str, base: Any, ours: Any, theirs: Any, policy: str
) -> None:
    source, target = sides()
    agree(source, target, name, base, SPEC.stored(name, base))
    record, now = incoming(**{name: ours}), remote(**{name: SPEC.stored(name, theirs)})
    engine = merger(policy)
    merged = engine.merge(record, source, target, now)
    move_snapshots(engine, record, merged, source, target, now)
    after = remote(**{name: SPEC.stored(name, merged.write.get(name, now.fields[name]))})
    assert engine.merge(record, source, target, after).write == {}


# Sets


def merge_set(base: list[str], ours: list[str], theirs: list[str]) -> tuple[set[str], Merged]:
    source, target = sides()
    members = DIGESTER.elements(base)
    source.snapshot["people.tags[]"] = target.snapshot["contacts.tags[]"] = members
    source.snapshot["people.tags"] = DIGESTER.value(base)
    merged = merger().merge(incoming(tags=ours), source, target, remote(tags=theirs))
    return set(merged.write.get("tags", theirs)), merged


@given(MEMBERS, MEMBERS, MEMBERS)
def test_sets_merge_member_by_member(base: list[str], ours: list[str], theirs: list[str]) -> None:
    after, _ = merge_set(base, ours, theirs)
    for member in "uvwxyz":
        was, here, there = member in base, member in ours, member in theirs
        if was == here:
            assert (member in after) == there, "we did not change it"
        else:
            assert (member in after) == here, "ours to add and to remove"


@given(MEMBERS, MEMBERS)
def test_first_contact_of_sets_is_their_union(ours: list[str], theirs: list[str]) -> None:
    source, target = sides()
    merged = merger().merge(incoming(tags=ours), source, target, remote(tags=theirs))
    assert set(merged.write.get("tags", theirs)) == {*ours, *theirs}


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("ab"), MEMBERS), max_size=8))
def test_sets_of_two_ways_agree_in_the_end(edits: list[tuple[str, list[str]]]) -> None:
    """Whatever is edited where and in which order the directions run: both end with the same members."""
    spec_a = ObjectSpec("people", {"tags": SPEC.fields["tags"]}, (), two_way=True)
    to_b = merger()
    to_a = Merger(spec_a, Policies("b", "a", authority={"default": "a"}), DIGESTER)
    side_a, side_b = sides()
    now: dict[str, list[str]] = {"a": ["u"], "b": ["v"]}

    def carry(engine: Merger, here: str, there: str) -> bool:
        route = Route(1, "i", here, "people" if here == "a" else "contacts", there, engine.spec.name)
        values = {"tags": now[here]}
        record = Incoming(0, route, "1", values, b"", dict(values), {"tags": frozenset({"tags"})}, "1", {})
        source, target = (side_a, side_b) if here == "a" else (side_b, side_a)
        seen = remote(tags=now[there])
        merged = engine.merge(record, source, target, seen)
        move_snapshots(engine, record, merged, source, target, seen)
        now[there] = merged.write.get("tags", now[there])
        return bool(merged.write)

    def both() -> bool:
        return carry(to_b, "a", "b") | carry(to_a, "b", "a")

    both()
    for system, members in edits:
        now[system] = members
        carry(to_b, "a", "b") if len(members) % 2 else carry(to_a, "b", "a")
    both()
    both()
    assert not both(), "idle rounds wrote"
    assert set(now["a"]) == set(now["b"])


# Which fields are looked at


def test_field_of_a_container_concerns_only_what_names_it() -> None:
    record = incoming(plain="x", clears="y")
    record.raw = {"box": {"one": 1, "two": 2}, "top": 3}
    record.names = {"plain": frozenset({"box.one"}), "clears": frozenset({"box"})}
    source, target = sides()
    engine = merger()
    merged = engine.merge(record, source, target, remote(plain="x", clears="y"))
    move_snapshots(engine, record, merged, source, target)
    for raw, touched in (
        ({"box": {"one": 1, "two": 5}, "top": 3}, ("clears",)),
        ({"box": {"one": 5, "two": 2}, "top": 3}, ("plain", "clears")),
        ({"box": {"one": 1, "two": 2}, "top": 5}, ()),
        ({"box": None, "top": 3}, ("plain", "clears")),
    ):
        record.raw = raw
        assert engine.merge(record, source, target, remote(plain="x", clears="y")).touched == touched


def test_constant_is_written_once() -> None:
    record = incoming(plain="x")
    record.names = {"plain": frozenset()}
    source, target = sides()
    engine = merger()
    merged = engine.merge(record, source, target, remote(plain=None))
    assert merged.write == {"plain": "x"}
    move_snapshots(engine, record, merged, source, target)
    assert engine.merge(record, source, target, remote(plain="theirs")).touched == ()
    record.remap = True
    assert engine.merge(record, source, target, remote(plain="x")).touched == ("plain",)
