"""What makes a user valid, and how their values are stored (USR)."""

import re
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
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
    external_id_taken,
    follow_field_tags,
    other_holders,
    stored_external_id,
    stored_tags,
)
from ml_sandbox.zendesk.user_defaults import DEFAULTS, STAFF_DEFAULTS

ROLES = ("end-user", "agent", "admin")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
RESTRICTIONS = ("organization", "groups", "assigned", "requested", None)
LIST: Check = (lambda value: isinstance(value, list), "must be a list")

STORED: dict[str, Check] = {
    "name": TEXT,
    "external_id": TEXT,
    "role": TEXT,
    "custom_role_id": WHOLE,
    "organization_id": WHOLE,
    "default_group_id": WHOLE,
    "phone": TEXT,
    "alias": TEXT,
    "details": TEXT,
    "notes": TEXT,
    "signature": TEXT,
    "time_zone": TEXT,
    "locale": TEXT,
    "locale_id": WHOLE,
    "tags": TEXTS,
    "suspended": FLAG,
    "moderator": FLAG,
    "only_private_comments": FLAG,
    "restricted_agent": FLAG,
    "ticket_restriction": TEXT,
    "user_fields": OBJECT,
}
"""What a user row takes from a write."""

ACTING: dict[str, Check] = {
    "email": TEXT,
    "verified": FLAG,
    "skip_verify_email": FLAG,
    "organization": OBJECT,
    "identities": LIST,
    "remote_photo_url": TEXT,
    "shared_phone_number": (lambda value: value is None or isinstance(value, bool), "must be true or false"),
}
"""What is known in a write besides: it makes identities, memberships or mails, or is ignored."""

TYPES = {**STORED, **ACTING}
KNOWN_KEYS = frozenset((*TYPES, "id"))


def new_user(account: Account, given: Row) -> Row:
    """The row for a create, without its identities; :class:`RecordInvalid` when it is refused."""
    now = account.now()
    staff = STAFF_DEFAULTS if given.get("role") in ("agent", "admin") else {}
    # Whether somebody is verified tells their identity (USR).
    blank: Row = {"id": 0, "name": "", "email": None, **DEFAULTS, **staff, "verified": False}
    row = changed_user(account, {**blank, "created_at": now, "updated_at": now}, given)
    row["created_at"] = row["updated_at"] = now
    return row


def changed_user(account: Account, stored: Row, given: Row) -> Row:
    """The row after a write of ``given``; nothing is stored yet, and identities are left to the caller."""
    details: Details = {}
    check_types({name: given[name] for name in TYPES if name in given}, TYPES)
    values = {name: given[name] for name in STORED if name in given}
    row = {**stored, **_normalised(values)}
    _check_values(account, row, values, details)
    _check_emails(account, row["id"], given, details)
    fields = account.user_fields
    row["user_fields"] = merged_field_values(
        account, fields, stored["user_fields"], values.get("user_fields") or {}, details
    )
    if details:
        raise RecordInvalid(details)
    follow_field_tags(account, fields, stored, row)
    if row != stored:
        row["updated_at"] = account.now()
    return row


def stored_email(value: Any) -> str | None:
    """An e-mail address as it is kept and compared: trimmed, lower case."""
    return (value or "").strip().lower() or None


def email_taken(account: Account, email: str, user_id: int) -> bool:
    """Whether another user has the address, as primary or secondary one."""
    found = account.identities.find("value", ("email", email))
    return any(row["user_id"] != user_id for row in found)


def _normalised(values: Row) -> Row:
    stored = {name: value for name, value in values.items() if name != "user_fields"}
    if "name" in stored:
        stored["name"] = (stored["name"] or "").strip()
    if "external_id" in stored:
        stored["external_id"] = stored_external_id(stored["external_id"])
    if "tags" in stored:
        stored["tags"] = stored_tags(stored["tags"])
    if "phone" in stored:
        stored["phone"] = (stored["phone"] or "").strip() or None
    if "role" in stored:
        stored["role"] = stored["role"] or "end-user"
    for name in ("alias", "details", "notes", "signature"):
        if name in stored:
            stored[name] = stored[name] or ""
    return stored


def _check_values(account: Account, row: Row, values: Row, details: Details) -> None:
    if not row["name"]:
        add(details, "name", "Name: cannot be blank", "BlankValue")
    if row["role"] not in ROLES:
        add(details, "role", f"Role: {row['role']} is not a role", "InvalidValue")
    if "ticket_restriction" in values and row["ticket_restriction"] not in RESTRICTIONS:
        add(details, "ticket_restriction", "Ticket restriction: is invalid", "InvalidValue")
    external_id = row["external_id"]
    if external_id is not None and other_holders(
        account.users, "external_id", external_id.lower(), row["id"]
    ):
        details.setdefault("external_id", []).append(external_id_taken(external_id))
    organization_id = values.get("organization_id")
    if organization_id is not None and account.organizations.get(organization_id) is None:
        add(details, "organization_id", f"Organization: {organization_id} does not exist", "InvalidValue")


def _check_emails(account: Account, user_id: int, given: Row, details: Details) -> None:
    emails = [given.get("email"), *(value for kind, value in given_identities(given) if kind == "email")]
    for email in filter(None, map(stored_email, emails)):
        check_email(account, email, user_id, details, "email")
    organization = given.get("organization")
    if organization is not None and not isinstance(organization.get("name"), str):
        add(details, "organization", "Organization: needs a name", "BlankValue")
    for identity in given.get("identities") or []:
        if not isinstance(identity, dict) or not all(
            isinstance(identity.get(name), str) for name in ("type", "value")
        ):
            add(details, "identities", "Identities: each needs a type and a value", "InvalidValue")


def check_email(account: Account, email: str, user_id: int, details: Details, place: str) -> None:
    """Note a wrong or taken address."""
    if not EMAIL.match(email):
        add(details, place, f"Email: {email} is not properly formatted", "InvalidFormat")
    elif email_taken(account, email, user_id):
        text = f"Email: {email} is already being used by another user"
        add(details, place, text, "DuplicateValue")


def given_identities(given: Row) -> list[tuple[str, str]]:
    """Type and value of the ``identities`` of a create."""
    listed = given.get("identities") or []
    return [
        (item["type"], item["value"])
        for item in listed
        if isinstance(item, dict) and isinstance(item.get("type"), str) and isinstance(item.get("value"), str)
    ]
