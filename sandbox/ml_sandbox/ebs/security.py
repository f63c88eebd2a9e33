"""Log-on, access tokens and what a token remembers."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs.administration import Administration, User
from ml_sandbox.ebs.faults import IsgFault


@dataclass
class Token:
    """An access token: times are seconds of the vendor's clock."""

    value: str
    user_name: str
    issued: float
    used: float
    context: dict[str, str] = field(default_factory=dict)
    """Context values last given with this token (DG-MSG)."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and with which token if with one."""

    user: User
    token: Token | None = None


class Security:
    """Knows users by password and by token.

    A request with an `Authorization` header is judged by it alone: a token cookie beside it is not looked
    at, so it neither helps nor remembers a context.
    """

    def __init__(self, administration: Administration, settings: VendorSettings, clock: SandboxClock) -> None:
        self._administration = administration
        self._settings = settings
        self._clock = clock
        self._tokens: dict[str, Token] = {}

    def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Caller:
        """Give the caller of a request; raises `FND_SOA_AUTHENTICATION_FAILURE`."""
        if "authorization" in headers:
            return Caller(self.check_basic(headers["authorization"]))
        token = self._living_token(cookies.get(self._settings.text("access_token_name"), ""))
        user = self._administration.users.get(token.user_name)
        if user is None or user.locked:
            raise _failure()
        return Caller(user, token)

    def check_basic(self, header: str) -> User:
        """Give the user of a Basic header; failures count towards the lock of the user."""
        name, password = _credentials(header)
        user = self._administration.users.get(name.upper())
        if user is None:
            raise _failure()
        success = not user.locked and hmac.compare_digest(user.password.encode(), password.encode())
        lock_after = self._settings.integer("lock_after_failures")
        self._administration.note_login(user, success=success, lock_after=lock_after)
        if not success:
            raise _failure()
        return self._administration.users[user.name]

    def issue(self, user: User) -> Token:
        """Give a new token to a user."""
        now = self._clock.monotonic()
        self._drop_dead(now)
        token = Token(secrets.token_urlsafe(32), user.name, now, now)
        self._tokens[token.value] = token
        return token

    def end(self, token: Token) -> None:
        """Invalidate one token."""
        self._tokens.pop(token.value, None)

    def end_all(self) -> None:
        """Invalidate every token."""
        self._tokens.clear()

    def _living_token(self, value: str) -> Token:
        now = self._clock.monotonic()
        token = self._tokens.get(value)
        if token is None or self._is_dead(token, now):
            raise _failure()
        token.used = now
        return token

    def _is_dead(self, token: Token, now: float) -> bool:
        old = now - token.issued >= self._settings.number("token_lifetime_seconds")
        return old or now - token.used >= self._settings.number("token_idle_seconds")

    def _drop_dead(self, now: float) -> None:
        self._tokens = {key: token for key, token in self._tokens.items() if not self._is_dead(token, now)}


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    if scheme.lower() != "basic" or ":" not in decoded:
        raise _failure()
    name, _, password = decoded.partition(":")
    return name, password


def _failure() -> IsgFault:
    return IsgFault("FND_SOA_AUTHENTICATION_FAILURE")
