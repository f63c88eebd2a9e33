"""Identities of users: e-mail addresses, phone numbers and others; which is primary, who gets mail (UID)."""

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account

TYPES = (
    "email",
    "twitter",
    "facebook",
    "google",
    "phone_number",
    "agent_forwarding",
    "any_channel",
    "foreign",
    "sdk",
)
WRITABLE_TYPES = TYPES[:6]


def identities_of(account: Account, user_id: int) -> list[Row]:
    """A user's identities, oldest first."""
    return account.identities.find("user", user_id)


def primary_of(account: Account, user_id: int, kind: str) -> Row | None:
    """The primary identity of a type."""
    held = (row for row in identities_of(account, user_id) if row["type"] == kind)
    return next((row for row in held if row["primary"]), None)


def add_identity(
    account: Account,
    user_id: int,
    kind: str,
    value: str,
    *,
    verified: bool = False,
    primary: bool = False,
    quiet: bool = False,
) -> Row:
    """Store a new identity; the first of its type is primary.

    An unverified address gets a mail unless ``quiet``.
    """
    now = account.now()
    first = primary_of(account, user_id, kind) is None
    row: Row = {
        "id": account.identity_ids.take(),
        "user_id": user_id,
        "type": kind,
        "value": value,
        "verified": verified,
        "verification_method": "low" if verified else "none",
        "verified_at": None,
        "primary": first,
        "created_at": now,
        "updated_at": now,
    }
    if kind == "email":
        row |= {"undeliverable_count": 0, "deliverable_state": "deliverable"}
    account.identities.put(row)
    if primary and not first:
        make_primary(account, row)
    if kind == "email" and not verified and not quiet:
        send_verification(account, row)
    return account.identities.get(row["id"]) or row


def make_primary(account: Account, chosen: Row) -> None:
    """Make an identity the primary one of its type."""
    for row in identities_of(account, chosen["user_id"]):
        if row["type"] == chosen["type"] and row["primary"] != (row["id"] == chosen["id"]):
            account.identities.put({**row, "primary": row["id"] == chosen["id"], "updated_at": account.now()})


def set_verified(account: Account, row: Row, *, verified: bool) -> Row:
    """Set an identity's verification."""
    method = "low" if verified else "none"
    changed = {**row, "verified": verified, "verification_method": method}
    return account.identities.put(changed | {"updated_at": account.now()}) if changed != row else row


def remove_identity(account: Account, row: Row) -> None:
    """Delete an identity; the oldest of its type that is left becomes the primary one (n/c)."""
    account.identities.delete(row["id"])
    left = [other for other in identities_of(account, row["user_id"]) if other["type"] == row["type"]]
    if row["primary"] and left:
        make_primary(account, left[0])


def send_verification(account: Account, row: Row) -> None:
    """Send the mail with the link that verifies an address, as far as a sandbox does: note it."""
    account.mails.put(
        {
            "id": len(account.mails) + 1,
            "kind": "verification",
            "user_id": row["user_id"],
            "email": row["value"],
            "sent_at": account.now(),
        }
    )


def refresh_user(account: Account, user_id: int) -> Row:
    """Bring what a user row shows of its identities up to date."""
    row = account.users.get(user_id)
    if row is None:
        raise LookupError(user_id)
    held = identities_of(account, user_id)
    primary = primary_of(account, user_id, "email")
    shown = {
        "email": primary["value"] if primary else None,
        "verified": any(identity["verified"] for identity in held if identity["type"] == "email"),
    }
    if shown.items() <= row.items():
        return row
    return account.users.put({**row, **shown, "updated_at": account.now()})
