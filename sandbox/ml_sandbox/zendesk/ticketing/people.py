"""Who is concerned with a ticket: requester, submitter, assignee, copies and followers (TKT)."""

from collections.abc import Callable, Iterable
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.ticketing.users import create_requester, organizations_of, user_by_email, user_by_id

MAX_EMAIL_CCS = 48
STAFF = ("admin", "agent")


def apply_people(account: Account, row: Row, given: Row, actor: int, details: Details) -> None:
    """Write who is concerned into ``row``; what is wrong is added to ``details``."""
    _apply_requester(account, row, given, actor, details)
    _apply_assignee(account, row, given, details)
    if not details:
        _apply_organization(account, row, given, details)
    _apply_copies(account, row, given, details)


def _apply_requester(account: Account, row: Row, given: Row, actor: int, details: Details) -> None:
    before = row["requester_id"]
    if given.get("requester") is not None:
        row["requester_id"] = _named_requester(account, given["requester"], details)
    elif given.get("requester_id") is not None:
        row["requester_id"] = given["requester_id"]
        if user_by_id(account, given["requester_id"]) is None:
            add(details, "requester", "Requester: is invalid", "InvalidValue")
    elif before is None:
        row["requester_id"] = actor


def _named_requester(account: Account, named: dict[str, Any], details: Details) -> int | None:
    email, name = named.get("email"), named.get("name")
    found = user_by_email(account, email) if isinstance(email, str) else None
    if found is not None:
        return int(found["id"])
    if not isinstance(name, str) or not name.strip():
        add(details, "requester", "Requester: Name: is too short (minimum one character)", "ValueTooShort")
        return None
    return create_requester(account, named, details)


def _apply_assignee(account: Account, row: Row, given: Row, details: Details) -> None:
    if given.get("assignee_email"):
        found = user_by_email(account, given["assignee_email"])
    elif "assignee_id" in given:
        if given["assignee_id"] is None:
            row["assignee_id"] = None
            return
        found = user_by_id(account, given["assignee_id"])
    else:
        return
    if found is None or found["role"] not in STAFF:
        add(details, "assignee", "Assignee: is not an agent", "InvalidValue")
        return
    row["assignee_id"] = found["id"]


def _apply_organization(account: Account, row: Row, given: Row, details: Details) -> None:
    own = organizations_of(account, row["requester_id"])
    if given.get("organization_id") is not None:
        if given["organization_id"] not in own:
            # Only an organization of the requester can be given (TKT).
            add(details, "organization", "Organization: is not one of the requester's", "InvalidValue")
            return
        row["organization_id"] = given["organization_id"]
    elif row["organization_id"] not in own:
        row["organization_id"] = own[0] if own else None


def _apply_copies(account: Account, row: Row, given: Row, details: Details) -> None:
    if "collaborator_ids" in given or "collaborators" in given:
        chosen = [*(given.get("collaborator_ids") or []), *(given.get("collaborators") or [])]
        row["email_cc_ids"] = _people(account, chosen, details)
    if given.get("additional_collaborators"):
        added = _people(account, given["additional_collaborators"], details)
        row["email_cc_ids"] = _once([*row["email_cc_ids"], *added])
    for name, kept, allowed in (
        ("email_ccs", "email_cc_ids", lambda user: True),
        ("followers", "follower_ids", lambda user: user["role"] in STAFF),
    ):
        for item in given.get(name) or []:
            row[kept] = _changed(account, row[kept], item, name, allowed, details)
    if len(row["email_cc_ids"]) > MAX_EMAIL_CCS:
        add(details, "email_ccs", f"Email CCs: no more than {MAX_EMAIL_CCS} are allowed", "InvalidValue")
    row["collaborator_ids"] = _once([*row["email_cc_ids"], *row["follower_ids"]])


def _changed(
    account: Account,
    ids: list[int],
    item: dict[str, Any],
    name: str,
    allowed: Callable[[Row], bool],
    details: Details,
) -> list[int]:
    found = _one(account, item.get("user_id") or {"name": item.get("user_name"), **_email(item)}, details)
    user = user_by_id(account, found) if found is not None else None
    if found is None or user is None or not allowed(user):
        add(details, name, f"{name.replace('_', ' ').capitalize()}: is invalid", "InvalidValue")
        return ids
    if item.get("action") == "delete":
        return [user_id for user_id in ids if user_id != found]
    return _once([*ids, found])


def _email(item: dict[str, Any]) -> dict[str, Any]:
    email = item.get("user_email")
    return {"email": email, "name": item.get("user_name") or email} if email else {}


def _people(account: Account, chosen: Iterable[Any], details: Details) -> list[int]:
    found = [_one(account, person, details) for person in chosen]
    return _once(user_id for user_id in found if user_id is not None)


def _one(account: Account, person: Any, details: Details) -> int | None:
    """An id, an e-mail address, or an object with name and email."""
    if isinstance(person, int):
        if user_by_id(account, person) is None:
            add(details, "collaborators", f"Collaborator {person}: is invalid", "InvalidValue")
            return None
        return person
    named = {"email": person, "name": person} if isinstance(person, str) else person
    return _named_requester(account, named, details) if isinstance(named, dict) else None


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids)) if ids else []
