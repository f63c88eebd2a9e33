"""Rows that come in through the control API: checked, stamped, stored."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ml_sandbox.core.errors import ControlError
from ml_sandbox.ebs.catalog import Column, Kind, TableSpec
from ml_sandbox.ebs.rendering import control_value
from ml_sandbox.ebs.store import TableStore, Tuple, Value

VISIBLE_AFTER = "__visible_after_seconds"
DELETED = "__deleted"
_CLERK = 1318


class Writer:
    """Upserts rows as a transaction of the instance would.

    Args:
        server_time: gives the present time in the server's zone, `YYYY-MM-DDTHH:MM:SS`.
        monotonic: gives the vendor's clock in seconds.
    """

    def __init__(self, server_time: Callable[[], str], monotonic: Callable[[], float]) -> None:
        self._server_time = server_time
        self._monotonic = monotonic

    def load(self, store: TableStore, row: Mapping[str, Any]) -> None:
        """Store a row of trusted types as it is; columns that it lacks are null."""
        store.put(tuple(map(row.get, store.spec.names)))

    def put(self, store: TableStore, row: Mapping[str, Any]) -> dict[str, Any]:
        """Upsert or delete one row and give it as stored.

        Columns that an update does not name keep their values; LAST_UPDATE_DATE is now unless given.
        `__visible_after_seconds` delays the commit, not the stamp; `__deleted` removes the row for good.
        """
        given = {name: value for name, value in row.items() if name not in {VISIBLE_AFTER, DELETED}}
        values = _checked_values(store.spec, given)
        key = self._key(store, values)
        if row.get(DELETED):
            store.delete(key)
            return {**dict(zip(store.spec.key, key, strict=True)), DELETED: True}
        new = self._merged(store, key, values)
        delay = _delay(row.get(VISIBLE_AFTER, 0))
        if delay:
            store.stage(new, self._monotonic() + delay)
        else:
            store.put(new)
        return shown(store.spec, new) | ({VISIBLE_AFTER: delay} if delay else {})

    def _merged(self, store: TableStore, key: Tuple, values: dict[str, Value]) -> Tuple:
        now = self._server_time()
        old = store.get(key)
        if old is None:
            base: dict[str, Value] = {"CREATION_DATE": now, "CREATED_BY": _CLERK}
        else:
            base = dict(zip(store.spec.names, old, strict=True))
        base |= {"LAST_UPDATE_DATE": now, "LAST_UPDATED_BY": _CLERK, "LAST_UPDATE_LOGIN": -1}
        base |= dict(zip(store.spec.key, key, strict=True))
        merged = base | values
        if merged["LAST_UPDATE_DATE"] is None:
            raise ControlError(f"LAST_UPDATE_DATE of {store.spec.name} cannot be null; leave it out for now.")
        return tuple(map(merged.get, store.spec.names))

    def _key(self, store: TableStore, values: dict[str, Value]) -> Tuple:
        missing = [name for name in store.spec.key if values.get(name) is None]
        if not missing:
            return tuple(values[name] for name in store.spec.key)
        if len(store.spec.key) > 1:
            raise ControlError(f"A row of {store.spec.name} needs its key: {', '.join(store.spec.key)}.")
        return (store.next_key(),)


def shown(spec: TableSpec, row: Tuple) -> dict[str, Any]:
    """Give a row as the control API shows it: every column, nulls too."""
    return {name: control_value(value) for name, value in zip(spec.names, row, strict=True)}


def _delay(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ControlError(f"{VISIBLE_AFTER} must be a number of seconds from 0, not {value!r}.")
    return float(value)


def _checked_values(spec: TableSpec, given: Mapping[str, Any]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in given.items():
        column = spec.column(name)
        if column is None:
            raise ControlError(f"{spec.name} has no column {name!r}.", spec.names)
        # Empty text and null are one value in Oracle.
        values[name] = None if value is None or value == "" else _CHECKS[column.kind](column, value)
    return values


def _number(column: Column, value: Any) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or isinstance(value, bool | list | dict):
        raise ControlError(f"{column.name} must be a number, not {value!r}.")
    return int(number) if number == number.to_integral_value() and abs(number) < 10**38 else number


def _date(column: Column, value: Any) -> Value:
    try:
        when = datetime.fromisoformat(value)
        if when.tzinfo is not None:
            raise ValueError
    except (TypeError, ValueError):
        raise ControlError(
            f"{column.name} must be a date and time like 2026-11-20T10:11:12 in the server's zone, "
            f"without an offset, not {value!r}."
        ) from None
    return when.isoformat(timespec="seconds")


def _text(column: Column, value: Any) -> Value:
    if not isinstance(value, str):
        raise ControlError(f"{column.name} must be a text, not {value!r}.")
    if len(value) > column.size:
        raise ControlError(f"{column.name} holds {column.size} characters, the value has {len(value)}.")
    return value


_CHECKS: dict[Kind, Callable[[Column, Any], Value]] = {
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.VARCHAR2: _text,
}
