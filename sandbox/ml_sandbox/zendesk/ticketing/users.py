"""What tickets need to know of users."""

from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid
from ml_sandbox.zendesk.user_writes import create_user, matching_user


def user_by_id(account: Account, user_id: int) -> Row | None:
    """A user who is not deleted."""
    found = account.users.get(user_id)
    return found if found is not None and found.get("active", True) else None


def user_by_email(account: Account, email: str) -> Row | None:
    """The user who holds this address, as a primary or another identity."""
    return matching_user(account, {"email": email})


def organizations_of(account: Account, user_id: int | None) -> list[int]:
    """The organizations of a user, the default one first."""
    held = account.memberships.find("user", user_id) if user_id is not None else []
    return [row["organization_id"] for row in sorted(held, key=lambda row: not row["default"])]


def create_requester(account: Account, named: dict[str, Any], details: Details) -> int | None:
    """A new end user for a ticket of somebody who is not known yet; a mail goes out, as for any (USR)."""
    given = {name: named[name] for name in ("name", "email", "locale_id") if named.get(name) is not None}
    try:
        return int(create_user(account, given)["id"])
    except RecordInvalid as error:
        for items in error.details.values():
            details.setdefault("requester", []).extend(items)
        return None
