"""Singer messages for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Message = dict[str, Any]
EXTRACTED = "2026-11-21T06:00:00+00:00"

CUSTOMER: dict[str, Any] = {
    "id": {"type": "integer"},
    "account_number": {"type": "string"},
    "name": {"type": ["string", "null"]},
    "city": {"type": ["string", "null"]},
    "tags": {"type": ["array", "null"], "items": {"type": "string"}},
    "domains": {"type": ["array", "null"], "items": {"type": "string"}},
    "notes": {"type": ["string", "null"]},
    "updated": {"type": ["string", "null"], "format": "date-time"},
    "create": {"type": ["boolean", "null"]},
    "reject": {"type": ["string", "null"]},
}


def schema(
    stream: str = "customers",
    properties: Mapping[str, Any] | None = None,
    keys: Iterable[str] = ("id",),
    bookmark: str | None = "updated",
) -> Message:
    """A SCHEMA message."""
    message: Message = {
        "type": "SCHEMA",
        "stream": stream,
        "schema": {"type": "object", "properties": dict(CUSTOMER if properties is None else properties)},
        "key_properties": list(keys),
    }
    return message | ({"bookmark_properties": [bookmark]} if bookmark else {})


def record(
    fields: Mapping[str, Any], stream: str = "customers", extracted: str | None = EXTRACTED, **more: Any
) -> Message:
    """A RECORD message."""
    message = {"type": "RECORD", "stream": stream, "record": dict(fields), **more}
    return message | ({"time_extracted": extracted} if extracted else {})


def customer(number: int, **changes: Any) -> Message:
    """The RECORD of one customer."""
    fields = {
        "id": number,
        "account_number": f"A{number}",
        "name": f"Customer {number}",
        "city": "Berlin",
        "updated": "2026-11-20T00:00:00Z",
    }
    more = {name: changes.pop(name) for name in ("stream", "extracted", "_ml_letter") if name in changes}
    return record({**fields, **changes}, **more)


def customers(numbers: Iterable[int], **changes: Any) -> list[Message]:
    """Customers that differ in number only."""
    return [customer(number, **changes) for number in numbers]


def state(value: Any) -> Message:
    """A STATE message."""
    return {"type": "STATE", "value": value}


def lines(messages: Iterable[Message | str | bytes]) -> bytes:
    """Messages as lines; texts and bytes stand for lines as they are."""
    return b"".join(_line(message) + b"\n" for message in messages)


def _line(message: Message | str | bytes) -> bytes:
    if isinstance(message, bytes):
        return message
    return message.encode() if isinstance(message, str) else json.dumps(message).encode()
