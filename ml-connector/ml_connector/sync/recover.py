"""After a kill: settle what the dead run wrote, forget what it did not, before anything is judged.

A field that shows the value we sent is settled. Any other stays judged against the old snapshot: the
same as it means that nothing was sent, another means that the target's people changed it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_connector.ledger import Entry, Lease, Ledger, Link, Transaction
from ml_connector.sync.match import next_free
from ml_connector.sync.records import Remote, RemoteRecord, Rung, Scope
from ml_connector.sync.resolve import Resolver

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Recovered:
    """What the journal held. `unknown`: per object the creates of which nobody knows the outcome.

    `decided`: fields in conflict that a policy had decided.
    """

    settled: int = 0
    not_sent: int = 0
    decided: int = 0
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)


class Recovery:
    """Resolves the journal of one direction of an integration."""

    def __init__(
        self,
        ledger: Ledger,
        lease: Lease,
        scope: Scope,
        remotes: Mapping[str, Remote],
        *,
        write_timeout: float,
    ) -> None:
        self._ledger = ledger
        self._lease = lease
        self._scope = scope
        self._remotes = remotes
        self._write_timeout = write_timeout

    def run(self) -> Recovered:
        """Resolve all open entries of the target.

        Raises:
            PassingFault: the vendor cannot be asked now.
        """
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            entries = tx.journal.open_entries()
        result = Recovered()
        if not entries:
            return result
        log.info("A run ended with %d records under way; looking what became of them.", len(entries))
        for name in dict.fromkeys(entry.object for entry in entries):
            if name in self._remotes:
                self._resolve_object(name, [entry for entry in entries if entry.object == name], result)
            else:
                log.warning("Records of %s are under way, an object that this target no longer has.", name)
        log.info("Of these %d were written and %d were not.", result.settled, result.not_sent)
        return result

    def _resolve_object(self, name: str, entries: Sequence[Entry], result: Recovered) -> None:
        remote = self._remotes[name]
        remote.wait_until_idle(_references(entries))
        found = self._read_back(remote, entries)
        read_at = time.time()
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            resolver = Resolver(tx, self._scope, remote.spec.name, self._ledger.digester, read_at)
            for entry in entries:
                self._resolve(tx, resolver, entry, found.get(entry.id), result)
            result.decided += resolver.decided

    @staticmethod
    def _resolve(
        tx: Transaction, resolver: Resolver, entry: Entry, record: RemoteRecord | None, result: Recovered
    ) -> None:
        if record is not None:
            if resolver.settle(entry, record):
                result.settled += 1
            else:
                result.not_sent += 1
        elif entry.kind == "create" and entry.body.lookup is None:
            result.unknown.setdefault(entry.object, {})[entry.identity] = entry.id
            return
        else:
            result.not_sent += 1
        close_entry(tx, entry)

    def _read_back(self, remote: Remote, entries: Sequence[Entry]) -> dict[int, RemoteRecord]:
        """The records of the entries as they are now, by entry id; those that are not there are absent."""
        updates = [entry for entry in entries if entry.kind == "update" and entry.key]
        keys = sorted({entry.key for entry in updates if entry.key})
        records = remote.read(keys) if keys else {}
        found = {entry.id: records[entry.key] for entry in updates if entry.key and entry.key in records}
        creates = [entry for entry in entries if entry.kind == "create" and entry.body.lookup is not None]
        for name in dict.fromkeys(entry.body.lookup_field for entry in creates):
            found |= self._find_created(
                remote, name, [entry for entry in creates if entry.body.lookup_field == name]
            )
        return found

    def _find_created(
        self, remote: Remote, name: str | None, creates: Sequence[Entry]
    ) -> dict[int, RemoteRecord]:
        """A create counts as not found only `write_timeout` after it was sent."""
        rung = next(rung for rung in remote.spec.rungs if rung.exclusive and rung.field == name)
        missing = list(creates)
        found: dict[int, RemoteRecord] = {}
        while True:
            hits = remote.find(rung, list(dict.fromkeys(entry.body.lookup for entry in missing)))
            given = {record.key for record in found.values()}
            found |= self._first_hits(remote, rung, missing, hits, given)
            missing = [entry for entry in missing if entry.id not in found]
            latest = max((entry.sent_at or entry.intended_at for entry in missing), default=0.0)
            wait = latest + self._write_timeout - time.time()
            if not missing or wait <= 0:
                return found
            log.info("Waiting %.0f s for %d creates that may still arrive.", wait, len(missing))
            time.sleep(wait)
            # What arrived meanwhile may be a job that has not come to these records yet.
            remote.wait_until_idle(_references(missing))

    def _first_hits(
        self,
        remote: Remote,
        rung: Rung,
        entries: Sequence[Entry],
        hits: Mapping[Any, Sequence[RemoteRecord]],
        given: set[str],
    ) -> dict[int, RemoteRecord]:
        """The record of each entry that has one; of equal ones each entry takes the next that is free."""
        linked: Mapping[str, Link] = {}
        if rung.in_order:
            keys = sorted({hit.key for each in hits.values() for hit in each})
            with self._ledger.read(self._scope.integration, self._scope.target) as tx:
                linked = tx.links.by_key(self._scope.target, remote.spec.name, keys)
        found: dict[int, RemoteRecord] = {}
        for entry in entries:
            chosen = hits.get(entry.body.lookup, ())
            if rung.in_order:
                chosen = next_free(chosen, linked, given)
            if chosen:
                found[entry.id] = chosen[0]
        return found


def close_entry(tx: Transaction, entry: Entry) -> None:
    """The entry is resolved; what it decided and did not write is judged again."""
    if entry.body.decided is not None:
        tx.decisions.withdraw([entry.body.decided])
    tx.journal.close([entry.id])


def _references(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.reference for entry in entries if entry.reference})
