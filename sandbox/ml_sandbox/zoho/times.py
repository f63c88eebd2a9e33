"""Instants: kept as whole Unix seconds, shown with the offset of the user's time zone (REC)."""

import functools
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@functools.lru_cache(maxsize=65_536)
def shown_time(seconds: int, zone: str) -> str:
    """An instant as Zoho writes it: ``2024-02-19T18:30:23-08:00``."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def read_time(value: object, *, zulu: bool = False) -> int | None:
    """The Unix seconds of a time with an offset and without a fraction; None when it is no such time."""
    if not isinstance(value, str):
        return None
    found = _FORM.fullmatch(value)
    if found is None or (found[1] == "Z" and not zulu):
        return None
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except ValueError:
        return None


def is_date(value: object) -> bool:
    """Whether this is a day of the calendar as ``YYYY-MM-DD``."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
