"""Which users belong to which organizations (OM, USR)."""

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account


def set_only_organization(account: Account, user_id: int, organization_id: int | None) -> None:
    """Make one organization the user's only one, or leave the user without any (USR)."""
    for row in account.memberships.find("user", user_id):
        if row["organization_id"] != organization_id:
            account.memberships.delete(row["id"])
    if organization_id is not None:
        join_organization(account, user_id, organization_id, default=True)


def join_organization(account: Account, user_id: int, organization_id: int, *, default: bool) -> Row:
    """Put a user into an organization; the first one is the default."""
    held = account.memberships.find("user", user_id)
    same = next((row for row in held if row["organization_id"] == organization_id), None)
    default = default or not held
    if default:
        for row in held:
            account.memberships.put({**row, "default": None})
    now = account.now()
    fresh = {"id": account.membership_ids.take(), "created_at": now} if same is None else same
    return account.memberships.put(
        {
            **fresh,
            "user_id": user_id,
            "organization_id": organization_id,
            # Null, not false, when it is not the default (OM).
            "default": default or None,
            "updated_at": now,
        }
    )


def leave_organization(account: Account, organization_id: int) -> None:
    """Take everybody out of an organization that is deleted; their next one becomes the default."""
    for row in account.memberships.find("organization", organization_id):
        account.memberships.delete(row["id"])
        left = account.memberships.find("user", row["user_id"])
        if left and row["default"]:
            account.memberships.put({**left[0], "default": True})
        user = account.users.get(row["user_id"])
        if user is not None and user["organization_id"] == organization_id:
            next_one = left[0]["organization_id"] if left else None
            account.users.put({**user, "organization_id": next_one, "updated_at": account.now()})
