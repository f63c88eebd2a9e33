"""Runs of the engine as a target makes them: look up, sift, map, settle, waiting, letters, bookmark."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import PASSING_CAUSES, Ledger, Letter, LetterFilter, Route, Seen
from ml_connector.sync import Engine, Incoming, Options, Outcome, Policies, Scope
from ml_connector.sync import as_version as version_of
from sync_support.vendor import VendorObject

Names = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True)
class Way:
    """A stream on its way into an object: its map, what the map's expressions name, its identity."""

    stream: str
    object: str
    map: Callable[[Mapping[str, Any]], dict[str, Any]]
    names: Names
    identity: Callable[[Mapping[str, Any]], str] = lambda raw: str(raw["id"])
    may_create: bool = True
    creates: Callable[[Mapping[str, Any]], bool] | None = None  # where it depends on the record
    key: str = "id"
    version: str | None = "updated_at"


@dataclass(frozen=True)
class Emitted:
    """A record as the tap sent it, and when it was read there."""

    way: Way
    raw: Mapping[str, Any]
    read_at: float | None


def emit(way: Way, raw: Mapping[str, Any]) -> Emitted:
    return Emitted(way, dict(raw), time.time())


@dataclass
class Pipe:
    """One direction of one integration, run after run."""

    ledger: Ledger
    source: str
    target: str
    objects: Mapping[str, VendorObject]
    integration: str = "pair"
    policies: Mapping[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=lambda: Options(write_timeout=0.0))
    make_engine: Callable[..., Engine] = Engine
    engine: Engine | None = None
    remap: bool = False
    outcomes: list[Outcome] = field(default_factory=list)

    def run(
        self,
        emitted: Sequence[Emitted],
        *,
        batch: int = 10_000,
        letters: bool = True,
        ways: Sequence[Way] = (),
    ) -> list[Outcome]:
        """One whole run. Returns the outcomes of the records and of the letters tried again."""
        self.outcomes = []
        with self.ledger.lease(self.integration, plugin="test") as lease:
            with self.ledger.write(self.integration, self.target, lease=lease) as tx:
                run_id = tx.runs.start(self.integration, "test", dry=self.options.dry_run)
            scope = Scope(self.integration, self.source, self.target, run_id)
            rules = Policies(self.source, self.target, **self.policies)
            engine = self.make_engine(self.ledger, lease, scope, rules, self.objects, self.options)
            self.engine = engine
            engine.start()
            for start in range(0, len(emitted), batch):
                self._take(engine, emitted[start : start + batch], start)
            while engine.waiting:
                self.outcomes += engine.settle_waiting(last=True)
            if letters and not self.options.dry_run:
                known = [*ways, *(each.way for each in emitted)]
                self._retry(engine, {way.stream: way for way in known})
        return self.outcomes

    def _take(self, engine: Engine, emitted: Iterable[Emitted], start: int) -> None:
        pending: dict[str, list[Incoming]] = {name: [] for name in engine.order}
        known: dict[str, tuple[Route, dict[str, Seen]]] = {}
        for way in {each.way.stream: each.way for each in emitted}.values():
            route = engine.route(way.stream, way.object)
            keys = [str(each.raw[way.key]) for each in emitted if each.way.stream == way.stream]
            known[way.stream] = route, engine.look_up(route, keys)
        for position, each in enumerate(emitted, start):
            record = self._incoming(each, position, *known[each.way.stream])
            if not self._sifted(record):
                pending[each.way.object].append(record)
        for name, records in pending.items():
            self.outcomes += engine.settle(name, records)
        if engine.waiting:
            self.outcomes += engine.settle_waiting()

    def _sifted(self, record: Incoming) -> bool:
        """Whether it equals what was settled or refused before."""
        seen = record.seen or Seen()
        if seen.digest == record.digest and not self.remap:
            self.outcomes.append(Outcome("unchanged", record))
        elif seen.rejected == record.digest:
            self.outcomes.append(Outcome("rejected", record, fault=RecordFault("refused before")))
        else:
            return False
        return True

    def _incoming(self, each: Emitted, position: int, route: Route, known: Mapping[str, Seen]) -> Incoming:
        way, raw = each.way, each.raw
        raw_key = str(raw[way.key])
        return Incoming(
            position=position,
            route=route,
            raw_key=raw_key,
            raw=raw,
            digest=self.ledger.digester.record(raw),
            mapped=way.map(raw),
            names=way.names,
            identity=way.identity(raw),
            schema={"type": "SCHEMA", "stream": way.stream},
            version=version_of(raw.get(way.version)) if way.version else None,
            extracted_at=each.read_at,
            may_create=way.creates(raw) if way.creates else way.may_create,
            optional=way.creates is not None,
            deleted=bool(raw.get("_sdc_deleted_at")),
            seen=known.get(raw_key),
            remap=self.remap,
        )

    # Letters

    def letters(self, wanted: LetterFilter | None = None) -> list[Letter]:
        with self.ledger.read(self.integration, self.target) as tx:
            return list(tx.letters.select(wanted or LetterFilter()))

    def _retry(self, engine: Engine, ways: Mapping[str, Way]) -> None:
        passing = self.letters(LetterFilter(causes=PASSING_CAUSES))
        for letter in passing:
            if letter.stream in ways:
                self.outcomes += self.replay(engine, letter, ways[letter.stream])
        while engine.waiting:
            self.outcomes += engine.settle_waiting(last=True)

    def replay(
        self, engine: Engine, letter: Letter, way: Way, overlay: Mapping[str, Any] | None = None
    ) -> list[Outcome]:
        """A letter on its way again, as the replay tap sends it."""
        route = engine.route(way.stream, way.object)
        record = self._of_letter(letter, way, route)
        if overlay:
            record = replace(record, mapped={**record.mapped, **overlay}, edited=frozenset(overlay))
        return engine.settle(way.object, [record])

    def _of_letter(self, letter: Letter, way: Way, route: Route) -> Incoming:
        overlay = letter.overlay or {}
        decision = (letter.detail or {}).get("decision") or {}
        return Incoming(
            position=-letter.id,
            route=route,
            raw_key=letter.raw_key,
            raw=letter.raw,
            digest=letter.digest,
            mapped={**way.map(letter.raw), **overlay},
            names=way.names,
            identity=way.identity(letter.raw),
            schema=letter.schema,
            version=letter.version,
            extracted_at=letter.extracted_at,
            may_create=way.creates(letter.raw) if way.creates else way.may_create,
            optional=way.creates is not None,
            deleted=bool(letter.raw.get("_sdc_deleted_at")),
            letter_id=letter.id,
            edited=frozenset(overlay),
            expected={name: bytes.fromhex(text) for name, text in decision.get("expect", {}).items()},
            carried_back=frozenset(decision.get("carry_back") or ()),
        )
