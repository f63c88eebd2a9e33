"""Creating, changing and deleting users, with their identities, organizations and mails (USR, UID)."""

from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.field_values import shown_values
from ml_sandbox.zendesk.identity_rules import (
    add_identity,
    identities_of,
    primary_of,
    refresh_user,
    set_verified,
)
from ml_sandbox.zendesk.memberships import set_only_organization
from ml_sandbox.zendesk.organizations import create_organization
from ml_sandbox.zendesk.user_rules import changed_user, given_identities, new_user, stored_email


def create_user(account: Account, given: Row, user_id: int | None = None) -> Row:
    """Store a new user; :class:`RecordInvalid` when the vendor would refuse it."""
    row = new_user(account, given)
    row["id"] = user_id or account.user_ids.take()
    account.user_ids.pass_over(row["id"])
    account.put_new_user(row)
    quiet = bool(given.get("skip_verify_email"))
    email = stored_email(given.get("email"))
    if email is not None:
        verified = bool(given.get("verified"))
        add_identity(account, row["id"], "email", email, verified=verified, quiet=quiet)
    for kind, value in given_identities(given):
        kept = stored_email(value) if kind == "email" else value
        if kept is not None and kept != email:
            add_identity(account, row["id"], kind, kept, quiet=quiet)
    _follow_phone(account, row["id"], row["phone"])
    _follow_organization(account, row["id"], given)
    return refresh_user(account, row["id"])


def update_user(account: Account, stored: Row, given: Row) -> Row:
    """Store changes; :class:`RecordInvalid` when they are refused.

    A new ``email`` becomes a secondary identity; the primary one stays (USR).
    """
    row = account.users.put(changed_user(account, stored, given))
    _follow_email(account, row["id"], given)
    if "phone" in given and row["phone"] != stored["phone"]:
        _follow_phone(account, row["id"], row["phone"])
    _follow_organization(account, row["id"], given)
    return refresh_user(account, row["id"])


def delete_user(account: Account, stored: Row) -> Row:
    """Delete softly: the row stays inactive, its addresses and external id are free again (USR)."""
    for identity in identities_of(account, stored["id"]):
        account.identities.delete(identity["id"])
    set_only_organization(account, stored["id"], None)
    gone = {"active": False, "email": None, "phone": None, "organization_id": None, "verified": False}
    return account.users.put({**stored, **gone, "updated_at": account.now()})


def matching_user(account: Account, given: Row) -> Row | None:
    """The user that an external id, else an e-mail address names; both in any case (USR)."""
    external_id = given.get("external_id")
    if isinstance(external_id, str) and external_id.strip():
        found = account.users.find("external_id", external_id.strip().lower())
        if found:
            return found[0]
    email = stored_email(given.get("email")) if isinstance(given.get("email"), str) else None
    held = account.identities.find("value", ("email", email)) if email else []
    return account.users.get(held[0]["user_id"]) if held else None


def shown_user(account: Account, row: Row, url: str) -> dict[str, Any]:
    """A user as the vendor shows them to admins and agents."""
    link = f"{url}/api/v2/users/{row['id']}.json"
    kind = {"admin": 4, "agent": 0}.get(row["role"])
    fields = shown_values(account.user_fields, row["user_fields"])
    return {"url": link, **row, "role_type": kind, "user_fields": fields}


def _follow_email(account: Account, user_id: int, given: Row) -> None:
    email = stored_email(given.get("email"))
    held = {row["value"]: row for row in identities_of(account, user_id) if row["type"] == "email"}
    verified = given.get("verified")
    if email is not None and email not in held:
        quiet = bool(given.get("skip_verify_email"))
        add_identity(account, user_id, "email", email, verified=bool(verified), quiet=quiet)
    elif isinstance(verified, bool):
        primary = held.get(email or "") or primary_of(account, user_id, "email")
        if primary is not None:
            set_verified(account, primary, verified=verified)


def _follow_phone(account: Account, user_id: int, phone: str | None) -> None:
    """A number that nobody else has becomes a direct line with an identity, any other is shared (USR)."""
    user = account.users.get(user_id)
    if user is None:
        return
    others = [
        row for row in account.identities.find("value", ("phone_number", phone)) if row["user_id"] != user_id
    ]
    if phone is not None and not others:
        held = [row for row in identities_of(account, user_id) if row["type"] == "phone_number"]
        if phone not in {row["value"] for row in held}:
            add_identity(account, user_id, "phone_number", phone, verified=True, primary=True, quiet=True)
    account.users.put({**user, "shared_phone_number": None if phone is None else bool(others)})


def _follow_organization(account: Account, user_id: int, given: Row) -> None:
    if given.get("organization_id") is None and isinstance(given.get("organization"), dict):
        name = given["organization"]["name"]
        found = account.organizations.find("name", compared_name(name))
        organization = found[0] if found else create_organization(account, {"name": name})
        set_only_organization(account, user_id, organization["id"])
    elif "organization_id" in given:
        set_only_organization(account, user_id, given["organization_id"])
    user = account.users.get(user_id)
    default = next((row for row in account.memberships.find("user", user_id) if row["default"]), None)
    organization_id = default["organization_id"] if default else None
    if user is not None and user["organization_id"] != organization_id:
        account.users.put({**user, "organization_id": organization_id})
