"""Instants as the vendor keeps them: UTC, whole seconds, as text that sorts by time."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d))?)?)?(Z|[+-]\d\d:?\d\d)?")


def shown(moment: datetime) -> str:
    """An aware instant as text."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def read_instant(text: object) -> str | None:
    """An instant that was sent, as it is kept; None when it is none. UTC where no zone is given."""
    if not isinstance(text, str) or not _FULL.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.replace(",", "."))
        return shown(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def read_date(text: object) -> str | None:
    """A day that was sent; None when it is none."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def read_span(text: str) -> tuple[str, str] | None:
    """The span of a filter value with its precision: its first instant, and the first after it."""
    instant = read_instant(text)
    if instant is not None:
        step = timedelta(seconds=1) if text.count(":") - _zone_colons(text) == 2 else timedelta(minutes=1)
        begin = datetime.fromisoformat(instant)
        return instant, _shown_end(lambda: begin + step)
    found = _PARTIAL.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, zone = found.groups()
    try:
        begin = datetime.fromisoformat(f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:00{zone or 'Z'}")
        return shown(begin), _shown_end(lambda: _after(begin, month, day, hour))
    except (ValueError, OverflowError):
        return None


def _shown_end(end: Callable[[], datetime]) -> str:
    """The end of a span; of the last one there is, a text above all instants."""
    try:
        return shown(end())
    except (ValueError, OverflowError):
        return "9999-12-31T24"


def _after(begin: datetime, month: str | None, day: str | None, hour: str | None) -> datetime:
    if hour is not None:
        return begin + timedelta(hours=1)
    if day is not None:
        return begin + timedelta(days=1)
    if month is not None:
        later = begin + timedelta(days=31)
        return later.replace(day=1)
    return begin.replace(year=begin.year + 1)


def _zone_colons(text: str) -> int:
    return 1 if re.search(r"[+-]\d\d:\d\d$", text) else 0
