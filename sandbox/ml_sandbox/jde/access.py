"""Who calls: the token, Basic credentials or credentials in the body of a request."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.faults import AisError, bad_input, refused_login
from ml_sandbox.jde.sessions import Session, Sessions
from ml_sandbox.jde.users import User, Users

TOKEN_HEADER = "jde-AIS-Auth"  # noqa: S105 - the name of a header
DEVICE_HEADER = "jde-AIS-Auth-Device"
ENVIRONMENT_HEADER = "jde-AIS-Auth-Environment"
ROLE_HEADER = "jde-AIS-Auth-Role"
COOKIE = "JSESSIONID"
_UNEXPECTED_LIST = (
    "Authorization Failure: the list of environments and roles was returned unexpectedly for user {}."
)
_NOT_ALLOWED = "The HTML server does not list this AIS server among its allowed hosts."

Body = dict[str, Any]


async def read_body(request: Request) -> Body:
    """Give the JSON object of a POST; 415 for another content type, 400 for what is no JSON object."""
    if request.method != "POST":
        return {}
    content = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise AisError(415, f"Unsupported Media Type: {kind or 'none'}; send application/json.")
    if not content.strip():
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise bad_input(f"The input is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise bad_input("The input must be a JSON object.")
    return body


class Access:
    """Opens sessions, and finds the session of a call."""

    def __init__(self, users: Users, sessions: Sessions, settings: VendorSettings) -> None:
        self._users = users
        self._sessions = sessions
        self._settings = settings

    def login(self, request: Request, body: Body) -> Session:
        """Open a session with a token."""
        user = self._user(request, body)
        environment, role = self._place(user, request, body)
        return self._sessions.open(user, environment, role, device_of(request, body))

    def session(self, request: Request, body: Body) -> Session:
        """Give the session of a call: that of its token, or a temporary one for its credentials."""
        token = token_of(request, body)
        if token:
            return self._sessions.use(token, device_of(request, body), request.cookies.get(COOKIE))
        user = self._user(request, body)
        environment, role = self._place(user, request, body)
        return self._sessions.temporary(user, environment, role, device_of(request, body))

    def valid(self, request: Request, body: Body) -> Session | None:
        """Give the open session that a call asks about, without using it; None when it is refused.

        Such a call need not name the device (R: its body is the token alone); another one is refused.
        """
        return self._sessions.valid(
            token_of(request, body), named_device(request, body), request.cookies.get(COOKIE)
        )

    def _user(self, request: Request, body: Body) -> User:
        if not self._settings.flag("html_server_allows"):
            # Every session needs its twin on the HTML server: who asks does not matter.
            raise AisError(405, _NOT_ALLOWED)
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" or "psToken" in body:
            raise refused_login("Authorization Failure: this login type is switched off.")
        if scheme.lower() == "basic":
            allowed, (username, password) = self._settings.flag("allow_basic"), _basic(value)
        else:
            allowed = self._settings.flag("allow_password")
            username = _text(body.get("username") or _asked(request, "$username"))
            password = _text(body.get("password") or _asked(request, "$password"))
        if not allowed:
            raise refused_login("Authorization Failure: this login type is switched off.")
        user = self._users.signed_in(username, password)
        if user is None:
            raise refused_login("Authorization Failure: the user name or the password is not valid.")
        return user

    def _place(self, user: User, request: Request, body: Body) -> tuple[str, str]:
        environment = _given(request, body, "environment", ENVIRONMENT_HEADER) or user.environments[0]
        role = _given(request, body, "role", ROLE_HEADER) or user.roles[0]
        if environment not in user.environments or role not in user.roles:
            raise refused_login(_UNEXPECTED_LIST.format(user.username))
        return environment, role


def token_of(request: Request, body: Body) -> str:
    """Give the token that a request carries, or an empty text."""
    return _text(request.headers.get(TOKEN_HEADER) or body.get("token") or _asked(request, "$token"))


def device_of(request: Request, body: Body) -> str:
    """Give the device that a request names, or else the caller's address."""
    return named_device(request, body) or (request.client.host if request.client else "")


def named_device(request: Request, body: Body) -> str:
    """Give the device that a request names, or an empty text."""
    return _text(request.headers.get(DEVICE_HEADER) or body.get("deviceName") or _asked(request, "$device"))


def _given(request: Request, body: Body, name: str, header: str) -> str:
    return _text(request.headers.get(header) or body.get(name) or _asked(request, f"${name}"))


def _asked(request: Request, name: str) -> str:
    """Give what the query says of the caller; only a GET may carry that there."""
    return request.query_params.get(name, "") if request.method == "GET" else ""


def _basic(value: str) -> tuple[str, str]:
    try:
        username, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return username, password


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def check_right(session: Session, name: str) -> None:
    """Refuse a table or an orchestration to which the user has no right: 403."""
    if name in session.user.denied:
        raise refused_login(f"Authorization Failure: user {session.user.username} has no right to {name}.")


def without_credentials(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a body without the members that say who calls."""
    names = ("token", "deviceName", "username", "password", "environment", "role", "jasserver")
    return {name: value for name, value in body.items() if name not in names}
