"""From incoming records to plans: guards, match, references, merge, claims on unique values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ml_connector.errors import RecordFault
from ml_connector.ledger import Digester, Link, Side, Transaction, is_blank
from ml_connector.sync.kin import Kin
from ml_connector.sync.match import Match, match
from ml_connector.sync.merge import Merged, Merger
from ml_connector.sync.pointers import Pointers, fault_of, lost_need, wait_of, whole_of
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Incoming, Remote, RemoteRecord
from ml_connector.sync.references import References, pointed
from ml_connector.sync.refusals import same_candidate, unchangeable, unknown_create, waits_for
from ml_connector.sync.rehearsal import Rehearsal
from ml_connector.sync.unique import Claims, Holders, taken_fault
from ml_connector.sync.versions import older, seconds_of

Action = Literal["create", "update", "leave", "reject", "wait", "supersede", "delete", "ignore"]

DELETED = "deleted"


@dataclass(slots=True)
class Plan:
    """What the engine decided for one record.

    `moved`: the link was another record's, and is out of use there. `recreate`: the linked record is gone;
    what was known of it is void. `mark`: put on the link once it is settled. `passes`: the same record may
    be judged otherwise another time, so it will be looked at again.
    """

    incoming: Incoming
    action: Action
    link: Link | None = None
    key: str | None = None
    merged: Merged = field(default_factory=Merged)
    remote: RemoteRecord | None = None
    fault: RecordFault | None = None
    reason: str | None = None
    attempt: int = 1
    moved: bool = False
    recreate: bool = False
    mark: str | None = None
    passes: bool = False

    @property
    def writes(self) -> bool:
        """Whether it needs a request."""
        return self.action in ("create", "update")

    def refuse(self, fault: RecordFault) -> None:
        """It becomes a letter."""
        self.action, self.fault = "reject", fault


class Planner:
    """Plans batches of one object. Reads the ledger and the target; writes nothing."""

    def __init__(
        self,
        remote: Remote,
        policies: Policies,
        digester: Digester,
        claims: Claims,
        kin: Kin,
        *,
        objects: Collection[str],
        on_missing: str,
        on_delete: str,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        self.remote = remote
        self.spec = remote.spec
        self.merger = self.make_merger(policies, digester)
        self.holders = Holders(remote, digester)
        self.claims = claims
        self._kin = kin
        self._references = References(remote, kin, policies, self.merger, recreates=on_missing == "recreate")
        self._objects = objects
        self._source = policies.source
        self._target = policies.target
        self._on_missing = on_missing
        self._on_delete = on_delete
        self._rehearsal = rehearsal

    def make_merger(self, policies: Policies, digester: Digester) -> Merger:
        """The merger of this object."""
        return Merger(self.spec, policies, digester)

    def plan(
        self,
        tx: Transaction,
        records: Sequence[Incoming],
        unknown: Collection[str] = (),
        doubtful: Mapping[int, RecordFault] | None = None,
    ) -> list[Plan]:
        """One plan per record; identities must differ.

        `unknown`: identities of creates whose outcome nobody knows. `doubtful`: by position, records that
        cannot be judged now.
        """
        links = self._kin.links(tx, self.spec.name, [record.identity for record in records])
        plans = [self._guard(record, links.get(record.identity)) for record in records]
        for plan in plans:
            if plan.writes and doubtful and plan.incoming.position in doubtful:
                plan.refuse(doubtful[plan.incoming.position])
        self._point(tx, plans)
        self._match(tx, plans, unknown)
        self._merge([plan for plan in plans if plan.writes])
        self._claim(tx, [plan for plan in plans if plan.writes])
        return plans

    # Guards

    def _guard(self, record: Incoming, link: Link | None) -> Plan:
        side = link.sides.get(self._target) if link else None
        plan = Plan(record, "update" if link else "create", link=link, key=side.key if side else None)
        if record.seen and older(record.version, record.seen.version):
            plan.action, plan.reason = "supersede", "a newer version is settled"
        elif link and self.is_stale(record, link.sides.get(self._source)):
            plan.action, plan.reason = "supersede", "read before our last write to it"
        elif record.deleted:
            self._delete(plan)
        elif link and link.mark and self._on_missing != "recreate":
            plan.action, plan.reason = "ignore", f"its link is marked {link.mark}"
        elif not link and record.only_adds and record.optional and not self.spec.match_only:
            plan.action, plan.reason = "ignore", "there is no record to add to"
        elif not link and record.never_creates and not self.spec.match_only:
            plan.action, plan.fault = "wait", waits_for(record.identity, self.spec.name)
        return plan

    def is_stale(self, record: Incoming, side: Side | None) -> bool:
        """Whether the source's record was read before our last write to it, which the vendor shows again.

        The version that the write left decides where both are known and differ; else the clock of this
        machine does, by which the row was read and the write was about to be sent.
        """
        if side is None:
            return False
        if record.route.stream == side.object and older(record.version, side.version):
            return True
        if older(record.version, side.written_version):
            return True
        if older(side.written_version, record.version) and not _is_time_of_reading(record):
            return False
        if side.written_at is None or record.extracted_at is None:
            return False
        return record.extracted_at < side.written_at

    def _delete(self, plan: Plan) -> None:
        plan.reason = "deleted in the source"
        if plan.incoming.never_creates:
            plan.action, plan.reason = "ignore", "deleted in a stream that creates no records"
        elif plan.link is None or plan.link.mark or self._on_delete == "ignore":
            plan.action = "ignore"
        elif self._on_delete == "inactivate" and self.spec.inactive:
            plan.mark = DELETED
        else:
            plan.action = "delete"

    # References

    def open_pointers(self, tx: Transaction, records: Sequence[Incoming]) -> list[Pointers]:
        """Where the reference fields of these records lead."""
        links = self._kin.links(tx, self.spec.name, [record.identity for record in records])
        return self._references.follow(tx, [(record, links.get(record.identity)) for record in records])

    def _point(self, tx: Transaction, plans: Sequence[Plan]) -> None:
        """Replace the source's keys of parents by the target's; who has no parent yet waits."""
        writing = [plan for plan in plans if plan.writes]
        found = self._references.follow(tx, [(plan.incoming, plan.link) for plan in writing])
        for plan, pointers in zip(writing, found, strict=True):
            if (fault := fault_of(pointers, self._objects)) is not None:
                plan.refuse(fault)
            elif (whole := whole_of(pointers)) is not None:
                plan.action, plan.reason = "ignore", f"the record of {whole} that it is part of is out of use"
            elif (fault := wait_of(pointers)) is not None:
                plan.action, plan.fault = "wait", fault
            elif pointers:
                plan.incoming = pointed(plan.incoming, pointers)
                if (name := lost_need(pointers)) is not None:
                    plan.action, plan.passes = "ignore", True
                    plan.reason = f"its {name} names nothing that is there"

    # Match

    def owners(self, tx: Transaction, keys: Sequence[str]) -> Mapping[str, Link]:
        """The links of these records of the target."""
        found = tx.links.by_key(self._target, self.spec.name, keys)
        return found | (self._rehearsal.owners(self._target, self.spec.name, keys) if self._rehearsal else {})

    def _match(self, tx: Transaction, plans: Sequence[Plan], unknown: Collection[str]) -> None:
        unlinked = [plan for plan in plans if plan.action == "create"]
        matches = match(self.remote, lambda keys: self.owners(tx, keys), [plan.incoming for plan in unlinked])
        given: dict[str, str] = {}
        for plan in unlinked:
            found = matches[plan.incoming.identity]
            if found.fault:
                plan.refuse(found.fault)
            elif found.candidate and found.candidate.key in given:
                plan.refuse(same_candidate(found.candidate.key, given))
            elif found.candidate:
                given[found.candidate.key] = plan.incoming.identity
                plan.action, plan.key, plan.remote = "update", found.candidate.key, found.candidate
                plan.link, plan.moved = found.link, found.link is not None
            elif self.spec.match_only:
                plan.action, plan.reason = "ignore", f"it is nobody among the {self.spec.name}"
            elif not plan.incoming.may_create:
                plan.action, plan.reason = "ignore", "the mapping creates no record for it"
            elif plan.incoming.identity in unknown:
                plan.refuse(unknown_create())

    # Merge

    def _merge(self, plans: Sequence[Plan]) -> None:
        self._read(plans)
        for plan in plans:
            if plan.mark == DELETED:
                plan.merged = self.merger.out_of_use(plan.remote)
            elif plan.writes:
                self.merge(plan)

    def merge(self, plan: Plan) -> None:
        """Merge the record of a plan; with nothing to write it is left."""
        source, target = self._sides(plan)
        plan.merged = self.merger.merge(plan.incoming, source, target, plan.remote)
        if plan.action == "update" and self.spec.append_only:
            self._append(plan)
        if plan.action == "update" and not plan.merged.write:
            plan.action = "leave"

    def _append(self, plan: Plan) -> None:
        """One that is there already is linked as it is; nobody can change it any more."""
        if plan.link is not None and plan.merged.write:
            plan.refuse(unchangeable(self.spec.name, plan.merged.write))
        plan.merged.write.clear()
        plan.merged.decided.clear()

    def merge_again(self, plan: Plan) -> bool:
        """The record changed at the vendor since it was read: judge the record as it is now.

        False where it became a letter.
        """
        if plan.action == "create" or plan.mark == DELETED:
            return True
        plan.remote = None
        self._read([plan], always=True)
        if plan.writes:
            self.merge(plan)
        return plan.action != "reject"

    def _sides(self, plan: Plan) -> tuple[Side | None, Side | None]:
        if plan.link is None or plan.recreate:
            return None, None
        source = None if plan.moved else plan.link.sides.get(self._source)
        return source, plan.link.sides.get(self._target)

    def _read(self, plans: Sequence[Plan], *, always: bool = False) -> None:
        wanted = [
            plan
            for plan in plans
            if plan.action == "update" and plan.key and plan.remote is None
            if always or self._must_read(plan)
        ]
        keys = [plan.key for plan in wanted if plan.key]
        known = self._rehearsal.records_of(self.spec.name, keys) if self._rehearsal else {}
        asked = [key for key in keys if key not in known]
        found = known | (dict(self.remote.read(asked)) if asked else {})
        for plan in wanted:
            plan.remote = found.get(plan.key or "")
            if plan.remote is None:
                self.missing(plan)

    def _must_read(self, plan: Plan) -> bool:
        if plan.mark == DELETED:
            return any(self.spec.fields[name].companions for name in self.spec.inactive)
        if self.spec.append_only:
            return False
        source, target = self._sides(plan)
        return self.merger.must_read(
            plan.incoming, source.snapshot if source else {}, target.snapshot if target else {}
        )

    def missing(self, plan: Plan) -> None:
        """The linked record is no longer at the vendor: by setting create it anew, mark its link, or report
        it.
        """
        if self._on_missing == "recreate" and plan.mark != DELETED:
            plan.action, plan.recreate, plan.key, plan.remote = "create", True, None, None
            return
        if self._on_missing == "flag":
            plan.action, plan.reason = "delete", f"gone from {self._target}"
            return
        plan.refuse(
            RecordFault(
                f"The linked record {plan.key} of {self.spec.name} is gone from {self._target}.",
                cause="missing",
                fix="Restore it there, or set on_missing: recreate, then replay.",
            )
        )

    # Claims

    def _claim(self, tx: Transaction, plans: Sequence[Plan]) -> None:
        """Hold the unique values that are to be written against the index and against each other."""
        wanted = {
            name: claims
            for name, spec in self.spec.fields.items()
            if spec.unique
            and (
                claims := [
                    (plan.merged.write[name], plan.key)
                    for plan in plans
                    if not is_blank(plan.merged.write.get(name))
                ]
            )
        }
        if not wanted:
            return
        held = self.holders.look_up(tx, wanted)
        if self._rehearsal is not None:
            # A run learns from the vendor's refusal who holds a value; a dry run has to ask beforehand.
            held = {**self.holders.ask(wanted), **held}
        for name in wanted:
            for plan in plans:
                if plan.writes and not is_blank(plan.merged.write.get(name)):
                    self._claim_one(tx, plan, name, held)

    def _claim_one(
        self, tx: Transaction, plan: Plan, name: str, held: Mapping[tuple[str, bytes], list[str]]
    ) -> None:
        value, identity = plan.merged.write[name], plan.incoming.identity
        digest = self.holders.digest(name, value)
        if self._has_other_name(plan, name):
            return
        others = held.get((name, digest), [])
        if not others and self.claims.give((self.spec.name, name, digest), identity):
            return
        # Where only a record of this run claims the value, its holder at the vendor is that one's to adopt.
        if not self.mend_taken(tx, plan, name, others, adopt=bool(others)):
            self.claims.give_back(identity, self.spec.name)

    def _has_other_name(self, plan: Plan, name: str) -> bool:
        """Whether the record already holds the value we would give it were this one taken; then it stays.

        Without it a lost ledger would try every such record's plain value again, to be refused.
        """
        if plan.remote is None or name in plan.incoming.edited:
            return False
        value = self.holders.another(name, plan.incoming)
        shown = plan.remote.fields.get(name)
        if value is None or self.holders.digest(name, value) != self.holders.digest(name, shown):
            return False
        plan.incoming = replace(plan.incoming, mapped={**plan.incoming.mapped, name: value})
        self.merge(plan)
        return True

    def mend_taken(
        self, tx: Transaction, plan: Plan, name: str, others: Sequence[str] = (), *, adopt: bool = True
    ) -> bool:
        """Link the holder of a taken value, or take another value. False where it has to be rejected."""
        found, holders = Match(), list(others)
        if adopt:
            found, holders = self.holders.adopt(lambda keys: self.owners(tx, keys), plan.incoming, name)
        if found.fault is not None:
            plan.refuse(found.fault)
            return False
        if found.candidate is not None and plan.action == "create" and not plan.recreate:
            plan.action, plan.key, plan.remote = "update", found.candidate.key, found.candidate
            self.merge(plan)
            return True
        value = self.holders.another(name, plan.incoming)
        place = (self.spec.name, name, self.holders.digest(name, value))
        if value is None or not self.claims.give(place, plan.incoming.identity):
            plan.refuse(taken_fault(name, plan.incoming.mapped.get(name), others or holders))
            return False
        plan.incoming = replace(plan.incoming, mapped={**plan.incoming.mapped, name: value})
        self.merge(plan)
        return True


def _is_time_of_reading(record: Incoming) -> bool:
    """Whether the version is only the time of reading, by a clock that is not the vendor's."""
    instant = seconds_of(record.version)
    if instant is None or record.extracted_at is None:
        return False
    return abs(instant - record.extracted_at) < 0.001
