"""After a kill: settle what the dead run wrote, forget what it did not, before anything is judged.

A field that shows the value we sent is settled. Any other stays judged against the old snapshot: the
same as it means that nothing was sent, another means that the target's people changed it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ml_connector.ledger import AuditRow, Digester, Entry, Lease, Ledger, Link, Route, Seen, Side, Transaction
from ml_connector.sync.apply import Scope
from ml_connector.sync.records import ObjectSpec, Remote, RemoteRecord, Rung

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Recovered:
    """What the journal held. `unknown`: per object the creates of which nobody knows the outcome."""

    settled: int = 0
    not_sent: int = 0
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
        """Resolve all open entries.

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
            self._resolve_object(name, [entry for entry in entries if entry.object == name], result)
        log.info("Of these %d were written and %d were not.", result.settled, result.not_sent)
        return result

    def _resolve_object(self, name: str, entries: Sequence[Entry], result: Recovered) -> None:
        remote = self._remotes[name]
        remote.wait_until_idle(sorted({entry.reference for entry in entries if entry.reference}))
        found = self._read_back(remote, entries)
        read_at = time.time()
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            links = self._links(tx, name, entries)
            for entry in entries:
                if entry.id in found:
                    settling = _Settling(tx, self._scope, remote.spec, self._ledger.digester, read_at)
                    settling.settle(entry, found[entry.id], links.get(entry.identity))
                    result.settled += 1
                elif entry.kind == "create" and entry.body.lookup is None:
                    result.unknown.setdefault(name, {})[entry.identity] = entry.id
                    continue
                else:
                    result.not_sent += 1
                tx.journal.close([entry.id])

    def _links(self, tx: Transaction, name: str, entries: Sequence[Entry]) -> dict[str, Link]:
        return tx.links.by_partner(self._scope.source, name, [entry.identity for entry in entries])

    def _read_back(self, remote: Remote, entries: Sequence[Entry]) -> dict[int, RemoteRecord]:
        """The records of the entries as they are now, by entry id; those that are not there are absent."""
        updates = {entry.key: entry for entry in entries if entry.kind == "update" and entry.key}
        records = remote.read(list(updates)) if updates else {}
        found = {updates[key].id: record for key, record in records.items()}
        creates = [entry for entry in entries if entry.kind == "create" and entry.body.lookup is not None]
        rung = next((rung for rung in remote.spec.rungs if rung.exclusive), None)
        return found | (self._find_created(remote, rung, creates) if rung and creates else {})

    def _find_created(self, remote: Remote, rung: Rung, creates: Sequence[Entry]) -> dict[int, RemoteRecord]:
        """A create counts as not found only `write_timeout` after it was sent."""
        missing = list(creates)
        found: dict[int, RemoteRecord] = {}
        while True:
            hits = remote.find(rung, [entry.body.lookup for entry in missing])
            found |= {
                entry.id: hits[entry.body.lookup][0] for entry in missing if hits.get(entry.body.lookup)
            }
            missing = [entry for entry in missing if entry.id not in found]
            latest = max((entry.sent_at or entry.intended_at for entry in missing), default=0.0)
            wait = latest + self._write_timeout - time.time()
            if not missing or wait <= 0:
                return found
            log.info("Waiting %.0f s for %d creates that may still arrive.", wait, len(missing))
            time.sleep(wait)


class _Settling:
    """Settles one entry by the record as it was read."""

    def __init__(
        self, tx: Transaction, scope: Scope, spec: ObjectSpec, digester: Digester, read_at: float
    ) -> None:
        self._tx = tx
        self._scope = scope
        self._spec = spec
        self._digester = digester
        self._read_at = read_at

    def settle(self, entry: Entry, record: RemoteRecord, link: Link | None) -> None:
        body = entry.body
        shown = {name for name, digest in body.fields.items() if self._digest(record, name) == digest}
        link = link or self._tx.links.create(
            {
                self._scope.source: Side(body.stream, entry.identity, self._spec.name),
                self._scope.target: Side(self._spec.name, record.key, body.stream),
            }
        )
        source, target = link.sides[self._scope.source], link.sides[self._scope.target]
        target.key = record.key
        target.snapshot.update({name: body.fields[name] for name in shown})
        # Rows of the target that were read before this moment are older than what we know.
        target.written_at, target.version = self._read_at, record.version or target.version
        whole = len(shown) == len(body.fields)
        if whole:
            target.snapshot.update(body.adopted)
            source.snapshot.update(body.source)
            source.version = body.version or source.version
        else:
            source.snapshot.update(self._settled_sources(entry, shown))
        self._tx.links.save([link])
        self._note(entry, record, link, shown, whole)

    def _digest(self, record: RemoteRecord, name: str) -> bytes:
        value = record.fields.get(name)
        field_spec = self._spec.fields.get(name)  # absent where its definition was deleted meanwhile
        if field_spec is not None and field_spec.kind == "set":
            return self._digester.elements(value or [])
        return self._digester.value(value)

    @staticmethod
    def _settled_sources(entry: Entry, shown: set[str]) -> dict[str, bytes]:
        body = entry.body
        open_sources = {name for field in body.fields.keys() - shown for name in body.behind.get(field, [])}
        settled = {name for field in shown for name in body.behind.get(field, [])} - open_sources
        return {name: body.source[name] for name in settled if name in body.source}

    def _note(self, entry: Entry, record: RemoteRecord, link: Link, shown: set[str], whole: bool) -> None:
        body = entry.body
        if whole:
            route = Route(body.route_id, "", "", body.stream, "", self._spec.name)
            self._tx.seen.settle([(route, body.raw_key, Seen(body.digest, body.version, link.id))])
        if shown:
            outcome = "created" if entry.kind == "create" else "updated"
            self._tx.runs.audit(
                self._scope.run_id,
                self._scope.integration,
                [
                    AuditRow(
                        stream=body.stream,
                        object=self._spec.name,
                        source_key=entry.identity,
                        target_key=record.key,
                        link_id=link.id,
                        outcome=outcome,
                        fields={name: body.fields[name].hex() for name in shown},
                        reason="found written after a run that died",
                        request_id=entry.reference,
                    )
                ],
            )
