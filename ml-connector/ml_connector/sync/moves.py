"""How the two snapshots of a link move when a record is settled."""

from __future__ import annotations

from ml_connector.ledger import Digester, Side
from ml_connector.ledger.digests import split_elements
from ml_connector.sync.fields import members_name, snapshot_name
from ml_connector.sync.merge import Merged, Merger
from ml_connector.sync.records import Incoming, ObjectSpec, RemoteRecord, WriteResult


def move_snapshots(
    merger: Merger,
    incoming: Incoming,
    merged: Merged,
    source: Side,
    target: Side,
    remote: RemoteRecord | None = None,
    result: WriteResult | None = None,
) -> None:
    """Move both: the source's for each field seen, the target's for each field written, as stored."""
    spec = merger.spec
    source.snapshot.update(merged.source)
    if incoming.route.stream == source.object:
        source.version = incoming.version or source.version
    target.snapshot.update(merged.target)
    forget(target, spec.name, merged.drop)
    if remote is not None and remote.version is not None:
        target.version = remote.version
    stored = (result.stored if result and spec.two_way else None) or {}
    for name, value in merged.write.items():
        shown = stored[name] if name in stored else spec.stored(name, value)
        note_written(target, spec, merger.digester, name, shown)
    if result is not None and result.version is not None:
        target.version = result.version


def forget(target: Side, object_name: str, names: set[str]) -> None:
    """The source lost these fields: without their digest the other direction carries the winner's value.

    An empty digest stays, so that this is no first contact until then: the authority would speak again.
    """
    for name in names:
        target.snapshot[snapshot_name(object_name, name)] = b""


def note_written(target: Side, spec: ObjectSpec, digester: Digester, name: str, shown: object) -> None:
    """The target shows this value of a field that we wrote.

    Of a set only what both sides agree on is known: members that others put there are still to be carried.
    """
    digest = digester.value(shown)
    if spec.fields[name].is_set:
        members = shown if isinstance(shown, (list, tuple, set, frozenset)) else []
        agreed = target.snapshot.get(members_name(spec.name, name), b"")
        if split_elements(digester.elements(members)) != split_elements(agreed):
            return
    target.snapshot[snapshot_name(spec.name, name)] = digest
