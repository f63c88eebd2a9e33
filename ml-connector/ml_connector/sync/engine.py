"""The engine: one direction of one integration, from mapped records to outcomes."""

from __future__ import annotations

import graphlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ml_connector.errors import RecordFault, TooManyRejected
from ml_connector.ledger import Lease, Ledger, Route, Seen, Transaction
from ml_connector.sync.apply import Applier, Scope
from ml_connector.sync.plan import Claims, Plan, Planner
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Incoming, Outcome, OutcomeKind, Remote
from ml_connector.sync.recover import Recovery
from ml_connector.sync.versions import older

log = logging.getLogger(__name__)

_WOULD_BE: dict[str, OutcomeKind] = {
    "create": "created",
    "update": "updated",
    "leave": "unchanged",
    "reject": "rejected",
    "supersede": "superseded",
    "delete": "deleted",
    "ignore": "ignored",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How the engine behaves. `max_rejected`: a count from 1 on, below 1 a share of the records read."""

    dry_run: bool = False
    on_missing: str = "letter"
    on_delete: str = "ignore"
    write_timeout: float = 60.0
    max_waiting: int = 10_000
    max_rejected: float | None = None


class Engine:
    """Brings records of one source system into one target system.

    `remotes`: the target's objects by name. Call `start` once, `settle` per batch, `finish` at the end.
    """

    def __init__(
        self,
        ledger: Ledger,
        lease: Lease,
        scope: Scope,
        policies: Policies,
        remotes: Mapping[str, Remote],
        options: Options | None = None,
    ) -> None:
        self._ledger = ledger
        self._lease = lease
        self._scope = scope
        self._policies = policies
        self._remotes = remotes
        self._options = options or Options()
        self._claims = Claims()
        self._unknown: dict[str, dict[str, int]] = {}
        self._waiting: dict[str, dict[tuple[int, str], Incoming]] = {name: {} for name in remotes}
        self._planners = {name: self._planner(remote) for name, remote in remotes.items()}
        self._appliers = {
            name: Applier(ledger, lease, scope, remote, self._planners[name])
            for name, remote in remotes.items()
        }
        self.order: list[str] = self._order()

    def _planner(self, remote: Remote) -> Planner:
        return Planner(
            remote,
            self._policies,
            self._ledger.digester,
            self._claims,
            on_missing=self._options.on_missing,
            on_delete=self._options.on_delete,
        )

    def _order(self) -> list[str]:
        """Objects in order of dependence: what others point to comes first."""
        graph = {
            name: {parent for parent in remote.spec.depends_on if parent in self._remotes and parent != name}
            for name, remote in self._remotes.items()
        }
        return list(graphlib.TopologicalSorter(graph).static_order())

    @property
    def new_letters(self) -> int:
        """Letters written by this run that were not there before."""
        return sum(applier.new_letters for applier in self._appliers.values())

    # The run

    def start(self) -> None:
        """Hold the policies against the ledger's, then resolve what a dead run left.

        Raises:
            SystemFault: the other direction runs under other policies.
            PassingFault: the vendor cannot be asked what became of it.
        """
        if self._options.dry_run:
            with self._ledger.read(self._scope.integration, self._scope.target) as tx:
                if open_entries := len(tx.journal.open_entries()):
                    log.warning(
                        "%d records of a dead run are unresolved; the next run does it.", open_entries
                    )
            return
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            tx.policies.declare(self._scope.target, self._policies.digest(), self._policies.body())
        recovery = Recovery(
            self._ledger, self._lease, self._scope, self._remotes, write_timeout=self._options.write_timeout
        )
        self._unknown = recovery.run().unknown

    def route(self, stream: str, object_name: str) -> Route:
        """The route of a stream into an object."""
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            return tx.seen.route(
                self._scope.integration, self._scope.source, stream, self._scope.target, object_name
            )

    def look_up(self, route: Route, raw_keys: Sequence[str]) -> dict[str, Seen]:
        """What was settled of these source records."""
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            return tx.seen.look_up(route, raw_keys)

    def settle(self, object_name: str, records: Iterable[Incoming]) -> list[Outcome]:
        """Bring these records to their outcomes; those that wait for a parent come later.

        Raises:
            PassingFault, SystemFault: nothing more can be settled now.
        """
        outcomes, rounds = self._collapse(object_name, list(records))
        for batch in rounds:
            outcomes += self._settle_round(object_name, batch)
        return outcomes

    def _collapse(self, name: str, records: list[Incoming]) -> tuple[list[Outcome], list[list[Incoming]]]:
        """The newest version of each key; batches in which every identity occurs once."""
        newest: dict[tuple[int, str], Incoming] = {}
        outdated: list[Incoming] = []
        for record in records:
            place = (record.route.id, record.raw_key)
            known = newest.get(place)
            if known is not None and older(record.version, known.version):
                outdated.append(record)
                continue
            if known is not None:
                outdated.append(known)
            newest[place] = record
        rounds: list[dict[str, Incoming]] = []
        for record in sorted(newest.values(), key=lambda record: not record.may_create):
            batch = next((batch for batch in rounds if record.identity not in batch), None)
            if batch is None:
                batch = {}
                rounds.append(batch)
            batch[record.identity] = record
        return self._supersede(name, outdated), [list(batch.values()) for batch in rounds]

    def _supersede(self, name: str, records: list[Incoming]) -> list[Outcome]:
        reason = "a newer version came in the same batch"
        if not records or self._options.dry_run:
            return [Outcome("superseded", record, reason=reason) for record in records]
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            return [self._appliers[name].supersede(tx, record, reason) for record in records]

    def _settle_round(self, name: str, records: list[Incoming]) -> list[Outcome]:
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            self._refresh(tx, records)
            plans = self._planners[name].plan(tx, records, set(self._unknown.get(name, ())))
        for plan in plans:
            if plan.action == "wait":
                self._waiting[name][(plan.incoming.route.id, plan.incoming.raw_key)] = plan.incoming
        if self._options.dry_run:
            return [would_be(plan) for plan in plans if plan.action != "wait"]
        outcomes = self._appliers[name].apply(plans)
        self._close_unknown(name, plans)
        return outcomes

    @staticmethod
    def _refresh(tx: Transaction, records: list[Incoming]) -> None:
        """A record of this run may have been settled since it was looked up."""
        by_route: dict[int, list[Incoming]] = {}
        for record in records:
            by_route.setdefault(record.route.id, []).append(record)
        for group in by_route.values():
            seen = tx.seen.look_up(group[0].route, [record.raw_key for record in group])
            for record in group:
                record.seen = seen.get(record.raw_key)

    def _close_unknown(self, name: str, plans: Sequence[Plan]) -> None:
        unknown = self._unknown.get(name, {})
        entries = [unknown.pop(plan.incoming.identity, 0) for plan in plans]
        if any(entries):
            with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
                tx.journal.close([entry for entry in entries if entry])

    # Waiting children

    @property
    def waiting(self) -> int:
        """How many records wait for a parent."""
        return sum(len(records) for records in self._waiting.values())

    def settle_waiting(self, *, last: bool = False) -> list[Outcome]:
        """Try the waiting records again, in order of dependence; with `last` none stays behind.

        At the end a record that waits for one of its own object is created without the pointer, which a
        second pass sets; any other becomes a letter of a passing cause.
        """
        outcomes: list[Outcome] = []
        for name in self.order:
            outcomes += self._retry(name)
        if last or self.waiting > self._options.max_waiting:
            for name in self.order:
                outcomes += self._give_up(name)
        return outcomes

    def _retry(self, name: str) -> list[Outcome]:
        records = list(self._waiting[name].values())
        self._waiting[name].clear()
        return self.settle(name, records) if records else []

    def _give_up(self, name: str) -> list[Outcome]:
        stuck = list(self._waiting[name].values())
        self._waiting[name].clear()
        if not stuck:
            return []
        outcomes = self._break_cycles(name, stuck)
        stuck = list(self._waiting[name].values())
        self._waiting[name].clear()
        fault = RecordFault("Waits for a record that did not come.", cause="waiting")
        return outcomes + self.reject(name, [(record, fault) for record in stuck])

    def _break_cycles(self, name: str, stuck: list[Incoming]) -> list[Outcome]:
        """Create those that wait for each other without the pointer, then let all try again with it."""
        fields = [
            field
            for field, spec in self._remotes[name].spec.fields.items()
            if spec.kind == "reference" and spec.refers_to == name
        ]
        here = {record.identity for record in stuck}
        first: list[Incoming] = []
        for record in stuck:
            pointers = frozenset(field for field in fields if str(record.mapped.get(field)) in here)
            if pointers and record.may_create:
                kept = {field: value for field, value in record.mapped.items() if field not in pointers}
                first.append(replace(record, mapped=kept, withheld=pointers))
        created = self.settle(name, first) if first else []
        counted = {(outcome.incoming.route.id, outcome.incoming.raw_key) for outcome in created}
        again = self.settle(name, stuck)
        return created + [
            outcome
            for outcome in again
            if (outcome.incoming.route.id, outcome.incoming.raw_key) not in counted
        ]

    # Rejected before they came here

    def reject(self, object_name: str, faults: Sequence[tuple[Incoming, RecordFault]]) -> list[Outcome]:
        """Records that the mapping or the validation refuses."""
        if not faults:
            return []
        if self._options.dry_run:
            return [
                Outcome("rejected", record, fault=fault, reason=fault.message) for record, fault in faults
            ]
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            applier = self._appliers[object_name]
            outcomes = [applier.reject(tx, record, fault) for record, fault in faults]
            applier.note(tx, outcomes)
            return outcomes

    def check_rejected(self, read: int) -> None:
        """Stop where more new letters were written than `max_rejected` allows.

        Raises:
            TooManyRejected: it is so.
        """
        limit = self._options.max_rejected
        if limit is None or not self.new_letters:
            return
        allowed = limit if limit >= 1 or limit == 0 else limit * read
        if self.new_letters > allowed:
            raise TooManyRejected(
                f"{self.new_letters} records were newly rejected; max_rejected allows {allowed:g}.",
                fix="See `ml-connector letters list`; mend the cause or raise max_rejected.",
            )


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
    )
