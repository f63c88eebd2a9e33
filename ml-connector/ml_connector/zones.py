"""DATE columns say nothing about their zone: they are in that of the database server."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ml_connector.errors import SystemFault

_RESTS = {f":{m:02d}:{s:02d}": f":{m:02d}:{s:02d}Z" for m in range(60) for s in range(60)}
_LAST_SECOND = dt.timedelta(minutes=59, seconds=59)
_MOST_HOURS = 200_000
_EDGES = (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC))


class ServerZone:
    """The database server's time zone.

    In the hour that autumn repeats, a local time names two instants. Values are then read as the earlier
    one, and lower bounds are widened by that hour, so that a window never misses a row.
    """

    def __init__(self, name: str) -> None:
        try:
            self._zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise SystemFault(
                f"The setting `server_timezone` is {name!r}, which is no time zone.",
                fix="Give the name from the IANA list, such as America/New_York.",
            ) from None
        self.name = name
        self._hours: dict[str, str] = {}
        self._other_text = functools.lru_cache(maxsize=50_000)(self._text_of)

    def to_utc(self, local: dt.datetime) -> dt.datetime:
        """Return the instant of a local time; one that carries an offset is taken by it.

        Ends of time, such as the last second of 9999, stay within what a date can say.
        """
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._zone)
        try:
            return local.astimezone(dt.UTC)
        except OverflowError:
            return _EDGES[local.year > 1]

    def text_of(self, text: str) -> str:
        """Return an ISO date of an answer as instant, `2026-11-20T15:11:12Z`; ValueError for other text."""
        rest = _RESTS.get(text[13:])
        hour = self._hours.get(text[:13]) or self._hour_of(text[:13]) if rest else ""
        return hour + rest if rest and hour else self._other_text(text)

    def with_hours(self, read: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
        """Return `read`, spared for dates of an hour that was met before: rows are many and hours are few."""
        hour_of, rest_of = self._hours.get, _RESTS.get

        def quick(value: Any) -> str | None:
            if value.__class__ is str:
                hour, rest = hour_of(value[:13]), rest_of(value[13:])
                if hour and rest:
                    return hour + rest
            return read(value)

        return quick

    def _hour_of(self, text: str) -> str:
        """Return the hour in UTC, `2026-11-20T15`; empty where it is not a whole hour of UTC."""
        first = self.to_utc(dt.datetime.fromisoformat(f"{text}:00:00"))
        last = self.to_utc(dt.datetime.fromisoformat(f"{text}:59:59"))
        if first.minute or last - first != _LAST_SECOND:
            return ""
        if len(self._hours) >= _MOST_HOURS:
            self._hours.clear()
        self._hours[text] = first.isoformat()[:13]
        return self._hours[text]

    def _text_of(self, text: str) -> str:
        return self.instant_text(dt.datetime.fromisoformat(text))

    def instant_text(self, local: dt.datetime) -> str:
        """Return a local time as text in UTC, to the second, as DATE has it."""
        return f"{self.to_utc(local).replace(tzinfo=None).isoformat(timespec='seconds')}Z"

    def local(self, instant: dt.datetime) -> dt.datetime:
        """Return the local time of an instant, without its zone."""
        try:
            return instant.astimezone(self._zone).replace(tzinfo=None)
        except OverflowError:
            return _EDGES[instant.year > 1].replace(tzinfo=None)

    def lower_bound(self, instant: dt.datetime) -> dt.datetime:
        """Return a local time that no later instant lies before."""
        here = instant.astimezone(self._zone)
        first, second = (here.replace(fold=fold).utcoffset() for fold in (0, 1))
        repeated = (first or dt.timedelta()) - (second or dt.timedelta())
        return here.replace(tzinfo=None) - max(repeated, dt.timedelta())
