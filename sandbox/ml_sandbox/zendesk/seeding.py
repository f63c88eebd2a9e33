"""What the control API reads and writes of the account, past permissions and quotas."""

from collections.abc import Callable
from typing import Any

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.errors import RecordInvalid
from ml_sandbox.zendesk.field_rules import changed_field, new_field
from ml_sandbox.zendesk.organization_fields import shown_field
from ml_sandbox.zendesk.organization_rules import changed_organization, new_organization
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.staff import shown_token

URL = seed.ACCOUNT_URL
Reader = Callable[[], list[Row]]
Writer = Callable[[Row], Row]


def readers(account: Account) -> dict[str, Reader]:
    """How to read each object."""
    return {
        "organizations": lambda: [
            shown_organization(account, row, URL) for row in account.organizations.by_key()
        ],
        "organization_fields": lambda: [shown_field(row, URL) for row in account.fields],
        "users": lambda: list(account.users),
        "oauth_clients": lambda: [{**row, "secret": "***"} for row in account.clients],
        "oauth_tokens": lambda: [shown_token(account, token, URL) for token in account.tokens.all()],
        "jobs": lambda: [account.jobs.as_json(job, URL) for job in account.jobs.all()],
    }


def writers(account: Account) -> dict[str, Writer]:
    """How to upsert a row of each object that can be written."""
    return {
        "organizations": lambda row: _put_organization(account, row),
        "organization_fields": lambda row: _put_field(account, row),
        "users": lambda row: _put_user(account, row),
        "oauth_clients": lambda row: _put_client(account, row),
    }


def clearers(account: Account) -> dict[str, Callable[[], None]]:
    """How to empty each object."""

    def reseed(table: Table) -> None:
        table.clear()
        account.seed()

    return {
        "organizations": account.organizations.clear,
        "organization_fields": account.fields.clear,
        "users": lambda: reseed(account.users),
        "oauth_clients": lambda: reseed(account.clients),
        "oauth_tokens": account.tokens.revoke,
        "jobs": account.jobs.clear,
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


def _put_field(account: Account, given: Row) -> Row:
    stored = account.field_by_key(given["key"]) if isinstance(given.get("key"), str) else None
    try:
        row = changed_field(account, stored, given) if stored else new_field(account, given)
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this organization field: {error.summary}.") from error
    row |= {name: given[name] for name in ("id", "created_at", "updated_at") if given.get(name) is not None}
    row["id"] = row["id"] or account.field_ids.take()
    account.field_ids.pass_over(row["id"])
    return shown_field(account.fields.put(row), URL)


def _put_user(account: Account, given: Row) -> Row:
    email = _text(given, "email", "a user")
    role = given.get("role", "agent")
    if role not in {"admin", "agent", "end-user"}:
        raise ControlError(f"A user's role cannot be {role!r}.", ("admin", "agent", "end-user"))
    found = account.users.find("email", email.lower())
    now = account.now()
    fresh = {"id": account.organization_ids.take(), "name": email, "role": role, "created_at": now}
    return account.users.put({**(found[0] if found else fresh), **given, "updated_at": now})


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
