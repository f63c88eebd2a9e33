"""The match ladder: which record of the target is meant by a record that has no link yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import Link
from ml_connector.sync.records import Incoming, Remote, RemoteRecord, Rung

# The links of records of the target's object, by their keys there; unlinked ones are absent.
Owners = Callable[[Sequence[str]], Mapping[str, Link]]


@dataclass(frozen=True, slots=True)
class Match:
    """The end of the ladder for one record: a candidate, a fault, or neither (nothing there: create).

    `link` is the candidate's own, where it is out of use: it moves to the record.
    """

    candidate: RemoteRecord | None = None
    link: Link | None = None
    fault: RecordFault | None = None


def match(remote: Remote, owners: Owners, records: Sequence[Incoming]) -> dict[str, Match]:
    """Climb the eager rungs for all records at once. Returns a match per identity."""
    found: dict[str, Match] = {}
    for rung in remote.spec.rungs:
        if rung.lazy:
            continue
        open_records = [record for record in records if record.identity not in found]
        candidates = _ask(remote, rung, open_records)
        linked = owners(_keys(hit for hits in candidates.values() for hit in hits))
        if rung.in_order:
            found |= _in_order(remote, rung, open_records, candidates, linked)
            continue
        for record in open_records:
            hits = candidates.get(rung.value(record.mapped))
            if hits:
                found[record.identity] = _heard(remote, record, _judge(rung, hits, linked))
    return {record.identity: found.get(record.identity, Match()) for record in records}


def _in_order(
    remote: Remote,
    rung: Rung,
    records: Sequence[Incoming],
    candidates: Mapping[Any, Sequence[RemoteRecord]],
    linked: Mapping[str, Link],
) -> dict[str, Match]:
    """Pair records and candidates that have no link, the first with the first."""
    given: set[str] = set()
    found: dict[str, Match] = {}
    for record in sorted(records, key=lambda each: each.position):
        for hit in next_free(candidates.get(rung.value(record.mapped), ()), linked, given):
            found[record.identity] = _heard(remote, record, Match(candidate=hit))
    return found


def match_lazily(
    remote: Remote, owners: Owners, record: Incoming, field_name: str
) -> tuple[Match, list[str]]:
    """Ask the lazy rung of one field, after the vendor or the index said that its value is taken.

    Returns a match (a candidate only if it may be adopted) and the keys of all records that hold the value.
    """
    for rung in remote.spec.rungs:
        if rung.field == field_name and rung.lazy:
            hits = _ask(remote, rung, [record]).get(rung.value(record.mapped), [])
            keys = _keys(hits)
            linked = owners(keys)
            unlinked = [hit for hit in hits if hit.key not in linked]
            free = [hit for hit in unlinked if remote.adoptable(hit, record)]
            if free:
                return _heard(remote, record, _judge(rung, free, {})), keys
            faults = (remote.objection(hit, record) for hit in unlinked)
            return Match(fault=next((fault for fault in faults if fault is not None), None)), keys
    return Match(), []


def next_free(
    hits: Sequence[RemoteRecord], linked: Mapping[str, Link], given: set[str]
) -> Sequence[RemoteRecord]:
    """Of equal candidates the first that is neither linked nor `given` yet; it is noted there."""
    free = [hit for hit in hits if hit.key not in given and hit.key not in linked][:1]
    given |= {hit.key for hit in free}
    return free


def _heard(remote: Remote, record: Incoming, found: Match) -> Match:
    """The match, unless the target objects to its candidate."""
    fault = remote.objection(found.candidate, record) if found.candidate is not None else None
    return found if fault is None else Match(fault=fault)


def _ask(remote: Remote, rung: Rung, records: Iterable[Incoming]) -> Mapping[Any, Sequence[RemoteRecord]]:
    values = {rung.value(record.mapped): None for record in records}
    values.pop(None, None)
    return remote.find(rung, list(values)) if values else {}


def _keys(records: Iterable[RemoteRecord]) -> list[str]:
    return sorted({record.key for record in records})


def _judge(rung: Rung, hits: Sequence[RemoteRecord], linked: Mapping[str, Link]) -> Match:
    keys = _keys(hits)
    if len(keys) > 1:
        return Match(
            fault=RecordFault(
                f"{len(keys)} records hold the same {rung.field}: {', '.join(keys)}.",
                cause="ambiguous",
                field=rung.field,
                fix="Merge them or change the value on all but one, then replay.",
            )
        )
    owner = linked.get(keys[0])
    if owner is not None and not owner.mark:
        return Match(
            fault=RecordFault(
                f"The record with this {rung.field}, {keys[0]}, is linked with another record.",
                cause="linked",
                field=rung.field,
                fix="Give one of the two source records another key, then replay.",
            )
        )
    return Match(candidate=hits[0], link=owner)
