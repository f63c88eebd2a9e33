"""Values as the data service gives them, in one form: text trimmed, numbers exact, dates without time.

Dates come as 8 digits (YYYYMMDD) in GRID_DATA; ISO, CYYDDD (`(year - 1900) * 1000 + day of year`) and
milliseconds since 1970 are seen in other answers and read as well. Anything else is an error that names
table, key and column.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.settings import flat
from ml_connector.vendors.jde.tables import Column, Kind, Table
from ml_connector.zones import ServerZone

Value = str | int | Decimal | None
Read = Callable[[Any], Value]

RIGHT_JUSTIFIED = frozenset({"MCU", "MCUR", "MCUP"})
"""Business units are stored right-justified."""

_DAY_MILLISECONDS = 86_400_000
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?\Z")
_DIGITS = re.compile(r"-?\d+\Z")
_YEARS = (1800, 2200)


def date_of(value: Any, zone: ServerZone) -> dt.date | None:
    """Return the date of a cell; None for no date. ValueError for what is none.

    Milliseconds that are a midnight of UTC name that day, others the day in `zone`.
    """
    if _is_absent(value):
        return None
    text = str(value).strip()
    if text in {"", "0"}:
        return None
    iso = _ISO_DAY.match(text)
    if iso:
        return dt.date(*map(int, iso.groups()))
    if not _DIGITS.match(text):
        raise ValueError(text)
    digits, number = len(text.lstrip("-")), int(text)
    if digits == 8 and number > 0:
        return _plausible(dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date())
    if number > 0 and digits in {5, 6}:
        return _julian(number)
    if 9 <= digits <= 14:
        return _plausible(_day_of_milliseconds(number, zone))
    raise ValueError(text)


def julian_of(day: dt.date) -> int:
    """Return a date as CYYDDD."""
    return (day.year - 1900) * 1000 + day.timetuple().tm_yday


def time_of(value: int | None) -> dt.time:
    """Return the time of day that HHMMSS without leading zeros names; midnight for none.

    ValueError for a number that is none.
    """
    number = value or 0
    if not 0 <= number <= 235959:
        raise ValueError(str(value))
    return dt.time(number // 10_000, number // 100 % 100, number % 100)


def number_of(value: Any) -> int | Decimal | None:
    """Return the number of a cell with all its digits, a whole one as int; None for none."""
    if _is_absent(value):
        return None
    if isinstance(value, int):
        return value
    text = str(value).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return int(number) if number == number.to_integral_value() else number.normalize()


def integer_of(value: Any) -> int | None:
    """Return the whole number of a cell; ValueError for another one."""
    number = number_of(value)
    if isinstance(number, Decimal):
        raise ValueError(str(value))
    return number


def instant_of(value: Any) -> str | None:
    """Return a UTIME as instant, `2026-11-20T15:11:12Z`: its text is in UTC and need not say so."""
    if _is_absent(value):
        return None
    text = str(value).strip()
    if text in {"", "0"}:
        return None
    if _DIGITS.match(text) and 9 <= len(text) <= 14:
        instant = _EPOCH + dt.timedelta(milliseconds=int(text))
    else:
        instant = dt.datetime.fromisoformat(re.sub(r"\s*UTC\Z", "", text))
    instant = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def require_decimals(decimals: Mapping[str, Any] | None, tables: Iterable[Table]) -> None:
    """Raise SystemFault where `decimals` names what is no column of numbers: it would change nothing."""
    known = {f"{table.name}.{column.name}": column.kind for table in tables for column in table.columns}
    for name in flat(decimals or {}):
        if known.get(name.upper()) is not Kind.NUMBER:
            raise SystemFault(
                f"`decimals` names {name!r}, which is no column of numbers with decimals.",
                fix="Write `TABLE.ALIAS`, such as F03012.ACL; in `tables` the type is NUMBER.",
            )


class Readers:
    """The reading of cells, by column."""

    def __init__(self, zone: ServerZone, decimals: Mapping[str, Any] | None = None) -> None:
        self.zone = zone
        self._decimals = {name.upper(): int(places) for name, places in flat(decimals or {}).items()}

    def of(self, table: Table, column: Column) -> Read:
        """Return what reads the cells of a column; it raises ValueError for a cell that it cannot read."""
        if column.kind is Kind.DATE:
            return self._day
        if column.kind is Kind.INTEGER:
            return integer_of
        if column.kind is Kind.INSTANT:
            return instant_of
        if column.kind is Kind.NUMBER:
            places = self._decimals.get(f"{table.name}.{column.name}", 0)
            return number_of if not places else _scaled(places)
        return _text_reader(column.name in RIGHT_JUSTIFIED, is_key=column.name in table.key)

    def _day(self, value: Any) -> str | None:
        day = date_of(value, self.zone)
        return None if day is None else day.isoformat()


def wrong_value(table: str, key: Mapping[str, Any], column: str, value: Any, kind: Kind) -> SystemFault:
    """Return the fault of a cell that cannot be read."""
    named = ", ".join(f"{name} {part!r}" for name, part in key.items())
    return SystemFault(
        f"{table}.{column} of {named} is {value!r}, which is no {kind.value}.",
        fix="Correct the row in EnterpriseOne, leave the column out of the selection, or give the table's "
        "columns in `tables`.",
    )


def _text_reader(right_justified: bool, *, is_key: bool) -> Read:
    def read(value: Any) -> str | None:
        if value is None:
            return "" if is_key else None
        text = str(value).strip() if right_justified else str(value).rstrip()
        return text if text or is_key else None

    return read


def _scaled(places: int) -> Read:
    def read(value: Any) -> Value:
        number = number_of(value)
        return None if number is None else number_of(Decimal(number).scaleb(-places))

    return read


def _is_absent(value: Any) -> bool:
    if isinstance(value, bool):
        raise ValueError(str(value))
    return value is None


def _julian(number: int) -> dt.date:
    year, day = 1900 + number // 1000, number % 1000
    found = dt.date(year, 1, 1) + dt.timedelta(days=day - 1)
    if day < 1 or found.year != year:
        raise ValueError(str(number))
    return found


def _plausible(day: dt.date) -> dt.date:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise ValueError(day.isoformat())
    return day


def _day_of_milliseconds(number: int, zone: ServerZone) -> dt.date:
    instant = _EPOCH + dt.timedelta(milliseconds=number)
    return (zone.local(instant) if number % _DAY_MILLISECONDS else instant).date()
