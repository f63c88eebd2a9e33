"""Access and refresh tokens, and authorization codes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.table import IdSequence

CODE_SECONDS = 120.0
FIRST_TOKEN_ID = 26363700000001


@dataclass
class Token:
    """One granted token; times are vendor seconds.

    Attributes:
        refresh_token, refresh_ends: absent for ``client_credentials``.
    """

    id: int
    client_id: str
    user_id: int
    scopes: list[str]
    access_token: str
    ends: float
    created_at: str
    refresh_token: str | None = None
    refresh_ends: float = 0.0


@dataclass(frozen=True)
class Code:
    """An authorization code that waits to be exchanged."""

    client_id: str
    redirect_uri: str
    scope: str
    challenge: str | None
    ends: float


class TokenStore:
    """All tokens of the account."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._ids = IdSequence(FIRST_TOKEN_ID, 7)
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}
        self._codes: dict[str, Code] = {}

    def grant(
        self, client_id: str, user_id: int, scopes: list[str], seconds: float, refresh_seconds: float | None
    ) -> Token:
        """Issue a token; with a refresh token when ``refresh_seconds`` are given."""
        now = self._clock.monotonic()
        token = Token(
            id=self._ids.take(),
            client_id=client_id,
            user_id=user_id,
            scopes=scopes,
            # Tokens can be several hundred characters long (GT): a column for 255 would cut them.
            access_token=secrets.token_urlsafe(224),
            ends=now + seconds,
            created_at=self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        if refresh_seconds is not None:
            token.refresh_token = secrets.token_urlsafe(224)
            token.refresh_ends = now + refresh_seconds
            self._by_refresh[token.refresh_token] = token
        self._by_access[token.access_token] = token
        return token

    def living(self, access_token: str) -> Token | None:
        """The token of this text while it lives."""
        token = self._by_access.get(access_token)
        return token if token is not None and self._clock.monotonic() < token.ends else None

    def use_refresh(self, refresh_token: str, client_id: str) -> Token | None:
        """Take a refresh token, once: it and its access token die with it (GT)."""
        token = self._by_refresh.get(refresh_token)
        if token is None or token.client_id != client_id:
            return None
        self._remove(token)
        return token if self._clock.monotonic() < token.refresh_ends else None

    def add_code(self, client_id: str, redirect_uri: str, scope: str, challenge: str | None) -> str:
        """Issue an authorization code that lives 120 seconds (GT)."""
        code = secrets.token_urlsafe(32)
        ends = self._clock.monotonic() + CODE_SECONDS
        self._codes[code] = Code(client_id, redirect_uri, scope, challenge, ends)
        return code

    def use_code(self, code: str) -> Code | None:
        """Take an authorization code, once."""
        found = self._codes.pop(code, None)
        return found if found is not None and self._clock.monotonic() < found.ends else None

    def all(self) -> list[Token]:
        """Every token that was not withdrawn, also ended ones."""
        return list(self._by_access.values())

    def expires_at(self, token: Token) -> str:
        """The wall time at which an access token ends."""
        left = self._clock.real_seconds(token.ends - self._clock.monotonic())
        return _wall(self._clock.timestamp() + left)

    def expire(self) -> None:
        """End all access tokens now; refresh tokens live on."""
        for token in self._by_access.values():
            token.ends = min(token.ends, self._clock.monotonic())

    def revoke(self) -> None:
        """Withdraw all tokens, refresh tokens and codes."""
        self._by_access.clear()
        self._by_refresh.clear()
        self._codes.clear()

    def _remove(self, token: Token) -> None:
        self._by_access.pop(token.access_token, None)
        if token.refresh_token is not None:
            self._by_refresh.pop(token.refresh_token, None)


def _wall(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
