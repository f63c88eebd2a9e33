"""Unique values: each is given to one record only, for two creates in a race would make twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import Digester, Transaction
from ml_connector.sync.match import Match, Owners, match_lazily
from ml_connector.sync.records import Incoming, ObjectSpec, Remote, Rung


@dataclass(slots=True)
class Claims:
    """Unique values that this run has given away: (object, field, digest) -> identity."""

    taken: dict[tuple[str, str, bytes], str] = field(default_factory=dict)

    def give(self, place: tuple[str, str, bytes], identity: str) -> bool:
        """Give the value to this record. False where another record of this run has it."""
        return self.taken.setdefault(place, identity) == identity

    def give_back(self, identity: str, object_name: str) -> None:
        """The record was refused: what it would have held is free."""
        for place in [
            place for place, of in self.taken.items() if of == identity and place[0] == object_name
        ]:
            del self.taken[place]


def unique_digest(digester: Digester, spec: ObjectSpec, name: str, value: Any) -> bytes:
    """The digest of a unique value in the form in which vendors compare texts: trimmed, case ignored."""
    stored = spec.stored(name, value)
    return digester.value(stored.strip().casefold() if isinstance(stored, str) else stored)


def taken_fault(name: str, value: Any, others: Sequence[str]) -> RecordFault:
    """The fault of a unique value that another record holds."""
    holders = f" ({', '.join(others)})" if others else ""
    return RecordFault(
        f"{name} {value!r} is held by another record{holders}.",
        cause="taken",
        field=name,
        fix="Change it on one of the two, then replay.",
    )


class Holders:
    """Who holds a unique value of the target: the index proposes, the vendor confirms."""

    def __init__(self, remote: Remote, digester: Digester) -> None:
        self._remote = remote
        self._spec = remote.spec
        self._digester = digester

    def digest(self, name: str, value: Any) -> bytes:
        """See `unique_digest`."""
        return unique_digest(self._digester, self._spec, name, value)

    def look_up(
        self, tx: Transaction, wanted: Mapping[str, Sequence[tuple[Any, str | None]]]
    ) -> dict[tuple[str, bytes], list[str]]:
        """Keys of other records per field and digest. `wanted`: field -> (value, own key)."""
        proposed: dict[tuple[str, bytes], list[str]] = {}
        for name, values in wanted.items():
            own = {self.digest(name, value): key for value, key in values}
            for digest, keys in tx.match_keys.owners(self._spec.name, name, sorted(own)).items():
                if others := [key for key in keys if key != own[digest]]:
                    proposed[(name, digest)] = others
        return self._confirm(proposed) if proposed else {}

    def _confirm(self, proposed: Mapping[tuple[str, bytes], list[str]]) -> dict[tuple[str, bytes], list[str]]:
        keys = sorted({key for others in proposed.values() for key in others})
        records = self._remote.read(keys)
        confirmed: dict[tuple[str, bytes], list[str]] = {}
        for (name, digest), others in proposed.items():
            holding = [
                key
                for key in others
                if key in records and self.digest(name, records[key].fields.get(name)) == digest
            ]
            if holding:
                confirmed[(name, digest)] = holding
        return confirmed

    def adopt(self, owners: Owners, incoming: Incoming, name: str) -> tuple[Match, list[str]]:
        """The holder of the value, where it may be linked instead."""
        return match_lazily(self._remote, owners, incoming, name)

    def another(self, name: str, incoming: Incoming) -> Any:
        """Another value, None where there is none."""
        value = self._remote.rename(name, incoming)
        return None if value == incoming.mapped.get(name) else value

    def lazy_rung(self, name: str) -> Rung | None:
        """The rung that is asked when a value of this field is taken."""
        return next((rung for rung in self._spec.rungs if rung.lazy and rung.field == name), None)
