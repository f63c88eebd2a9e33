"""OAuth 2: client credentials, and refresh tokens that may rotate."""

from __future__ import annotations

import base64
import dataclasses
import json
import time
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any, Literal

from requests import Response

from ml_connector import redaction
from ml_connector.auth._gate import LoginGate
from ml_connector.auth._store import TokenStore
from ml_connector.auth._tokens import Token, TokenAuth, in_header
from ml_connector.errors import ConnectorError, LoginRefused, PassingFault, SystemFault
from ml_connector.http import HttpConfig, Session, excerpt_of, fault_for, json_of, register

Body = Literal["form", "json"]
ClientAuth = Literal["body", "basic"]
Judge = Callable[[Response, Mapping[str, Any]], ConnectorError | None]

_LATER = frozenset({"slow_down", "temporarily_unavailable", "server_error"})


def judge_token_answer(response: Response, body: Mapping[str, Any]) -> ConnectorError | None:
    """Return what is wrong with an answer that holds no token, as most vendors mean it.

    `error` of overload, or words of too many requests, are passing; any other `error`, whatever the
    status (some vendors send it with 200), and 400, 401, 403 refuse the login.
    """
    error = str(body.get("error") or "")
    description = str(body.get("error_description") or body.get("message") or "")
    said = (": ".join(part for part in (error, description) if part) or excerpt_of(response)).rstrip(".")
    if error in _LATER or "too many requests" in said.lower():
        return PassingFault(f"The token endpoint asks to come back later: {said}.", fix="Run again later.")
    if error or response.status_code in {400, 401, 403}:
        return LoginRefused(f"The token endpoint refuses with status {response.status_code}: {said}.")
    return None


@dataclasses.dataclass(frozen=True)
class TokenEndpoint:
    """Where tokens are asked for. `body` is how parameters travel, `client_auth` how id and secret do.

    `extra` are further parameters of each request (`expires_in`, `soid`). `default_lifetime` seconds are
    assumed when neither the answer nor `extra` says how long a token lives. `judge` tells refusals from
    passing trouble.
    """

    config: HttpConfig
    token_url: str
    client_id: str
    client_secret: str | None = None
    body: Body = "form"
    client_auth: ClientAuth = "body"
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    default_lifetime: float = 1800.0
    judge: Judge = judge_token_answer

    def __post_init__(self) -> None:
        register(self.client_secret)

    def request(self, **grant: str | None) -> Token:
        """Ask for a token. Raises LoginRefused, PassingFault, or SystemFault for an address that is none.

        A request whose answer was lost is repeated: the credentials stay the same.
        """
        parameters = {name: value for name, value in {**self.extra, **grant}.items() if value is not None}
        redaction.register(grant.get("code"), grant.get("refresh_token"), grant.get("code_verifier"))
        with Session(self._own_config()) as session:
            response = session.post(
                self.config_url, idempotent=True, headers=self._headers(), **self._payload(parameters)
            )
            return self._token(response)

    @property
    def config_url(self) -> str:
        """The whole address of the endpoint."""
        return self.config.url(self.token_url)

    def _own_config(self) -> HttpConfig:
        parts = urllib.parse.urlsplit(self.config_url)
        return dataclasses.replace(self.config, base_url=f"{parts.scheme}://{parts.netloc}")

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.client_auth == "basic":
            pair = ":".join(
                urllib.parse.quote(part, safe="") for part in (self.client_id, self.client_secret or "")
            )
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
            register(headers["Authorization"].removeprefix("Basic "))
        return headers

    def _payload(self, parameters: dict[str, Any]) -> dict[str, Any]:
        if self.client_auth == "body":
            parameters["client_id"] = self.client_id
            if self.client_secret is not None:
                parameters["client_secret"] = self.client_secret
        return {"json": parameters} if self.body == "json" else {"data": parameters}

    def _token(self, response: Response) -> Token:
        system = self.config.system
        body = _object(response)
        value = body.get("access_token")
        if response.ok and isinstance(value, str) and value:
            return self._read(body, value)
        fault = self.judge(response, body)
        if fault is not None:
            raise type(fault)(f"{system}: {fault.message}", fix=fault.fix)
        if response.ok:
            json_of(response, system)
            raise SystemFault(
                f"{system}: {self.config_url} answered without a token.", fix="Check the token address."
            )
        raise _as_system_fault(fault_for(response, system))

    def _read(self, body: Mapping[str, Any], value: str) -> Token:
        lifetime = _lifetime(body) or _number(self.extra.get("expires_in")) or self.default_lifetime
        known = {"access_token", "refresh_token", "expires_in", "expires_in_sec", "refresh_token_expires_in"}
        now = time.time()
        refresh = body.get("refresh_token")
        return Token(
            value,
            expires_at=now + lifetime,
            extra={name: item for name, item in body.items() if name not in known},
            refresh=refresh if isinstance(refresh, str) and refresh else None,
            minted_at=now,
        )


