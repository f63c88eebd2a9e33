"""Scans of a stream by its tap, as a target sees them: who exists, and who does not any more.

Records of a scan carry its `version`; ACTIVATE_VERSION ends it. What is linked and came without that
version is gone, and takes the way of a deleted record. A scan counts only where this run saw all of it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ml_connector.errors import SystemFault
from ml_connector.ledger import Absence, Absent, Lease, Ledger
from ml_connector.singer.intake import DELETED_AT, Line, StreamRoute
from ml_connector.sync import Incoming

log = logging.getLogger(__name__)

_MARKS_IN_HAND = 5_000
_LEAST_ALLOWED = 10
DEFAULT_MAX_DELETED = 0.1

Settle = Callable[[str, list[Incoming]], None]


@dataclass(slots=True)
class _Scan:
    """What is under way of one stream. `routes` are those that were seen from the beginning."""

    version: int
    raw_keys: tuple[str, ...]
    extracted_at: float | None
    routes: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What is done about missing records: see the settings `on_delete` and `max_deleted`."""

    active: bool = True
    on_delete: str = "ignore"
    max_deleted: float = DEFAULT_MAX_DELETED

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> ScanRules:
        """Build it from a target's settings; absent ones are defaults."""
        limit = settings.get("max_deleted")
        return cls(
            active=settings.get("process_activate_version_messages") is not False,
            on_delete=str(settings.get("on_delete") or "ignore"),
            max_deleted=DEFAULT_MAX_DELETED if limit is None else float(limit),
        )

    def allowed(self, live: int) -> int:
        """How many of so many linked records may be missing."""
        if self.max_deleted >= 1 or self.max_deleted == 0:
            return int(self.max_deleted)
        return max(_LEAST_ALLOWED, int(self.max_deleted * live))


