"""Customers with a contact each, as rows and as Singer messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Customer = dict[str, str]

FIELDS: dict[str, list[dict[str, str]]] = {
    "organization_fields": [{"key": "ebs_city", "title": "City", "type": "text"}],
    "user_fields": [{"key": "ebs_title", "title": "Job title", "type": "text"}],
}
STREAM_MAPS = {
    "customers": {
        "__alias__": "organizations",
        "__key_properties__": ["external_id"],
        "external_id": "account_number",
        "name": "name",
        "organization_fields": "{'ebs_city': city}",
        "__else__": "__NULL__",
    },
    "contacts": {
        "__alias__": "users",
        "__key_properties__": ["external_id"],
        "external_id": "contact_number",
        "name": "contact_name",
        "email": "email",
        "organization_external_id": "account_number",
        "user_fields": "{'ebs_title': title}",
        "__else__": "__NULL__",
    },
}
_STREAMS = {
    "customers": ("account_number", "name", "city", "updated_at"),
    "contacts": ("contact_number", "account_number", "contact_name", "email", "title", "updated_at"),
}


def customers(count: int, *, changed: int = 0, day: int = 20) -> list[Customer]:
    """So many customers; on that day of the month the first `changed` moved and promoted their contact."""
    return [_customer(number, day if number < changed else 19) for number in range(count)]


def _customer(number: int, day: int) -> Customer:
    return {
        "account_number": f"A{number:06}",
        "name": f"Customer {number:06}",
        "city": f"City {day}",
        "contact_number": f"C{number:06}",
        "contact_name": f"Contact {number:06}",
        "email": f"contact{number:06}@customers.example",
        "title": f"Title {day}",
        "updated_at": f"2026-11-{day}T00:00:00Z",
    }


def write_rows(path: Path, rows: Iterable[Customer]) -> Path:
    """A JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def write_messages(path: Path, rows: list[Customer]) -> Path:
    """A stream of customers, then one of their contacts."""
    with path.open("w", encoding="utf-8") as file:
        for stream in _STREAMS:
            file.writelines(json.dumps(message) + "\n" for message in _messages(stream, rows))
        file.write('{"type": "STATE", "value": {"bookmarks": {}}}\n')
    return path


def _messages(stream: str, rows: list[Customer]) -> Iterator[dict[str, Any]]:
    names = _STREAMS[stream]
    properties: dict[str, dict[str, str]] = {name: {"type": "string"} for name in names}
    properties["updated_at"]["format"] = "date-time"
    yield {
        "type": "SCHEMA",
        "stream": stream,
        "key_properties": [names[0]],
        "bookmark_properties": ["updated_at"],
        "schema": {"type": "object", "properties": properties},
    }
    for row in rows:
        yield {"type": "RECORD", "stream": stream, "record": {name: row[name] for name in names}}
