"""What makes a ticket valid, and how its values are stored (TKT)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid
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
    stored_tags,
)
from ml_sandbox.zendesk.ticketing.field_values import merged_values, missing_to_solve, tags_of

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
KINDS = ("problem", "incident", "question", "task")

_OBJECTS: Check = (
    lambda value: (
        value is None or (isinstance(value, list) and all(isinstance(item, dict) for item in value))
    ),
    "must be a list of objects",
)
_PEOPLE: Check = (lambda value: value is None or isinstance(value, list), "must be a list")

TYPES: dict[str, Check] = {
    "external_id": TEXT,
    "subject": TEXT,
    "raw_subject": TEXT,
    "type": TEXT,
    "priority": TEXT,
    "status": TEXT,
    "custom_status_id": WHOLE,
    "recipient": TEXT,
    "requester": OBJECT,
    "requester_id": WHOLE,
    "submitter_id": WHOLE,
    "assignee_id": WHOLE,
    "assignee_email": TEXT,
    "organization_id": WHOLE,
    "group_id": WHOLE,
    "brand_id": WHOLE,
    "ticket_form_id": WHOLE,
    "problem_id": WHOLE,
    "due_at": TEXT,
    "tags": TEXTS,
    "additional_tags": TEXTS,
    "remove_tags": TEXTS,
    "custom_fields": _OBJECTS,
    "sharing_agreement_ids": _PEOPLE,
    "collaborator_ids": _PEOPLE,
    "collaborators": _PEOPLE,
    "additional_collaborators": _PEOPLE,
    "email_ccs": _OBJECTS,
    "followers": _OBJECTS,
    "comment": OBJECT,
    "metadata": OBJECT,
    "via_followup_source_id": WHOLE,
    "updated_stamp": TEXT,
    # The reference's own example sends the text "true".
    "safe_update": (lambda value: value in (True, False, "true", "false"), FLAG[1]),
}
KNOWN_KEYS = frozenset({*TYPES, "id"})
IMPORTED = frozenset({*TYPES, "comments", "description", "created_at", "updated_at", "solved_at"})
# Taken over as they are given; what else there is to a ticket has rules of its own.
PLAIN = (
    "external_id",
    "subject",
    "recipient",
    "group_id",
    "brand_id",
    "ticket_form_id",
    "sharing_agreement_ids",
)
_ALLOWED: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "priority": PRIORITIES, "type": KINDS}


def check_given(given: Row) -> None:
    """:class:`RecordInvalid` for values of a wrong type, and for unknown choices."""
    check_types({name: value for name, value in given.items() if name in TYPES}, TYPES)
    details: Details = {}
    for name, allowed in _ALLOWED.items():
        if given.get(name) is not None and given[name] not in allowed:
            add(details, name, f"{name.capitalize()}: {given[name]} is not valid", "InvalidValue")
    if given.get("due_at") and not _is_time(given["due_at"]):
        add(details, "due_at", "Due at: is not a date", "InvalidFormat")
    if details:
        raise RecordInvalid(details)


def check_open(stored: Row) -> None:
    """A closed ticket takes no change at all."""
    if stored["status"] == "closed":
        details: Details = {}
        add(details, "status", "Status: closed prevents ticket update", "InvalidValue")
        raise RecordInvalid(details)


def apply_values(account: Account, row: Row, given: Row, details: Details) -> None:
    """Write the given values into ``row``; what is wrong with them is added to ``details``."""
    for name in PLAIN:
        if name in given:
            row[name] = given[name] or (None if name != "sharing_agreement_ids" else [])
    if "priority" in given:
        row["priority"] = given["priority"]
    _apply_kind(account, row, given, details)
    _apply_tags(account, row, given, details)


def apply_status(account: Account, row: Row, stored: Row | None, given: Row, details: Details) -> None:
    """The status, by its name or its custom status, and what it demands."""
    ticketing = account.ticketing
    custom = given.get("custom_status_id")
    if custom is not None:
        found = ticketing.statuses.get(custom)
        if found is None or not found["active"]:
            add(details, "custom_status_id", "Custom status: is invalid", "InvalidValue")
            return
        row["status"], row["custom_status_id"] = found["status_category"], custom
    elif given.get("status") is not None:
        row["status"] = given["status"]
    if stored is not None and stored["status"] != "new" and row["status"] == "new":
        add(details, "status", "Status: cannot be set back to new", "InvalidValue")
    if row["status"] == "new" and row["assignee_id"] is not None:
        row["status"] = "open"
    named = custom is None and given.get("status") is not None
    if stored is None or named or row["status"] != stored["status"] or row["custom_status_id"] is None:
        _keep_category(account, row, custom)
    if row["status"] == "solved" and (stored is None or stored["status"] != "solved"):
        missing_to_solve(account, row, details)


def _keep_category(account: Account, row: Row, custom: int | None) -> None:
    if custom is None:
        default = account.ticketing.default_status(row["status"])
        row["custom_status_id"] = default["id"] if default else None


def _apply_kind(account: Account, row: Row, given: Row, details: Details) -> None:
    if "type" in given:
        row["type"] = given["type"]
    if "problem_id" in given:
        problem = account.ticketing.living(given["problem_id"]) if given["problem_id"] else None
        if given["problem_id"] is not None and (problem is None or problem["type"] != "problem"):
            add(details, "problem_id", "Problem: is not a problem ticket", "InvalidValue")
        row["problem_id"] = given["problem_id"]
    if "due_at" in given:
        row["due_at"] = given["due_at"]
    # Only incidents have a problem, only tasks a due date (TKT).
    if row["type"] != "incident":
        row["problem_id"] = None
    if row["type"] != "task":
        row["due_at"] = None


def _apply_tags(account: Account, row: Row, given: Row, details: Details) -> None:
    before = tags_of(account, row["values"])
    if "custom_fields" in given:
        row["values"] = merged_values(account, row["values"], given["custom_fields"] or [], details)
    tags = stored_tags(given["tags"]) if "tags" in given else list(row["tags"])
    removed = set(stored_tags(given.get("remove_tags")))
    tags = [tag for tag in [*tags, *stored_tags(given.get("additional_tags"))] if tag not in removed]
    if account.settings.flag("field_tags"):
        after = tags_of(account, row["values"])
        tags = [*(tag for tag in tags if tag not in before - after), *sorted(after)]
    row["tags"] = distinct(tags)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def without_blank(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """These of the given values that are there and not null."""
    return {name: given[name] for name in names if given.get(name) is not None}
