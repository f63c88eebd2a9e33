"""Who calls, and whether they may: Basic and Bearer authentication, scopes and roles (INT, GT)."""

import base64
import binascii
import secrets
from dataclasses import dataclass

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import forbidden, invalid_token, missing_scope, unauthenticated
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.tokens import Token

READ_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Caller:
    """The user on whose behalf a request acts, and the token if it is one."""

    user: Row
    token: Token | None = None


def authenticated(account: Account, request: Request) -> Caller:
    """The caller; 401 when the credentials are missing, wrong or dead."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(account, credentials.strip())
    if scheme.lower() == "basic" and account.settings.flag("api_tokens"):
        return _by_api_token(account, credentials.strip())
    raise unauthenticated()


def check_allowed(caller: Caller, operation: Operation) -> None:
    """403 when the token's scopes or the user's role do not suffice."""
    if caller.token is not None:
        _check_scope(caller.token.scopes, operation)
    if caller.user["role"] not in operation.roles:
        raise forbidden()


def _check_scope(scopes: list[str], operation: Operation) -> None:
    access = "read" if operation.method in READ_METHODS else "write"
    sufficient = {access, f"{operation.resource}:{access}"}
    if operation.resource != "any" and not sufficient & set(scopes):
        raise missing_scope(access)


def _by_token(account: Account, access_token: str) -> Caller:
    token = account.tokens.living(access_token)
    user = account.users.get(token.user_id) if token is not None else None
    if token is None or user is None:
        raise invalid_token()
    return Caller(user, token)


def _by_api_token(account: Account, credentials: str) -> Caller:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise unauthenticated() from error
    name, _, token = text.partition(":")
    email, slash, kind = name.rpartition("/")
    held = account.identities.find("value", ("email", email.lower()))
    users = [user for row in held if (user := account.users.get(row["user_id"])) is not None]
    right = slash and kind == "token" and secrets.compare_digest(token.encode(), seed.API_TOKEN.encode())
    if not right or not users:
        raise unauthenticated()
    return Caller(users[0])
