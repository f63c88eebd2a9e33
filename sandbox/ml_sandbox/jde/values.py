"""Values on their way out of the tables, and in through the control API."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.catalog import TableSpec
from ml_sandbox.jde.dictionary import Item, Kind
from ml_sandbox.jde.store import Row, Value

Render = Callable[[Value], Any]
_DATE_PATTERNS = {
    "dd/MM/yyyy": "%d/%m/%Y",
    "MM/dd/yyyy": "%m/%d/%Y",
    "yyyy-MM-dd": "%Y-%m-%d",
    "yyyyMMdd": "%Y%m%d",
}
_LENGTHS = {"dd/MM/yyyy": 10, "MM/dd/yyyy": 10, "yyyy-MM-dd": 10, "yyyyMMdd": 8}


def renderer(item: Item, settings: VendorSettings) -> Render:
    """Give the function that turns a stored value of a column into its JSON value (GRID_DATA)."""
    if item.kind is Kind.NUMBER:
        shift = item.decimals if settings.text("amounts") == "stored" else 0
        return lambda value: _number(value, shift)
    if item.kind is Kind.DATE:
        none = None if settings.text("null_dates") == "null" else ""
        return lambda value: none if value is None else str(value).replace("-", "")
    if item.kind is Kind.UTIME:
        return lambda value: value
    return _text_renderer(item, settings)


def _text_renderer(item: Item, settings: VendorSettings) -> Render:
    empty = " " if settings.text("blank_strings") == "space" else ""
    padded = settings.flag("padded_strings")
    if not item.right and not padded:
        return lambda value: value or empty

    def render(value: Value) -> str:
        text = str(value or "")
        if item.right and text:
            return text.rjust(item.size)
        if padded:
            return text.ljust(item.size)
        return text or empty

    return render


def _number(value: Value, shift: int) -> int | float:
    if type(value) is int and not shift:
        return value
    number = Decimal(str(value or 0)).scaleb(shift)
    return int(number) if number == number.to_integral_value() else float(number)


def format_date(day: date, pattern: str) -> str:
    """Write a date in one of the user formats."""
    return day.strftime(_DATE_PATTERNS[pattern])


def parse_date(text: str, pattern: str) -> str | None:
    """Read a date of exactly this form as ``YYYY-MM-DD``; None when it has another one."""
    if pattern == "cyyddd":
        return from_julian(text)
    try:
        day = datetime.strptime(text, _DATE_PATTERNS[pattern]).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None
    return day.isoformat() if len(text) == _LENGTHS[pattern] else None


def from_julian(text: str) -> str | None:
    """Read CYYDDD as ``YYYY-MM-DD``; None when it is no such date."""
    if not re.fullmatch(r"\d{5,6}", text):
        return None
    number = int(text)
    try:
        return datetime.strptime(f"{1900 + number // 1000}{number % 1000:03}", "%Y%j").date().isoformat()  # noqa: DTZ007
    except ValueError:
        return None


def to_julian(text: str) -> int:
    """Write ``YYYY-MM-DD`` as CYYDDD."""
    day = date.fromisoformat(text)
    return (day.year - 1900) * 1000 + day.timetuple().tm_yday


def shown(row: Mapping[str, Value]) -> dict[str, Any]:
    """Give a row as the control API shows it: numbers as numbers, dates as ``YYYY-MM-DD`` or null."""
    return {alias: _number(value, 0) if isinstance(value, Decimal) else value for alias, value in row.items()}


def given_row(spec: TableSpec, given: Mapping[str, Any]) -> Row:
    """Check the columns of a row that the control API got; `ControlError` says what is wrong."""
    row: Row = {}
    for alias, value in given.items():
        require_known(f"column of {spec.name}:", alias, spec.columns)
        row[alias] = _given(spec, spec.columns[alias], value)
    return row


def _given(spec: TableSpec, item: Item, value: Any) -> Value:
    where = f"{spec.name}.{item.alias}"
    if item.kind is Kind.NUMBER:
        return _given_number(where, value)
    if value is None:
        return "" if item.kind is Kind.TEXT else None
    if not isinstance(value, str):
        raise ControlError(f"{where} must be a text or null, not {value!r}.")
    if item.kind is Kind.TEXT:
        text = value.strip() if item.right else value.rstrip()
        if len(text) > item.size:
            raise ControlError(f"{where} holds {item.size} characters, not {len(text)}: {text!r}.")
        return text
    return _given_moment(where, item, value)


def _given_number(where: str, value: Any) -> Value:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ControlError(f"{where} must be a number, not {value!r}.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ControlError(f"{where} must be a number, not {value!r}.") from error
    return int(number) if number == number.to_integral_value() else number


def _given_moment(where: str, item: Item, value: str) -> str:
    try:
        if item.kind is Kind.DATE:
            # Python reads other ISO forms too, YYYYMMDD among them.
            return datetime.strptime(value, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a date has no zone
        return datetime.fromisoformat(value).isoformat()
    except ValueError as error:
        form = "YYYY-MM-DD" if item.kind is Kind.DATE else "YYYY-MM-DDTHH:MM:SS"
        raise ControlError(f"{where} must be {form} or null, not {value!r}.") from error
