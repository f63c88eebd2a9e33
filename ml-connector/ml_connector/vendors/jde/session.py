"""The login at an AIS server: token requests, cookies, the session that all processes share."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests import PreparedRequest, Response

from ml_connector import redaction
from ml_connector.auth import Basic, LoginGate, SessionToken, Token, TokenStore
from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import HttpConfig, Session
from ml_connector.vendors.jde import faults
from ml_connector.vendors.jde.settings import DEFAULT_DEVICE, DEFAULT_REFRESH_MINUTES

logger = logging.getLogger(__name__)

SYSTEM = "jde"
HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
TOKEN_HEADER = "jde-AIS-Auth"  # noqa: S105 - a name
DEVICE_HEADER = "jde-AIS-Auth-Device"
_CAPABILITIES = "grid,dataservice"
_LOGOUT_SECONDS = 10.0
_TOKEN_PATH = "jderest/v2/tokenrequest"  # noqa: S105 - a path


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Who logs in, where to, and under which device name. None stands for the server's own default."""

    username: str
    password: str
    device: str = DEFAULT_DEVICE
    environment: str | None = None
    role: str | None = None
    jas_server: str | None = None

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Identity:
        """Build it from a plugin's settings."""
        return cls(
            username=str(settings["username"]),
            password=str(settings["password"]),
            device=str(settings.get("device_name") or DEFAULT_DEVICE),
            environment=settings.get("environment") or None,
            role=settings.get("role") or None,
            jas_server=settings.get("jas_server") or None,
        )

    @property
    def credentials(self) -> str:
        """Text that changes with the credentials; a wrong environment or role refuses a login as well."""
        return f"{self.username}:{self.password}:{self.environment or ''}:{self.role or ''}"

    @property
    def context(self) -> str:
        """What a token is bound to, beside the user."""
        return " ".join(filter(None, (self.environment, self.role, self.device, self.jas_server)))

    def request(self) -> dict[str, str]:
        """Return the body of a token request."""
        body = {
            "username": self.username,
            "password": self.password,
            "deviceName": self.device,
            "requiredCapabilities": _CAPABILITIES,
        }
        given = {"environment": self.environment, "role": self.role, "jasserver": self.jas_server}
        return body | {name: value for name, value in given.items() if value}

    def headers(self) -> dict[str, str]:
        """Return the headers that tell a stateless call where to."""
        given = {
            DEVICE_HEADER: self.device,
            "jde-AIS-Auth-Environment": self.environment,
            "jde-AIS-Auth-Role": self.role,
        }
        return {name: value for name, value in given.items() if value}


class Cookies:
    """The cookies of each token: those of its login, and what later answers set.

    They are kept beside the token, not in a session's jar: a token that another process obtained needs the
    cookies of that login, or the next call lands on another AIS server, which answers 444.
    """

    def __init__(self, *, kept: bool) -> None:
        self.kept = kept
        self._later: dict[str, dict[str, str]] = {}

    def of(self, token: Token) -> str:
        """Return the Cookie header for a token; empty where there is none."""
        if not self.kept:
            return ""
        cookies = {**dict(token.extra.get("cookies") or {}), **self._later.get(token.value, {})}
        return "; ".join(f"{name}={value}" for name, value in cookies.items())

    def learn(self, response: Response, *args: Any, **kwargs: Any) -> None:
        """Note what an answer sets, for the token that its request carried."""
        token = response.request.headers.get(TOKEN_HEADER)
        if self.kept and token and len(response.cookies):
            self._later.setdefault(str(token), {}).update(cookies_of(response))


