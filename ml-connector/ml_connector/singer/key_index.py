"""The index of dedupe keys of a target's objects, which lives in the ledger.

A target that has to find records by something the vendor cannot be asked for, such as a tax id in any
spelling, reads these keys of all records once, keeps them here, and from then on reads what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ml_connector.ledger import Lease, Ledger

# Apart from the values of unique fields that the engine notes by the field's own name.
_PREFIX = "~"
_MARK = "~mark:"
_ONLY = b"\0"


class KeyIndex:
    """Which records of the target hold a key. It proposes; a hit is confirmed at the vendor before use."""

    def __init__(self, ledger: Ledger, lease: Lease, integration: str, system: str) -> None:
        self._ledger = ledger
        self._lease = lease
        self._place = (integration, system)

    def holders(self, object_name: str, rung: str, values: Sequence[str]) -> Mapping[str, list[str]]:
        """Per value the keys of the records that hold it; values without any are absent."""
        digests = {self._ledger.digester.value(value): value for value in values}
        with self._ledger.read(*self._place) as tx:
            found = tx.match_keys.owners(object_name, _PREFIX + rung, list(digests))
        return {digests[digest]: keys for digest, keys in found.items()}

    def put(self, object_name: str, entries: Iterable[tuple[str, str, str | None]]) -> None:
        """Note `(record, rung, value)`: the record holds this value now, and no other on that rung."""
        digest = self._ledger.digester.value
        rows = [
            (key, _PREFIX + rung, None if value is None else digest(value)) for key, rung, value in entries
        ]
        with self._ledger.write(*self._place, lease=self._lease) as tx:
            tx.match_keys.put(object_name, rows)

    def mark(self, object_name: str, name: str) -> str | None:
        """How far the keys called `name` are known, as it was set; None where they never were."""
        with self._ledger.read(*self._place) as tx:
            held = tx.match_keys.owners(object_name, _MARK + name, [_ONLY]).get(_ONLY)
        return held[0] if held else None

    def set_mark(self, object_name: str, name: str, value: str) -> None:
        """The keys called `name` are known so far."""
        before = self.mark(object_name, name)
        rows: list[tuple[str, str, bytes | None]] = [(value, _MARK + name, _ONLY)]
        if before is not None and before != value:
            rows.insert(0, (before, _MARK + name, None))
        with self._ledger.write(*self._place, lease=self._lease) as tx:
            tx.match_keys.put(object_name, rows)
