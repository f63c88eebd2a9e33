"""Pointers: the parents that records name in their reference fields, and where those are in the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ml_connector.errors import RecordFault
from ml_connector.ledger import Link, is_blank
from ml_connector.sync.records import Incoming, ObjectSpec, Remote

# Of one record, by reference field: the parent's object, its identity in the source, its link if it has one.
Pointers = dict[str, tuple[str, str, Link | None]]
LinksOf = Callable[[str, Sequence[str]], Mapping[str, Link]]


def pointers_of(spec: ObjectSpec, records: Sequence[Incoming], links_of: LinksOf) -> list[Pointers]:
    """The pointers of each record. `links_of`: links of an object's records by their identities."""
    pointers: list[Pointers] = [{} for _ in records]
    for name, field in spec.fields.items():
        if field.kind != "reference" or field.refers_to is None:
            continue
        named = [None if is_blank(value := record.mapped.get(name)) else str(value) for record in records]
        keys = sorted({key for key in named if key is not None})
        parents = links_of(field.refers_to, keys) if keys else {}
        for found, key in zip(pointers, named, strict=True):
            if key is not None:
                found[name] = (field.refers_to, key, parents.get(key))
    return pointers


def unlinked_parents(remote: Remote, named: Sequence[Pointers]) -> dict[tuple[str, str], str]:
    """What the vendor knows of parents without a link: (field, identity) -> key."""
    wanted: dict[str, dict[str, None]] = {}
    for pointers in named:
        for name, (_, identity, link) in pointers.items():
            if link is None:
                wanted.setdefault(name, {})[identity] = None
    return {
        (name, identity): key
        for name, identities in wanted.items()
        for identity, key in remote.parents(name, list(identities)).items()
    }


def missing_parent(pointers: Pointers) -> RecordFault:
    """The fault of a record that waited to the end, with what it waits for."""
    for name, (parent, identity, link) in pointers.items():
        if link is None:
            text = f"Waits for the {parent} record of {identity}, which did not come."
            return RecordFault(text, cause="waiting", field=name)
    return RecordFault("Waits for a record that did not come.", cause="waiting")
