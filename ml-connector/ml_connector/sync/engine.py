"""The engine: one direction of one integration, from mapped records to outcomes."""

from __future__ import annotations

import graphlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ml_connector.errors import RecordFault, TooManyRejected
from ml_connector.ledger import Lease, Ledger, Route, Seen, Transaction
from ml_connector.sync.apply import Applier
from ml_connector.sync.doubts import Doubts
from ml_connector.sync.kin import Kin
from ml_connector.sync.plan import Plan, Planner
from ml_connector.sync.pointers import missing_parent
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Incoming, Outcome, Remote, Scope
from ml_connector.sync.recover import Recovery
from ml_connector.sync.rehearsal import Rehearsal, would_be
from ml_connector.sync.settle import Settler
from ml_connector.sync.unique import Claims
from ml_connector.sync.versions import older
from ml_connector.sync.waiting import Node, Waiting, closed_circles, last_words, place_of

log = logging.getLogger(__name__)

_SHARE_OF = 1_000


@dataclass(frozen=True, slots=True)
class Options:
    """How the engine behaves. `max_rejected`: a count from 1 on, below 1 a share of the records read.

    `on_missing`: `letter`, `recreate` or `flag` (mark the link). `on_delete`: `ignore`, `flag` (mark the
    link) or `inactivate` (write the object's `inactive` values too, where it has any).
    """

    dry_run: bool = False
    on_missing: str = "letter"
    on_delete: str = "ignore"
    write_timeout: float = 60.0
    max_waiting: int = 10_000
    max_rejected: float | None = None


