"""DATE columns say nothing about their zone: they are in that of the database server."""

from __future__ import annotations

import datetime as dt
import functools
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ml_connector.errors import SystemFault


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
        self.text_of = functools.lru_cache(maxsize=50_000)(self._text_of)

    def to_utc(self, local: dt.datetime) -> dt.datetime:
        """Return the instant of a local time; one that carries an offset is taken by it."""
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._zone)
        return local.astimezone(dt.UTC)

    def _text_of(self, text: str) -> str:
        """Return an ISO date of an answer as instant, `2026-11-20T15:11:12Z`; ValueError for other text."""
        return self.instant_text(dt.datetime.fromisoformat(text))

    def instant_text(self, local: dt.datetime) -> str:
        """Return a local time as text in UTC, to the second, as DATE has it."""
        return self.to_utc(local).strftime("%Y-%m-%dT%H:%M:%SZ")

    def local(self, instant: dt.datetime) -> dt.datetime:
        """Return the local time of an instant, without its zone."""
        return instant.astimezone(self._zone).replace(tzinfo=None)

    def lower_bound(self, instant: dt.datetime) -> dt.datetime:
        """Return a local time that no later instant lies before."""
        here = instant.astimezone(self._zone)
        first, second = (here.replace(fold=fold).utcoffset() for fold in (0, 1))
        repeated = (first or dt.timedelta()) - (second or dt.timedelta())
        return here.replace(tzinfo=None) - max(repeated, dt.timedelta())
