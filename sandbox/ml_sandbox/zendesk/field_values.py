"""Values of custom fields, by the type of their definition (OF, UF, section "custom fields" of ORG)."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, detail
from ml_sandbox.zendesk.field_sets import FieldSet

DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?\Z")
OPTION_TYPES = frozenset({"dropdown", "multiselect"})


class BadValueError(ValueError):
    """A value that its field cannot hold; the text completes "Title: ..."."""


class BadOptionError(BadValueError):
    """A value that is none of the field's options."""


def merged_field_values(
    account: Account, fields: FieldSet, stored: Row, given: Mapping[str, Any], details: Details
) -> Row:
    """Stored values with the given ones written over them; what is wrong is added to ``details``.

    An unknown key or option is dropped silently or refused, by the setting ``unknown_field``.
    """
    merged = dict(stored)
    strict = account.settings.text("unknown_field") == "error"
    for key, value in given.items():
        definition = fields.by_key(key)
        place = f"{fields.container}.{key}"
        try:
            if definition is None:
                raise BadOptionError(f"is not a field of {fields.owner}")
            merged[key] = stored_value(definition, value)
        except BadOptionError as error:
            if strict:
                _add(details, place, f"{_title(definition, key)}: {error}", "InvalidValue")
        except BadValueError as error:
            _add(details, place, f"{_title(definition, key)}: {error}", "InvalidValue")
    return merged


def stored_value(definition: Row, value: Any) -> Any:
    """A value as the vendor keeps it; null, and the empty string, clear a field."""
    if value is None or value == "":
        return None
    return CONVERSIONS[definition["type"]](definition, value)


def shown_values(fields: FieldSet, stored: Row) -> Row:
    """The values of all defined fields by key: null where nothing is stored, false for a checkbox."""
    shown = {}
    for definition in fields.table:
        empty: Any = False if definition["type"] == "checkbox" else None
        value = stored.get(definition["key"])
        shown[definition["key"]] = empty if value is None else value
    return shown


def tags_of_values(fields: FieldSet, values: Row) -> set[str]:
    """The tags that chosen options and checked boxes put on a record."""
    tags: set[str] = set()
    for key, value in values.items():
        definition = fields.by_key(key)
        if definition is None or value is None:
            continue
        if definition["type"] in OPTION_TYPES:
            tags.update([value] if isinstance(value, str) else value)
        elif definition["type"] == "checkbox" and value and definition.get("tag"):
            tags.add(definition["tag"])
    return tags


def _text(definition: Row, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValueError("must be a string")
    return value


def _matching_text(definition: Row, value: Any) -> str:
    text = _text(definition, value)
    if not re.search(definition.get("regexp_for_validation") or "", text):
        raise BadValueError("is not properly formatted")
    return text


def _boolean(definition: Row, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValueError("must be true or false")
    return value


def _date(definition: Row, value: Any) -> str:
    found = DATE.match(value) if isinstance(value, str) else None
    try:
        day = date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        day = None
    if day is None:
        raise BadValueError("must be a date")
    return f"{day.isoformat()}T00:00:00Z"


def _integer(definition: Row, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadValueError("must be an integer")
    return value


def _decimal(definition: Row, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadValueError("must be a number")
    return value


def _option(definition: Row, value: Any) -> str:
    text = _text(definition, value)
    if text not in {option["value"] for option in definition["custom_field_options"]}:
        raise BadOptionError(f"{text} is not an option")
    return text


def _options(definition: Row, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise BadValueError("must be a list of options")
    return list(dict.fromkeys(_option(definition, item) for item in value))


CONVERSIONS: dict[str, Callable[[Row, Any], Any]] = {
    "text": _text,
    "textarea": _text,
    "regexp": _matching_text,
    "checkbox": _boolean,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "dropdown": _option,
    "multiselect": _options,
    "lookup": _integer,
}


def _title(definition: Row | None, key: str) -> str:
    return str(definition["title"]) if definition else key


def _add(details: Details, place: str, description: str, error: str) -> None:
    details.setdefault(place, []).append(detail(description, error))
