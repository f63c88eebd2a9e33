"""Versions of records, in one form that compares as text."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal
from typing import Any

import pendulum

_OFFSET = Decimal(10) ** 24  # makes every number positive, so that it compares as text
_NANO, _EXACT = Decimal("1e-9"), Context(prec=60)
_NUMBER = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{1,9})?")


def as_version(value: Any) -> str | None:
    """A replication key's value as sortable text, None where there is none.

    Instants become UTC with microseconds (`t2026-11-20T10:00:00.000000`), numbers and texts of digits are
    padded, other text stays as it is. Texts of different kinds are not comparable: see `older`.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return f"s{value}"
    if isinstance(value, (int, Decimal, float)):
        return _as_number(Decimal(str(value))) or f"s{value}"
    if isinstance(value, (dt.datetime, dt.date)):
        return as_version(value.isoformat())
    text = str(value)
    if _NUMBER.fullmatch(text):
        return _as_number(Decimal(text))
    try:
        instant = as_instant(text)
        return f"s{text}" if instant is None else "t" + _utc(instant)
    except OverflowError:  # an instant of the first or last day of the calendar, in a zone
        return f"s{text}"


def _as_number(number: Decimal) -> str | None:
    if not number.is_finite() or abs(number) >= _OFFSET:
        return None
    return f"n{_EXACT.add(number, _OFFSET).quantize(_NANO, context=_EXACT):0>35}"


def as_instant(text: str) -> dt.datetime | None:
    """The instant that an ISO 8601 text names (UTC where it has no zone), None for any other text."""
    if len(text) < 8 or not text[0].isdigit():
        return None
    try:
        parsed = dt.datetime.fromisoformat(text)
    except ValueError:
        try:
            loose = pendulum.parse(text, strict=True)
        except ValueError:
            return None
        if not isinstance(loose, pendulum.DateTime):
            return None
        parsed = loose
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)


def _utc(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def older(version: str | None, than: str | None) -> bool:
    """True where both are known, of one kind, and the first is the older."""
    if version is None or than is None or version[0] != than[0]:
        return False
    return version < than


def just_after(version: str | None) -> str | None:
    """A version that follows this one and comes before any other that does."""
    return None if version is None else f"{version}+"


def seconds_of(version: str | None) -> float | None:
    """The instant behind a version as UTC seconds, None where it names none."""
    if version is None or version[0] != "t":
        return None
    return dt.datetime.fromisoformat(version[1:] + "+00:00").timestamp()
