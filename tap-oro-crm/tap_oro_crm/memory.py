"""What the state of a stream keeps beside its bookmark, so that a change is sent once and none is missed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping, MutableMapping
from typing import Any

import msgspec

from ml_connector.errors import SystemFault
from ml_connector.singer.windows import Window, instant_text, parse_instant

RECENT = "recent"
"""Id -> digest of the records that changed in the look-back of the last run: they are read again, but sent
again only if they look different."""
HIGHEST = "highest_id"
"""The highest id seen: a record above it is new, whatever its dates say."""
UNFINISHED = "unfinished"
"""The window that a killed run was in, and the id up to which its records were sent."""

# Beyond that, records of the look-back are sent twice, so that a mass change does not swell the state.
_MOST_RECENT = 5_000

State = MutableMapping[str, Any]


def digest_of(record: Mapping[str, Any]) -> str:
    """A short digest of a record as it is sent."""
    return hashlib.blake2b(msgspec.json.encode(record), digest_size=6).hexdigest()


@dataclasses.dataclass(slots=True)
class Memory:
    """What one reading of a window knows of the run before, and collects for the next one.

    `sent`: what the last run sent of its look-back. `zone`: the next run reads again what changed since then.
    """

    sent: Mapping[str, str]
    highest_before: int | None
    zone: dt.datetime
    highest: int = 0
    _recent: dict[str, tuple[dt.datetime, str]] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, state: Mapping[str, Any], zone: dt.datetime, *, blank: bool = False) -> Memory:
        """Read it from a stream's state, or begin without what is there."""
        if blank:
            return cls({}, None, zone)
        before = state.get(HIGHEST)
        number = None if before is None else _id_of(before, HIGHEST)
        sent = state.get(RECENT) or {}
        if not isinstance(sent, Mapping):
            raise _odd(RECENT, sent, "list of ids with digests")
        return cls(dict(sent), number, zone, number or 0)

    def saw(self, identifier: str) -> None:
        """Remember an id that exists."""
        self.highest = max(self.highest, int(identifier))

    def is_new(self, identifier: str) -> bool:
        """Whether the id is above all that earlier runs saw."""
        return self.highest_before is not None and int(identifier) > self.highest_before

    def differs(self, identifier: str, digest: str) -> bool:
        """Whether a record looks other than when it was last sent, by this run or the one before."""
        now = self._recent.get(identifier)
        return digest != (now[1] if now is not None else self.sent.get(identifier))

    def note(self, identifier: str, changed: dt.datetime | None, digest: str) -> None:
        """Remember a record that is sent, or was sent before as it is."""
        if changed is None or changed >= self.zone or self.is_new(identifier):
            self._recent[identifier] = (changed or self.zone, digest)

    def save(self, state: State) -> None:
        """Write what the next run needs; the window is finished."""
        newest = sorted(self._recent.items(), key=lambda item: item[1][0], reverse=True)[:_MOST_RECENT]
        state.pop(UNFINISHED, None)
        state[HIGHEST] = self.highest
        state[RECENT] = {identifier: digest for identifier, (_, digest) in sorted(newest)}


@dataclasses.dataclass(frozen=True, slots=True)
class Unfinished:
    """A window of an earlier run, sent up to the id `after`."""

    start: dt.datetime | None
    end: dt.datetime
    after: int

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Unfinished | None:
        """Read it from a stream's state."""
        found = state.get(UNFINISHED)
        if not isinstance(found, Mapping):
            return None
        start = found.get("from")
        name = f"The state's {UNFINISHED}"
        return cls(
            parse_instant(str(start), name) if start else None,
            parse_instant(str(found.get("until")), name),
            _id_of(found.get("after") or 0, UNFINISHED),
        )


def _id_of(value: Any, name: str) -> int:
    if not str(value).isdecimal():
        raise _odd(name, value, "id")
    return int(value)


def _odd(name: str, value: Any, wanted: str) -> SystemFault:
    return SystemFault(
        f"The state's {name} is {value!r}, which is no {wanted}.",
        fix="Give the state as the last run wrote it, or run with none to read everything again.",
    )


def note_position(state: State, window: Window, after: int) -> None:
    """Write how far a window was sent."""
    if window.end is not None:
        start = instant_text(window.start) if window.start else None
        state[UNFINISHED] = {"from": start, "until": instant_text(window.end), "after": after}
