"""Values in one form, however they were read: lists, COQL, Bulk Read's CSV, single records.

CSV has text only, a lookup's id alone, and nothing for null and "" alike; lists spell times in the user's
zone. The form is what all ways can tell: a lookup is `{"id": ...}`, empty is None, an instant is UTC, a
fraction is an exact Decimal without trailing zeros, tags are their names.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ml_connector.vendors.zoho.metadata import Field

Convert = Callable[[Any], Any]

TAG = "Tag"
_REFERENCES = frozenset({"lookup", "ownerlookup", "userlookup", "multi_module_lookup", "layout"})
_INTEGERS = frozenset({"integer", "long"})
_NUMBERS = frozenset({"double", "currency", "percent", "decimal", "number"})
_TEXTS = frozenset({"text", "textarea", "email", "phone", "website", "picklist", "autonumber", "bigint"})
_RULES = frozenset({"rrule", "alarm", "event_reminder"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)")
_REFERENCE_KEYS = frozenset(
    {"id", "name", "email", "api_name", "module", "display_label", "zuid", "full_name"}
)


class WrongValue(ValueError):
    """A value that is none of its field's type."""


def kind_of(field: Field) -> str:
    """What a field's values are: reference, tags, choices, boolean, integer, number, date, datetime, text,
    deep (only single reads show it) or open (nothing is known of it).
    """
    if field.api_name == "id":
        return "text"
    if field.api_name == TAG:
        return "tags"
    if field.is_deep:
        return "deep"
    named = (field.returns or field.json_type) if field.is_calculated else field.data_type
    kind = _kind_named(named.lower())
    if kind == "text" and field.json_type == "jsonobject":
        return "reference"
    return kind or {"jsonobject": "reference", "jsonarray": "choices"}.get(field.json_type, "open")


def _kind_named(name: str) -> str:
    groups = (
        (_REFERENCES, "reference"),
        (_INTEGERS, "integer"),
        (_NUMBERS, "number"),
        (_TEXTS | {"string"}, "text"),
        (_RULES, "rule"),
        ({"boolean"}, "boolean"),
        ({"date"}, "date"),
        ({"datetime"}, "datetime"),
        ({"multiselectpicklist"}, "choices"),
    )
    return next((kind for names, kind in groups if name in names), "")


def converter(field: Field) -> Convert:
    """The function that brings a field's values into form; it raises WrongValue for one of another type."""
    kind = kind_of(field)
    if kind == "choices":
        return lambda value: _choices(value, field.picklist)
    return {
        "reference": _reference,
        "tags": _tags,
        "boolean": _boolean,
        "integer": _integer,
        "number": _number,
        "date": _date,
        "datetime": _datetime,
        "text": _text,
        "rule": _rule,
        "deep": plain,
        "open": plain,
    }[kind]


def schema_of(field: Field) -> dict[str, Any]:
    """The JSON schema of a field's values in this form."""
    kind = kind_of(field)
    schemas: dict[str, dict[str, Any]] = {
        "reference": {"type": ["object", "null"], "properties": {"id": {"type": "string"}}},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "choices": {"type": ["array", "null"], "items": {"type": "string"}},
        "boolean": {"type": ["boolean", "null"]},
        "integer": {"type": ["integer", "null"]},
        "number": {"type": ["number", "null"]},
        "date": {"type": ["string", "null"], "format": "date"},
        "datetime": {"type": ["string", "null"], "format": "date-time"},
        "text": {"type": ["string", "null"]},
        "rule": {"type": ["string", "null"]},
    }
    schema = schemas.get(kind, {})
    if field.api_name == "id":
        schema = {"type": ["string"]}
    return {**schema, "description": _description(field)}


def parse_instant(text: str) -> dt.datetime:
    """The instant that a text of Zoho names, in UTC. Raises WrongValue for one without an offset."""
    try:
        parsed = dt.datetime.fromisoformat(text)
    except ValueError:
        raise WrongValue(f"{text!r} is no time") from None
    if parsed.tzinfo is None:
        raise WrongValue(f"{text!r} has no offset")
    return parsed.astimezone(dt.UTC)