class Scans:
    """The scans of one run of a target, by stream."""

    def __init__(
        self,
        ledger: Ledger,
        lease: Lease,
        run_id: int,
        place: tuple[str, str],
        rules: ScanRules,
        *,
        dry: bool = False,
    ) -> None:
        self._ledger = ledger
        self._lease = lease
        self._run_id = run_id
        self._place = place  # integration and target
        self._rules = rules
        self._dry = dry
        self._scans: dict[str, _Scan] = {}
        self._over: set[tuple[str, int]] = set()
        self._begun: set[int] = set()
        self._marks: list[tuple[int, str]] = []
        self.gone = ledger.digester.record({DELETED_AT: "missing"})

    # Who exists

    def note(self, stream: str, ways: Sequence[StreamRoute], line: Line, version: int) -> None:
        """A record with a version came."""
        if not ways or not self._rules.active:
            return
        scan = self._scans.get(stream)
        if scan is None or scan.version != version or scan.raw_keys != ways[0].raw_keys:
            scan = self._begin(stream, ways, version, line)
        self._marks += [(way.route.id, way.raw_key(line)) for way in ways if way.route.id in scan.routes]
        if len(self._marks) >= _MARKS_IN_HAND:
            self._keep_marks()

    def _begin(self, stream: str, ways: Sequence[StreamRoute], version: int, line: Line) -> _Scan:
        if (before := self._scans.get(stream)) is not None:
            self._over.add((stream, before.version))
        self._keep_marks()
        raw_keys = ways[0].raw_keys
        scan = _Scan(version, raw_keys, _seconds(line.message.get("time_extracted")))
        self._scans[stream] = scan
        # Without a key of its own a record is known by its content: a changed one would look missing.
        if not raw_keys:
            return scan
        routes = {way.route.id for way in ways}
        with self._ledger.write(*self._place, lease=self._lease) as tx:
            fresh = {number for number in routes if tx.scans.begin(number, version, self._run_id)}
        self._begun |= fresh
        if (stream, version) not in self._over:
            scan.routes = fresh
        return scan

    def _keep_marks(self) -> None:
        if self._marks:
            with self._ledger.write(*self._place, lease=self._lease) as tx:
                tx.scans.mark(self._marks)
            self._marks = []

    def end(self) -> None:
        """The run is over: of a dry run nothing stays."""
        if self._dry and self._begun:
            with self._ledger.write(*self._place, lease=self._lease) as tx:
                for number in self._begun:
                    tx.scans.forget(number)

    # Who does not

    def activate(
        self, stream: str, ways: Sequence[StreamRoute], version: int, position: int, settle: Settle
    ) -> None:
        """The scan of this version is complete: settle what it did not find, piece by piece.

        Everything that came before has to be settled.

        Raises:
            SystemFault: more is missing than `max_deleted` allows; then nothing is settled.
        """
        scan = self._scans.pop(stream, None)
        self._over.add((stream, version))
        if not self._rules.active:
            log.info("ACTIVATE_VERSION of %s is not acted upon: it is switched off.", stream)
            return
        self._keep_marks()
        judged = [way for way in ways if scan and scan.version == version and way.route.id in scan.routes]
        if scan is None or not judged:
            log.info(
                "ACTIVATE_VERSION %d of %s is not acted upon: this run did not see the records of this "
                "version from the first to the last.",
                version,
                stream,
            )
            return
        for way in judged:
            self._check(way)
        for way in judged:
            self._settle_absent(way, scan, position, settle)
        with self._ledger.write(*self._place, lease=self._lease) as tx:
            for way in judged:
                tx.scans.clear(way.route.id)

    def _absence(self, way: StreamRoute) -> Absence:
        return Absence(way.route, self.gone, again=self._rules.on_delete != "ignore")

    def _check(self, way: StreamRoute) -> None:
        if way.only_adds:
            return
        with self._ledger.read(*self._place) as tx:
            lost, live = tx.scans.lost(self._absence(way)), tx.scans.live(self._absence(way))
        allowed = self._rules.allowed(live)
        if lost > allowed:
            raise SystemFault(
                f"{lost} of {live} linked records of {way.route.stream} were not found in the source any "
                f"more; max_deleted allows {allowed}. None of them was marked as deleted.",
                fix="See whether the tap lost a right or reads in another context. If they are really gone, "
                "run once with a higher max_deleted.",
            )

    def _settle_absent(self, way: StreamRoute, scan: _Scan, position: int, settle: Settle) -> None:
        for links in (False,) if way.only_adds else (True, False):
            last = ""
            while absent := self._next(way, last, links=links):
                last = absent[-1].raw_key
                if self._dry and not links:
                    # Nothing was settled by the pass before, which met those that have a link.
                    absent = [each for each in absent if each.seen.link_id is None]
                settle(
                    way.spec.name, [self._record(way, scan, position, each, deletes=links) for each in absent]
                )

    def _next(self, way: StreamRoute, last: str, *, links: bool) -> list[Absent]:
        with self._ledger.read(*self._place) as tx:
            find = tx.scans.lost_links if links else tx.scans.lost_letters
            return find(self._absence(way), last)

    def _record(
        self, way: StreamRoute, scan: _Scan, position: int, absent: Absent, *, deletes: bool
    ) -> Incoming:
        """The deleted record that the tap would have sent, had the source told it."""
        return Incoming(
            position=position,
            route=way.route,
            raw_key=absent.raw_key,
            raw=_last_record(way, absent.raw_key, scan.version),
            digest=self.gone,
            mapped={},
            names={},
            identity=absent.identity or absent.raw_key,
            schema=way.schema,
            extracted_at=scan.extracted_at,
            may_create=deletes,
            deleted=True,
            seen=absent.seen,
        )


def _last_record(way: StreamRoute, raw_key: str, version: int) -> dict[str, Any]:
    """Its key, in the types of the SCHEMA, and when it was found to be gone."""
    text = raw_key.removesuffix(way.key_suffix) if way.key_suffix else raw_key
    values = [text] if len(way.raw_keys) == 1 else msgspec.json.decode(text, type=list[str])
    properties = (way.schema.get("schema") or {}).get("properties") or {}
    record: dict[str, Any] = {
        name: _typed(properties.get(name) or {}, value)
        for name, value in zip(way.raw_keys, values, strict=True)
    }
    return record | {DELETED_AT: _instant(version)}


def _typed(schema: Mapping[str, Any], text: str) -> str | int:
    kinds = schema.get("type") or ()
    digits = text.removeprefix("-")
    return int(text) if "integer" in kinds and digits.isdecimal() else text


def _instant(version: int) -> str:
    """The version as an instant, as which most taps give it; else the present."""
    try:
        found = dt.datetime.fromtimestamp(version / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        found = dt.datetime.now(dt.UTC)
    return found.isoformat()


def _seconds(time_extracted: Any) -> float | None:
    try:
        parsed = dt.datetime.fromisoformat(str(time_extracted))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)).timestamp()