def _object(response: Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _lifetime(body: Mapping[str, Any]) -> float | None:
    # Where `expires_in_sec` exists, `expires_in` is in milliseconds.
    return _number(body.get("expires_in_sec")) or _number(body.get("expires_in"))


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 else None


def _as_system_fault(fault: ConnectorError) -> ConnectorError:
    if isinstance(fault, (SystemFault, PassingFault)):
        return fault
    return SystemFault(fault.message, fix="Check the address of the token endpoint.")


class _OAuth2(TokenAuth):
    """What the grants share."""

    def __init__(
        self,
        endpoint: TokenEndpoint,
        store: TokenStore,
        *,
        grant: str,
        account: str,
        credentials: str,
        scope: str | None,
        scheme: str,
        leeway: float,
        gate: LoginGate | None,
    ) -> None:
        entry = store.entry(endpoint.config.system, account, grant)
        super().__init__(
            entry, credentials=credentials, attach=in_header(scheme=scheme), leeway=leeway, gate=gate
        )
        self.endpoint = endpoint
        self.scope = scope


class OAuth2ClientCredentials(_OAuth2):
    """Tokens of the `client_credentials` grant: nothing to keep but the token, asked for anew when it ends.

    `token_url` is an address, or a path below `config.base_url`; `scheme` the word before the token in
    the header; `leeway` how many seconds before its end a token is replaced. The others are those of
    TokenEndpoint.
    """

    def __init__(
        self,
        config: HttpConfig,
        store: TokenStore,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        account: str | None = None,
        scope: str | None = None,
        extra: Mapping[str, Any] | None = None,
        body: Body = "form",
        client_auth: ClientAuth = "body",
        scheme: str = "Bearer",
        leeway: float = 60.0,
        default_lifetime: float = 1800.0,
        judge: Judge = judge_token_answer,
        gate: LoginGate | None = None,
    ) -> None:
        endpoint = TokenEndpoint(
            config,
            token_url,
            client_id,
            client_secret,
            body,
            client_auth,
            extra or {},
            default_lifetime,
            judge,
        )
        super().__init__(
            endpoint,
            store,
            grant=f"client_credentials {endpoint.config_url} {scope}",
            account=account or client_id,
            credentials=json.dumps(
                [endpoint.config_url, client_id, client_secret, scope, endpoint.extra], default=str
            ),
            scope=scope,
            scheme=scheme,
            leeway=leeway,
            gate=gate,
        )

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        return self.endpoint.request(grant_type="client_credentials", scope=self.scope)


class OAuth2RefreshToken(_OAuth2):
    """Tokens of the `refresh_token` grant. A rotated pair is on the disk before it is first used.

    `refresh_token` is the first one; later ones live in the token store, which wins as long as the
    setting is the one that they descend from. None means that `ml-connector auth login` (`save_grant`)
    put one there. Only one thread of one process refreshes; the others read what it stored. The other
    arguments are those of OAuth2ClientCredentials.
    """

    def __init__(
        self,
        config: HttpConfig,
        store: TokenStore,
        *,
        token_url: str,
        client_id: str,
        client_secret: str | None,
        refresh_token: str | None = None,
        account: str | None = None,
        scope: str | None = None,
        extra: Mapping[str, Any] | None = None,
        body: Body = "form",
        client_auth: ClientAuth = "body",
        scheme: str = "Bearer",
        leeway: float = 60.0,
        default_lifetime: float = 1800.0,
        judge: Judge = judge_token_answer,
        gate: LoginGate | None = None,
    ) -> None:
        register(refresh_token)
        endpoint = TokenEndpoint(
            config,
            token_url,
            client_id,
            client_secret,
            body,
            client_auth,
            extra or {},
            default_lifetime,
            judge,
        )
        super().__init__(
            endpoint,
            store,
            grant="refresh_token",
            account=account or client_id,
            credentials=json.dumps([endpoint.config_url, client_id, client_secret, refresh_token, scope]),
            scope=scope,
            scheme=scheme,
            leeway=leeway,
            gate=gate,
        )
        self._first = refresh_token

    def _accepts(self, entry: Mapping[str, Any]) -> bool:
        return entry.get("origin") in {self._origin(), GRANTED}

    def _origin(self) -> str:
        # Not the client secret: when that is changed, the chain of refresh tokens goes on.
        return self.entry.store.digest("refresh", self._first) if self._first else GRANTED

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        refresh = (stored.refresh if stored is not None else None) or self._first
        if not refresh:
            raise SystemFault(
                f"{self.system}: there is no refresh token for {self.account}.",
                fix=f"Set `refresh_token`, or authorise: `ml-connector auth login {self.system}`.",
            )
        try:
            token = self.endpoint.request(grant_type="refresh_token", refresh_token=refresh, scope=self.scope)
        except LoginRefused as refusal:
            fix = f"Authorise again: `ml-connector auth login {self.system}`, or set a new `refresh_token`."
            raise LoginRefused(refusal.message, fix=fix) from refusal
        return token if token.refresh else dataclasses.replace(token, refresh=refresh)


GRANTED = "granted"
"""Origin of a token pair that a person authorised, as opposed to one that a setting began."""


def save_grant(store: TokenStore, system: str, account: str, token: Token) -> None:
    """Keep the pair of an authorization where OAuth2RefreshToken (same system and account) finds it."""
    if not token.refresh:
        raise SystemFault(
            f"{system}: the authorization gave no refresh token.",
            fix="Ask for offline access (a scope or parameter of this vendor) and authorise again.",
        )
    entry = store.entry(system, account, "refresh_token")
    with entry.locked():
        entry.write(token.to_entry(GRANTED))