def instant_text(instant: dt.datetime) -> str:
    """An aware instant as ISO 8601 in UTC, such as 2026-11-20T10:11:12Z."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def exact(value: Any) -> Decimal:
    """A number without trailing zeros and exponent, all digits kept. Raises WrongValue for none."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise WrongValue(f"{value!r} is no number")
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal("0" if text in {"-0", ""} else text)


def plain(value: Any) -> Any:
    """Any JSON in form, references, instants and fractions inside of it too; system keys are left out."""
    if isinstance(value, Mapping):
        if value.get("id") is not None and value.keys() <= _REFERENCE_KEYS:
            return {"id": str(value["id"])}
        return {name: plain(item) for name, item in value.items() if not str(name).startswith("$")}
    if isinstance(value, list):
        return [plain(item) for item in value] or None
    if isinstance(value, str):
        if not value:
            return None
        return instant_text(parse_instant(value)) if _INSTANT.fullmatch(value) else value
    if isinstance(value, (Decimal, float)):
        return exact(value)
    return value


def _description(field: Field) -> str:
    label = field.label or field.api_name
    custom = ", custom" if field.custom else ""
    target = f" of {field.lookup_module}" if field.lookup_module else ""
    return f"{label} ({field.data_type or 'unknown type'}{target}{custom})."


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Mapping, list)):
        return json.dumps(plain(value), ensure_ascii=False, default=str, sort_keys=True)
    return str(value)


def _rule(value: Any) -> str | None:
    if isinstance(value, Mapping) and len(value) == 1:
        return _text(next(iter(value.values())))
    return _text(value)


def _reference(value: Any) -> dict[str, str] | None:
    if isinstance(value, Mapping):
        value = value.get("id")
    return None if value is None or value == "" else {"id": str(value)}


def _boolean(value: Any) -> bool | None:
    if value is None or value == "" or isinstance(value, bool):
        return None if value == "" else value
    found = {"true": True, "false": False, "1": True, "0": False}.get(str(value).strip().lower())
    if found is None:
        raise WrongValue(f"{value!r} is neither true nor false")
    return found


def _integer(value: Any) -> int | Decimal | None:
    number = _number(value)
    return int(number) if number is not None and number == number.to_integral_value() else number


def _number(value: Any) -> Decimal | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        raise WrongValue(f"{value!r} is no number")
    return exact(value.strip() if isinstance(value, str) else value)


def _date(value: Any) -> str | None:
    text = _text(value)
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise WrongValue(f"{text!r} is no date") from None


def _datetime(value: Any) -> str | None:
    text = _text(value)
    return instant_text(parse_instant(text)) if text else None


def _tags(value: Any) -> list[str] | None:
    if isinstance(value, str):
        names = [part.strip() for part in value.split(",")]
    else:
        items = value if isinstance(value, list) else []
        names = [str(item.get("name", "")) if isinstance(item, Mapping) else str(item) for item in items]
    return sorted({name for name in names if name}) or None


def _choices(value: Any, options: Sequence[str]) -> list[str] | None:
    if isinstance(value, str):
        value = _split(value, options)
    if not isinstance(value, list):
        return None
    place = {option: number for number, option in enumerate(options)}
    texts = dict.fromkeys(str(item) for item in value if item not in (None, ""))
    return sorted(texts, key=lambda text: (place.get(text, len(place)), text)) or None


def _split(text: str, options: Sequence[str]) -> list[str]:
    """Take a joined text of CSV apart; options may hold the separator, so the longest that fits is taken."""
    found: list[str] = []
    longest_first = sorted(options, key=len, reverse=True)
    while text:
        option = next((each for each in longest_first if _begins(text, each)), None)
        if option is None:
            option = re.split(r"[;,]", text, maxsplit=1)[0]
        found.append(option.strip())
        text = text[len(option) :].lstrip()[1:].lstrip()
    return found


def _begins(text: str, option: str) -> bool:
    rest = text[len(option) :].lstrip()
    return bool(option) and text.startswith(option) and (not rest or rest[0] in ";,")
