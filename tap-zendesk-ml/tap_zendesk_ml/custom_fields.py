"""Custom fields as columns of their own: their definitions as schema, their values as the schema says.

Sources: Ticket Fields, User Fields, Organization Fields. Numbers of tickets come as texts, dates of users and
organizations as instants.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from ml_connector.vendors.zendesk.client import ZendeskClient
from tap_zendesk_ml.schemas import KINDS, Properties

Row = dict[str, Any]

_KINDS = {
    "checkbox": "bool",
    "date": "date",
    "integer": "int",
    "decimal": "number",
    "lookup": "int",
    "multiselect": "texts",
}
# Fields of tickets that the record has as columns anyway.
_SYSTEM_TYPES = frozenset(
    {
        "subject",
        "description",
        "status",
        "custom_status",
        "tickettype",
        "priority",
        "basic_priority",
        "group",
        "assignee",
    }
)
log = logging.getLogger(__name__)


def _whole(value: Any) -> int:
    return int(str(value))


def _exact(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


_VALUES: dict[str, Callable[[Any], Any]] = {
    "bool": _flag,
    "date": lambda value: str(value)[:10],
    "int": _whole,
    "number": _exact,
    "texts": _texts,
    "text": str,
}


class Typed:
    """The custom fields of one kind of record.

    `member`: where a record has their values, `custom_fields` of tickets (a list) or an object by key.
    """

    def __init__(self, member: str, definitions: Iterable[Row]) -> None:
        self.member = member
        self._columns: dict[str, tuple[str, str]] = {}
        self._described: Properties = {}
        self._doubted: set[str] = set()
        of_tickets = member == "custom_fields"
        for row in definitions:
            key = str(row["id"] if of_tickets else row["key"])
            if of_tickets and row.get("type") in _SYSTEM_TYPES:
                continue
            kind = _KINDS.get(str(row.get("type")), "text")
            column = f"{member.removesuffix('s')}_{key}"
            self._columns[key] = (column, kind)
            self._described[column] = {**KINDS[kind], "description": str(row.get("title") or key)}

    def properties(self, of_record: Properties) -> Properties:
        """The columns of a record with those of its custom fields instead of the member."""
        known = {name: prop for name, prop in of_record.items() if name != self.member}
        return {**known, **self._described}

    def spread(self, row: Row) -> Row:
        """A row with its custom fields as columns."""
        values = row.get(self.member)
        if isinstance(values, list):
            values = {str(item.get("id")): item.get("value") for item in values if isinstance(item, dict)}
        found = dict(row)
        for key, value in (values or {}).items():
            if (known := self._columns.get(str(key))) is not None:
                found[known[0]] = self._value(*known, value)
        return found

    def _value(self, column: str, kind: str, value: Any) -> Any:
        if value is None or value == "":
            return None
        try:
            return _VALUES[kind](value)
        except (ValueError, KeyError, InvalidOperation):
            if column not in self._doubted:
                self._doubted.add(column)
                log.warning("%s: a value is no %s; it is left out.", column, kind)
            return None


def definitions(client: ZendeskClient, name: str) -> list[Row]:
    """All definitions of `ticket_fields`, `user_fields` or `organization_fields`."""
    paged = name != "ticket_fields"
    return [row for rows, _ in client.listing(f"/api/v2/{name}", name, paged=paged) for row in rows]
