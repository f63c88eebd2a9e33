"""Tokens: what they are, where they go in a request, and how many threads and processes share one."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from requests import PreparedRequest
from requests.auth import AuthBase

from ml_connector import redaction
from ml_connector.auth._gate import LoginGate
from ml_connector.auth._store import TokenEntry
from ml_connector.errors import SystemFault

_MARK = "ml_connector_token"


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """A token as the vendor gave it. `expires_at` and `minted_at` are Unix times in seconds.

    `extra` is what else the vendor said and the attaching needs (a cookie's name); it is kept with the token.
    `refresh` is the refresh token that comes with it.
    """

    value: str
    expires_at: float | None = None
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    refresh: str | None = None
    minted_at: float = dataclasses.field(default_factory=time.time)

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at})"

    def is_fresh(self, leeway: float) -> bool:
        """Tell whether it lives for `leeway` seconds more, or for a fifth of its life if that is shorter."""
        if self.expires_at is None:
            return True
        return time.time() < self.expires_at - min(leeway, (self.expires_at - self.minted_at) / 5)

    @property
    def fingerprint(self) -> str:
        """A digest that tells tokens apart."""
        return hashlib.sha256(self.value.encode()).hexdigest()

    def to_entry(self, origin: str) -> dict[str, Any]:
        """Return what the store keeps; `origin` names the credentials it came from."""
        return {**dataclasses.asdict(self), "origin": origin}

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Self:
        """Read back `to_entry`, and hide the secrets from logs."""
        token = cls(
            value=str(entry["value"]),
            expires_at=entry.get("expires_at"),
            extra=dict(entry.get("extra") or {}),
            refresh=entry.get("refresh"),
            minted_at=float(entry.get("minted_at") or 0.0),
        )
        redaction.register(token.value, token.refresh)
        return token


Attach = Callable[[PreparedRequest, Token], None]


def in_header(name: str = "Authorization", scheme: str = "") -> Attach:
    """Attach the token as a header: `name: token`, or `name: scheme token`."""

    def attach(request: PreparedRequest, token: Token) -> None:
        request.headers[name] = f"{scheme} {token.value}" if scheme else token.value

    return attach


def in_cookie(name: str | None = None) -> Attach:
    """Attach the token as a cookie; its name is given, or was told at login (`extra["cookie"]`)."""

    def attach(request: PreparedRequest, token: Token) -> None:
        cookie = name or token.extra.get("cookie")
        if not cookie:
            raise SystemFault(
                "The login named no cookie to carry its token in.", fix="Give the cookie's name."
            )
        present = [part.strip() for part in (request.headers.get("Cookie") or "").split(";") if part.strip()]
        others = [part for part in present if part.partition("=")[0] != cookie]
        request.headers["Cookie"] = "; ".join([*others, f"{cookie}={token.value}"])

    return attach


def in_json_body(field: str) -> Attach:
    """Attach the token as a field of the JSON object in the body; a request without one is left as it is."""

    def attach(request: PreparedRequest, token: Token) -> None:
        if not request.body or not isinstance(request.body, (str, bytes)):
            return
        try:
            content = json.loads(request.body)
        except ValueError:
            return
        if isinstance(content, dict):
            body = json.dumps({**content, field: token.value}).encode()
            request.body = body
            request.headers["Content-Length"] = str(len(body))

    return attach


class TokenAuth(AuthBase):
    """A token that is obtained once and shared, by way of the token store, among threads and processes.

    Whoever finds it missing, nearly expired or dead replaces it under the store's lock, behind the login
    gate; all others wait and then read what was stored. A new token is on the disk before it is first
    used.
    """

    def __init__(
        self,
        entry: TokenEntry,
        *,
        credentials: str,
        attach: Attach,
        leeway: float,
        gate: LoginGate | None = None,
    ) -> None:
        self.entry = entry
        self.system = entry.system
        self.account = entry.account
        self._credentials = credentials
        self._attach = attach
        self._leeway = leeway
        self._gate = gate or LoginGate(entry.store)
        self._mutex = threading.RLock()
        self._current: Token | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Attach the token to a request, obtaining it first if need be."""
        token = self.token()
        self._attach(request, token)
        setattr(request, _MARK, token.fingerprint)
        return request

    def token(self) -> Token:
        """Return a token that is not about to expire."""
        with self._mutex:
            if self._current is None or not self._current.is_fresh(self._leeway):
                self._current = self._obtain(dead=None)
            return self._current

    def renew(self, request: PreparedRequest) -> None:
        """Replace the token that `request` carried, unless somebody else already did."""
        dead = getattr(request, _MARK, None)
        with self._mutex:
            if self._current is not None and self._current.fingerprint != dead:
                return
            self._current = self._obtain(dead=dead)

    def _obtain(self, dead: str | None) -> Token:
        with self.entry.locked():
            self._enter()
            stored = self._stored()
            if stored is not None and stored.fingerprint != dead and stored.is_fresh(self._leeway):
                return stored
            token = self._gate.attempt(
                self.system,
                self.account,
                self._credentials,
                lambda: self._mint(stored, stored_is_dead=bool(dead)),
            )
            redaction.register(token.value, token.refresh)
            self.entry.write(token.to_entry(self._origin()))
            return token

    def _stored(self) -> Token | None:
        entry = self.entry.read()
        if entry is None or not self._accepts(entry):
            return None
        return Token.from_entry(entry)

    def _accepts(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether a stored token came from the credentials that are configured now."""
        return entry.get("origin") == self._origin()

    def _origin(self) -> str:
        return self.entry.store.digest("origin", self._credentials)

    def _enter(self) -> None:
        """Hook: called under the store's lock, before the stored token is read."""

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        """Get a new token from the vendor. `stored` is the last one that the store knows, if any."""
        raise SystemFault(f"{type(self).__name__} cannot obtain tokens.")


class StaticToken(AuthBase):
    """A token that somebody made by hand and that is never renewed (an API token)."""

    def __init__(self, token: str, *, scheme: str = "Bearer", header: str = "Authorization") -> None:
        redaction.register(token)
        self._token = Token(token)
        self._attach = in_header(header, scheme)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Attach the token."""
        self._attach(request, self._token)
        return request
