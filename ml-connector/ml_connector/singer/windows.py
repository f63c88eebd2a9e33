"""Windows of time in which changed records are read: bounds, slices, bookmarks.

A run fixes its upper bound once: the system's own time less a lag, since what is being committed just now
may carry an older stamp. It starts a look-back before the bookmark, for changes that were committed late.
A long range is cut into slices; each finished slice moves the bookmark, so that a killed run resumes there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Self

from ml_connector.errors import SystemFault
from ml_connector.settings import Setting

DEFAULT_LOOK_BACK = 86_400
DEFAULT_LAG = 300
CLOCK_SLACK = dt.timedelta(seconds=2)

WINDOW_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "start_date",
        "Read only what changed since then, as long as there is no bookmark. By default everything is read.",
        "date-time",
    ),
    Setting(
        "look_back",
        "Seconds before the bookmark that are read again in each run, for changes that were committed late.",
        "number",
        DEFAULT_LOOK_BACK,
        minimum=0,
    ),
    Setting(
        "window_lag",
        "Seconds before the system's present time at which a run stops reading, for changes that are being "
        "committed just now.",
        "number",
        DEFAULT_LAG,
        minimum=0,
    ),
    Setting(
        "window_days",
        "Days per slice of a long range; the bookmark moves after each slice. By default one slice.",
        "number",
        minimum=0.01,
    ),
    Setting(
        "from",
        "Read what changed since then, whatever the bookmark says, and leave the bookmark as it is.",
        "date-time",
    ),
    Setting("to", "End of a range that starts at `from` (or at the beginning).", "date-time"),
    Setting(
        "keys",
        "Read only the records with these keys, whenever they changed, and leave the bookmark as it is.",
        "array",
        items={"type": ["string", "integer"]},
    ),
)
"""Settings of every tap that reads incrementally."""


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """A range of change times, in UTC. None is an open end.

    The start belongs to it. The end belongs to it when `closed`: inner slices leave it to the next one.
    `keys`, when there are any, replace the range. `number` of `total` counts the slices of a run from 1.
    """

    start: dt.datetime | None = None
    end: dt.datetime | None = None
    closed: bool = True
    moves_bookmark: bool = True
    keys: tuple[str, ...] = ()
    number: int = 1
    total: int = 1

    @property
    def read_until(self) -> dt.datetime | None:
        """How far to ask: the end, and a little more where it is the present.

        A Date header tells the time to the second and may lag. What is read beyond the end does no harm: the
        next run starts at the end and reads it again.
        """
        return self.end + CLOCK_SLACK if self.end and self.closed and self.moves_bookmark else self.end

    @property
    def is_everything(self) -> bool:
        """Whether it reaches back to the beginning and up to now."""
        return self.start is None and not self.keys and self.moves_bookmark

    def __str__(self) -> str:
        if self.keys:
            return f"{len(self.keys)} given keys"
        start = instant_text(self.start) if self.start else "the beginning"
        return f"{start} to {instant_text(self.end) if self.end else 'now'}"


@dataclasses.dataclass(frozen=True, slots=True)
class WindowRules:
    """How the windows of a run are cut; see `WINDOW_SETTINGS`."""

    look_back: dt.timedelta = dt.timedelta(seconds=DEFAULT_LOOK_BACK)
    lag: dt.timedelta = dt.timedelta(seconds=DEFAULT_LAG)
    slice_length: dt.timedelta | None = None
    start_date: dt.datetime | None = None
    range_start: dt.datetime | None = None
    range_end: dt.datetime | None = None
    keys: tuple[str, ...] = ()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build it from a plugin's settings; absent and null ones are defaults."""
        days = settings.get("window_days")
        return cls(
            look_back=_seconds(settings, "look_back", DEFAULT_LOOK_BACK),
            lag=_seconds(settings, "window_lag", DEFAULT_LAG),
            slice_length=dt.timedelta(days=float(days)) if days else None,
            start_date=_instant(settings, "start_date"),
            range_start=_instant(settings, "from"),
            range_end=_instant(settings, "to"),
            keys=tuple(str(key) for key in settings.get("keys") or ()),
        )

    @property
    def is_extra(self) -> bool:
        """Whether the run reads what a setting names, beside the bookmark."""
        return bool(self.keys or self.range_start or self.range_end)

    def plan(self, bookmark: dt.datetime | None, now: dt.datetime) -> list[Window]:
        """Return the windows of a run, oldest first. `now` is the system's own time."""
        upper = _whole_seconds(now) - self.lag
        if self.keys:
            return [Window(end=upper, keys=self.keys, moves_bookmark=False)]
        if self.is_extra:
            end = min(self.range_end, upper) if self.range_end else upper
            return self._slices(self.range_start, end, moves_bookmark=False)
        return self._slices(self._start(bookmark, upper), upper, moves_bookmark=True)

    def _start(self, bookmark: dt.datetime | None, upper: dt.datetime) -> dt.datetime | None:
        if bookmark is None:
            return self.start_date
        # A bookmark beyond the upper bound (a longer lag, a clock set back) still reads its look-back.
        start = min(bookmark, upper) - self.look_back
        return max(start, self.start_date) if self.start_date else start

    def _slices(self, start: dt.datetime | None, end: dt.datetime, *, moves_bookmark: bool) -> list[Window]:
        if start is not None and start > end:
            return []
        edges: list[dt.datetime | None] = [start]
        if start is not None and self.slice_length is not None:
            edge = start + self.slice_length
            while edge < end:
                edges.append(edge)
                edge += self.slice_length
        ends: Sequence[dt.datetime | None] = [*edges[1:], end]
        return [
            Window(first, last, number == len(edges), moves_bookmark, (), number, len(edges))
            for number, (first, last) in enumerate(zip(edges, ends, strict=True), start=1)
        ]


def parse_instant(text: str, name: str = "value") -> dt.datetime:
    """Return the instant that an ISO 8601 text names, in UTC; UTC is assumed where it has no offset.

    Raises SystemFault for any other text; `name` says where it comes from.
    """
    try:
        parsed = dt.datetime.fromisoformat(text.strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, AttributeError, OverflowError):
        raise SystemFault(
            f"{name} is {text!r}, which is no date.", fix="Give a date like 2026-11-20T10:11:12Z."
        ) from None


def instant_text(instant: dt.datetime) -> str:
    """Return an aware instant as ISO 8601 in UTC, such as 2026-11-20T10:11:12Z."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _whole_seconds(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC).replace(microsecond=0)


def _seconds(settings: Mapping[str, Any], name: str, default: float) -> dt.timedelta:
    value = settings.get(name)
    return dt.timedelta(seconds=default if value is None else float(value))


def _instant(settings: Mapping[str, Any], name: str) -> dt.datetime | None:
    value = settings.get(name)
    return _whole_seconds(parse_instant(str(value), f"The setting `{name}`")) if value else None
