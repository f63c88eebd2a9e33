"""Days of the database server: time windows begin at its midnight."""

from __future__ import annotations

import calendar
import datetime as dt
import functools

from ml_connector.zones import ServerZone

_DAY = dt.timedelta(days=1)


class Days:
    """The server's days, and the one on which time windows are judged.

    Rows carry their dates as text in UTC; here they become local dates without a zone, as DATE has them.
    """

    def __init__(self, zone: ServerZone, as_of: dt.date) -> None:
        self._zone = zone
        self.as_of = as_of
        self.midnight = midnight(as_of)
        self.local = functools.lru_cache(maxsize=50_000)(self._local)

    def day(self, text: str | None) -> str | None:
        """Return the server's day of an instant, `2026-11-20`."""
        return None if text is None else self.local(text).date().isoformat()

    def instant(self, local: dt.datetime) -> str:
        """Return a local time as rows carry it."""
        return self._zone.instant_text(local)

    def _local(self, text: str) -> dt.datetime:
        return self._zone.local(dt.datetime.fromisoformat(text))


def midnight(day: dt.date) -> dt.datetime:
    """Return the beginning of a day, without a zone."""
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local times have none


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months on, by Oracle's rule (ADD_MONTHS).

    The last day of a month stays the last day; a day that the other month lacks becomes its last.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, last if was_last else min(day.day, last))


def begins(day: dt.date) -> dt.datetime:
    """Edge of a date from which on something holds, at its own time."""
    return midnight(day)


def ended(day: dt.date) -> dt.datetime:
    """Edge of a last day: what it ends holds on it and no longer on the next."""
    return midnight(day - _DAY)


def passed(day: dt.date) -> dt.datetime:
    """Edge of a due date: it has passed when it lies before midnight of the day."""
    return midnight(day) - dt.timedelta(seconds=1)


def days_ago(count: int, day: dt.date) -> dt.datetime:
    """Edge of a date that is recent for so many days."""
    return midnight(day) - count * _DAY


def a_year_ago(day: dt.date) -> dt.datetime:
    """Edge of a date that belongs to the last twelve months."""
    return midnight(add_months(day, -12))
