"""Pointers: the parents that records name in their reference fields, and where those are in the target.

A plain value is one identity, and is waited for. Of a list of candidates the first that has a link, or that
the target finds by itself, wins. One that was seen and has no link is passed over; one that was never seen,
or that a letter keeps, is waited for. Where all are passed over, the target's fallback stands in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import Transaction, is_blank
from ml_connector.sync.candidates import Candidate, candidates_of, is_plain, members_of
from ml_connector.sync.kin import Kin
from ml_connector.sync.records import Field, Remote
from ml_connector.sync.refusals import unknown_object, waits_for

LEFT_OUT = object()


@dataclass(slots=True)
class Trail:
    """One name on its way to a record of the target; its candidates are tried one after another."""

    field: Field
    candidates: Sequence[Candidate]
    plain: bool = False
    waits: bool = True
    place: int = 0
    key: str | None = None
    awaited: Candidate | None = None
    gone: bool = False  # it leads to a record that is out of use

    @property
    def current(self) -> Candidate:
        """The candidate whose turn it is."""
        return self.candidates[self.place]

    @property
    def is_open(self) -> bool:
        """Whether a candidate is left to be tried."""
        return self.key is None and self.awaited is None and self.place < len(self.candidates)

    @property
    def kin(self) -> tuple[str, ...]:
        """The objects on whose way the current candidate is looked for."""
        kin, name = self.field.kin, self.current.object
        if name != self.field.refers_to and name not in kin:
            return (name,)
        return tuple(dict.fromkeys((name, *kin)))

    def stop(self, *, settled: bool) -> None:
        """The current candidate leads nowhere: wait for it, or pass over it."""
        if self.waits and not settled:
            self.awaited = self.current
        else:
            self.place += 1


@dataclass(slots=True)
class Pointer:
    """Where a reference field of one record leads. `value`: what is written, or LEFT_OUT."""

    field: Field
    trails: list[Trail]
    value: Any = LEFT_OUT
    matters: bool = True

    @property
    def awaited(self) -> Candidate | None:
        """The record that has to come first."""
        return next((trail.awaited for trail in self.trails if trail.awaited is not None), None)

    @property
    def lost(self) -> frozenset[str]:
        """Every identity of the members that lead nowhere."""
        return frozenset(
            each.identity for trail in self.trails if trail.key is None for each in trail.candidates
        )


Pointers = dict[str, Pointer]


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a mapped record is to be followed.

    `fields`: where candidates matter now, None for everywhere; a field that the source did not change needs
    none. `is_new`: it may be about to be created.
    """

    mapped: Mapping[str, Any]
    fields: Collection[str] | None
    is_new: bool


