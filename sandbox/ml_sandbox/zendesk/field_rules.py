"""What makes a field definition of organizations or users valid (OF, UF)."""

import re
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, detail
from ml_sandbox.zendesk.field_sets import FieldSet

TYPES = (
    "text",
    "textarea",
    "checkbox",
    "date",
    "integer",
    "decimal",
    "regexp",
    "dropdown",
    "lookup",
    "multiselect",
)
OPTION_TYPES = frozenset({"dropdown", "multiselect"})
WRITABLE = (
    "key",
    "title",
    "type",
    "description",
    "active",
    "position",
    "regexp_for_validation",
    "tag",
    "relationship_target_type",
    "relationship_filter",
    "custom_field_options",
)
READ_ONLY = ("id", "url", "created_at", "updated_at", "system", "raw_title", "raw_description")
KNOWN_KEYS = frozenset((*WRITABLE, *READ_ONLY))
KEY = re.compile(r"(?!\d+\Z)[A-Za-z0-9_]+\Z")
TARGETS = re.compile(r"zen:(user|organization|ticket|custom_object:\w+)\Z")
TEXTS = ("key", "title", "type", "description", "regexp_for_validation", "tag", "relationship_target_type")


def new_field(account: Account, fields: FieldSet, given: Row) -> Row:
    """The row for a create; :class:`RecordInvalid` when the vendor would refuse it."""
    details: Details = {}
    now = account.now()
    row: Row = {
        "id": 0,
        "type": "text",
        "key": None,
        "title": None,
        "description": "",
        "position": len(fields.table),
        "active": True,
        "system": False,
        "regexp_for_validation": None,
        "created_at": now,
        "updated_at": now,
        "custom_field_options": [],
    }
    row |= {name: given[name] for name in WRITABLE if name in given and name != "custom_field_options"}
    _check_texts(row, details)
    if not details:
        _check_key(fields, row, details)
        _check_type(row, details)
    row["custom_field_options"] = _options(account, row, given, details)
    return _finished(row, details)


def changed_field(account: Account, stored: Row, given: Row) -> Row:
    """The row for an update; the type and the key of a field never change."""
    details: Details = {}
    for name in ("type", "key"):
        if name in given and given[name] != stored[name]:
            _add(details, name, f"{name.capitalize()}: cannot be changed", "InvalidValue")
    changeable = [
        name for name in WRITABLE if name in given and name not in {"type", "key", "custom_field_options"}
    ]
    row = {**stored, **{name: given[name] for name in changeable}}
    _check_texts(row, details)
    if "custom_field_options" in given:
        row["custom_field_options"] = _options(account, row, given, details)
    row = _finished(row, details)
    if row != stored:
        row["updated_at"] = account.now()
    return row


def without_removed_options(definition: Row, value: Any) -> Any:
    """A stored value without the options that its definition no longer has."""
    options = {option["value"] for option in definition["custom_field_options"]}
    if isinstance(value, list):
        return [item for item in value if item in options] or None
    return value if value in options else None


def _check_texts(row: Row, details: Details) -> None:
    for name in TEXTS:
        if row.get(name) is not None and not isinstance(row[name], str):
            _add(details, name, f"{name.capitalize()}: must be a string", "InvalidValue")
    if not row["title"]:
        _add(details, "title", "Title: cannot be blank", "BlankValue")


def _check_key(fields: FieldSet, row: Row, details: Details) -> None:
    key = row["key"]
    if not key:
        _add(details, "key", "Key: cannot be blank", "BlankValue")
    elif not KEY.match(key):
        _add(
            details, "key", "Key: may hold letters, digits and underscores, not only digits", "InvalidFormat"
        )
    elif fields.by_key(key) is not None:
        _add(details, "key", f"Key: {key} has already been taken", "DuplicateValue")


def _check_type(row: Row, details: Details) -> None:
    if row["type"] not in TYPES:
        _add(details, "type", f"Type: {row['type']} is not a field type", "InvalidValue")
    if row["type"] == "lookup" and not TARGETS.match(row.get("relationship_target_type") or ""):
        _add(details, "relationship_target_type", "Relationship target type: is invalid", "InvalidValue")
    if row["type"] == "regexp":
        try:
            re.compile(row["regexp_for_validation"] or "")
        except re.error:
            _add(details, "regexp_for_validation", "Regexp for validation: is invalid", "InvalidValue")
        if not row["regexp_for_validation"]:
            _add(details, "regexp_for_validation", "Regexp for validation: cannot be blank", "BlankValue")


def _options(account: Account, row: Row, given: Row, details: Details) -> list[Row]:
    options = given.get("custom_field_options") or []
    if row["type"] not in OPTION_TYPES:
        return []
    if not isinstance(options, list) or not all(_is_option(option) for option in options):
        _add(details, "custom_field_options", "Options: each needs a name and a value", "InvalidValue")
        return []
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        _add(details, "custom_field_options", "Options: values must be unique", "DuplicateValue")
    known = {option["id"] for option in row.get("custom_field_options") or []}
    return [_stored_option(account, option, known) for option in options]


def _is_option(option: Any) -> bool:
    if not isinstance(option, dict):
        return False
    return all(isinstance(option.get(name), str) and option[name] for name in ("name", "value"))


def _stored_option(account: Account, option: Row, known: set[int]) -> Row:
    option_id = option["id"] if option.get("id") in known else account.field_ids.take()
    return {"id": option_id, "name": option["name"], "raw_name": option["name"], "value": option["value"]}


def _finished(row: Row, details: Details) -> Row:
    if details:
        raise RecordInvalid(details)
    return {**row, "raw_title": row["title"], "raw_description": row["description"]}


def _add(details: Details, name: str, description: str, error: str) -> None:
    details.setdefault(name, []).append(detail(description, error))
