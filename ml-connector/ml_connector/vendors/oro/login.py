"""OAuth at OroCRM: client credentials, or name and password of a user ("OAuth authentication").

Tokens live an hour. The endpoint is never below the back office's prefix.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector import redaction
from ml_connector.auth import (
    LoginGate,
    OAuth2ClientCredentials,
    Token,
    TokenStore,
    judge_token_answer,
)
from ml_connector.errors import ConnectorError, LoginRefused, SystemFault
from ml_connector.http import HttpConfig

SYSTEM = "oro"
TOKEN_PATH = "/oauth2-token"  # noqa: S105 - a path, no secret

_APPLICATION = (
    "Check `client_id` and `client_secret`: System > User Management > OAuth Applications in the back "
    "office. The application must allow the grant of `auth_mode` and be active."
)
_FIXES = {
    "invalid_client": _APPLICATION,
    "unauthorized_client": _APPLICATION,
    "unsupported_grant_type": _APPLICATION,
    "invalid_grant": "Check `username` and `password`, and that the user is enabled.",
    "invalid_credentials": "Check `username` and `password`, and that the user is enabled.",
}


def judge(response: Response, body: Mapping[str, Any]) -> ConnectorError | None:
    """What an answer of the token endpoint without a token means."""
    if response.status_code in {404, 405}:
        return SystemFault(
            f"{TOKEN_PATH} answered {response.status_code}: there is no login.",
            fix="Set `base_url` to OroCRM itself, without /admin or /api; the server needs the OAuth package "
            "(oro/oauth2-server).",
        )
    if "encryption key" in str(body.get("message") or body.get("error_description") or ""):
        return SystemFault(
            "The server has no key pair to sign tokens with.",
            fix="Have its administrator make one (oauth2 keys in var/), as Oro's documentation describes.",
        )
    fault = judge_token_answer(response, body)
    if not isinstance(fault, LoginRefused):
        return fault
    hint = f" {body['hint']}." if body.get("hint") else ""
    return LoginRefused(f"{fault.message}{hint}", fix=_FIXES.get(str(body.get("error") or ""), _APPLICATION))


class OroPassword(OAuth2ClientCredentials):
    """Tokens for the name and password of a user, renewed by refresh tokens as long as those are taken."""

    def __init__(self, config: HttpConfig, store: TokenStore, *, username: str, password: str, **more: Any):
        client = str(more["client_id"])
        super().__init__(config, store, account=f"{client} {username}", **more)
        redaction.register(password)
        self._credentials = json.dumps([self._credentials, username, password])
        self._username, self._password = username, password

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        if stored is not None and stored.refresh:
            try:
                return self.endpoint.request(grant_type="refresh_token", refresh_token=stored.refresh)
            except LoginRefused:
                # It was used up, revoked or too old; the password still tells who we are.
                pass
        return self.endpoint.request(grant_type="password", username=self._username, password=self._password)


def login_of(settings: Mapping[str, Any], config: HttpConfig, store: TokenStore) -> OAuth2ClientCredentials:
    """The login that the settings describe. Raises SystemFault for one that is missing."""
    mode = str(settings.get("auth_mode") or "client_credentials")
    common: dict[str, Any] = {
        "token_url": TOKEN_PATH,
        "client_id": _needed(settings, "client_id", mode),
        "client_secret": _needed(settings, "client_secret", mode),
        "default_lifetime": 3600.0,
        "judge": judge,
        "gate": LoginGate.from_settings(store, settings),
    }
    if mode == "password":
        return OroPassword(
            config,
            store,
            username=_needed(settings, "username", mode),
            password=_needed(settings, "password", mode),
            **common,
        )
    return OAuth2ClientCredentials(config, store, **common)


def _needed(settings: Mapping[str, Any], name: str, mode: str) -> str:
    value = settings.get(name)
    if not value:
        raise SystemFault(f"{SYSTEM}: the setting `{name}` is missing.", fix=f"`auth_mode: {mode}` needs it.")
    return str(value)
