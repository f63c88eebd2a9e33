"""What organizations and users have in common: types of values, texts as they are stored, tags of fields."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, detail
from ml_sandbox.zendesk.field_sets import FieldSet
from ml_sandbox.zendesk.field_values import tags_of_values

Check = tuple[Callable[[Any], bool], str]


def _texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _whole_or_null(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


TEXT: Check = (lambda value: value is None or isinstance(value, str), "must be a string")
TEXTS: Check = (_texts, "must be a list of strings")
WHOLE: Check = (_whole_or_null, "must be an integer")
FLAG: Check = (lambda value: isinstance(value, bool), "must be true or false")
OBJECT: Check = (lambda value: value is None or isinstance(value, dict), "must be an object")


def check_types(values: Mapping[str, Any], types: Mapping[str, Check]) -> None:
    """:class:`RecordInvalid` when a value has another type than its field."""
    details: Details = {}
    for name, value in values.items():
        right, meaning = types[name]
        if not right(value):
            add(details, name, f"{title(name)}: {meaning}", "InvalidValue")
    if details:
        raise RecordInvalid(details)


def stored_external_id(value: str | None) -> str | None:
    """Trimmed; blank is none."""
    return (value or "").strip() or None


def stored_tags(values: Iterable[str] | None) -> list[str]:
    """Lower case, without blanks, each once."""
    return distinct("_".join(tag.lower().split()) for tag in values or [])


def distinct(values: Iterable[str]) -> list[str]:
    """Each value once, blank ones left out."""
    return list(dict.fromkeys(value for value in values if value))


def other_holders(table: Table, index: str, value: str, own_id: int) -> list[int]:
    """The ids of other rows that hold a value."""
    return [row["id"] for row in table.find(index, value) if row["id"] != own_id]


def external_id_taken(external_id: str) -> dict[str, str]:
    """The entry of ``details`` for a taken external id."""
    return detail(f"External: {external_id} has already been taken", "DuplicateValue")


def follow_field_tags(account: Account, fields: FieldSet, stored: Row, row: Row) -> None:
    """Put the tags of chosen options and checked boxes on a row, and take off those that are gone."""
    if not account.settings.flag("field_tags"):
        return
    before = tags_of_values(fields, stored[fields.container])
    after = tags_of_values(fields, row[fields.container])
    gone = before - after
    row["tags"] = distinct([*(tag for tag in row["tags"] if tag not in gone), *sorted(after)])


def add(details: Details, name: str, description: str, error: str) -> None:
    """Note what is wrong with a field."""
    details.setdefault(name, []).append(detail(description, error))


def title(name: str) -> str:
    """A field's name as descriptions begin."""
    return name.replace("_", " ").capitalize()
