"""The way to the gateway: login, context, one request at a time, the server's clock."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from requests import Response

from ml_connector import redaction
from ml_connector.auth import Basic, LoginGate, SessionToken, Token, TokenStore, in_cookie
from ml_connector.errors import SystemFault
from ml_connector.http import HttpConfig, ServerClock, Session
from tap_oracle_ebs.gateway import answers
from tap_oracle_ebs.gateway.context import ApplicationContext
from tap_oracle_ebs.gateway.faults import FaultJudge, is_authentication_failure

SYSTEM = "oracle-ebs"
_LOGOUT_SECONDS = 10.0
_HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}


class Client:
    """Calls operations of the gateway with the credentials and the context of the settings.

    With `auth_mode: token` it logs in by Basic, sends the access token as cookie, logs in once more when
    the token died, and logs out on `close`. With `basic` every call carries user and password. A refused
    login is not repeated: EBS locks accounts.
    """

    def __init__(self, settings: Mapping[str, Any], *, stopping: threading.Event | None = None) -> None:
        self.context = ApplicationContext.from_settings(settings)
        self._username = str(settings["username"])
        self._password = str(settings["password"])
        redaction.register_basic(self._username, self._password)
        self._config = _http_config(settings)
        self._store = TokenStore.from_settings(settings)
        self._gate = LoginGate.from_settings(self._store, settings)
        self._stopping = stopping
        self._server_clock = ServerClock()
        self._auth: Basic | SessionToken
        self._door = self._session(None)
        self._exit = Session(dataclasses.replace(self._config, max_retries=0, read_timeout=_LOGOUT_SECONDS))
        if settings.get("auth_mode") == "basic":
            self._auth = Basic(
                SYSTEM,
                self._username,
                self._password,
                self._store,
                is_refused=is_authentication_failure,
                gate=self._gate,
            )
        else:
            self._auth = self._session_token()
        self._main = self._session(self._auth)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions, for their counters."""
        return (self._door, self._main, self._exit)

    def get(
        self,
        path: str,
        operation: str,
        query: Mapping[str, str],
        *,
        org_id: int | None = None,
        known: Mapping[str, str] | None = None,
    ) -> Response:
        """GET an operation below `services_path`, with the context; see `Session` for the errors.

        `known`: element of the context -> query parameter that the service declares for it.
        """
        carried = self.context.carried(org_id, known=known)
        body = None if carried.body is None else {f"{operation}_Input": {"RESTHeader": carried.body}}
        return self._main.get(
            _address(path, {**query, **carried.query}),
            headers={**_HEADERS, **carried.headers},
            json=body,
            endpoint=f"GET {path}",
        )

    def post(
        self, path: str, operation: str, inputs: Mapping[str, Any], *, org_id: int | None = None
    ) -> Response:
        """POST to an operation that only reads, with the context; `operation` as the wrapper names it."""
        carried = self.context.carried(org_id, method="POST")
        header = {} if carried.body is None else {"RESTHeader": carried.body}
        return self._main.post(
            _address(path, carried.query),
            headers={**_HEADERS, **carried.headers},
            json={f"{operation}_Input": {**header, "InputParameters": dict(inputs)}},
            endpoint=f"POST {path}",
            idempotent=True,
        )

    def describe(self, alias: str, document: str = "") -> bytes:
        """Return the WADL of an alias, or one of its schema documents."""
        query = f"XSD={urllib.parse.quote(document)}" if document else "WADL"
        headers = {"Accept": "application/xml"}
        return self._main.get(f"{alias}/?{query}", headers=headers, endpoint=f"GET {alias}/?WADL").content

    def is_active(self) -> str:
        """Return what the health check of the metadata provider says; it is deployed at some sites only."""
        return self._main.get("provider/isActive/", headers=_HEADERS).text.strip()

    def pause(self, seconds: float) -> None:
        """Wait, or less where the run is asked to end."""
        self._main.stopping.wait(seconds)

    def document(self, response: Response) -> Any:
        """Return the parsed body of an answer."""
        return answers.document_of(response, SYSTEM)

    def log_in(self) -> None:
        """Make sure that there is a session, where the mode has one."""
        if isinstance(self._auth, SessionToken):
            self._auth.token()

    def server_time(self) -> dt.datetime | None:
        """Return the server's present time by the Date header of its last answer; None before any."""
        return self._server_clock.now()

    def close(self) -> None:
        """Log out, if this process is the last one with the session."""
        if isinstance(self._auth, SessionToken):
            self._auth.close()

    def _session(self, auth: Basic | SessionToken | None) -> Session:
        session = Session(
            self._config,
            auth=auth,
            is_token_dead=is_authentication_failure if isinstance(auth, SessionToken) else None,
            raise_for=FaultJudge(SYSTEM),
            stopping=self._stopping,
        )
        session.hooks["response"].append(self._server_clock)
        return session

    def _session_token(self) -> SessionToken:
        credentials = f"{self._username}:{self._password}"
        # The gate is the user's own: contexts have sessions of their own, but it is one account that locks.
        return SessionToken(
            SYSTEM,
            f"{self._username} {self._config.base_url} {self.context.label}",
            self._store,
            login=lambda: self._gate.attempt(SYSTEM, self._username, credentials, self._log_in),
            logout=self._log_out,
            attach=in_cookie(),
            credentials=credentials,
            gate=self._gate,
        )

    def _log_in(self) -> Token:
        response = self._door.get(
            "login", auth=(self._username, self._password), headers=_HEADERS, endpoint="GET login"
        )
        data = self.document(response)
        for name in ("response", "data"):
            data = data.get(name, data) if isinstance(data, Mapping) else data
        token = data.get("accessToken") if isinstance(data, Mapping) else None
        cookie = data.get("accessTokenName") if isinstance(data, Mapping) else None
        if not isinstance(token, str) or not isinstance(cookie, str):
            raise SystemFault(
                f"{SYSTEM}: the login answered {response.status_code} without an access token.",
                fix="Check `base_url` and `services_path`, or use `auth_mode: basic`.",
            )
        redaction.register(token)
        return Token(token, extra={"cookie": cookie})

    def _log_out(self, token: Token) -> None:
        cookie = f"{token.extra.get('cookie')}={token.value}"
        self._exit.get("logout", headers={**_HEADERS, "Cookie": cookie}, authenticated=False)


def _address(path: str, query: Mapping[str, str]) -> str:
    encoded = urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="")
    return f"{path}?{encoded}" if encoded else path


def _http_config(settings: Mapping[str, Any]) -> HttpConfig:
    path = str(settings.get("services_path") or "").strip("/")
    config = HttpConfig.from_settings(settings, system=SYSTEM)
    return dataclasses.replace(config, base_url=f"{config.base_url}/{path}")
