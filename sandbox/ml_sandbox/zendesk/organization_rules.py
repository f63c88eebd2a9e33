"""What makes an organization valid, and how its values are stored (ORG)."""

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.errors import Details, RecordInvalid
from ml_sandbox.zendesk.field_values import merged_field_values
from ml_sandbox.zendesk.record_rules import (
    FLAG,
    OBJECT,
    TEXT,
    TEXTS,
    WHOLE,
    Check,
    add,
    check_types,
    distinct,
    external_id_taken,
    follow_field_tags,
    other_holders,
    stored_external_id,
    stored_tags,
)

TYPES: dict[str, Check] = {
    "name": TEXT,
    "external_id": TEXT,
    "domain_names": TEXTS,
    "details": TEXT,
    "notes": TEXT,
    "group_id": WHOLE,
    "shared_tickets": FLAG,
    "shared_comments": FLAG,
    "tags": TEXTS,
    "organization_fields": OBJECT,
}
WRITABLE = tuple(TYPES)
KNOWN_KEYS = frozenset((*WRITABLE, "id"))


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
    check_types(values, TYPES)
    row = {**stored, **_normalised(values)}
    _check_unique(account, row, details)
    fields = account.organization_fields
    row["organization_fields"] = merged_field_values(
        account, fields, stored["organization_fields"], values.get("organization_fields") or {}, details
    )
    if details:
        raise RecordInvalid(details)
    follow_field_tags(account, fields, stored, row)
    if row != stored:
        row["updated_at"] = account.now()
    return row


def _normalised(values: Row) -> Row:
    stored = dict(values)
    stored.pop("organization_fields", None)
    if "name" in stored:
        stored["name"] = (stored["name"] or "").strip()
    if "external_id" in stored:
        stored["external_id"] = stored_external_id(stored["external_id"])
    if "domain_names" in stored:
        stored["domain_names"] = distinct(domain.strip().lower() for domain in stored["domain_names"] or [])
    if "tags" in stored:
        stored["tags"] = stored_tags(stored["tags"])
    return stored


def _check_unique(account: Account, row: Row, details: Details) -> None:
    if not row["name"]:
        add(details, "name", "Name: cannot be blank", "BlankValue")
    elif _taken(account, "name", compared_name(row["name"]), row["id"]):
        add(details, "name", f"Name: {row['name']} has already been taken", "DuplicateValue")
    external_id = row["external_id"]
    if external_id is not None and _taken(account, "external_id", external_id.lower(), row["id"]):
        details.setdefault("external_id", []).append(external_id_taken(external_id))


def _taken(account: Account, index: str, value: str, own_id: int) -> bool:
    others = other_holders(account.organizations, index, value, own_id)
    # Of two identical creates in a race the second may not see the first yet (ORG).
    return not all(account.is_fresh(key) for key in others)
