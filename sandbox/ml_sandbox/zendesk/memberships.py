"""Which users belong to which organizations (OM, USR)."""

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid
from ml_sandbox.zendesk.record_rules import WHOLE, Check, add, check_types

TYPES: dict[str, Check] = {
    "user_id": WHOLE,
    "organization_id": WHOLE,
    "default": (lambda value: value is None or isinstance(value, bool), "must be true or false"),
}
SINGLE_ORGANIZATION = ("suite_team", "support_essential", "support_team")
"""The plans without several organizations for a user (OM)."""


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
    row = account.memberships.put(
        {
            **fresh,
            "user_id": user_id,
            "organization_id": organization_id,
            # Null, not false, when it is not the default (OM).
            "default": default or None,
            "updated_at": now,
        }
    )
    _follow_default(account, user_id)
    return row


def checked_membership(account: Account, given: Row) -> tuple[Row, Row]:
    """The user and the organization of a new membership; :class:`RecordInvalid` when it is refused.

    What a plan without several organizations answers is not documented.
    """
    check_types({name: given[name] for name in TYPES if name in given}, TYPES)
    details: Details = {}
    user = account.users.get(given.get("user_id") or 0)
    if user is None or not user["active"]:
        add(details, "user", "User cannot be blank", "BlankValue")
    organization = account.organizations.get(given.get("organization_id") or 0)
    if organization is None:
        add(details, "organization", "Organization cannot be blank", "BlankValue")
    if user is None or organization is None or details:
        raise RecordInvalid(details)
    held = [row["organization_id"] for row in account.memberships.find("user", user["id"])]
    if organization["id"] in held:
        add(details, "user_id", "User has already been taken", "DuplicateValue")
    elif held and not several_organizations(account):
        add(details, "base", "User: cannot be in more than one organization on this plan", "InvalidValue")
    if details:
        raise RecordInvalid(details)
    return user, organization


def several_organizations(account: Account) -> bool:
    """Whether users may be in more than one organization."""
    chosen = account.settings.text("multiple_organizations")
    return chosen == "on" or (chosen == "plan" and account.settings.text("plan") not in SINGLE_ORGANIZATION)


def end_membership(account: Account, stored: Row) -> None:
    """End one membership; the user's next one becomes the default."""
    account.memberships.delete(stored["id"])
    left = account.memberships.find("user", stored["user_id"])
    if left and stored["default"]:
        account.memberships.put({**left[0], "default": True})
    _follow_default(account, stored["user_id"])


def leave_organization(account: Account, organization_id: int) -> None:
    """Take everybody out of an organization that is deleted."""
    for row in account.memberships.find("organization", organization_id):
        end_membership(account, row)


def _follow_default(account: Account, user_id: int) -> None:
    """A user shows the default organization as theirs (USR)."""
    user = account.users.get(user_id)
    default = next((row for row in account.memberships.find("user", user_id) if row["default"]), None)
    organization_id = default["organization_id"] if default else None
    if user is not None and user["organization_id"] != organization_id:
        account.users.put({**user, "organization_id": organization_id, "updated_at": account.now()})
