"""Records that wait for a parent, and the order in which cycles among them are broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ml_connector.sync.records import Incoming, Outcome
from ml_connector.sync.versions import older

Place = tuple[int, str]
Node = tuple[str, str]


def place_of(record: Incoming) -> Place:
    """The source record, whatever its version."""
    return record.route.id, record.raw_key


@dataclass(slots=True)
class Waiting:
    """Records in memory, by object and source key."""

    records: dict[str, dict[Place, Incoming]] = field(default_factory=dict)
    in_hand: dict[str, list[Incoming]] = field(default_factory=dict)  # taken for the last time

    def __len__(self) -> int:
        return sum(len(records) for records in self.records.values())

    def add(self, name: str, record: Incoming) -> None:
        """This record waits."""
        self.records.setdefault(name, {})[place_of(record)] = record

    def identities(self, name: str) -> set[str]:
        """Those that wait of one object."""
        records = [*self.records.get(name, {}).values(), *self.in_hand.get(name, ())]
        return {record.identity for record in records}

    def take(self, name: str) -> list[Incoming]:
        """All that wait of one object; they no longer do."""
        return list(self.records.pop(name, {}).values())

    def take_excess(self, name: str, allowed: int) -> list[Incoming]:
        """The youngest that wait of one object, as many as there are too many of all."""
        excess = len(self) - allowed
        waiting = self.records.get(name, {})
        places = list(waiting)[-excess:] if excess > 0 else []
        return [waiting.pop(place) for place in places]

    def give_way(self, name: str, newcomers: Sequence[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
        """Settle which of two versions of one record lives on: (newcomers that do, those that do not)."""
        waiting = self.records.get(name, {})
        alive, outdated = [], []
        for record in newcomers:
            known = waiting.get(place_of(record))
            if known is not None and older(record.version, known.version):
                outdated.append(record)
                continue
            if known is not None:
                outdated.append(waiting.pop(place_of(record)))
            alive.append(record)
        return alive, outdated


def closed_circles(open_nodes: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """Of records and what they wait for, those that wait for nothing but each other."""
    left = {node: set(parents) for node, parents in open_nodes.items()}
    while lost := [node for node, parents in left.items() if not parents <= left.keys()]:
        for node in lost:
            del left[node]
    return set(left)


def last_words(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """One outcome per source record: the first, unless either of two passes was refused."""
    found: dict[Place, Outcome] = {}
    for outcome in outcomes:
        first = found.get(place_of(outcome.incoming))
        if first is None or "rejected" in (first.kind, outcome.kind):
            found[place_of(outcome.incoming)] = outcome
    return list(found.values())
