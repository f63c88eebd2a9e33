"""What this direction knows of records that references name: their links, and whether they were seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ml_connector.ledger import Link, Transaction
from ml_connector.sync.records import Scope
from ml_connector.sync.rehearsal import Rehearsal
from ml_connector.sync.waiting import Waiting


class Kin:
    """Looks named records up in the ledger, in a dry run's memory and among those that wait."""

    def __init__(self, scope: Scope, waiting: Waiting, rehearsal: Rehearsal | None = None) -> None:
        self.target = scope.target
        self._scope = scope
        self._waiting = waiting
        self._rehearsal = rehearsal

    def links(self, tx: Transaction, object_name: str, identities: Sequence[str]) -> dict[str, Link]:
        """The links of these records of the source with the object."""
        found = tx.links.by_partner(self._scope.source, object_name, identities)
        return found | (self._rehearsal.links_of(object_name, identities) if self._rehearsal else {})

    def settled(self, tx: Transaction, objects: Iterable[str], identities: Collection[str]) -> set[str]:
        """Those that came on their way into any of these objects, and of which nothing is open.

        Open is what a letter keeps, and what waits in memory: it may still get a link.
        """
        met: dict[str, bool] = {}
        for name in objects:
            waiting = self._waiting.identities(name)
            for identity, refused in self._met(tx, name, list(identities)).items():
                met[identity] = met.get(identity, False) or refused or identity in waiting
        return {identity for identity, is_open in met.items() if not is_open}

    def _met(self, tx: Transaction, object_name: str, identities: Sequence[str]) -> dict[str, bool]:
        scope = self._scope
        met = tx.seen.met(scope.integration, scope.source, scope.target, object_name, identities)
        return met | (self._rehearsal.met(object_name, identities) if self._rehearsal else {})
