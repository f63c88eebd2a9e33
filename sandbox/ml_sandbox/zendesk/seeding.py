"""What the control API reads and writes of the account, past permissions and quotas."""

from collections.abc import Callable
from typing import Any

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.errors import RecordInvalid
from ml_sandbox.zendesk.field_definitions import shown_field
from ml_sandbox.zendesk.field_rules import changed_field, new_field
from ml_sandbox.zendesk.field_sets import FieldSet
from ml_sandbox.zendesk.identities import shown_identity
from ml_sandbox.zendesk.identity_rules import TYPES, add_identity, make_primary, refresh_user, set_verified
from ml_sandbox.zendesk.memberships import join_organization
from ml_sandbox.zendesk.organization_rules import changed_organization, new_organization
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.staff import shown_token
from ml_sandbox.zendesk.ticketing.seeding import ticket_clearers, ticket_readers, ticket_writers
from ml_sandbox.zendesk.user_writes import create_user, matching_user, shown_user, update_user

URL = seed.ACCOUNT_URL
Reader = Callable[[], list[Row]]
Writer = Callable[[Row], Row]


def readers(account: Account) -> dict[str, Reader]:
    """How to read each object."""
    return {
        "organizations": lambda: [
            shown_organization(account, row, URL) for row in account.organizations.by_key()
        ],
        "organization_fields": lambda: _shown_fields(account.organization_fields),
        "user_fields": lambda: _shown_fields(account.user_fields),
        "users": lambda: [shown_user(account, row, URL) for row in account.users.by_key()],
        "identities": lambda: [shown_identity(row, URL) for row in account.identities.by_key()],
        "organization_memberships": lambda: account.memberships.by_key(),
        "mails": lambda: account.mails.by_key(),
        "oauth_clients": lambda: [{**row, "secret": "***"} for row in account.clients],
        "oauth_tokens": lambda: [shown_token(account, token, URL) for token in account.tokens.all()],
        "jobs": lambda: [account.jobs.as_json(job, URL) for job in account.jobs.all()],
        **ticket_readers(account),
    }


def writers(account: Account) -> dict[str, Writer]:
    """How to upsert a row of each object that can be written."""
    return {
        "organizations": lambda row: _put_organization(account, row),
        "organization_fields": lambda row: _put_field(account, account.organization_fields, row),
        "user_fields": lambda row: _put_field(account, account.user_fields, row),
        "users": lambda row: _put_user(account, row),
        "identities": lambda row: _put_identity(account, row),
        "organization_memberships": lambda row: _put_membership(account, row),
        "oauth_clients": lambda row: _put_client(account, row),
        **ticket_writers(account),
    }


def clearers(account: Account) -> dict[str, Callable[[], None]]:
    """How to empty each object."""

    def reseed(clear: Callable[[], None]) -> None:
        clear()
        account.seed()

    return {
        "organizations": account.organizations.clear,
        "organization_fields": account.organization_fields.table.clear,
        "user_fields": account.user_fields.table.clear,
        "users": lambda: reseed(account.clear_users),
        "mails": account.mails.clear,
        "oauth_clients": lambda: reseed(account.clients.clear),
        "oauth_tokens": account.tokens.revoke,
        "jobs": account.jobs.clear,
        **ticket_clearers(account),
    }


def _put_organization(account: Account, given: Row) -> Row:
    stored = _organization(account, given)
    try:
        row = changed_organization(account, stored, given) if stored else new_organization(account, given)
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this organization: {error.summary}.") from error
    row |= {name: given[name] for name in ("id", "created_at", "updated_at") if given.get(name) is not None}
    row["id"] = row["id"] or account.organization_ids.take()
    account.organization_ids.pass_over(row["id"])
    put = account.organizations.put if stored else account.put_new_organization
    return shown_organization(account, put(row), URL)


def _organization(account: Account, given: Row) -> Row | None:
    if given.get("id") is not None:
        return account.organizations.get(given["id"])
    found: list[Row] = []
    if isinstance(given.get("external_id"), str):
        found = account.organizations.find("external_id", given["external_id"].strip().lower())
    if not found and isinstance(given.get("name"), str):
        found = account.organizations.find("name", compared_name(given["name"]))
    return found[0] if found else None