class Guide:
    """Follows the references of one object's records."""

    def __init__(self, remote: Remote, kin: Kin) -> None:
        self._remote = remote
        self._kin = kin
        spec = remote.spec
        kinds = ("reference", "references")
        self._fields = [each for each in spec.fields.values() if each.kind in kinds and each.refers_to]

    def follow(self, tx: Transaction, readings: Sequence[Reading], here: Collection[str]) -> list[Pointers]:
        """The pointers of each record. `here`: identities that are about to be created with these."""
        found = [dict(self._pointers(reading)) for reading in readings]
        pointers = [pointer for each in found for pointer in each.values()]
        trails = [trail for pointer in pointers for trail in pointer.trails]
        while trails := [trail for trail in trails if trail.is_open]:
            self._step(tx, trails, here)
        for pointer in pointers:
            self._end(pointer)
        return found

    def has_candidates(self, mapped: Mapping[str, Any]) -> bool:
        """Whether any reference is more than a plain identity."""
        return any(not is_plain(mapped.get(each.name)) for each in self._fields)

    def _pointers(self, reading: Reading) -> Iterator[tuple[str, Pointer]]:
        for each in self._fields:
            value = reading.mapped.get(each.name)
            if is_blank(value):
                continue
            written = each.writes == "always" or reading.is_new
            matters = written and (reading.fields is None or each.name in reading.fields)
            if each.kind == "reference" and is_plain(value):
                yield each.name, Pointer(each, [self._plain(each, value, waits=written)])
            elif not matters:
                yield each.name, Pointer(each, [], matters=False)
            elif each.kind == "references":
                members = [Trail(each, member, waits=False) for member in members_of(each, value)]
                yield each.name, Pointer(each, members)
            else:
                found = candidates_of(each, value)
                yield each.name, Pointer(each, [Trail(each, found)] if found else [])

    @staticmethod
    def _plain(each: Field, value: Any, *, waits: bool) -> Trail:
        return Trail(each, candidates_of(each, value), plain=True, waits=waits)

    # One candidate of each

    def _step(self, tx: Transaction, trails: Sequence[Trail], here: Collection[str]) -> None:
        by_kin: dict[tuple[str, ...], list[Trail]] = {}
        for trail in self._by_parents(self._by_links(tx, trails)):
            if trail.plain or not trail.waits or not trail.current.is_of_source:
                trail.stop(settled=not trail.plain)
            else:
                by_kin.setdefault(trail.kin, []).append(trail)
        for kin, waiting in by_kin.items():
            settled = self._kin.settled(tx, kin, {trail.current.identity for trail in waiting})
            if self._remote.spec.name in kin:
                settled -= set(here)
            for trail in waiting:
                trail.stop(settled=trail.current.identity in settled)

    def _by_links(self, tx: Transaction, trails: Sequence[Trail]) -> list[Trail]:
        """Give those a key that have a link. Returns those that have none at all."""
        named: dict[str, dict[str, None]] = {}
        for trail in trails:
            named.setdefault(trail.current.object, {})[trail.current.identity] = None
        links = {name: self._kin.links(tx, name, list(identities)) for name, identities in named.items()}
        unlinked = []
        for trail in trails:
            link = links[trail.current.object].get(trail.current.identity)
            if link is None:
                unlinked.append(trail)
            elif link.mark and not trail.plain:
                trail.place += 1
            else:
                trail.key, trail.gone = link.sides[self._kin.target].key, bool(link.mark)
        return unlinked

    def _by_parents(self, trails: Sequence[Trail]) -> list[Trail]:
        """Give those a key that the target knows by itself. Returns the others."""
        named: dict[str, dict[str, None]] = {}
        for trail in trails:
            # An identity of another object may be the number of somebody else in this one.
            if trail.current.object == trail.field.refers_to:
                named.setdefault(trail.field.name, {})[trail.current.identity] = None
        known = {name: self._remote.parents(name, list(identities)) for name, identities in named.items()}
        for trail in trails:
            if trail.current.object == trail.field.refers_to:
                trail.key = known[trail.field.name].get(trail.current.identity)
        return [trail for trail in trails if trail.key is None]

    # What comes of it

    def _end(self, pointer: Pointer) -> None:
        keys = [trail.key for trail in pointer.trails if trail.key is not None]
        if not pointer.matters or pointer.awaited is not None:
            return
        if pointer.field.kind == "references":
            pointer.value = [_written(key) for key in dict.fromkeys(keys)]
        elif not pointer.trails:
            pointer.value = None  # a list without a candidate is blank
        elif keys:
            pointer.value = _written(keys[0])
        elif not pointer.trails[0].plain:
            stand_in = self._remote.fallback(pointer.field.name)
            pointer.value = LEFT_OUT if stand_in is None else _written(stand_in)


def _written(key: str) -> str | int:
    return int(key) if key.isdecimal() else key


def fault_of(pointers: Pointers, objects: Collection[str]) -> RecordFault | None:
    """Why the record is refused: a candidate names an object that the target does not have."""
    for name, pointer in pointers.items():
        for trail in pointer.trails:
            for each in trail.candidates:
                if each.object != pointer.field.refers_to and each.object not in objects:
                    return unknown_object(name, each.object, objects)
    return None


def whole_of(pointers: Pointers) -> str | None:
    """The object of which the record is a part, where that one is out of use."""
    for pointer in pointers.values():
        if pointer.field.part_of and any(trail.gone for trail in pointer.trails):
            return pointer.field.refers_to
    return None


def lost_need(pointers: Pointers) -> str | None:
    """The field without which the record is nothing, and of which no candidate leads anywhere."""
    needed = ((name, each) for name, each in pointers.items() if each.field.needed and each.matters)
    return next((name for name, each in needed if each.value is LEFT_OUT), None)


def wait_of(pointers: Pointers) -> RecordFault | None:
    """The fault of a record that has to wait: what it waits for first."""
    for name, pointer in pointers.items():
        if (awaited := pointer.awaited) is not None:
            return waits_for(awaited.identity, awaited.object, name)
    return None


def missing_parent(pointers: Pointers) -> RecordFault:
    """The fault of a record that waited to the end, with what it waits for."""
    for name, pointer in pointers.items():
        if (awaited := pointer.awaited) is not None:
            text = f"Waits for the {awaited.object} record of {awaited.identity}, which did not come."
            return RecordFault(text, cause="waiting", field=name)
    return RecordFault("Waits for a record that did not come.", cause="waiting")
