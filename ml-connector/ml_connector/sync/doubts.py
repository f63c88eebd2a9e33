"""Writes into the source system that a dead run of the other direction left open.

Only the other direction can ask that system what became of them. Here its rows tell: one that shows all
that was sent is settled; any other is in doubt, and waits until the other direction has looked.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from ml_connector.errors import RecordFault
from ml_connector.ledger import Entry, Lease, Ledger
from ml_connector.sync.fields import flatten
from ml_connector.sync.records import Incoming, RemoteRecord, Scope
from ml_connector.sync.recover import close_entry
from ml_connector.sync.resolve import Resolver, shown_fields

RETRY = "retry"


class Doubts:
    """The open entries of the source system's own journal."""

    def __init__(self, ledger: Ledger, lease: Lease, scope: Scope) -> None:
        self._ledger = ledger
        self._lease = lease
        self._scope = Scope(scope.integration, source=scope.target, target=scope.source, run_id=scope.run_id)
        self.decided = 0
        with ledger.read(scope.integration, scope.source) as tx:
            self._entries = {entry.id: entry for entry in tx.journal.open_entries()}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def resolve(self, records: Sequence[Incoming]) -> dict[int, RecordFault]:
        """Settle what these rows show to be written. Returns the doubtful ones, by position."""
        if not self._entries:
            return {}
        digester = self._ledger.digester
        links = self._linked(records)
        doubtful: dict[int, RecordFault] = {}
        for record in records:
            row = RemoteRecord(record.identity, flatten(record.raw), record.version)
            linked = record.identity in links
            for entry in self._concerning(record, linked=linked):
                if len(shown_fields(entry, row, digester)) == len(entry.body.fields):
                    self._settle(entry, row, record.extracted_at)
                    linked = True
                    break
            if self._concerning(record, linked=linked):
                doubtful[record.position] = _doubt(self._scope)
        return doubtful

    def _linked(self, records: Iterable[Incoming]) -> set[str]:
        """The records that have a link already, so that none of the open creates made them."""
        found: set[str] = set()
        by_stream: dict[str, list[str]] = {}
        for record in records:
            by_stream.setdefault(record.route.stream, []).append(record.identity)
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            for stream, identities in by_stream.items():
                found |= tx.links.by_key(self._scope.target, stream, identities).keys()
        return found

    def _concerning(self, record: Incoming, *, linked: bool) -> list[Entry]:
        """Updates of this record, and the creates that may have made it."""
        return [
            entry
            for entry in self._entries.values()
            if entry.object == record.route.stream
            and (entry.key == record.identity if entry.kind == "update" else not linked)
        ]

    def _settle(self, entry: Entry, row: RemoteRecord, read_at: float | None) -> None:
        integration, target = self._scope.integration, self._scope.target
        with self._ledger.write(integration, target, lease=self._lease) as tx:
            resolver = Resolver(tx, self._scope, entry.object, self._ledger.digester, read_at or time.time())
            resolver.settle(entry, row)
            close_entry(tx, entry)
        self.decided += resolver.decided
        del self._entries[entry.id]


def _doubt(scope: Scope) -> RecordFault:
    return RecordFault(
        f"A run that died was writing to {scope.target}, and nobody looked yet what became of it.",
        cause=RETRY,
        fix=f"It is tried again by itself, once the direction that writes to {scope.target} has run.",
    )
