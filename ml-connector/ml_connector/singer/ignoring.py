"""The run of a direction that is switched off: records are read, counted and ignored; nothing is sent."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.ledger import AuditRow, Letter
from ml_connector.singer.intake import Line, StreamRoute
from ml_connector.singer.mapping import StreamMapping
from ml_connector.singer.run import TargetRun
from ml_connector.singer.validation import Validator

log = logging.getLogger(__name__)

REASON = "two_way is off: nothing goes back"
_ROWS = 1_000


def is_off(config: Mapping[str, Any]) -> bool:
    """Whether the settings let nothing go back to the system that the other direction comes from."""
    return bool(config.get("way_back")) and not config.get("two_way")


class IgnoringRun(TargetRun):
    """A run in which each record ends as `ignored`. Neither journal nor target are looked at."""

    _audited: list[AuditRow]

    def start(self) -> None:
        """Say once that nothing will be sent."""
        self._audited = []
        self.summary.warn(f"{REASON} to {self._policies.target}. All records are ignored.")

    def add_stream(self, stream: str, mappings: Iterable[StreamMapping], message: Mapping[str, Any]) -> None:
        """A SCHEMA message. Definitions are left alone: what a record would become does not matter.

        Raises:
            SystemFault: a stream without a key, as in any run.
        """
        self._ways[stream] = [
            self._bare_way(stream, mapping, message) for mapping in mappings if not mapping.removes
        ]

    def _bare_way(self, stream: str, mapping: StreamMapping, message: Mapping[str, Any]) -> StreamRoute:
        keys = tuple(message.get("key_properties") or ())
        if not keys and not mapping.key_properties:
            raise SystemFault(f"Stream {stream} has no key.", fix="Declare key_properties in the tap.")
        spec = self._objects[mapping.object_name].spec
        route = self.engine.route(stream, mapping.object_name)
        return StreamRoute(stream, route, spec, mapping, Validator(spec), {}, message, keys, None)

    def take(self, stream: str, line: Line) -> None:
        """A RECORD: it is over at once on each of its ways."""
        ways = self._ways[stream]
        if not self._open_line(line, len(ways)):
            return
        for way in ways:
            self.summary.outcomes["ignored"] += 1
            self.states.close(line.position)
            word = "would ignore" if self.dry else "ignored"
            self._audited.append(AuditRow(stream, way.route.object, line.key, word, reason=REASON))
        if len(self._audited) >= _ROWS:
            self.flush()
        self.beat()

    def activate(self, stream: str, version: int, position: int) -> None:
        """Who is gone from the source does not matter either."""

    def flush(self) -> None:
        """Note what was ignored."""
        rows, self._audited = self._audited, []
        if rows:
            with self.ledger.write(self.integration, self._policies.target, lease=self._lease) as tx:
                tx.runs.audit(self.run_id, self.integration, rows)
        self._oldest = None

    def passing_letters(self) -> list[Letter]:
        """None: they stay until something is sent again."""
        return []
