"""What became of one journal entry, told from the record as it was read."""

from __future__ import annotations

from ml_connector.ledger import AuditRow, Digester, Entry, Link, Route, Seen, Side, Transaction
from ml_connector.sync.fields import snapshot_name
from ml_connector.sync.moves import forget
from ml_connector.sync.records import RemoteRecord, Scope


def shown_fields(entry: Entry, record: RemoteRecord, digester: Digester) -> set[str]:
    """The fields of the record that show the value that the entry was to write."""
    return {
        name
        for name, digest in entry.body.fields.items()
        if digest in _digests(record.fields.get(name), digester)
    }


def _digests(value: object, digester: Digester) -> tuple[bytes, ...]:
    """As a plain value and as a set: an entry does not say which it was."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return digester.value(value), digester.elements(value)
    return (digester.value(value), b"") if value is None else (digester.value(value),)


class Resolver:
    """Settles entries of one object by records that were read at `read_at`."""

    def __init__(
        self, tx: Transaction, scope: Scope, object_name: str, digester: Digester, read_at: float
    ) -> None:
        self._tx = tx
        self._scope = scope
        self._object = object_name
        self._digester = digester
        self._read_at = read_at
        self.decided = 0

    def settle(self, entry: Entry, record: RemoteRecord) -> bool:
        """Settle the fields that show our value. False where none does, so that nothing was sent."""
        shown = shown_fields(entry, record, self._digester)
        link = self._link(entry, record, shown)
        if link is None:
            return False
        source, target = link.sides[self._scope.source], link.sides[self._scope.target]
        target.key = record.key
        self._note_read(entry, record, target, shown)
        if entry.kind == "create" and entry.link_id is not None:
            self._forget(link)
        whole = len(shown) == len(entry.body.fields)
        if entry.body.decided is not None:
            came_true = None if whole else shown
            self.decided += self._tx.decisions.settle(self._scope.run_id, entry.body.decided, came_true)
        if whole:
            self._settle_whole(entry, link, source, target)
        else:
            source.snapshot.update(self._settled_sources(entry, shown))
        for name in shown:
            self._note_shown(target, entry, record, name)
        if whole:
            forget(target, self._object, set(entry.body.dropped))
        self._tx.links.save([link])
        if shown:
            self._audit(entry, record, link, shown)
        return bool(shown)

    def _note_read(self, entry: Entry, record: RemoteRecord, target: Side, shown: set[str]) -> None:
        """Rows of the target that are older than what was now read are out of date."""
        if record.version is not None:
            target.version = target.written_version = record.version
        if shown:
            target.written_at = entry.intended_at if record.version is not None else self._read_at

    def _link(self, entry: Entry, record: RemoteRecord, shown: set[str]) -> Link | None:
        links = self._tx.links.by_partner(self._scope.source, self._object, [entry.identity])
        link = links.get(entry.identity)
        if link is not None:
            return link
        stream = entry.body.stream
        if entry.link_id is not None:
            return self._move(entry, shown)
        if not shown and entry.kind == "update":
            return None
        return self._tx.links.create(
            {
                self._scope.source: Side(stream, entry.identity, self._object),
                self._scope.target: Side(self._object, record.key, stream),
            }
        )

    def _move(self, entry: Entry, shown: set[str]) -> Link | None:
        """The link of a record that is out of use was on its way to this one."""
        link = self._tx.links.by_id([entry.link_id or 0]).get(entry.link_id or 0)
        if link is None or not shown:
            return None
        link.sides[self._scope.source] = Side(entry.body.stream, entry.identity, self._object)
        self._tx.links.set_mark(link.id, None)
        return link

    def _forget(self, link: Link) -> None:
        """A lost record was created anew: what any stream gave to the old one is to be given again."""
        for side in link.sides.values():
            side.snapshot.clear()
        self._tx.seen.forget_digests([link.id], self._scope.source)

    def _settle_whole(self, entry: Entry, link: Link, source: Side, target: Side) -> None:
        body = entry.body
        target.snapshot.update(body.adopted)
        if body.dropped:
            self._tx.seen.forget_digests([link.id], self._scope.target)
        source.snapshot.update(body.source)
        if body.stream == source.object:
            source.version = body.version or source.version
        if link.mark != body.mark:
            self._tx.links.set_mark(link.id, body.mark)
        route = Route(body.route_id, "", "", body.stream, "", self._object)
        self._tx.seen.settle([(route, body.raw_key, Seen(body.digest, body.version, link.id))])

    def _note_shown(self, target: Side, entry: Entry, record: RemoteRecord, name: str) -> None:
        """Of a set only its members are known by then: others may have put theirs there meanwhile."""
        digest = self._digester.value(record.fields.get(name))
        if entry.body.fields[name] == digest:
            target.snapshot[snapshot_name(self._object, name)] = digest

    @staticmethod
    def _settled_sources(entry: Entry, shown: set[str]) -> dict[str, bytes]:
        body = entry.body
        open_sources = {name for field in body.fields.keys() - shown for name in body.behind.get(field, [])}
        settled = {name for field in shown for name in body.behind.get(field, [])} - open_sources
        return {name: body.source[name] for name in settled if name in body.source}

    def _audit(self, entry: Entry, record: RemoteRecord, link: Link, shown: set[str]) -> None:
        body = entry.body
        row = AuditRow(
            stream=body.stream,
            object=self._object,
            source_key=entry.identity,
            target_key=record.key,
            link_id=link.id,
            outcome="created" if entry.kind == "create" else "updated",
            fields={name: body.fields[name].hex() for name in shown},
            reason="found written after a run that died",
            request_id=entry.reference,
        )
        self._tx.runs.audit(self._scope.run_id, self._scope.integration, [row])
