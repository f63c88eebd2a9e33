"""What makes an organization valid, and how its values are stored (ORG)."""

from collections.abc import Callable
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.errors import Details, RecordInvalid, detail
from ml_sandbox.zendesk.field_values import merged_field_values, tags_of_values

WRITABLE = (
    "name",
    "external_id",
    "domain_names",
    "details",
    "notes",
    "group_id",
    "shared_tickets",
    "shared_comments",
    "tags",
    "organization_fields",
)
KNOWN_KEYS = frozenset((*WRITABLE, "id"))

Check = Callable[[Any], bool]


def _text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _whole_or_null(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


TYPES: dict[str, tuple[Check, str]] = {
    "name": (_text_or_null, "must be a string"),
    "external_id": (_text_or_null, "must be a string"),
    "domain_names": (_texts, "must be a list of strings"),
    "details": (_text_or_null, "must be a string"),
    "notes": (_text_or_null, "must be a string"),
    "group_id": (_whole_or_null, "must be an integer"),
    "shared_tickets": (lambda value: isinstance(value, bool), "must be true or false"),
    "shared_comments": (lambda value: isinstance(value, bool), "must be true or false"),
    "tags": (_texts, "must be a list of strings"),
    "organization_fields": (lambda value: value is None or isinstance(value, dict), "must be an object"),
}


def new_organization(account: Account, given: Row) -> Row:
    """The row for a create; :class:`RecordInvalid` when the vendor would refuse it."""
    now = account.now()
    blank: Row = {
        "id": 0,
        "external_id": None,
        "name": "",
        "created_at": now,
        "updated_at": now,
        "domain_names": [],
        "details": "",
        "notes": "",
        "group_id": None,
        "shared_tickets": False,
        "shared_comments": False,
        "tags": [],
        "organization_fields": {},
    }
    row = changed_organization(account, blank, given)
    row["created_at"] = row["updated_at"] = now
    return row


def changed_organization(account: Account, stored: Row, given: Row) -> Row:
    """The row after a write of ``given``; nothing is stored yet."""
    details: Details = {}
    values = {name: given[name] for name in WRITABLE if name in given}
    for name, value in values.items():
        right, meaning = TYPES[name]
        if not right(value):
            _add(details, name, f"{_title(name)}: {meaning}", "InvalidValue")
    if details:
        raise RecordInvalid(details)
    row = {**stored, **_normalised(values)}
    _check_unique(account, row, details)
    fields = values.get("organization_fields") or {}
    row["organization_fields"] = merged_field_values(account, stored["organization_fields"], fields, details)
    if details:
        raise RecordInvalid(details)
    _follow_field_tags(account, stored, row)
    if row != stored:
        row["updated_at"] = account.now()
    return row


def _normalised(values: Row) -> Row:
    stored = dict(values)
    stored.pop("organization_fields", None)
    if "name" in stored:
        stored["name"] = (stored["name"] or "").strip()
    if "external_id" in stored:
        stored["external_id"] = (stored["external_id"] or "").strip() or None
    if "domain_names" in stored:
        stored["domain_names"] = _distinct(domain.strip().lower() for domain in stored["domain_names"] or [])
    if "tags" in stored:
        stored["tags"] = _distinct("_".join(tag.lower().split()) for tag in stored["tags"] or [])
    return stored


def _distinct(values: Any) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _check_unique(account: Account, row: Row, details: Details) -> None:
    if not row["name"]:
        _add(details, "name", "Name: cannot be blank", "BlankValue")
    elif _others(account, "name", compared_name(row["name"]), row["id"]):
        _add(details, "name", f"Name: {row['name']} has already been taken", "DuplicateValue")
    external_id = row["external_id"]
    if external_id is not None and _others(account, "external_id", external_id.lower(), row["id"]):
        _add(details, "external_id", f"External: {external_id} has already been taken", "DuplicateValue")


def _others(account: Account, index: str, value: str, own_id: int) -> bool:
    others = [row["id"] for row in account.organizations.find(index, value) if row["id"] != own_id]
    # Of two identical creates in a race the second may not see the first yet (ORG).
    return not all(account.is_fresh(key) for key in others)


def _follow_field_tags(account: Account, stored: Row, row: Row) -> None:
    if not account.settings.flag("field_tags"):
        return
    before = tags_of_values(account, stored["organization_fields"])
    after = tags_of_values(account, row["organization_fields"])
    gone = before - after
    row["tags"] = _distinct([*(tag for tag in row["tags"] if tag not in gone), *sorted(after)])


def _add(details: Details, name: str, description: str, error: str) -> None:
    details.setdefault(name, []).append(detail(description, error))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
