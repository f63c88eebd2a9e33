"""OAuth at Zoho: refresh tokens, codes of self clients, client credentials.

At most ten access tokens are given per refresh token in ten minutes (Accounts: access token expiry). One is
shared by all processes by way of the token store, and the count of those asked for is kept there too.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector import redaction
from ml_connector.auth import (
    LoginGate,
    OAuth2ClientCredentials,
    OAuth2RefreshToken,
    Token,
    TokenEntry,
    TokenStore,
    judge_token_answer,
)
from ml_connector.errors import ConnectorError, LoginRefused, PassingFault, SystemFault
from ml_connector.http import HttpConfig

SYSTEM = "zoho-crm"
SCHEME = "Zoho-oauthtoken"
TOKENS_PER_WINDOW = 10
WINDOW = 600.0
_LEEWAY = 300.0
_LIFETIME = 3600.0
_ASKED = "asked"

_FIXES = {
    "invalid_code": "The refresh token or code is wrong, revoked, used up, or of another data centre: check "
    "`data_center`, then make a new one in the Zoho API console and set it.",
    "invalid_client": "Check `client_id`, `client_secret` and `data_center`: a client is known in its own "
    "data centre only.",
    "invalid_client_secret": "Check `client_secret`; each data centre has its own for a client.",
    "invalid_redirect_uri": "Register the redirect address at the client, in the Zoho API console.",
    "missing_org_info": "Set `org_id` to the organisation's zgid.",
    "invalid_scope": "Correct `scope`.",
}
_THROTTLED = (
    "Run again in ten minutes. Zoho gives ten access tokens per refresh token in ten minutes: let all "
    "processes share one `token_store`, or give each its own refresh token."
)


def judge(response: Response, body: Mapping[str, Any]) -> ConnectorError | None:
    """What an answer of the token endpoint without a token means; refusals come with status 200."""
    fault = judge_token_answer(response, body)
    if isinstance(fault, PassingFault):
        return PassingFault(fault.message, fix=_THROTTLED)
    if isinstance(fault, LoginRefused):
        fix = _FIXES.get(
            str(body.get("error") or ""), "Check `client_id`, `client_secret` and `data_center`."
        )
        return LoginRefused(fault.message, fix=fix)
    return fault


class TokenRation:
    """The times at which tokens were asked for, of all processes. Used while the entry is locked."""

    def __init__(self, entry: TokenEntry) -> None:
        self._entry = entry

    def take(self) -> None:
        """Note one more. Raises PassingFault where Zoho would refuse it, before asking."""
        now = time.time()
        kept = self._entry.read(_ASKED) or {}
        # A time to come is of a clock that was set back: it says nothing.
        times = [at for at in kept.get("at", ()) if now - WINDOW < at <= now]
        if len(times) >= TOKENS_PER_WINDOW:
            left = max(1, round(times[0] + WINDOW - now))
            raise PassingFault(
                f"{SYSTEM}: {len(times)} access tokens were asked for in the last ten minutes; Zoho gives no "
                f"more for another {left} s.",
                fix=_THROTTLED,
            )
        self._entry.write({"at": [*times, now]}, _ASKED)


class ZohoRefreshToken(OAuth2RefreshToken):
    """Access tokens of a refresh token; `grant_code` is the self client's code that gives the first one."""

    def __init__(self, *arguments: Any, grant_code: str | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        redaction.register(grant_code)
        self._code = grant_code
        self._ration = TokenRation(self.entry)

    def _origin(self) -> str:
        return self.entry.store.digest("code", self._code) if self._code else super()._origin()

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        self._ration.take()
        if self._code and (stored is None or not stored.refresh):
            return self._exchange(self._code)
        refresh = (stored.refresh if stored is not None else None) or self._first
        if not refresh:
            raise SystemFault(
                f"{SYSTEM}: there is no refresh token.",
                fix="Set `refresh_token`, or `grant_code` with `auth_mode: self_client`, or authorise: "
                f"`ml-connector auth login {SYSTEM}`.",
            )
        token = self.endpoint.request(grant_type="refresh_token", refresh_token=refresh)
        return token if token.refresh else dataclasses.replace(token, refresh=refresh)

    def _exchange(self, code: str) -> Token:
        token = self.endpoint.request(grant_type="authorization_code", code=code)
        if not token.refresh:
            raise SystemFault(
                f"{SYSTEM}: the code of the self client gave no refresh token.",
                fix="Make the code in the API console's tab for self clients, and set `grant_code`.",
            )
        return token


class ZohoClientCredentials(OAuth2ClientCredentials):
    """Access tokens of a self client without a user."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ration = TokenRation(self.entry)

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        self._ration.take()
        return super()._mint(stored, stored_is_dead=stored_is_dead)


Login = ZohoRefreshToken | ZohoClientCredentials


def login_of(settings: Mapping[str, Any], accounts_url: str, store: TokenStore) -> Login:
    """The login that the settings describe. Raises SystemFault for one that is missing."""
    mode = str(settings.get("auth_mode") or "refresh_token")
    client_id = _needed(settings, "client_id", mode)
    common: dict[str, Any] = {
        "token_url": f"{accounts_url}/oauth/v2/token",
        "client_id": client_id,
        "client_secret": _needed(settings, "client_secret", mode),
        "scheme": SCHEME,
        "leeway": _LEEWAY,
        "default_lifetime": _LIFETIME,
        "judge": judge,
        "gate": LoginGate.from_settings(store, settings),
    }
    config = HttpConfig.from_settings(settings, system=SYSTEM, base_url=accounts_url)
    if mode == "client_credentials":
        organisation = _needed(settings, "org_id", mode)
        common["account"] = f"{client_id} {organisation}"
        common["extra"] = {"soid": f"ZohoCRM.{organisation}"}
        return ZohoClientCredentials(config, store, scope=settings.get("scope"), **common)
    refresh, code = settings.get("refresh_token"), None
    if mode == "self_client":
        refresh, code = None, _needed(settings, "grant_code", mode)
    # Tokens of several users of one client must not replace each other.
    mark = store.digest("user", str(refresh or code or ""))[:8]
    common["account"] = f"{client_id} {mark}" if refresh or code else client_id
    return ZohoRefreshToken(config, store, refresh_token=refresh, grant_code=code, **common)


def _needed(settings: Mapping[str, Any], name: str, mode: str) -> str:
    value = settings.get(name)
    if not value:
        raise SystemFault(f"{SYSTEM}: the setting `{name}` is missing.", fix=f"`auth_mode: {mode}` needs it.")
    return str(value)
