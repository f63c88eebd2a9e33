"""Settling: links, snapshots, outcomes and letters of planned records, within one ledger transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ml_connector.errors import RecordFault
from ml_connector.ledger import CONFLICT, AuditRow, Letter, Link, Route, Seen, Side, Transaction, is_blank
from ml_connector.sync.decisions import settle_decisions
from ml_connector.sync.fields import snapshot_name
from ml_connector.sync.merge import behind_field
from ml_connector.sync.moves import forget, move_snapshots
from ml_connector.sync.plan import DELETED, Plan, Planner
from ml_connector.sync.records import Incoming, Outcome, OutcomeKind, Scope, WriteResult
from ml_connector.sync.versions import just_after

Answer = tuple[Plan, WriteResult | None]


@dataclass(slots=True)
class _Batch:
    """Rows of one transaction, written together at its end."""

    links: list[Link] = field(default_factory=list)
    moved: dict[int, set[str]] = field(default_factory=dict)
    seen: list[tuple[Route, str, Seen]] = field(default_factory=list)
    unique: list[tuple[str, str, bytes | None]] = field(default_factory=list)
    closed: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    recreated: list[int] = field(default_factory=list)


class Settler:
    """Settles records of one object."""

    def __init__(self, scope: Scope, planner: Planner) -> None:
        self._scope = scope
        self.planner = planner
        self._spec = planner.spec
        self.new_letters = 0
        self.decided = 0

    def settle(self, tx: Transaction, answers: Sequence[Answer]) -> list[Outcome]:
        """The outcomes of these plans, with the vendor's answers where there were any; audited."""
        batch = _Batch()
        taken = self._linked_elsewhere(tx, answers)
        outcomes = [self._settle_one(tx, batch, plan, result, taken) for plan, result in answers]
        self._write(tx, batch)
        self.note(tx, outcomes)
        return outcomes

    def _write(self, tx: Transaction, batch: _Batch) -> None:
        tx.links.save(batch.links)
        # First those that are to be looked at again, for this very batch may settle them anew.
        tx.seen.forget_digests(batch.dropped, self._scope.target)
        tx.seen.forget_digests(batch.recreated, self._scope.source)
        tx.seen.settle(batch.seen)
        tx.match_keys.put(self._spec.name, batch.unique)
        for (route_id, closed_as), raw_keys in batch.closed.items():
            tx.letters.close(route_id, raw_keys, closed_as)
        self._close_conflicts(tx, batch)

    def _settle_one(
        self,
        tx: Transaction,
        batch: _Batch,
        plan: Plan,
        result: WriteResult | None,
        taken: Mapping[str, Link],
    ) -> Outcome:
        fault = plan.fault or (result.fault if result else None)
        if plan.action == "supersede":
            return self.supersede(tx, plan.incoming, plan.reason, plan.link)
        if plan.action in ("delete", "ignore"):
            return self._settle_delete(tx, batch, plan)
        if fault is None and plan.writes:
            fault = self._misplaced(plan, result, taken)
        if fault is not None:
            fault.request_id = fault.request_id or (result.request_id if result else None)
            return self.reject(tx, plan.incoming, fault, plan.link, plan.key)
        return self._settle_link(tx, batch, plan, result)

    def _linked_elsewhere(self, tx: Transaction, answers: Sequence[Answer]) -> Mapping[str, Link]:
        """Links of the records that answers name, where the plan knows of none."""
        keys = [result.key for plan, result in answers if result and result.key and not plan.link]
        return tx.links.by_key(self._scope.target, self._spec.name, keys) if keys else {}

    @staticmethod
    def _misplaced(plan: Plan, result: WriteResult | None, taken: Mapping[str, Link]) -> RecordFault | None:
        key = (result.key if result else None) or plan.key
        if key is None:
            return RecordFault(
                "The vendor took the record without saying which it is.",
                cause="unknown",
                fix="Look whether it exists. If it does not, replay this letter; else discard it.",
            )
        if plan.link is None and key in taken:
            return RecordFault(
                f"The vendor put the record into {key}, which is linked with another record.",
                cause="linked",
                fix="Give one of the two source records another key, then replay.",
            )
        return None

    # One record

    def _settle_link(self, tx: Transaction, batch: _Batch, plan: Plan, result: WriteResult | None) -> Outcome:
        incoming, merged = plan.incoming, plan.merged
        link = self._link(tx, batch, plan, result)
        source, target = link.sides[self._scope.source], link.sides[self._scope.target]
        self.move(plan, source, target, result)
        if result is not None:
            note_write(plan, target, result)
        batch.links.append(link)
        batch.moved[link.id] = set(merged.source)
        whole = not incoming.withheld
        seen = Seen(incoming.digest if whole else None, incoming.settled_version, link.id)
        batch.seen.append((incoming.route, incoming.raw_key, seen))
        if carried_back := incoming.carried_back - merged.held.keys():
            forget(target, self._spec.name, set(carried_back))
        if merged.drop or carried_back:
            batch.dropped.append(link.id)
        self._note_unique(batch, plan, target.key)
        if not merged.held:
            self._close_letter(batch, incoming)
        outcome = Outcome(
            self._kind(plan, source),
            incoming,
            key=target.key,
            link=link,
            fields=dict(merged.write),
            request_id=result.request_id if result else None,
            retries=result.retries if result else 0,
            seconds=result.seconds if result else None,
            reason=_reason(plan, result),
            kept=tuple(sorted(merged.kept)),
            warnings=result.warnings if result else (),
        )
        if merged.held:
            self._hold(tx, plan, link)
        if merged.decided:
            self.decided += settle_decisions(tx, self._scope, plan, link, result)
        return outcome

    def move(self, plan: Plan, source: Side, target: Side, result: WriteResult | None) -> None:
        """Move both snapshots."""
        move_snapshots(self.planner.merger, plan.incoming, plan.merged, source, target, plan.remote, result)

    def _link(self, tx: Transaction, batch: _Batch, plan: Plan, result: WriteResult | None) -> Link:
        key = (result.key if result else None) or plan.key
        assert key is not None  # noqa: S101 - see _misplaced
        stream, identity, name = plan.incoming.route.stream, plan.incoming.identity, self._spec.name
        link = plan.link
        if link is None:
            return tx.links.create(
                {
                    self._scope.source: Side(stream, identity, name),
                    self._scope.target: Side(name, key, stream),
                }
            )
        link.sides[self._scope.target].key = key
        if link.mark != plan.mark:
            tx.links.set_mark(link.id, plan.mark)
            link.mark = plan.mark
        if plan.moved:
            link.sides[self._scope.source] = Side(stream, identity, name)
        if plan.recreate:
            # What any stream gave to the lost record is to be given again.
            batch.recreated.append(link.id)
            for side in link.sides.values():
                side.snapshot.clear()
        return link

    def _kind(self, plan: Plan, source: Side) -> OutcomeKind:
        if plan.merged.held:
            return "held"
        if plan.mark == DELETED:
            return "deleted"
        if plan.action == "create":
            return "created"
        if plan.merged.write:
            return "updated"
        return "echoed" if source.written_at is not None and not plan.merged.touched else "unchanged"

    def _note_unique(self, batch: _Batch, plan: Plan, key: str) -> None:
        """Only what the target holds now by our knowledge: written, or found equal."""
        for name in plan.merged.touched:
            spec = self._spec.fields[name]
            known = name in plan.merged.write or self.planner.merger.known_name(name) in plan.merged.target
            if spec.unique and known:
                value = plan.merged.write.get(name, plan.incoming.mapped.get(name))
                digest = None if is_blank(value) else self.planner.holders.digest(name, value)
                batch.unique.append((key, name, digest))

    def _settle_delete(self, tx: Transaction, batch: _Batch, plan: Plan) -> Outcome:
        incoming = plan.incoming
        link_id = plan.link.id if plan.link else None
        if plan.action == "delete" and link_id is not None:
            tx.links.set_mark(link_id, DELETED)
        digest = None if plan.passes else incoming.digest
        seen = Seen(digest, incoming.settled_version, link_id)
        batch.seen.append((incoming.route, incoming.raw_key, seen))
        self._close_letter(batch, incoming)
        kind: OutcomeKind = "deleted" if plan.action == "delete" else "ignored"
        return Outcome(kind, incoming, key=plan.key, link=plan.link, reason=plan.reason)

    # Letters

    def _hold(self, tx: Transaction, plan: Plan, link: Link) -> None:
        held = plan.merged.held
        systems = (self._scope.source, self._scope.target)
        fault = RecordFault(f"Both sides changed {', '.join(sorted(held))}.", cause=CONFLICT, field=min(held))
        letter = make_letter(plan.incoming, fault, link)
        shown = self.planner.merger.shown_digest
        letter.detail = {
            "values": {name: dict(zip(systems, pair, strict=True)) for name, pair in held.items()},
            "behind": {name: sorted(behind_field(plan.incoming, name)) for name in held},
            "digests": {name: shown(name, theirs).hex() for name, (_, theirs) in held.items()},
        }
        tx.letters.write(self._scope.run_id, [letter])

    def _close_letter(self, batch: _Batch, incoming: Incoming) -> None:
        """One that is replayed is settled, one of an older version is superseded."""
        closed_as = "settled" if incoming.letter_id is not None else "superseded"
        batch.closed.setdefault((incoming.route.id, closed_as), []).append(incoming.raw_key)

    def _close_conflicts(self, tx: Transaction, batch: _Batch) -> None:
        """A conflict that the other direction holds is over when all its fields moved on this side."""
        over = []
        for letter in tx.letters.conflicts_elsewhere(list(batch.moved)):
            held = (letter.detail or {}).get("values", {})
            names = {snapshot_name(letter.object, name) for name in held}
            if letter.link_id is not None and names <= batch.moved[letter.link_id]:
                over.append(letter.id)
        tx.letters.close_elsewhere(over, "superseded")

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
        self.planner.claims.give_back(incoming.identity, self._spec.name)
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

    def note(self, tx: Transaction, outcomes: Iterable[Outcome]) -> None:
        """Write the audit rows; an unchanged record is counted in its run, not noted."""
        rows = [self._audit_row(out) for out in outcomes if out.kind not in ("unchanged", "echoed")]
        tx.runs.audit(self._scope.run_id, self._scope.integration, rows)

    def _audit_row(self, outcome: Outcome) -> AuditRow:
        digest = self.planner.merger.digest
        return AuditRow(
            stream=outcome.incoming.route.stream,
            object=outcome.incoming.route.object,
            source_key=outcome.incoming.identity,
            target_key=outcome.key,
            link_id=outcome.link.id if outcome.link else None,
            outcome=outcome.kind,
            fields={name: digest(name, value).hex() for name, value in outcome.fields.items()},
            reason=outcome.reason,
            request_id=outcome.request_id,
            retries=outcome.retries,
            seconds=outcome.seconds,
        )


def _reason(plan: Plan, result: WriteResult | None) -> str | None:
    """Why a settled record ended as it did: what is held of it, what the vendor warned of."""
    held = f"held: {', '.join(sorted(plan.merged.held))}" if plan.merged.held else plan.reason
    warned = "; ".join(result.warnings) if result else ""
    parts = [part for part in (held, f"warned: {warned}" if warned else "") if part]
    return "; ".join(parts) or None


def note_write(plan: Plan, target: Side, result: WriteResult) -> None:
    """Which rows of the target were read before this write: see `Planner.is_stale`.

    An answer that tells no version leaves one that follows the version read before. Where no version
    is known at all, the write may have happened at any time until now.
    """
    before = plan.remote.version if plan.remote else None
    target.written_version = result.version or just_after(before)
    known = target.written_version is not None
    target.written_at = result.item.entry.intended_at if known else time.time()


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
