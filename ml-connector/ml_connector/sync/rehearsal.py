"""A dry run's memory: what its plans would have left, so that later records are judged as after a run."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ml_connector.ledger import Link, Seen, Side
from ml_connector.sync.moves import move_snapshots
from ml_connector.sync.records import ObjectSpec, Outcome, OutcomeKind, RemoteRecord, Scope

if TYPE_CHECKING:
    from ml_connector.sync.merge import Merger
    from ml_connector.sync.plan import Plan

_WOULD_BE: dict[str, OutcomeKind] = {
    "create": "created",
    "update": "updated",
    "leave": "unchanged",
    "reject": "rejected",
    "supersede": "superseded",
    "delete": "deleted",
    "ignore": "ignored",
}


class Rehearsal:
    """Links, records and settled versions that exist in this dry run only."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._links: dict[tuple[str, str], Link] = {}
        self._owners: dict[tuple[str, str], Link] = {}
        self._records: dict[tuple[str, str], RemoteRecord] = {}
        self._seen: dict[tuple[int, str], Seen] = {}
        self._met: dict[tuple[str, str], bool] = {}
        self.decided = 0

    def links_of(self, object_name: str, identities: Sequence[str]) -> dict[str, Link]:
        """Links of the source's records by their identity."""
        found = {identity: self._links.get((object_name, identity)) for identity in identities}
        return {identity: copy.deepcopy(link) for identity, link in found.items() if link}

    def owners(self, target: str, object_name: str, keys: Sequence[str]) -> dict[str, Link]:
        """Links of the target's records by their key."""
        found = {key: self._owners.get((object_name, key)) for key in keys}
        return {key: link for key, link in found.items() if link and link.sides[target].key == key}

    def records_of(self, object_name: str, keys: Sequence[str]) -> dict[str, RemoteRecord]:
        """Records of the target as they would be."""
        found = {key: self._records.get((object_name, key)) for key in keys}
        return {key: record for key, record in found.items() if record}

    def seen_of(self, route_id: int, raw_key: str) -> Seen | None:
        """What would have been settled of a source record."""
        return self._seen.get((route_id, raw_key))

    def met(self, object_name: str, identities: Sequence[str]) -> dict[str, bool]:
        """Of these, those that came in this dry run; True for those that would be in a letter."""
        found = {identity: self._met.get((object_name, identity)) for identity in identities}
        return {identity: refused for identity, refused in found.items() if refused is not None}

    def note(self, plan: Plan, spec: ObjectSpec, merger: Merger) -> None:
        """What this plan would leave."""
        incoming = plan.incoming
        if plan.action not in ("wait", "supersede"):
            self._met[(spec.name, incoming.identity)] = plan.action == "reject"
        if plan.action == "delete" or plan.mark:
            self._mark(plan, spec)
        if plan.action not in ("create", "update", "leave"):
            return
        self.decided += len(plan.merged.decided)
        key = plan.key or f"new:{incoming.identity}"
        if not plan.mark:
            link = self._link(plan, spec, key)
            source, target = link.sides[self._scope.source], link.sides[self._scope.target]
            move_snapshots(merger, plan.incoming, plan.merged, source, target)
            self._links[(spec.name, incoming.identity)] = self._owners[(spec.name, key)] = link
        self._note_record(plan, spec, key)
        self._seen[(incoming.route.id, incoming.raw_key)] = Seen(
            None if incoming.withheld else incoming.digest,
            incoming.version,
            plan.link.id if plan.link else None,
        )

    def _mark(self, plan: Plan, spec: ObjectSpec) -> None:
        if plan.link is not None:
            link = copy.deepcopy(plan.link)
            link.mark = "deleted"
            self._links[(spec.name, plan.incoming.identity)] = link
            self._owners[(spec.name, link.sides[self._scope.target].key)] = link

    def _link(self, plan: Plan, spec: ObjectSpec, key: str) -> Link:
        stream, identity = plan.incoming.route.stream, plan.incoming.identity
        if plan.link is None or plan.moved:
            target = Side(spec.name, key, stream)
            if plan.link is not None:
                target.snapshot = dict(plan.link.sides[self._scope.target].snapshot)
            source = Side(stream, identity, spec.name)
            return Link(0, {self._scope.source: source, self._scope.target: target})
        link = copy.deepcopy(plan.link)
        link.mark = None
        link.sides[self._scope.target].key = key
        return link

    def _note_record(self, plan: Plan, spec: ObjectSpec, key: str) -> None:
        known = plan.remote or self._records.get((spec.name, key))
        if known is None and plan.action != "create":
            return  # nobody had to look: what is not written stays as it is
        fields = dict(known.fields) if known else {}
        fields |= {name: spec.stored(name, value) for name, value in plan.merged.write.items()}
        self._records[(spec.name, key)] = RemoteRecord(key, fields)


def would_be(plan: Plan) -> Outcome:
    """The outcome that a plan would have."""
    kind: OutcomeKind = "held" if plan.merged.held else _WOULD_BE[plan.action]
    return Outcome(
        kind,
        plan.incoming,
        key=plan.key,
        link=plan.link,
        fields=dict(plan.merged.write),
        fault=plan.fault,
        reason=plan.fault.message if plan.fault else plan.reason,
        kept=tuple(sorted(plan.merged.kept)),
    )