def _put_field(account: Account, fields: FieldSet, given: Row) -> Row:
    stored = fields.by_key(given["key"]) if isinstance(given.get("key"), str) else None
    try:
        row = changed_field(account, stored, given) if stored else new_field(account, fields, given)
    except RecordInvalid as error:
        kind = fields.wrapper.replace("_", " ")
        raise ControlError(f"Zendesk could not hold this {kind}: {error.summary}.") from error
    row |= {name: given[name] for name in ("id", "created_at", "updated_at") if given.get(name) is not None}
    row["id"] = row["id"] or account.field_ids.take()
    account.field_ids.pass_over(row["id"])
    return shown_field(fields, fields.table.put(row), URL)


def _shown_fields(fields: FieldSet) -> list[Row]:
    return [shown_field(fields, row, URL) for row in fields.table]


def _put_user(account: Account, given: Row) -> Row:
    """Agents, end users and admins alike; nobody gets a mail."""
    stored = account.users.get(given["id"]) if given.get("id") is not None else matching_user(account, given)
    quiet = {**given, "skip_verify_email": True}
    try:
        if stored is not None:
            row = update_user(account, stored, quiet)
        else:
            row = create_user(account, quiet, _number(given, "id", "a user"))
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this user: {error.summary}.") from error
    times: Row = {name: given[name] for name in ("created_at", "updated_at", "active") if name in given}
    return shown_user(account, account.users.put({**row, **times}), URL)


def _put_identity(account: Account, given: Row) -> Row:
    user_id = _number(given, "user_id", "an identity")
    user = account.users.get(user_id) if user_id is not None else None
    if user is None:
        raise ControlError(f"The identity's user_id {user_id!r} is no user.")
    kind, value = _text(given, "type", "an identity"), _text(given, "value", "an identity")
    if kind not in TYPES:
        raise ControlError(f"An identity cannot be of type {kind!r}.", TYPES)
    held = account.identities.find("value", (kind, value.lower() if kind == "email" else value))
    if any(row["user_id"] != user["id"] for row in held):
        raise ControlError(f"Zendesk could not hold this identity: {value} belongs to another user.")
    verified, primary = bool(given.get("verified")), bool(given.get("primary"))
    kept = value.lower() if kind == "email" else value
    row = held[0] if held else add_identity(account, user["id"], kind, kept, verified=verified, quiet=True)
    if primary:
        make_primary(account, row)
    set_verified(account, account.identities.get(row["id"]) or row, verified=verified)
    refresh_user(account, user["id"])
    return shown_identity(account.identities.get(row["id"]) or row, URL)


def _put_membership(account: Account, given: Row) -> Row:
    user_id = _number(given, "user_id", "a membership")
    organization_id = _number(given, "organization_id", "a membership")
    user = account.users.get(user_id) if user_id is not None else None
    if user is None or organization_id is None or account.organizations.get(organization_id) is None:
        raise ControlError(
            "A membership needs the user_id of a user and the organization_id of an organization."
        )
    row = join_organization(account, user["id"], organization_id, default=bool(given.get("default")))
    if row["default"]:
        account.users.put({**user, "organization_id": organization_id})
    return row


def _number(given: Row, name: str, what: str) -> int | None:
    value = given.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ControlError(f"{name!r} of {what} must be a whole number.")
    return value


def _put_client(account: Account, given: Row) -> Row:
    identifier = _text(given, "identifier", "an OAuth client")
    fresh = {
        "secret": None,
        "user_id": seed.ADMIN_ID,
        "redirect_uris": [seed.REDIRECT_URI],
        "scopes": list(seed.ALL_SCOPES),
    }
    stored: dict[str, Any] = {**(account.clients.get(identifier) or fresh), **given}
    if account.users.get(stored["user_id"]) is None:
        raise ControlError(f"The OAuth client's user_id {stored['user_id']!r} is no user.")
    return {**account.clients.put(stored), "secret": "***"}


def _text(given: Row, name: str, what: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{name!r} of {what} must be a text.")
    return value
