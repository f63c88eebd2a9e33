"""Answers of the gateway as rows of declared columns: one form, however they were written.

An answer may wrap its rows in several ways, write one row as an object, numbers as text, nulls in five
forms and dates with or without fraction and offset. All of that ends here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, RequestFailed, SystemFault
from ml_connector.http import excerpt_of, path_of
from ml_connector.zones import ServerZone
from tap_oracle_ebs.catalog.tables import Column, Kind, Table
from tap_oracle_ebs.gateway import documents
from tap_oracle_ebs.gateway.masks import DateMask
from tap_oracle_ebs.gateway.rowcode import row_function

Value = str | int | Decimal | None
Row = dict[str, Value]
Convert = Callable[[Any], Value]

_NIL_KEYS = (documents.NIL, "@nil", "@xsi.nil")
_STATUS = "X_RETURN_STATUS"


def document_of(response: Response, system: str) -> Any:
    """Return the parsed body of an answer. A web page is a SystemFault, a cut body passes."""
    try:
        return documents.parse(response.content)
    except documents.Unreadable as error:
        title = f"{system}: {response.request.method} {path_of(response.request)}"
        kind = response.headers.get("Content-Type", "no content type")
        message = (
            f"{title} answered {response.status_code} with a body that cannot be read ({error}; {kind}, "
            f"{len(response.content)} bytes): {excerpt_of(response, 120)!r}."
        )
        if error.is_web_page:
            raise SystemFault(
                message, fix="Check `base_url` and `services_path`: they lead to a web page."
            ) from None
        raise RequestFailed(message, system=system, status=response.status_code) from None


def records_in(document: Any, operation: str) -> list[Mapping[str, Any]]:
    """Return the rows of an answer, as they are; no rows where the collection is missing, null or empty.

    Raises SystemFault for a document that is no answer of a read, and for a failure that the service
    reports in its own status.
    """
    output = document.get("OutputParameters", document) if isinstance(document, Mapping) else document
    if is_null(output):
        return []
    if isinstance(output, list):
        return as_records(output, operation)
    if not isinstance(output, Mapping):
        raise _unknown_shape(operation, output)
    _check_status(output, operation)
    members = {name: value for name, value in output.items() if not name.startswith(("@", "X_"))}
    members.pop("ControlBean", None)
    for name in (f"{operation}_REC", operation, f"{operation}_ITEM", "value"):
        if name in members:
            return as_records(members[name], operation)
    collections = [value for value in members.values() if isinstance(value, (list, Mapping))]
    if len(collections) == 1:
        return as_records(collections[0], operation)
    if any(not is_null(value) for value in members.values()):
        raise _unknown_shape(operation, output)
    return []


def outputs_in(document: Any, operation: str) -> Mapping[str, Any]:
    """Return the output parameters of an answer to POST, as they are; SystemFault where there are none."""
    output = document.get("OutputParameters", document) if isinstance(document, Mapping) else document
    if not isinstance(output, Mapping) or is_null(output):
        raise SystemFault(
            f"The answer of {operation} has no OutputParameters, but {_shown(output)}.",
            fix="Check in the WADL that the operation is one of the read package.",
        )
    return output


def as_records(value: Any, operation: str) -> list[Mapping[str, Any]]:
    """Return the rows of one collection: a list, one row as an object, or either below `..._ITEM`."""
    if is_null(value):
        return []
    if isinstance(value, Mapping):
        items = [name for name in value if name.endswith("_ITEM")]
        inner = [name for name in value if not name.startswith("@")]
        if len(items) == 1 and len(inner) == 1:
            return as_records(value[items[0]], operation)
        return [value]
    if not isinstance(value, list):
        raise _unknown_shape(operation, value)
    records = [item for item in value if not is_null(item)]
    if not all(isinstance(item, Mapping) for item in records):
        raise _unknown_shape(operation, value)
    return records


def _check_status(output: Mapping[str, Any], operation: str) -> None:
    status = output.get(_STATUS)
    if isinstance(status, str) and status.strip().upper() in {"E", "U"}:
        raise SystemFault(
            f"{operation} answered {_STATUS} {status!r}: {messages_of(output) or 'no message'}.",
            fix="The service itself reports this; correct what it names, or ask who wrote it.",
        )


def messages_of(output: Mapping[str, Any], name: str = "X_MSG_DATA") -> str:
    """Return what a service says of its own failure, in `name` or in a table of messages."""
    text = output.get(name)
    if isinstance(text, str) and text.strip():
        return text.strip()
    table = output.get("X_MESSAGES")
    items = table.get("X_MESSAGES_ITEM") if isinstance(table, Mapping) else table
    found = [items] if isinstance(items, Mapping) else items if isinstance(items, list) else []
    texts = [item.get("MESSAGE_TEXT") for item in found if isinstance(item, Mapping)]
    return "; ".join(text for text in texts if isinstance(text, str))


def _unknown_shape(operation: str, value: Any) -> ConnectorError:
    return SystemFault(
        f"The answer of {operation} has no rows where they are expected: {_shown(value)}.",
        fix="Check in the WADL that the operation is a read of a table or view.",
    )


def _shown(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, Mapping) else type(value).__name__


def is_null(value: Any) -> bool:
    """Tell whether a value is one of the forms of null: empty text is null too, as in Oracle."""
    if value.__class__ is str:
        return value == "" or value == "null"
    if value.__class__ is dict:
        if value.get(documents.NIL) == "true":
            return True
        return not value or any(str(value.get(key)).lower() == "true" for key in _NIL_KEYS)
    return value is None


class RowReader:
    """Turns the rows of one table into values of its declared columns."""

    def __init__(
        self, table: Table, zone: ServerZone, mask: DateMask | None = None, *, lower_names: bool = False
    ) -> None:
        self._table = table
        self._columns = [(column.name, _converter(column, zone, mask)) for column in table.columns]
        self._read = row_function(
            [
                (name.lower() if lower_names else name, name, table.column(name).kind, convert)
                for name, convert in self._columns
            ]
        )
        self._known = {column.name for column in table.columns}

    def rows(self, records: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Return the rows; numbers as int or Decimal, dates as text in UTC, all other values as text.

        Raises SystemFault for a value that is not of its column's type, and for rows that have none of the
        columns (another table's).
        """
        if records and not any(name in self._known for name in records[0]):
            raise SystemFault(
                f"The rows of {self._table.name} have none of its columns, but {sorted(records[0])}.",
                fix="Correct `operations`, `aliases` or `package_operations`: another table seems to answer.",
            )
        try:
            return list(map(self._read, records))
        except (ValueError, ArithmeticError):
            # Once more, to find the record and its column.
            return [self._row(record) for record in records]

    def _row(self, record: Mapping[str, Any]) -> Row:
        try:
            return self._read(record)
        except (ValueError, ArithmeticError):
            raise self._misfit(record) from None

    def _misfit(self, record: Mapping[str, Any]) -> SystemFault:
        for name, convert in self._columns:
            try:
                convert(record.get(name))
            except (ValueError, ArithmeticError):
                kind = self._table.column(name).kind.value
                key = {column: record.get(column) for column in self._table.key}
                return SystemFault(
                    f"{self._table.name}.{name} of {key} is {record.get(name)!r}, which is no {kind}.",
                    fix="Check `answer_date_mask` for dates; otherwise the service declares another type.",
                )
        return SystemFault(f"A row of {self._table.name} cannot be read.")


