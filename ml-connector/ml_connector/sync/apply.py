"""From plans to outcomes: journal, write, settle. Each answer is settled in one fenced transaction."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ml_connector.errors import RecordFault
from ml_connector.ledger import (
    CONFLICT,
    AuditRow,
    Entry,
    JournalBody,
    Lease,
    Ledger,
    Letter,
    Link,
    Seen,
    Side,
    Transaction,
    is_blank,
)
from ml_connector.sync.match import match_lazily
from ml_connector.sync.merge import behind_field, source_name
from ml_connector.sync.plan import Plan, Planner, taken_fault, unique_form
from ml_connector.sync.records import (
    Done,
    Incoming,
    Outcome,
    OutcomeKind,
    Remote,
    Sent,
    WriteItem,
    WriteResult,
)

_MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose ledger rows these are: one direction of one integration, in one run."""

    integration: str
    source: str
    target: str
    run_id: int


class Applier:
    """Applies plans of one object."""

    def __init__(self, ledger: Ledger, lease: Lease, scope: Scope, remote: Remote, planner: Planner) -> None:
        self._ledger = ledger
        self._lease = lease
        self._scope = scope
        self._remote = remote
        self._planner = planner
        self._spec = remote.spec
        self.new_letters = 0

    def apply(self, plans: Sequence[Plan]) -> list[Outcome]:
        """Settle what needs no request in one transaction, then write the rest. Waiting plans are left."""
        quiet = [plan for plan in plans if plan.action not in ("create", "update", "wait")]
        outcomes: list[Outcome] = []
        if quiet:
            with self._transaction() as tx:
                outcomes += [self._settle_quietly(tx, plan) for plan in quiet]
                self.note(tx, outcomes)
        return outcomes + self._write([plan for plan in plans if plan.action in ("create", "update")])

    def _transaction(self) -> contextlib.AbstractContextManager[Transaction]:
        return self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease)

    def _fence(self) -> None:
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            self._lease.check(tx.connection)

    # Without a request

    def _settle_quietly(self, tx: Transaction, plan: Plan) -> Outcome:
        if plan.action == "reject":
            return self.reject(tx, plan.incoming, plan.fault or RecordFault("refused"), plan.link, plan.key)
        if plan.action == "leave":
            return self._settle(tx, plan, None)
        if plan.action == "supersede":
            return self.supersede(tx, plan.incoming, plan.reason, plan.link)
        return self._settle_delete(tx, plan)

    def _settle_delete(self, tx: Transaction, plan: Plan) -> Outcome:
        incoming = plan.incoming
        link_id = plan.link.id if plan.link else None
        if plan.action == "delete" and link_id is not None:
            tx.links.set_mark(link_id, "deleted")
        tx.seen.settle([(incoming.route, incoming.raw_key, Seen(incoming.digest, incoming.version, link_id))])
        self._close_letter(tx, incoming, "settled")
        kind: OutcomeKind = "deleted" if plan.action == "delete" else "ignored"
        return Outcome(kind, incoming, key=plan.key, link=plan.link, reason=plan.reason)

    def supersede(
        self, tx: Transaction, incoming: Incoming, reason: str | None, link: Link | None = None
    ) -> Outcome:
        """The record is older than what is settled; a replayed letter ends with it."""
        if incoming.letter_id is not None:
            tx.letters.close_ids([incoming.letter_id], "superseded")
            known = incoming.seen or Seen()
            if known.rejected == incoming.digest:
                cleared = Seen(known.digest, known.version, known.link_id)
                tx.seen.settle([(incoming.route, incoming.raw_key, cleared)])
        return Outcome("superseded", incoming, link=link, reason=reason)

    def reject(
        self,
        tx: Transaction,
        incoming: Incoming,
        fault: RecordFault,
        link: Link | None = None,
        key: str | None = None,
    ) -> Outcome:
        """Keep the record as a letter. What was settled of it before stays as it is."""
        letter = make_letter(incoming, fault, link)
        self.new_letters += len(tx.letters.write(self._scope.run_id, [letter]))
        known = incoming.seen or Seen()
        rejected = Seen(known.digest, known.version, known.link_id, rejected=incoming.digest)
        tx.seen.settle([(incoming.route, incoming.raw_key, rejected)])
        return Outcome(
            "rejected",
            incoming,
            key=key,
            link=link,
            fault=fault,
            request_id=fault.request_id,
            reason=str(fault.message),
        )

    # With requests

    def _write(self, plans: Sequence[Plan]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        queue = list(plans)
        while queue:
            settled, queue = self._write_once(queue)
            outcomes += settled
        return outcomes

    def _write_once(self, plans: Sequence[Plan]) -> tuple[list[Outcome], list[Plan]]:
        items = [self._item(plan) for plan in plans]
        with self._transaction() as tx:
            tx.journal.intend(self._scope.run_id, [item.entry for item in items])
        by_entry = {item.entry.id: plan for item, plan in zip(items, plans, strict=True)}
        outcomes: list[Outcome] = []
        again: list[Plan] = []
        for event in self._remote.write(items, self._fence):
            if isinstance(event, Sent):
                with self._transaction() as tx:
                    tx.journal.sent([item.entry.id for item in event.items], event.reference)
                continue
            settled, retries = self._settle_results(event, by_entry)
            outcomes += settled
            again += retries
        return outcomes, again

    def _item(self, plan: Plan) -> WriteItem:
        merged, incoming = plan.merged, plan.incoming
        behind = {
            name: [source_name(incoming.route.stream, source) for source in behind_field(incoming, name)]
            for name in merged.write
        }
        body = JournalBody(
            route_id=incoming.route.id,
            raw_key=incoming.raw_key,
            digest=incoming.digest,
            version=incoming.version,
            fields={name: self._planner.merger.digest(name, value) for name, value in merged.write.items()},
            behind=behind,
            source=merged.source,
            adopted=merged.adopt,
            stream=incoming.route.stream,
            lookup=self._lookup(incoming) if plan.action == "create" else None,
        )
        kind: Literal["create", "update"] = "create" if plan.action == "create" else "update"
        entry = Entry(
            kind=kind,
            object=self._spec.name,
            link_id=plan.link.id if plan.link else None,
            identity=incoming.identity,
            body=body,
            key=plan.key,
        )
        values = {**merged.companions, **merged.write}
        return WriteItem(kind=kind, key=plan.key, values=values, incoming=incoming, entry=entry)

    def _lookup(self, incoming: Incoming) -> str | None:
        for rung in self._spec.rungs:
            value = incoming.mapped.get(rung.field)
            if rung.exclusive and not is_blank(value):
                return str(value)
        return None

    def _settle_results(self, done: Done, by_entry: dict[int, Plan]) -> tuple[list[Outcome], list[Plan]]:
        outcomes: list[Outcome] = []
        again: list[Plan] = []
        with self._transaction() as tx:
            for result in done.results:
                plan = by_entry[result.item.entry.id]
                if result.fault is not None and self._try_again(tx, plan, result):
                    again.append(plan)
                elif plan.fault is not None or result.fault is not None:
                    fault = plan.fault or result.fault or RecordFault("refused")
                    fault.request_id = fault.request_id or result.request_id
                    outcomes.append(self.reject(tx, plan.incoming, fault, plan.link, plan.key))
                else:
                    outcomes.append(self._settle(tx, plan, result))
            tx.journal.close(result.item.entry.id for result in done.results)
            self.note(tx, outcomes)
        return outcomes, again

    def _try_again(self, tx: Transaction, plan: Plan, result: WriteResult) -> bool:
        """Mend a plan whose unique value is taken, or whose record is gone, and send it once more.

        False where it has to be rejected; `plan.fault` then says why.
        """
        plan.attempt += 1
        if plan.attempt > _MAX_ATTEMPTS:
            return False
        if result.fault is not None and result.fault.cause == "missing":
            self._planner.missing(plan)
            if plan.action == "create":
                plan.merged = self._planner.merger.merge(plan.incoming, None, None, None)
            return plan.action == "create"
        if result.taken is None:
            return False
        return self._mend_taken(tx, plan, result.taken)

    def _mend_taken(self, tx: Transaction, plan: Plan, name: str) -> bool:
        incoming, merger = plan.incoming, self._planner.merger
        found, holders = match_lazily(self._remote, tx.links, self._scope.target, incoming, name)
        if found.fault is not None:
            plan.fault = found.fault
            return False
        if found.candidate is not None and plan.action == "create":
            plan.action, plan.key, plan.remote = "update", found.candidate.key, found.candidate
            plan.merged = merger.merge(incoming, None, None, found.candidate)
            return True
        value = self._remote.rename(name, incoming)
        if value is None or value == incoming.mapped.get(name):
            plan.fault = taken_fault(name, incoming.mapped.get(name), holders)
            return False
        incoming.mapped = {**incoming.mapped, name: value}
        plan.merged.write[name] = value
        return True

    # Settling

    def _settle(self, tx: Transaction, plan: Plan, result: WriteResult | None) -> Outcome:
        incoming, merged = plan.incoming, plan.merged
        link = self._link(tx, plan, result)
        source, target = link.sides[self._scope.source], link.sides[self._scope.target]
        known_before = bool(source.written_at)
        self._move_snapshots(plan, result, source, target)
        tx.links.save([link])
        digest = None if incoming.withheld else incoming.digest
        tx.seen.settle([(incoming.route, incoming.raw_key, Seen(digest, incoming.version, link.id))])
        if merged.drop:
            # The winner's value has to be looked at again, although its record did not change.
            tx.seen.forget_digests([link.id], self._scope.target)
        self._note_unique(tx, incoming, target.key)
        held = self._hold(tx, plan, link)
        if not held:
            self._close_letter(tx, incoming, "settled")
        return Outcome(
            self._kind(plan, known_before, held),
            incoming,
            key=target.key,
            link=link,
            fields=dict(merged.write),
            request_id=result.request_id if result else None,
            retries=result.retries if result else 0,
            seconds=result.seconds if result else None,
            reason=f"held: {', '.join(sorted(merged.held))}" if held else None,
        )

    def _link(self, tx: Transaction, plan: Plan, result: WriteResult | None) -> Link:
        key = result.key if result and result.key else plan.key
        if key is None:
            raise ValueError("a settled record has a key")
        if plan.link is not None:
            plan.link.sides[self._scope.target].key = key
            if plan.link.mark:
                tx.links.set_mark(plan.link.id, None)
            return plan.link
        stream, name = plan.incoming.route.stream, self._spec.name
        return tx.links.create(
            {
                self._scope.source: Side(stream, plan.incoming.identity, name),
                self._scope.target: Side(name, key, stream),
            }
        )

    def _move_snapshots(self, plan: Plan, result: WriteResult | None, source: Side, target: Side) -> None:
        merged = plan.merged
        source.snapshot.update(merged.source)
        source.version = plan.incoming.version or source.version
        target.snapshot.update(merged.adopt)
        for name in merged.drop:
            target.snapshot.pop(name, None)
        if plan.remote is not None and plan.remote.version is not None:
            target.version = plan.remote.version
        if result is None:
            return
        stored = (result.stored or {}) if self._spec.two_way else {}
        for name, value in merged.write.items():
            target.snapshot[name] = self._planner.merger.digest(name, stored.get(name, value))
        target.version = result.version or target.version
        target.written_at = time.time()

    def _note_unique(self, tx: Transaction, incoming: Incoming, key: str) -> None:
        entries = []
        for name, spec in self._spec.fields.items():
            if spec.unique and name in incoming.mapped:
                form = unique_form(self._spec.stored(name, incoming.mapped[name]))
                digest = None if is_blank(form) else self._ledger.digester.value(form)
                entries.append((key, name, digest))
        tx.match_keys.put(self._spec.name, entries)

    def _hold(self, tx: Transaction, plan: Plan, link: Link) -> bool:
        held = plan.merged.held
        if not held:
            return False
        systems = (self._scope.source, self._scope.target)
        values = {name: dict(zip(systems, pair, strict=True)) for name, pair in held.items()}
        fault = RecordFault(f"Both sides changed {', '.join(sorted(held))}.", cause=CONFLICT, field=min(held))
        letter = make_letter(plan.incoming, fault, link)
        letter.detail = {"values": values}
        tx.letters.write(self._scope.run_id, [letter])
        return True

    def _kind(self, plan: Plan, written_before: bool, held: bool) -> OutcomeKind:
        if held:
            return "held"
        if plan.action == "create":
            return "created"
        if plan.merged.write:
            return "updated"
        return "echoed" if written_before and not plan.merged.changed else "unchanged"

    def _close_letter(self, tx: Transaction, incoming: Incoming, as_what: str) -> None:
        open_one = incoming.letter_id is not None or (incoming.seen and incoming.seen.rejected)
        if open_one:
            ended = as_what if incoming.letter_id is not None else "superseded"
            tx.letters.close(incoming.route.id, [incoming.raw_key], ended)

    def note(self, tx: Transaction, outcomes: Iterable[Outcome]) -> None:
        """Write the audit rows of these outcomes."""
        tx.runs.audit(self._scope.run_id, self._scope.integration, audit_rows(outcomes, self._planner))


def audit_rows(outcomes: Iterable[Outcome], planner: Planner) -> list[AuditRow]:
    """Audit rows of these outcomes; an unchanged record is counted in its run, not noted."""
    return [
        AuditRow(
            stream=outcome.incoming.route.stream,
            object=outcome.incoming.route.object,
            source_key=outcome.incoming.identity,
            target_key=outcome.key,
            link_id=outcome.link.id if outcome.link else None,
            outcome=outcome.kind,
            fields={name: planner.merger.digest(name, value).hex() for name, value in outcome.fields.items()},
            reason=outcome.reason,
            request_id=outcome.request_id,
            retries=outcome.retries,
            seconds=outcome.seconds,
        )
        for outcome in outcomes
        if outcome.kind not in ("unchanged", "echoed")
    ]


def make_letter(incoming: Incoming, fault: RecordFault, link: Link | None = None) -> Letter:
    """The letter of a record that is not settled."""
    return Letter(
        route_id=incoming.route.id,
        stream=incoming.route.stream,
        object=incoming.route.object,
        raw_key=incoming.raw_key,
        cause=fault.cause,
        reason=str(fault),
        raw=dict(incoming.raw),
        digest=incoming.digest,
        schema=incoming.schema,
        identity=incoming.identity,
        link_id=link.id if link else None,
        field=fault.field,
        request_id=fault.request_id,
        version=incoming.version,
        extracted_at=incoming.extracted_at,
        mapped=incoming.mapped,
    )