class AisLogin:
    """Logs in and out at the AIS server, and puts the token into requests."""

    def __init__(
        self, identity: Identity, config: HttpConfig, settings: Mapping[str, Any], door: Session
    ) -> None:
        self.identity = identity
        self.door = door
        self.exit = Session(dataclasses.replace(config, max_retries=0, read_timeout=_LOGOUT_SECONDS))
        keeps = settings.get("keep_cookies")
        self.cookies = Cookies(kept=True if keeps is None else bool(keeps))
        minutes = settings.get("token_refresh_minutes")
        self._lifetime = 60.0 * float(DEFAULT_REFRESH_MINUTES if minutes is None else minutes)
        self._account = f"{identity.username} {config.base_url} {identity.context}"
        self._doubted: dict[str, str] = {}

    def token_auth(self, store: TokenStore, gate: LoginGate) -> SessionToken:
        """Return the credentials of a session that all processes share."""
        identity = self.identity
        # The gate is the user's own: contexts have tokens of their own, but it is one account that locks.
        return SessionToken(
            SYSTEM,
            self._account,
            store,
            login=lambda: gate.attempt(SYSTEM, identity.username, identity.credentials, self._log_in),
            logout=self._log_out,
            attach=self._attach,
            credentials=identity.credentials,
            renew_before=0.0,
            gate=gate,
        )

    def _log_in(self) -> Token:
        response = self.door.post(
            _TOKEN_PATH,
            json=self.identity.request(),
            headers=HEADERS,
            endpoint="POST tokenrequest",
            # A login that was answered too late left a session behind, which ends by its own time-out.
            idempotent=True,
        )
        answer = faults.parsed(response, SYSTEM)
        user = answer.get("userInfo") if isinstance(answer, Mapping) else None
        value = user.get("token") if isinstance(user, Mapping) else None
        if not isinstance(user, Mapping) or not isinstance(value, str) or not value:
            failures = "; ".join(str(each) for each in faults.failures_in(answer))
            raise SystemFault(
                f"{SYSTEM}: the login answered {response.status_code} without a token. {failures}".strip(),
                fix="Check `base_url`, or use `auth_mode: basic`.",
            )
        redaction.register(value)
        self._end_doubted()
        extra = {
            "cookies": cookies_of(response),
            "date_format": user.get("simpleDateFormat"),
            "environment": answer.get("environment"),
            "role": answer.get("role"),
        }
        return Token(value, expires_at=time.time() + self._lifetime, extra=extra)

    def doubt(self, response: Response, *args: Any, **kwargs: Any) -> None:
        """Note a refused token: its session may live on, with other rights or at another server."""
        sent = response.request.headers
        if response.status_code in {401, 403, faults.TOKEN_INVALID} and TOKEN_HEADER in sent:
            self._doubted[str(sent[TOKEN_HEADER])] = str(sent.get("Cookie") or "")

    def _end_doubted(self) -> None:
        """End the sessions of tokens that a new one replaces because they were refused."""
        while self._doubted:
            token, cookies = self._doubted.popitem()
            try:
                self._end(token, cookies)
            except ConnectorError as error:
                logger.debug("%s: a refused session was not logged out: %s", SYSTEM, error.message)

    def _log_out(self, token: Token) -> None:
        self._end(token.value, self.cookies.of(token))

    def _end(self, token: str, cookies: str) -> None:
        headers = {**HEADERS, TOKEN_HEADER: token, DEVICE_HEADER: self.identity.device}
        self.exit.post(
            f"{_TOKEN_PATH}/logout",
            json={"token": token},
            headers={**headers, "Cookie": cookies} if cookies else headers,
            authenticated=False,
            endpoint="POST tokenrequest/logout",
        )

    def _attach(self, request: PreparedRequest, token: Token) -> None:
        request.headers[TOKEN_HEADER] = token.value
        request.headers[DEVICE_HEADER] = self.identity.device
        cookies = self.cookies.of(token)
        if cookies:
            request.headers["Cookie"] = cookies


class BasicLogin(Basic):
    """User and password in each call, with the environment, role and device to work in.

    A 403 refuses the credentials only until they were accepted once: later it is a missing right.
    """

    def __init__(self, identity: Identity, store: TokenStore, gate: LoginGate) -> None:
        self._accepted = False
        super().__init__(
            SYSTEM, identity.username, identity.password, store, is_refused=self._refuses, gate=gate
        )
        self._headers = identity.headers()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Attach the credentials and where they lead to."""
        request.headers.update(self._headers)
        return super().__call__(request)

    def _refuses(self, response: Response) -> bool:
        self._accepted = self._accepted or response.ok
        return response.status_code in {401, 403} and not self._accepted


def cookies_of(response: Response) -> dict[str, str]:
    """Return the cookies that an answer sets, with those of the redirects before it."""
    found: dict[str, str] = {}
    for each in (*response.history, response):
        found.update({cookie.name: cookie.value or "" for cookie in each.cookies})
    redaction.register(*found.values())
    return found


def without_jar(session: Session, *hooks: Callable[..., None]) -> Session:
    """Return a session that keeps no cookies of its own and shows each answer to `hooks`."""
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.hooks["response"].extend(hooks)
    return session