def _converter(column: Column, zone: ServerZone, mask: DateMask | None) -> Convert:
    if column.kind is Kind.TEXT:
        return text_of
    if column.kind is Kind.INTEGER:
        return integer_of
    if column.kind is Kind.NUMBER:
        return number_of
    return _date_converter(zone, mask)


def text_of(value: Any) -> str | None:
    """Return a VARCHAR2 value."""
    if value.__class__ is str:
        return None if value in {"", "null"} else value
    if is_null(value):
        return None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise ValueError("no text")


def integer_of(value: Any) -> int | None:
    """Return a NUMBER that is a key."""
    number = number_of(value)
    if number is not None and not isinstance(number, int):
        raise ValueError("no whole number")
    return number


def number_of(value: Any) -> int | Decimal | None:
    """Return a NUMBER in its shortest exact form: int where it is whole, otherwise Decimal."""
    if value.__class__ is int:
        return int(value)
    if is_null(value):
        return None
    usual = _usual_number(str(value)) if isinstance(value, (str, Decimal)) else None
    if usual is not None:
        return usual
    if isinstance(value, (bool, list, Mapping)):
        raise ValueError("no number")
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise ValueError("no number") from None
    if not number.is_finite():
        raise ValueError("no number")
    if number == number.to_integral_value():
        return int(number)
    return Decimal(f"{number:f}".rstrip("0"))


def _usual_number(text: str) -> int | Decimal | None:
    """Return a number that is written plainly and in its shortest form already; None for all others."""
    whole, point, fraction = text.partition(".")
    if not whole.removeprefix("-").isdecimal():
        return None
    if not point:
        return int(text)
    return Decimal(text) if fraction.isdecimal() and fraction[-1] != "0" else None


def _date_converter(zone: ServerZone, mask: DateMask | None) -> Convert:
    def read(value: Any) -> str | None:
        if is_null(value):
            return None
        if not isinstance(value, str):
            raise ValueError("no date")
        if mask is None:
            return zone.text_of(value)
        try:
            return zone.instant_text(mask.read(value))
        except ValueError:
            # Where the column itself is a DATE, no mask was used.
            return zone.text_of(value)

    return read if mask is not None else zone.with_hours(read)
