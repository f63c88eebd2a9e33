"""Calls of the AIS server: data service, orchestrations, descriptions; the server's clock."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from requests import Response

from ml_connector.auth import LoginGate, SessionToken, TokenStore
from ml_connector.http import HttpConfig, InFlightLimit, Quota, ServerClock, Session
from ml_connector.vendors.jde import faults
from ml_connector.vendors.jde.session import (
    HEADERS,
    SYSTEM,
    AisLogin,
    BasicLogin,
    Identity,
    without_jar,
)

_ROOT = "jderest"
_DATA_SERVICE = "jderest/v2/dataservice"


class Client:
    """The way to one AIS server with the credentials of the settings.

    With `auth_mode: token` it logs in once, sends token, device name and cookies, replaces the token before
    it expires and once where the server no longer takes it, and logs out on `close` when no other process
    uses it. With `basic` every call carries user and password.
    """

    def __init__(self, settings: Mapping[str, Any], *, stopping: threading.Event | None = None) -> None:
        self.settings = settings
        config = HttpConfig.from_settings(settings, system=SYSTEM)
        self._config = _below_root(config)
        self._stopping = stopping
        # One budget for all sessions: the limit is on what runs at the server.
        self._quota = Quota([InFlightLimit("calls", int(settings.get("concurrency") or 1))], share=1.0)
        store = TokenStore.from_settings(settings)
        gate = LoginGate.from_settings(store, settings)
        self.identity = Identity.from_settings(settings)
        self._server_clock = ServerClock()
        self._door = without_jar(self._session(None), self._server_clock)
        self._login = AisLogin(self.identity, self._config, settings, self._door)
        self._auth: SessionToken | BasicLogin
        if settings.get("auth_mode") == "basic":
            self._auth = BasicLogin(self.identity, store, gate)
        else:
            self._auth = self._login.token_auth(store, gate)
        self._main = without_jar(
            self._session(self._auth), self._login.cookies.learn, self._login.doubt, self._server_clock
        )

    @property
    def has_token(self) -> bool:
        """Whether calls share a session of the server, which next links need."""
        return isinstance(self._auth, SessionToken)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions, for their counters."""
        return (self._door, self._main, self._login.exit)

    def call(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        idempotent: bool = False,
        endpoint: str | None = None,
    ) -> Response:
        """POST `body`, none without one, to a path below `base_url`; see `http.Session` for the errors.

        Beyond those: OrchestrationFailed where an orchestration answers with a failure by status. A failure
        inside of a 200 is the caller's to find: `faults.failures_in`.
        """
        return self._main.post(path, json=body, headers=HEADERS, idempotent=idempotent, endpoint=endpoint)

    def get(self, path: str, *, endpoint: str | None = None) -> Any:
        """GET a path below `base_url`; return the body."""
        return self.document(self._main.get(path, headers=HEADERS, endpoint=endpoint))

    def orchestrate(self, name: str, inputs: Mapping[str, Any], *, idempotent: bool = False) -> Any:
        """Call an orchestration with its body as it stands; return the answer's body.

        AmbiguousWrite tells that it may have run, OrchestrationFailed that it failed by status; what a 200
        says is the caller's to judge with `faults.failures_in` and `faults.warnings_in`.
        """
        path = f"{_ROOT}/v3/orchestrator/{urllib.parse.quote(name, safe='')}"
        response = self.call(path, inputs, idempotent=idempotent, endpoint=f"POST orchestrator/{name}")
        return self.document(response)

    def discover(self) -> Any:
        """Return the description of all orchestrations that the user may see."""
        return self.get(f"{_ROOT}/discover", endpoint="GET discover")

    def default_config(self) -> Any:
        """Return what the server says of itself: version and capabilities."""
        return self.get(f"{_ROOT}/v2/defaultconfig", endpoint="GET defaultconfig")

    def execute_report(self, body: Mapping[str, Any]) -> Any:
        """Submit a report (UBE); return its job. AmbiguousWrite tells that it may have been submitted."""
        return self.document(self.call(f"{_ROOT}/v2/report/execute", body, endpoint="POST report/execute"))

    def report_status(self, job: Mapping[str, Any]) -> Any:
        """Return the state of a submitted report."""
        response = self.call(f"{_ROOT}/v2/report/status", job, idempotent=True, endpoint="POST report/status")
        return self.document(response)

    def data_service(self, body: Mapping[str, Any]) -> Any:
        """Send a request of the data service; return its answer. Every failure shape in a 200 is raised."""
        target = body.get("targetName")
        response = self.call(_DATA_SERVICE, body, idempotent=True, endpoint=f"POST dataservice {target}")
        return self._successful(response)

    def next_page(self, link: str, target: str) -> Any:
        """Follow a next link once; return the answer.

        Path and query are the link's, scheme and host stay the configured ones: the server names itself as
        it is known behind the proxies. It is never repeated, since the server's cursor may have moved on.
        Raises ResultSetExpired where the query has to begin again.
        """
        response = self.call(self._own(link), idempotent=False, endpoint=f"POST dataservice/next {target}")
        return self._successful(response)

    def document(self, response: Response) -> Any:
        """Return the parsed body of an answer, decimals exact."""
        return faults.parsed(response, SYSTEM)

    def log_in(self) -> Mapping[str, Any]:
        """Make sure that there is a session; return what the login told (`date_format`, `environment`)."""
        return self._auth.token().extra if isinstance(self._auth, SessionToken) else {}

    def pause(self, seconds: float) -> None:
        """Wait, or less where the run is asked to end."""
        self._main.stopping.wait(seconds)

    def server_time(self) -> dt.datetime | None:
        """Return the server's present time by the Date header of its last answer; None before any."""
        return self._server_clock.now()

    def close(self) -> None:
        """Log out, if this process is the last one with the session."""
        if isinstance(self._auth, SessionToken):
            self._auth.close()

    def _successful(self, response: Response) -> Any:
        document = self.document(response)
        faults.require_success(response, SYSTEM, document)
        return document

    def _own(self, link: str) -> str:
        parts = urllib.parse.urlsplit(link)
        before, root, rest = parts.path.partition(f"/{_ROOT}/")
        path = f"{_ROOT}/{rest}" if root else before.lstrip("/")
        return f"{path}?{parts.query}" if parts.query else path

    def _session(self, auth: SessionToken | BasicLogin | None) -> Session:
        return Session(
            self._config,
            auth=auth,
            quota=self._quota if auth is not None else None,
            is_token_dead=faults.is_token_dead if isinstance(auth, SessionToken) else None,
            raise_for=faults.FaultJudge(SYSTEM),
            stopping=self._stopping,
        )


def _below_root(config: HttpConfig) -> HttpConfig:
    """Return the config with an address that ends before /jderest, however it was given."""
    address = config.base_url.removesuffix(f"/{_ROOT}")
    return config if address == config.base_url else dataclasses.replace(config, base_url=address)