class Engine:
    """Brings records of one source system into one target system.

    `remotes`: the target's objects by name. Call `start` once, `settle` per batch, `settle_waiting` with
    `last` at the end.
    """

    planner: type[Planner] = Planner

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
        self._doubts: Doubts | None = None
        self._recovered = 0
        self._rehearsal = Rehearsal(scope) if self._options.dry_run else None
        self._waiting = Waiting()
        self._kin = Kin(scope, self._waiting, self._rehearsal)
        self._planners = {name: self.make_planner(remote) for name, remote in remotes.items()}
        self._appliers = {
            name: Applier(ledger, lease, scope, remote, self.make_settler(self._planners[name]))
            for name, remote in remotes.items()
        }
        self.order: list[str] = self._order()

    def make_planner(self, remote: Remote) -> Planner:
        """The planner of one object."""
        return self.planner(
            remote,
            self._policies,
            self._ledger.digester,
            self._claims,
            self._kin,
            objects=self._remotes.keys(),
            on_missing=self._options.on_missing,
            on_delete=self._options.on_delete,
            rehearsal=self._rehearsal,
        )

    def make_settler(self, planner: Planner) -> Settler:
        """What settles the plans of one object."""
        return Settler(self._scope, planner)

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
        return sum(applier.settler.new_letters for applier in self._appliers.values())

    @property
    def decided(self) -> int:
        """Fields that both sides changed and a policy decided, in this run; of a dry one, would decide."""
        settled = sum(applier.settler.decided for applier in self._appliers.values())
        others = (self._rehearsal, self._doubts)
        return settled + self._recovered + sum(other.decided for other in others if other is not None)

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
        self.recover()

    def recover(self) -> None:
        """Resolve the target's journal, and note what is open in the source's."""
        recovery = Recovery(
            self._ledger, self._lease, self._scope, self._remotes, write_timeout=self._options.write_timeout
        )
        found = recovery.run()
        self._unknown, self._recovered = found.unknown, found.decided
        self._doubts = Doubts(self._ledger, self._lease, self._scope)

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
        newest, outdated = _newest(records)
        self._name_deleted(newest)
        alive, late = self._waiting.give_way(object_name, newest)
        outcomes = self._supersede(object_name, outdated + late)
        for batch in _rounds(alive):
            outcomes += self._settle_round(object_name, batch)
        return outcomes

    def _name_deleted(self, records: Sequence[Incoming]) -> None:
        """A deleted record may hold no more than its key: the link says under which name it is known."""
        deleted = {
            record.seen.link_id: record
            for record in records
            if record.deleted and record.seen is not None and record.seen.link_id is not None
        }
        if not deleted:
            return
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            links = tx.links.by_id([link_id for link_id in deleted if link_id is not None])
        for link_id, link in links.items():
            if (side := link.sides.get(self._scope.source)) is not None:
                deleted[link_id].identity = side.key

    def _supersede(self, name: str, records: list[Incoming]) -> list[Outcome]:
        reason = "a newer version came in the same run"
        if not records or self._options.dry_run:
            return [Outcome("superseded", record, reason=reason) for record in records]
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            settler = self._appliers[name].settler
            self._refresh(tx, records)
            outcomes = [settler.supersede(tx, record, reason) for record in records]
            settler.note(tx, outcomes)
            return outcomes

    def _settle_round(self, name: str, records: list[Incoming]) -> list[Outcome]:
        doubtful = self._doubts.resolve(records) if self._doubts else {}
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            self._refresh(tx, records)
            plans = self._planners[name].plan(tx, records, self._unknown.get(name, ()), doubtful)
        for plan in plans:
            if plan.action == "wait":
                self._waiting.add(name, plan.incoming)
        if self._rehearsal is not None:
            return self._rehearse(name, self._rehearsal, plans)
        outcomes = self._appliers[name].apply(plans)
        self._close_unknown(name, plans)
        return outcomes

    def _rehearse(self, name: str, rehearsal: Rehearsal, plans: Sequence[Plan]) -> list[Outcome]:
        for plan in plans:
            rehearsal.note(plan, self._remotes[name].spec, self._planners[name].merger)
        return [would_be(plan) for plan in plans if plan.action != "wait"]

    def _refresh(self, tx: Transaction, records: Sequence[Incoming]) -> None:
        """A record of this run may have been settled since it was looked up."""
        by_route: dict[int, list[Incoming]] = {}
        for record in records:
            by_route.setdefault(record.route.id, []).append(record)
        for group in by_route.values():
            seen = tx.seen.look_up(group[0].route, [record.raw_key for record in group])
            for record in group:
                rehearsed = self._rehearsal and self._rehearsal.seen_of(*place_of(record))
                record.seen = rehearsed or seen.get(record.raw_key)

    def _close_unknown(self, name: str, plans: Sequence[Plan]) -> None:
        unknown = self._unknown.get(name, {})
        entries = [unknown.pop(plan.incoming.identity, 0) for plan in plans if plan.action != "wait"]
        if any(entries):
            with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
                tx.journal.close([entry for entry in entries if entry])

    # Waiting children

    @property
    def waiting(self) -> int:
        """How many records wait for a parent."""
        return len(self._waiting)

    def settle_waiting(self, *, last: bool = False) -> list[Outcome]:
        """Try the waiting records again, in order of dependence; with `last` none stays behind.

        At the end records that wait for nothing but each other are created without these pointers, which
        a second pass sets; any other becomes a letter of a passing cause, as do those above `max_waiting`.
        """
        outcomes: list[Outcome] = []
        for name in self.order:
            if records := self._waiting.take(name):
                outcomes += self.settle(name, records)
        if last:
            return outcomes + self._settle_last()
        for name in reversed(self.order):
            excess = self._waiting.take_excess(name, self._options.max_waiting)
            outcomes += self.reject(name, self._did_not_come(name, excess))
        return outcomes

    def _settle_last(self) -> list[Outcome]:
        stuck = {name: self._waiting.take(name) for name in self.order}
        self._waiting.in_hand.update(stuck)
        circles = self._circles(stuck)
        outcomes: list[Outcome] = []
        for name in self.order:
            inside = [record for record in stuck[name] if (name, record.identity) in circles]
            outcomes += self._settle_withheld(name, inside)
        for name in self.order:
            self._waiting.take(name)
            self._waiting.in_hand.pop(name, None)
            outcomes += self.settle(name, stuck[name])
        for name in self.order:
            left = self._waiting.take(name)
            outcomes += self.reject(name, self._did_not_come(name, left))
        return last_words(outcomes)

    def _did_not_come(self, name: str, records: Sequence[Incoming]) -> list[tuple[Incoming, RecordFault]]:
        """These records with the fault that names what they wait for."""
        if not records:
            return []
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            pointers = self._planners[name].open_pointers(tx, records)
        return [(record, missing_parent(found)) for record, found in zip(records, pointers, strict=True)]

    def _circles(self, stuck: Mapping[str, Sequence[Incoming]]) -> set[Node]:
        parents: dict[Node, set[Node]] = {}
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            for name, records in stuck.items():
                pointers = self._planners[name].open_pointers(tx, records)
                for record, found in zip(records, pointers, strict=True):
                    if record.may_create:
                        awaited = [each for pointer in found.values() if (each := pointer.awaited)]
                        open_ones = {(each.object, each.identity) for each in awaited}
                        parents.setdefault((name, record.identity), set()).update(open_ones)
        return closed_circles(parents)

    def _settle_withheld(self, name: str, records: Sequence[Incoming]) -> list[Outcome]:
        """Create records of a circle without the pointers that lead nowhere yet."""
        if not records:
            return []
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            pointers = self._planners[name].open_pointers(tx, records)
        first = []
        for record, found in zip(records, pointers, strict=True):
            held = frozenset(name for name, pointer in found.items() if pointer.awaited is not None)
            kept = {field: value for field, value in record.mapped.items() if field not in held}
            first.append(replace(record, mapped=kept, withheld=held))
        return self.settle(name, first)

    # Rejected before they came here

    def reject(self, object_name: str, faults: Sequence[tuple[Incoming, RecordFault]]) -> list[Outcome]:
        """Records that the mapping or the validation refuses; one older than what is settled is outdated."""
        if not faults:
            return []
        with self._ledger.read(self._scope.integration, self._scope.target) as tx:
            self._refresh(tx, [record for record, _ in faults])
        plans = []
        for record, fault in faults:
            late = record.seen is not None and older(record.version, record.seen.version)
            reason = "a newer version is settled" if late else None
            plans.append(Plan(record, "supersede" if late else "reject", fault=fault, reason=reason))
        if self._rehearsal is not None:
            return self._rehearse(object_name, self._rehearsal, plans)
        return self._appliers[object_name].apply(plans)

    def drop_letters(self, route: Route, raw_keys: Sequence[str]) -> None:
        """Close the letters of records whose newest version is not wanted: nothing is left to replay."""
        if not raw_keys or self._options.dry_run:
            return
        with self._ledger.write(self._scope.integration, self._scope.target, lease=self._lease) as tx:
            tx.letters.close(route.id, raw_keys, "superseded")
            tx.seen.drop_rejected(route, raw_keys)

    def check_rejected(self, read: int, *, last: bool = True) -> None:
        """Stop where more new letters were written than `max_rejected` allows.

        A share says little of the first few records: before the `last` it is held against 1,000 at least.

        Raises:
            TooManyRejected: it is so.
        """
        limit = self._options.max_rejected
        if limit is None or not self.new_letters:
            return
        allowed = limit if limit >= 1 or limit == 0 else limit * (read if last else max(read, _SHARE_OF))
        if self.new_letters > allowed:
            raise TooManyRejected(
                f"{self.new_letters} records were newly rejected; max_rejected allows {allowed:g}.",
                fix="See `ml-connector letters list`; mend the cause or raise max_rejected.",
            )


def _newest(records: Iterable[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
    """The newest version of each source record, and the others."""
    newest: dict[tuple[int, str], Incoming] = {}
    outdated: list[Incoming] = []
    for record in records:
        known = newest.get(place_of(record))
        if known is not None and older(record.version, known.version):
            outdated.append(record)
            continue
        if known is not None:
            outdated.append(known)
        newest[place_of(record)] = record
    return list(newest.values()), outdated


def _rounds(records: Iterable[Incoming]) -> list[list[Incoming]]:
    """Batches in which every identity occurs once; the streams that create come first."""
    rounds: list[dict[str, Incoming]] = []
    for record in sorted(records, key=lambda record: (not record.may_create, record.only_adds)):
        batch = next((batch for batch in rounds if record.identity not in batch), None)
        if batch is None:
            batch = {}
            rounds.append(batch)
        batch[record.identity] = record
    return [list(batch.values()) for batch in rounds]
