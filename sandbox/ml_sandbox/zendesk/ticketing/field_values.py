"""Values of custom ticket fields, by id (TF)."""

from collections.abc import Sequence
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details
from ml_sandbox.zendesk.field_values import BadOptionError, BadValueError, stored_value
from ml_sandbox.zendesk.record_rules import add

# What a ticket field's type is called where organizations and users have it.
SAME_TYPE = {"tagger": "dropdown", "partialcreditcard": "text"}
OPTION_TYPES = frozenset({"tagger", "multiselect"})
NUMBERS = frozenset({"integer", "decimal"})


def merged_values(account: Account, stored: Row, given: Sequence[dict[str, Any]], details: Details) -> Row:
    """Stored values by field id with the given ones written over them.

    An unknown field or option is dropped silently or refused, by the setting ``unknown_field``.
    """
    merged = dict(stored)
    strict = account.settings.text("unknown_field") == "error"
    for item in given:
        definition = _definition(account, item.get("id"))
        place = f"custom_fields.{item.get('id')}"
        try:
            if definition is None:
                raise BadOptionError("is not a field of tickets")
            merged[definition["id"]] = _stored(definition, item.get("value"))
        except BadOptionError as error:
            if strict:
                add(details, place, f"{_title(definition, place)}: {error}", "InvalidValue")
        except BadValueError as error:
            add(details, place, f"{_title(definition, place)}: {error}", "InvalidValue")
    return merged


def shown_values(account: Account, stored: Row) -> list[dict[str, Any]]:
    """All custom fields with their values: numbers as texts, null where nothing is stored."""
    return [
        {"id": row["id"], "value": _shown(row, stored.get(row["id"]))} for row in account.ticketing.fields
    ]


def tags_of(account: Account, values: Row) -> set[str]:
    """The tags that chosen options and checked boxes put on a ticket."""
    tags: set[str] = set()
    for field_id, value in values.items():
        definition = account.ticketing.fields.get(field_id)
        if definition is None or value is None:
            continue
        if definition["type"] in OPTION_TYPES:
            tags.update([value] if isinstance(value, str) else value)
        elif definition["type"] == "checkbox" and value and definition.get("tag"):
            tags.add(definition["tag"])
    return tags


def missing_to_solve(account: Account, row: Row, details: Details) -> None:
    """Required fields without a value keep a ticket from being solved; the item names the field."""
    for definition in account.ticketing.fields:
        if definition["required"] and definition["active"] and row["values"].get(definition["id"]) is None:
            text = f"{definition['title']}: is required when solving a ticket"
            add(details, "base", text, "BlankValue")
            found: dict[str, Any] = details["base"][-1]
            found |= {"ticket_field_id": definition["id"], "ticket_field_type": definition["type"]}


def _definition(account: Account, field_id: Any) -> Row | None:
    if isinstance(field_id, str) and field_id.isascii() and field_id.isdigit():
        field_id = int(field_id)
    return account.ticketing.fields.get(field_id) if isinstance(field_id, int) else None


def _stored(definition: Row, value: Any) -> Any:
    kind = SAME_TYPE.get(definition["type"], definition["type"])
    if kind in NUMBERS and isinstance(value, str) and value:
        # Numbers of ticket fields are shown as texts, and taken as such.
        try:
            value = int(value) if kind == "integer" else float(value)
        except ValueError:
            raise BadValueError("must be a number") from None
    stored = stored_value({**definition, "type": kind}, value)
    return stored[:10] if kind == "date" and stored else stored


def _shown(definition: Row, value: Any) -> Any:
    if definition["type"] == "checkbox":
        return bool(value)
    if value is not None and definition["type"] in NUMBERS:
        return str(value)
    return value


def _title(definition: Row | None, place: str) -> str:
    return str(definition["title"]) if definition else place
