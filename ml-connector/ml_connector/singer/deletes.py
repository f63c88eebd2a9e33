"""Finding records that are gone from the source: when a scan of all keys is due, and its version.

A scan sends every record that is there with one `version`, then ACTIVATE_VERSION: whatever a loader holds
of the stream without this version is gone. The state of a stream notes when a scan was last complete; one
that ended half-way left nothing behind, and begins anew.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, MutableMapping
from typing import Any, Self

from ml_connector.errors import SystemFault
from ml_connector.settings import Setting
from ml_connector.singer.windows import instant_text, parse_instant

CHECKED_AT = "deletes_checked_at"
"""Member of a stream's state: the start of its last complete scan, whose milliseconds were the version."""

DEFAULT_DAYS = 7

DELETE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "deletes",
        "Find records that were deleted in the source, which nothing else tells. `off`: no. `keys`: now and "
        "then read the keys of all records and send them alone, as records without other fields, then "
        "ACTIVATE_VERSION. Only for targets that take such a record as a sign that it exists, as those of "
        "ml-connector do: loaders of other makers would blank all other columns. `records`: read and send "
        "all records whole instead, for any loader that honours ACTIVATE_VERSION.",
        default="off",
        allowed=("off", "keys", "records"),
    ),
    Setting(
        "deletes_every",
        "Days between two searches for deleted records, fractions allowed; 0 is every run. Runs with `keys`, "
        "`from` or `to` never search.",
        "number",
        DEFAULT_DAYS,
        minimum=0,
    ),
)
"""Settings of every tap that can find deleted records."""

_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
# Of the days between: a run that starts a little earlier than the last one did still scans.
_EARLY = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class DeleteRules:
    """Whether and how often a tap looks for deleted records; see `DELETE_SETTINGS`."""

    mode: str = "off"
    every: dt.timedelta = dt.timedelta(days=DEFAULT_DAYS)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build it from a plugin's settings; absent and null ones are defaults."""
        days = settings.get("deletes_every")
        return cls(
            mode=str(settings.get("deletes") or "off"),
            every=dt.timedelta(days=DEFAULT_DAYS if days is None else float(days)),
        )

    def scan(self, state: Mapping[str, Any], now: dt.datetime, *, whole: bool) -> Scan | None:
        """Return the scan that is due, None where none is. `state` is the stream's own, `now` ours, in UTC.

        `whole`: records are sent whole, whatever the mode says.
        """
        if self.mode == "off":
            return None
        last = last_checked(state)
        # A time to come is of a clock that was wrong then or is now: nothing can be counted from it.
        if last is not None and last <= now and now - last < self.every * (1 - _EARLY):
            return None
        version = max(milliseconds(now), milliseconds(last) + 1 if last is not None else 0)
        return Scan(version, keys_only=self.mode == "keys" and not whole, seen_before=last is not None)


@dataclasses.dataclass(slots=True)
class Scan:
    """One look at all records of a stream. `version`: milliseconds since 1970, higher than any before.

    `seen_before`: records of the stream were there in an earlier scan. `separate`: it is no window's
    ordinary reading. `records` counts those sent.
    """

    version: int
    keys_only: bool
    seen_before: bool = False
    separate: bool = False
    records: int = 0

    def note(self, state: MutableMapping[str, Any]) -> None:
        """Write into the stream's state that this scan is complete."""
        state[CHECKED_AT] = instant_text(_EPOCH + dt.timedelta(milliseconds=self.version))

    def may_activate(self, stream: str) -> bool:
        """Whether what the scan saw may stand for the whole stream; nothing at all may not.

        Raises:
            SystemFault: nothing was there, although records were before.
        """
        if self.records:
            return True
        if not self.seen_before:
            return False
        raise SystemFault(
            f"The search for deleted records of {stream} found no record at all, although there were some "
            "before. A lost grant or another context looks the same, so nothing was reported as deleted.",
            fix="Check what the user may see, and the settings that narrow it. If all records are really "
            "gone, take them out at the target yourself and run once with --full-refresh.",
        )


def last_checked(state: Mapping[str, Any]) -> dt.datetime | None:
    """When the last complete scan began, by the state of its stream; None where there was none."""
    text = state.get(CHECKED_AT)
    return parse_instant(str(text), f"The state's {CHECKED_AT}") if text else None


def milliseconds(instant: dt.datetime) -> int:
    """Whole milliseconds from 1970 to an aware instant."""
    return (instant - _EPOCH) // dt.timedelta(milliseconds=1)
