"""Access and refresh tokens (B2)."""

import base64
import json
import secrets
from dataclasses import dataclass

from ml_sandbox.core.clock import SandboxClock


@dataclass(frozen=True)
class Token:
    """An access or refresh token; ``ends`` is in vendor seconds."""

    text: str
    client_id: str
    user_id: str
    ends: float


class TokenStore:
    """All tokens of the installation."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, Token] = {}

    def grant(self, client_id: str, user_id: str, seconds: float) -> Token:
        """Issue an access token: a text of the form of a JWT."""
        token = Token(_jwt(client_id, user_id), client_id, user_id, self._clock.monotonic() + seconds)
        self._access[token.text] = token
        return token

    def grant_refresh(self, client_id: str, user_id: str, seconds: float) -> Token:
        """Issue a refresh token."""
        token = Token(secrets.token_hex(64), client_id, user_id, self._clock.monotonic() + seconds)
        self._refresh[token.text] = token
        return token

    def use_refresh(self, text: str, client_id: str) -> Token | None:
        """Take a living refresh token of this client; it serves once."""
        token = self._refresh.get(text)
        if token is None or token.client_id != client_id:
            return None
        del self._refresh[text]
        return token if self._clock.monotonic() < token.ends else None

    def living(self, text: str) -> Token | None:
        """The access token of this text while it lives."""
        token = self._access.get(text)
        return token if token is not None and self._clock.monotonic() < token.ends else None

    def expire(self) -> None:
        """End every access token."""
        self._access.clear()

    def revoke(self) -> None:
        """Withdraw everything."""
        self._access.clear()
        self._refresh.clear()


def _jwt(client_id: str, user_id: str) -> str:
    header = {"typ": "JWT", "alg": "RS256"}
    claims = {"aud": client_id, "jti": secrets.token_hex(40), "sub": user_id, "scopes": []}
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, secrets.token_bytes(256))
    )
