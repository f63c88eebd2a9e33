"""One run of a target: ledger, lease, engine; records in, outcomes and STATE out."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.ledger import PASSING_CAUSES, Lease, Ledger, Letter, LetterFilter, Route
from ml_connector.ledger_access import open_ledger
from ml_connector.singer.intake import Intake, Line, Sifted, StreamRoute
from ml_connector.singer.key_index import KeyIndex
from ml_connector.singer.mapping import StreamMapping
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.options import options_of, policies_of
from ml_connector.singer.planned import Planned
from ml_connector.singer.scans import ScanRules, Scans
from ml_connector.singer.state import StateTracker
from ml_connector.singer.summary import Summary
from ml_connector.singer.validation import Validator, check_fields
from ml_connector.sync import Engine, Incoming, Outcome, Scope

log = logging.getLogger(__name__)

_BEAT_SECONDS = 2.0
_SIFT_ROWS = 1_000

Numbers = Callable[[], Mapping[str, Any]]


class TargetRun:
    """The run of one target, from the first SCHEMA to the last STATE.

    `objects`: the target's objects by name. `numbers` adds the transport's figures to the summary.
    """

    def __init__(
        self,
        plugin: str,
        system: str,
        config: Mapping[str, Any],
        objects: Mapping[str, VendorObject],
        numbers: Numbers,
    ) -> None:
        self._plugin = plugin
        self._config = config
        self._objects = objects
        self._numbers = numbers
        self.integration = str(config.get("integration") or plugin)
        self._policies = policies_of(config, system)
        self.dry = bool(config.get("dry_run"))
        self.summary = Summary()
        self.states = StateTracker()
        self._stack = contextlib.ExitStack()
        self._ways: dict[str, list[StreamRoute]] = {}
        self._lines: dict[str, list[Line]] = {}
        self._pending: dict[str, list[Incoming]] = {name: [] for name in objects}
        self._pending_keys: dict[int, dict[str, bytes]] = {}
        self._oldest: float | None = None
        self._beat_at = 0.0
        self._open()

    # Start and end

    def _open(self) -> None:
        self.ledger: Ledger = open_ledger(self._config.get("ledger_url"))
        self._stack.callback(self.ledger.close)
        with self._stack:
            self._check_pause()
            lease = self._stack.enter_context(
                self.ledger.lease(
                    self.integration,
                    plugin=self._plugin,
                    wait_seconds=float(self._config.get("lease_wait") or 0),
                )
            )
            self._lease: Lease = lease
            with self.ledger.write(self.integration, self._policies.target, lease=lease) as tx:
                self.run_id = tx.runs.start(self.integration, self._plugin, dry=self.dry)
            self._stack = self._stack.pop_all()
        self.engine = Engine(
            self.ledger,
            lease,
            Scope(self.integration, self._policies.source, self._policies.target, self.run_id),
            self._policies,
            self._objects,
            options_of(self._config, dry_run=self.dry),
        )
        index = KeyIndex(self.ledger, lease, self.integration, self._policies.target)
        for each in self._objects.values():
            each.attach(index)
        self._planned = Planned(self._objects, self.ledger.digester)
        place, rules = (self.integration, self._policies.target), ScanRules.from_settings(self._config)
        self._scans = Scans(self.ledger, lease, self.run_id, place, rules, dry=self.dry)

    def _check_pause(self) -> None:
        with self.ledger.read() as tx:
            paused, reason = tx.runs.paused(self.integration, default=bool(self._config.get("start_paused")))
        if paused and not self.dry:
            raise SystemFault(
                f"Integration {self.integration} is paused{f' ({reason})' if reason else ''}.",
                fix=f"Start it with `ml-connector resume {self.integration}`; "
                f"`ml-connector plan {self.integration}` shows what it would do.",
            )

    def start(self) -> None:
        """Resolve what a dead run left. Before the first record is judged."""
        self.engine.start()

    def end(self, exit_code: int, reason: str | None = None) -> dict[str, Any]:
        """Note the end of the run and free the lease. Returns the summary."""
        summary = self._summary() | {"exit_code": exit_code, "reason": reason}
        try:
            with self.ledger.write(self.integration, self._policies.target) as tx:
                tx.runs.end(self.run_id, exit_code, reason, summary)
            self._scans.end()
        except ConnectorError as error:
            log.warning("The end of the run could not be noted: %s", error)
        finally:
            self._stack.close()
        return summary

    def _summary(self) -> dict[str, Any]:
        numbers = {
            "integration": self.integration,
            "plugin": self._plugin,
            "run": self.run_id,
            "dry_run": self.dry,
            **self.summary.as_dict(),
            "new_letters": self.engine.new_letters,
            "decided_conflicts": self.engine.decided,
            **self._numbers(),
        }
        return numbers | ({"plan": self._planned.as_dict(self.summary.outcomes)} if self.dry else {})

    # Streams

    def add_stream(self, stream: str, mappings: Iterable[StreamMapping], message: Mapping[str, Any]) -> None:
        """A SCHEMA message: from now on records of the stream go these ways.

        Raises:
            SystemFault: an object or field that the target does not know, or a stream without a key.
        """
        self.flush()
        ways = [self._way(stream, mapping, message) for mapping in mappings if not mapping.removes]
        for number, way in enumerate(ways):
            same = sum(other.route.id == way.route.id for other in ways[:number])
            way.key_suffix = f" [{same + 1}]" if same else ""
        self._ways[stream] = ways

    def _way(self, stream: str, mapping: StreamMapping, message: Mapping[str, Any]) -> StreamRoute:
        target = self._objects[mapping.object_name]
        keys = tuple(message.get("key_properties") or ()) or tuple(mapping.key_properties)
        if not keys:
            raise SystemFault(
                f"Stream {stream} has no key.",
                fix="Declare key_properties in the tap, or __key_properties__ in stream_maps.",
            )
        names = mapping.target_fields(target.spec)
        target.prepare([name for name in names if name in target.spec.fields or "." in name])
        check_fields(stream, target.spec, names, {*keys, *mapping.key_properties})
        route = self.engine.route(stream, mapping.object_name)
        self._note_mapping(route, mapping)
        bookmarks = message.get("bookmark_properties") or []
        return StreamRoute(
            stream=stream,
            route=route,
            spec=target.spec,
            mapping=mapping,
            validator=Validator(target.spec),
            names=names,
            schema={name: message[name] for name in message if name != "type"} | {"type": "SCHEMA"},
            raw_keys=tuple(message.get("key_properties") or ()),
            bookmark=bookmarks[0] if bookmarks else None,
        )

    def _note_mapping(self, route: Route, mapping: StreamMapping) -> None:
        now = mapping.expressions()
        with self.ledger.write(self.integration, self._policies.target, lease=self._lease) as tx:
            before = tx.seen.mapping(route)
            if before and before != now:
                changed = sorted(
                    name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
                )
                self.summary.warn(
                    f"The mapping of {route.stream} into {route.object} changed ({', '.join(changed)}). "
                    "It applies as records change; run once with remap: true to apply it to all."
                )
            if not self.dry and before != now:
                tx.seen.set_mapping(route, now)

    @property
    def object_names(self) -> frozenset[str]:
        """The objects that the target knows."""
        return frozenset(self._objects)

    @staticmethod
    def check_ledger(config: Mapping[str, Any]) -> str:
        """Open the ledger that a run would use, and say where it is."""
        ledger = open_ledger(config.get("ledger_url"))
        try:
            return ledger.engine.url.render_as_string(hide_password=True)
        finally:
            ledger.close()

    def raw_keys(self, stream: str) -> tuple[str, ...]:
        """The fields that name a raw record of the stream; none where its tap declares no key."""
        ways = self._ways[stream]
        return ways[0].raw_keys if ways else ()

    def only_exists(self, stream: str, line: Line) -> bool:
        """Whether a record that came with a version holds its key alone, where its SCHEMA has more."""
        ways = self._ways[stream]
        return bool(ways) and ways[0].is_key_alone(line.message["record"])

    def knows(self, stream: str) -> bool:
        """Whether a SCHEMA of the stream was seen."""
        return stream in self._ways

    # Records

    def take(self, stream: str, line: Line) -> None:
        """A RECORD of a known stream. It is open until each of its ways has an outcome."""
        if line.letter is not None:
            self._replay(stream, line)
            return
        if not self._open_line(line, len(self._ways[stream])):
            return
        if line.version is not None:
            self._scans.note(stream, self._ways[stream], line, line.version)
        lines = self._lines.setdefault(stream, [])
        lines.append(line)
        if len(lines) >= _SIFT_ROWS:
            self._sift(stream)

    def _replay(self, stream: str, line: Line) -> None:
        """A letter comes back: it goes the way on which it was rejected, and no other."""
        self._sift(stream)
        ways = self._ways[stream]
        letter_id = int((line.letter or {}).get("id") or 0)
        with self.ledger.read(self.integration, self._policies.target) as tx:
            found = list(tx.letters.select(LetterFilter(ids=[letter_id], only_open=False)))
        if found:
            ways = [
                way
                for way in ways
                if way.route.id == found[0].route_id and way.raw_key(line) == found[0].raw_key
            ]
        if self._open_line(line, len(ways)):
            for way in ways:
                self._sift_way(way, [line])

    def _open_line(self, line: Line, ways: int) -> bool:
        """Count a record that goes so many ways; one that goes none is filtered, and False comes back."""
        self.summary.read += max(ways, 1)
        if not ways:
            self.summary.filtered += 1
            return False
        self.states.open(line.position, ways)
        self._oldest = self._oldest or time.monotonic()
        return True

    def _sift(self, stream: str) -> None:
        lines = self._lines.pop(stream, [])
        if not lines:
            return
        for way in self._ways[stream]:
            self._sift_way(way, lines)
        if sum(map(len, self._pending.values())) >= int(self._config.get("batch_rows") or 10_000):
            self.settle()
        self.beat()

    def _sift_way(self, way: StreamRoute, lines: list[Line]) -> None:
        known = self.engine.look_up(way.route, list({way.raw_key(line) for line in lines}))
        pending = self._pending_keys.setdefault(way.route.id, {})
        publish = frozenset(map(str, self._config.get("publish") or ()))
        intake = Intake(way, gone=self._scans.gone, remap=bool(self._config.get("remap")), publish=publish)
        sifted = intake.sift(lines, known, pending)
        self._count(way, sifted)
        pending.update({record.raw_key: record.digest for record in sifted.incoming})
        self._pending[way.spec.name] += sifted.incoming

    def _count(self, way: StreamRoute, sifted: Sifted) -> None:
        self.summary.outcomes["unchanged"] += len(sifted.unchanged)
        self.summary.outcomes["rejected"] += len(sifted.refused)
        self.summary.outcomes["ignored"] += len(sifted.ignored)
        self.summary.filtered += len(sifted.filtered)
        self.engine.drop_letters(way.route, sifted.dropped)
        for position in (*sifted.unchanged, *sifted.refused, *sifted.ignored, *sifted.filtered):
            self.states.close(position)
        if sifted.faults:
            self._done(self.engine.reject(way.spec.name, sifted.faults))
            self.engine.check_rejected(self.summary.read, last=False)

    def activate(self, stream: str, version: int, position: int) -> None:
        """All records of this version were sent: those of the stream that were not among them are gone."""
        self.flush()
        self.states.open(position)
        self._scans.activate(stream, self._ways[stream], version, position, self._settle_missing)
        self.states.close(position)

    def _settle_missing(self, name: str, records: list[Incoming]) -> None:
        outcomes = self.engine.settle(name, records)
        self.summary.count_missing(len(records), outcomes)
        self._note_plan(outcomes)
        self.engine.check_rejected(self.summary.read, last=False)
        self.beat()

    # Settling

    def flush(self) -> None:
        """Bring every line in hand to the engine and settle it."""
        for stream in list(self._lines):
            self._sift(stream)
        self.settle()

    def settle(self) -> None:
        """Settle what is pending, in order of dependence."""
        for name in self.engine.order:
            records, self._pending[name] = self._pending[name], []
            if records:
                self._done(self.engine.settle(name, records))
                self.engine.check_rejected(self.summary.read, last=False)
        self._pending_keys.clear()
        if self.engine.waiting:
            self._done(self.engine.settle_waiting())
        self._oldest = None

    def _done(self, outcomes: Iterable[Outcome]) -> None:
        ended = list(outcomes)
        self.summary.count(ended)
        for outcome in ended:
            self.states.close(outcome.incoming.position)
        self._note_plan(ended)

    def _note_plan(self, outcomes: list[Outcome]) -> None:
        if self.dry:
            with self.ledger.write(self.integration, self._policies.target, lease=self._lease) as tx:
                tx.runs.audit(self.run_id, self.integration, self._planned.rows(outcomes))

    def tick(self) -> None:
        """No line arrives: settle what is older than `max_batch_age`."""
        limit = float(self._config.get("max_batch_age") or 30)
        if self._oldest is not None and time.monotonic() - self._oldest >= limit:
            self.flush()
        self.beat()

    def beat(self) -> None:
        """Note progress in the ledger and the log, now and then."""
        now = time.monotonic()
        if now - self._beat_at < _BEAT_SECONDS:
            return
        self._beat_at = now
        self.summary.log_progress(self.engine.waiting)
        with self.ledger.write(self.integration, self._policies.target, lease=self._lease) as tx:
            tx.runs.beat(self.run_id, self._summary())

    def finish(self) -> None:
        """Settle everything, children without a parent included.

        Raises:
            SystemFault: a record has no outcome, against promise.
        """
        self.flush()
        while self.engine.waiting:
            self._done(self.engine.settle_waiting(last=True))
        self.engine.check_rejected(self.summary.read)
        self.summary.check()

    def passing_letters(self) -> list[Letter]:
        """Open letters of a cause that passes by itself, of earlier runs: tried at the end of each run."""
        if self.dry:
            return []
        with self.ledger.read(self.integration, self._policies.target) as tx:
            letters = list(tx.letters.select(LetterFilter(causes=PASSING_CAUSES)))
        return [letter for letter in letters if letter.run_id != self.run_id]
