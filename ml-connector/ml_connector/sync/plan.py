"""From incoming records to plans: guards, match, references, claims on unique values, merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ml_connector.errors import RecordFault
from ml_connector.ledger import Digester, Link, Side, Transaction, is_blank
from ml_connector.sync.match import match
from ml_connector.sync.merge import Merged, Merger, changed_fields
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Incoming, Remote, RemoteRecord
from ml_connector.sync.versions import older

Action = Literal["create", "update", "leave", "reject", "wait", "supersede", "delete", "ignore"]


@dataclass(slots=True)
class Plan:
    """What the engine decided for one record."""

    incoming: Incoming
    action: Action
    link: Link | None = None
    key: str | None = None
    merged: Merged = field(default_factory=Merged)
    remote: RemoteRecord | None = None
    fault: RecordFault | None = None
    reason: str | None = None
    attempt: int = 1


@dataclass(slots=True)
class Claims:
    """Unique values that this run has given away: (object, field, digest) -> identity."""

    taken: dict[tuple[str, str, bytes], str] = field(default_factory=dict)


class Planner:
    """Plans batches of one object. Reads the ledger and the target; writes nothing."""

    def __init__(
        self,
        remote: Remote,
        policies: Policies,
        digester: Digester,
        claims: Claims,
        *,
        on_missing: str,
        on_delete: str,
    ) -> None:
        self.remote = remote
        self.spec = remote.spec
        self.merger = Merger(remote.spec, policies, digester)
        self._source = policies.source
        self._target = policies.target
        self._digester = digester
        self._claims = claims
        self._on_missing = on_missing
        self._on_delete = on_delete

    def plan(self, tx: Transaction, records: Sequence[Incoming], unknown: set[str]) -> list[Plan]:
        """One plan per record; identities must differ. `unknown`: creates whose outcome nobody knows."""
        links = tx.links.by_partner(self._source, self.spec.name, [record.identity for record in records])
        plans = {id(record): self._guard(record, links.get(record.identity), unknown) for record in records}
        self._resolve_references(tx, plans)
        self._match(tx, plans)
        self._claim(tx, plans)
        self._merge(plans)
        return [plans[id(record)] for record in records]

    def _guard(self, record: Incoming, link: Link | None, unknown: set[str]) -> Plan:
        side = link.sides.get(self._target) if link else None
        plan = Plan(record, "update" if link else "create", link=link, key=side.key if side else None)
        if record.seen and older(record.version, record.seen.version):
            plan.action, plan.reason = "supersede", "a newer version is settled"
        elif link and self._read_before_our_write(record, link):
            plan.action, plan.reason = "supersede", "read before our last write to it"
        elif record.deleted:
            plan.action = "delete" if link and not link.mark and self._on_delete != "ignore" else "ignore"
            plan.reason = "deleted in the source"
        elif link and link.mark and self._on_missing != "recreate":
            plan.action, plan.reason = "ignore", f"its link is marked {link.mark}"
        elif record.identity in unknown:
            plan.action, plan.fault = "reject", _unknown_create()
        elif not link and not record.may_create:
            plan.action, plan.fault = "wait", _waits_for(record.identity, self.spec.name)
        return plan

    def _read_before_our_write(self, record: Incoming, link: Link) -> bool:
        side = link.sides.get(self._source)
        if side is None or side.written_at is None or record.extracted_at is None:
            return False
        return record.extracted_at < side.written_at

    def _resolve_references(self, tx: Transaction, plans: Mapping[int, Plan]) -> None:
        for name, spec in self.spec.fields.items():
            if spec.kind != "reference" or spec.refers_to is None:
                continue
            waiting = [
                plan
                for plan in plans.values()
                if plan.action in ("create", "update") and not is_blank(plan.incoming.mapped.get(name))
            ]
            keys = sorted({str(plan.incoming.mapped[name]) for plan in waiting})
            parents = tx.links.by_partner(self._source, spec.refers_to, keys)
            for plan in waiting:
                self._point(plan, name, spec.refers_to, parents.get(str(plan.incoming.mapped[name])))

    def _point(self, plan: Plan, name: str, parent_object: str, parent: Link | None) -> None:
        if parent is not None:
            key = parent.sides[self._target].key
            plan.incoming.mapped = {**plan.incoming.mapped, name: int(key) if key.isdecimal() else key}
        else:
            plan.action = "wait"
            plan.fault = _waits_for(str(plan.incoming.mapped[name]), parent_object, name)

    def _match(self, tx: Transaction, plans: Mapping[int, Plan]) -> None:
        unlinked = [plan for plan in plans.values() if plan.action == "create"]
        matches = match(self.remote, tx.links, self._target, [plan.incoming for plan in unlinked])
        given: dict[str, str] = {}
        for plan in unlinked:
            found = matches[plan.incoming.identity]
            if found.fault:
                plan.action, plan.fault = "reject", found.fault
            elif found.candidate and found.candidate.key in given:
                plan.action, plan.fault = "reject", _same_candidate(found.candidate.key, given)
            elif found.candidate:
                given[found.candidate.key] = plan.incoming.identity
                plan.action, plan.key, plan.remote = "update", found.candidate.key, found.candidate

    def _claim(self, tx: Transaction, plans: Mapping[int, Plan]) -> None:
        """Give every unique value to one record only: two creates in a race would make twins."""
        for name, spec in self.spec.fields.items():
            if not spec.unique:
                continue
            claimants = [
                plan
                for plan in plans.values()
                if plan.action in ("create", "update") and not is_blank(plan.incoming.mapped.get(name))
            ]
            digests = {id(plan): self._unique_digest(name, plan.incoming.mapped[name]) for plan in claimants}
            owners = tx.match_keys.owners(self.spec.name, name, sorted(set(digests.values())))
            for plan in claimants:
                digest = digests[id(plan)]
                others = [key for key in owners.get(digest, []) if key != plan.key]
                self._claim_one(plan, name, digest, others)

    def _unique_digest(self, name: str, value: Any) -> bytes:
        return self._digester.value(unique_form(self.spec.stored(name, value)))

    def _claim_one(self, plan: Plan, name: str, digest: bytes, others: list[str]) -> None:
        place = (self.spec.name, name, digest)
        holder = self._claims.taken.get(place, plan.incoming.identity)
        if not others and holder == plan.incoming.identity:
            self._claims.taken[place] = plan.incoming.identity
            return
        value = self.remote.rename(name, plan.incoming)
        if value is None:
            plan.action, plan.fault = "reject", taken_fault(name, plan.incoming.mapped[name], others)
        else:
            self._claims.taken[(self.spec.name, name, self._unique_digest(name, value))] = (
                plan.incoming.identity
            )
            plan.incoming.mapped = {**plan.incoming.mapped, name: value}

    def _merge(self, plans: Mapping[int, Plan]) -> None:
        self._read(plans)
        for plan in plans.values():
            if plan.action not in ("create", "update"):
                continue
            source, target = self._sides(plan.link)
            plan.merged = self.merger.merge(plan.incoming, source, target, plan.remote)
            if plan.action == "update" and not plan.merged.write:
                plan.action = "leave"

    def _sides(self, link: Link | None) -> tuple[Side | None, Side | None]:
        return (link.sides.get(self._source), link.sides.get(self._target)) if link else (None, None)

    def _read(self, plans: Mapping[int, Plan]) -> None:
        wanted = [
            plan
            for plan in plans.values()
            if plan.action == "update" and plan.link and plan.key and plan.remote is None and self._look(plan)
        ]
        found = self.remote.read([plan.key for plan in wanted if plan.key]) if wanted else {}
        for plan in wanted:
            plan.remote = found.get(plan.key or "")
            if plan.remote is None:
                self.missing(plan)

    def _look(self, plan: Plan) -> bool:
        source, target = self._sides(plan.link)
        changed = changed_fields(plan.incoming, source.snapshot if source else {}, self._digester)
        return self.merger.must_read(plan.incoming, changed, target.snapshot if target else {})

    def missing(self, plan: Plan) -> None:
        """The linked record is no longer at the vendor: create it anew, or report it, by setting."""
        if self._on_missing == "recreate":
            plan.action, plan.key, plan.remote = "create", None, None
            return
        plan.action = "reject"
        plan.fault = RecordFault(
            f"The linked record {plan.key} of {self.spec.name} is gone from {self._target}.",
            cause="missing",
            fix="Restore it there, or set on_missing: recreate, then replay.",
        )


def unique_form(value: Any) -> Any:
    """The form in which vendors compare unique texts: trimmed, letter case ignored."""
    return value.strip().casefold() if isinstance(value, str) else value


def taken_fault(name: str, value: Any, others: Sequence[str]) -> RecordFault:
    """The fault of a unique value that another record holds."""
    holders = f" ({', '.join(others)})" if others else ""
    return RecordFault(
        f"{name} {value!r} is held by another record{holders}.",
        cause="taken",
        field=name,
        fix="Change it on one of the two, then replay.",
    )


def _unknown_create() -> RecordFault:
    return RecordFault(
        "A create of this record was sent by a run that died, and its outcome is unknown.",
        cause="unknown",
        fix="Look whether the record exists. If it does not, replay this letter; else discard it.",
    )


def _waits_for(identity: str, object_name: str, field_name: str | None = None) -> RecordFault:
    return RecordFault(
        f"Waits for the {object_name} record of {identity}.", cause="waiting", field=field_name
    )


def _same_candidate(key: str, given: Mapping[str, str]) -> RecordFault:
    return RecordFault(
        f"Two records of this batch match the same record {key}; the other is {given[key]}.",
        cause="ambiguous",
        fix="Give one of them another key, then replay.",
    )
