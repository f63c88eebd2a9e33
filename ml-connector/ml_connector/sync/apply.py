"""From plans to outcomes: journal, write, settle. Each answer is settled in one fenced transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from ml_connector.errors import PassingFault
from ml_connector.ledger import Entry, JournalBody, Lease, Ledger, Transaction
from ml_connector.sync.decisions import keep_pending
from ml_connector.sync.fields import Changed, snapshot_name
from ml_connector.sync.merge import behind_field
from ml_connector.sync.plan import Plan
from ml_connector.sync.records import Done, Incoming, Outcome, Remote, Scope, Sent, WriteItem, WriteResult
from ml_connector.sync.settle import Settler

# The cause of a refusal that says that the record changed since it was read: it is merged again.
CHANGED_MEANWHILE = "conflict_at_vendor"
_MAX_ATTEMPTS = 3


class Applier:
    """Applies plans of one object."""

    def __init__(self, ledger: Ledger, lease: Lease, scope: Scope, remote: Remote, settler: Settler) -> None:
        self._ledger = ledger
        self._lease = lease
        self._scope = scope
        self._remote = remote
        self._planner = settler.planner
        self._spec = remote.spec
        self.settler = settler

    def apply(self, plans: Sequence[Plan]) -> list[Outcome]:
        """Settle what needs no request in one transaction, then write the rest. Waiting plans are left."""
        outcomes = self._settle_quietly([plan for plan in plans if not plan.writes and plan.action != "wait"])
        queue = [plan for plan in plans if plan.writes]
        while queue:
            settled, queue = self._write(queue)
            outcomes += settled
        return outcomes

    def _settle_quietly(self, plans: Sequence[Plan]) -> list[Outcome]:
        if not plans:
            return []
        with self._transaction() as tx:
            return self.settler.settle(tx, [(plan, None) for plan in plans])

    def _transaction(self) -> contextlib.AbstractContextManager[Transaction]:
        return self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease)

    def _fence(self) -> None:
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            self._lease.check(tx.connection)

    # Requests

    def _write(self, plans: Sequence[Plan]) -> tuple[list[Outcome], list[Plan]]:
        items = [self._item(plan) for plan in plans]
        with self._transaction() as tx:
            self._keep_decided(tx, plans, items)
            tx.journal.intend(self._scope.run_id, [item.entry for item in items])
        unanswered = {item.entry.id: plan for item, plan in zip(items, plans, strict=True)}
        outcomes: list[Outcome] = []
        again: list[Plan] = []
        for event in self._remote.write(items, self._fence):
            if isinstance(event, Sent):
                with self._transaction() as tx:
                    tx.journal.sent([item.entry.id for item in event.items], event.reference)
                continue
            settled, retries = self._settle_results(event, unanswered)
            outcomes += settled
            again += retries
        if unanswered:
            raise PassingFault(
                f"{len(unanswered)} of {len(items)} records of {self._spec.name} got no answer.",
                fix="The next run looks what became of them.",
            )
        return outcomes, again

    def _keep_decided(self, tx: Transaction, plans: Sequence[Plan], items: Sequence[WriteItem]) -> None:
        """The loser's value is gone once the winner's is sent: it is kept before."""
        for plan, item in zip(plans, items, strict=True):
            if plan.merged.decided:
                letter_id = keep_pending(tx, self._scope, plan)
                item.entry.body = msgspec.structs.replace(item.entry.body, decided=letter_id)

    def _item(self, plan: Plan) -> WriteItem:
        merged, incoming = plan.merged, plan.incoming
        kind: Literal["create", "update"] = "create" if plan.action == "create" else "update"
        entry = Entry(
            kind=kind,
            object=self._spec.name,
            link_id=plan.link.id if plan.link else None,
            identity=incoming.identity,
            body=self._body(plan),
            key=plan.key,
        )
        values = {**merged.companions, **merged.write}
        return WriteItem(kind=kind, key=plan.key, values=values, incoming=incoming, entry=entry)

    def _body(self, plan: Plan) -> JournalBody:
        merged, incoming = plan.merged, plan.incoming
        open_ends = bool(merged.held or incoming.withheld)
        lookup_field, lookup = self._lookup(incoming) if plan.action == "create" else (None, None)
        return JournalBody(
            route_id=incoming.route.id,
            raw_key=incoming.raw_key,
            digest=None if open_ends else incoming.digest,
            version=incoming.settled_version,
            fields={name: self._planner.merger.digest(name, value) for name, value in merged.write.items()},
            behind=self._behind(plan),
            source=merged.source,
            adopted=merged.target,
            stream=incoming.route.stream,
            lookup=lookup,
            lookup_field=lookup_field,
            dropped=sorted(merged.drop | (incoming.carried_back - merged.held.keys())),
            mark=plan.mark,
        )

    @staticmethod
    def _behind(plan: Plan) -> dict[str, list[str]]:
        """Written field -> the names in the source's snapshot of the changed fields behind it."""
        incoming, changed = plan.incoming, Changed(plan.merged.changed)
        return {
            name: [
                snapshot_name(incoming.route.stream, each)
                for each in changed.behind(behind_field(incoming, name))
            ]
            for name in plan.merged.write
        }

    def _lookup(self, incoming: Incoming) -> tuple[str | None, str | int | None]:
        for rung in self._spec.rungs:
            value = rung.value(incoming.mapped)
            if rung.exclusive and value is not None:
                return rung.field, value if isinstance(value, (str, int)) else str(value)
        return None, None

    # Answers

    def _settle_results(self, done: Done, unanswered: dict[int, Plan]) -> tuple[list[Outcome], list[Plan]]:
        answers = [(unanswered.pop(result.item.entry.id), result) for result in done.results]
        # Looking for who holds a taken value asks the vendor: not while the ledger is locked.
        mended = self._mend(answers)
        settled = [answer for answer in answers if answer[1].item.entry.id not in mended]
        quiet = [plan for plan in mended.values() if not plan.writes]
        with self._transaction() as tx:
            outcomes = self.settler.settle(tx, [*settled, *((plan, None) for plan in quiet)])
            entries = [result.item.entry for result in done.results]
            # What is not settled by now was refused, or is judged again.
            tx.decisions.withdraw([entry.body.decided for entry in entries if entry.body.decided is not None])
            tx.journal.close(entry.id for entry in entries)
        return outcomes, [plan for plan in mended.values() if plan.writes]

    def _mend(self, answers: Sequence[tuple[Plan, WriteResult]]) -> Mapping[int, Plan]:
        """The refused plans that may succeed in another form, by journal entry."""
        refused = [(plan, result) for plan, result in answers if result.fault is not None]
        if not refused:
            return {}
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            return {
                result.item.entry.id: plan for plan, result in refused if self._try_again(tx, plan, result)
            }

    def _try_again(self, tx: Transaction, plan: Plan, result: WriteResult) -> bool:
        """Mend a plan whose unique value is taken, or whose record is gone.

        False where it has to be rejected; `plan.fault` then says why, if it knows better than the vendor.
        """
        plan.attempt += 1
        if plan.attempt > _MAX_ATTEMPTS or result.fault is None:
            return False
        if result.fault.cause == "missing":
            self._planner.missing(plan)
            if plan.action == "create":
                self._planner.merge(plan)
            return plan.action != "reject"
        if result.fault.cause == CHANGED_MEANWHILE:
            return self._planner.merge_again(plan)
        if result.taken is None:
            return False
        return self._planner.mend_taken(tx, plan, result.taken)
