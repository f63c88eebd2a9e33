"""The match ladder: which record of the target is meant by a record that has no link yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import LinkStore, is_blank
from ml_connector.sync.records import Incoming, ObjectSpec, Remote, RemoteRecord, Rung


@dataclass(frozen=True, slots=True)
class Match:
    """The end of the ladder for one record: a candidate, a fault, or neither (nothing there: create)."""

    candidate: RemoteRecord | None = None
    fault: RecordFault | None = None


def match(remote: Remote, links: LinkStore, target: str, records: Sequence[Incoming]) -> dict[str, Match]:
    """Climb the eager rungs for all records at once. Returns a match per identity."""
    found: dict[str, Match] = {}
    for rung in remote.spec.rungs:
        if rung.lazy:
            continue
        open_records = [record for record in records if record.identity not in found]
        candidates = _ask(remote, rung, open_records)
        owners = linked_keys(links, target, remote.spec, candidates.values())
        for record in open_records:
            hits = candidates.get(_value(record, rung))
            if hits:
                found[record.identity] = _judge(rung, hits, owners)
    return {record.identity: found.get(record.identity, Match()) for record in records}


def match_lazily(
    remote: Remote, links: LinkStore, target: str, record: Incoming, field_name: str
) -> tuple[Match, list[str]]:
    """Ask the lazy rung of one field, after the vendor said that its value is taken.

    Returns a match (a candidate only if it may be adopted) and the keys of all records that hold the value.
    """
    for rung in remote.spec.rungs:
        if rung.field == field_name and rung.lazy:
            hits = _ask(remote, rung, [record]).get(_value(record, rung), [])
            owners = linked_keys(links, target, remote.spec, [hits])
            free = [hit for hit in hits if hit.key not in owners and remote.adoptable(hit, record)]
            keys = [hit.key for hit in hits]
            if len(free) > 1:
                return _judge(rung, free, {}), keys
            return Match(candidate=free[0] if free else None), keys
    return Match(), []


def _ask(remote: Remote, rung: Rung, records: Iterable[Incoming]) -> Mapping[Any, Sequence[RemoteRecord]]:
    values = {_value(record, rung): None for record in records}
    values.pop(None, None)
    return remote.find(rung, list(values)) if values else {}


def _value(record: Incoming, rung: Rung) -> Any:
    value = record.mapped.get(rung.field)
    return None if is_blank(value) else value


def linked_keys(
    links: LinkStore, target: str, spec: ObjectSpec, groups: Iterable[Sequence[RemoteRecord]]
) -> dict[str, int]:
    """Which of these records are linked already: key -> link id."""
    keys = sorted({record.key for group in groups for record in group})
    return {key: link.id for key, link in links.by_key(target, spec.name, keys).items()}


def _judge(rung: Rung, hits: Sequence[RemoteRecord], owners: Mapping[str, int]) -> Match:
    keys = sorted({hit.key for hit in hits})
    if len(keys) > 1:
        return Match(
            fault=RecordFault(
                f"{len(keys)} records hold the same {rung.field}: {', '.join(keys)}.",
                cause="ambiguous",
                field=rung.field,
                fix="Merge them or change the value on all but one, then replay.",
            )
        )
    if keys[0] in owners:
        return Match(
            fault=RecordFault(
                f"The record with this {rung.field}, {keys[0]}, is linked with another record.",
                cause="linked",
                field=rung.field,
                fix="Give one of the two source records another key, then replay.",
            )
        )
    return Match(candidate=hits[0])
