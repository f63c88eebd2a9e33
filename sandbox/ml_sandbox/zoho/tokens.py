"""Refresh tokens, access tokens and grant codes (OAUTH)."""

import secrets
from dataclasses import dataclass

from ml_sandbox.core.clock import SandboxClock

WINDOW_SECONDS = 600.0
REFRESH_TOKENS_PER_USER = 20


@dataclass(frozen=True)
class AccessToken:
    """One access token; times are vendor seconds."""

    text: str
    client_id: str
    user_id: str
    scopes: frozenset[str]
    refresh_token: str | None
    ends: float


@dataclass
class RefreshToken:
    """A refresh token, which lives until it is withdrawn, with its window of granted access tokens."""

    text: str
    client_id: str
    user_id: str
    scopes: frozenset[str]
    window_ends: float = 0.0
    granted: int = 0


@dataclass(frozen=True)
class GrantCode:
    """A code that waits to be exchanged, once."""

    text: str
    client_id: str
    user_id: str
    scopes: frozenset[str]
    ends: float
    redirect_uri: str | None = None
    offline: bool = True


class TokenStore:
    """All tokens and codes of the organisation."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._codes: dict[str, GrantCode] = {}

    def add_refresh(
        self, client_id: str, user_id: str, scopes: frozenset[str], text: str | None = None
    ) -> RefreshToken:
        """Issue a refresh token; the 21st of a user deletes his oldest."""
        token = RefreshToken(text or _new_text(), client_id, user_id, scopes)
        held = [other for other in self._refresh.values() if other.user_id == user_id]
        if token.text not in self._refresh and len(held) >= REFRESH_TOKENS_PER_USER:
            self._withdraw(held[0])
        self._refresh[token.text] = token
        return token

    def refresh(self, text: str) -> RefreshToken | None:
        """The refresh token of this text."""
        return self._refresh.get(text)

    def may_grant(self, token: RefreshToken, limit: int) -> bool:
        """Count an access token of this refresh token; False when the ten minutes' share is used up."""
        now = self._clock.monotonic()
        if now >= token.window_ends:
            token.window_ends = now + WINDOW_SECONDS
            token.granted = 0
        if token.granted >= limit:
            return False
        token.granted += 1
        return True

    def grant(
        self,
        client_id: str,
        user_id: str,
        scopes: frozenset[str],
        seconds: float,
        refresh_token: str | None = None,
    ) -> AccessToken:
        """Issue an access token."""
        ends = self._clock.monotonic() + seconds
        token = AccessToken(_new_text(), client_id, user_id, scopes, refresh_token, ends)
        self._access[token.text] = token
        return token

    def drop_oldest(self, refresh_token: str, kept: int) -> None:
        """Let only the newest access tokens of a refresh token live on."""
        now = self._clock.monotonic()
        mine = [token for token in self._access.values() if token.refresh_token == refresh_token]
        living = [token for token in mine if now < token.ends]
        for token in living[: max(0, len(living) - kept)]:
            del self._access[token.text]

    def living(self, text: str) -> AccessToken | None:
        """The access token of this text while it lives."""
        token = self._access.get(text)
        return token if token is not None and self._clock.monotonic() < token.ends else None

    def add_code(
        self,
        client_id: str,
        user_id: str,
        scopes: frozenset[str],
        seconds: float,
        redirect_uri: str | None = None,
        *,
        offline: bool = True,
    ) -> GrantCode:
        """Issue a grant code."""
        ends = self._clock.monotonic() + seconds
        code = GrantCode(_new_text(), client_id, user_id, scopes, ends, redirect_uri, offline)
        self._codes[code.text] = code
        return code

    def use_code(self, text: str) -> GrantCode | None:
        """Take a code, once, while it lives."""
        code = self._codes.pop(text, None)
        return code if code is not None and self._clock.monotonic() < code.ends else None

    def all_refresh(self) -> list[RefreshToken]:
        """Every refresh token, oldest first."""
        return list(self._refresh.values())

    def all_access(self) -> list[AccessToken]:
        """Every access token that was not withdrawn, ended ones too."""
        return list(self._access.values())

    def expire(self) -> None:
        """End every access token now."""
        self._access.clear()

    def revoke(self) -> None:
        """Withdraw everything."""
        self._access.clear()
        self._refresh.clear()
        self._codes.clear()

    def _withdraw(self, token: RefreshToken) -> None:
        del self._refresh[token.text]
        self._access = {
            text: access for text, access in self._access.items() if access.refresh_token != token.text
        }


def scopes_of(text: str) -> frozenset[str]:
    """The scopes of a list separated by commas or blanks."""
    return frozenset(text.replace(",", " ").split())


def _new_text() -> str:
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
