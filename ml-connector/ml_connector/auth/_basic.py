"""HTTP Basic, with the care that accounts which get locked deserve."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Callable

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from ml_connector import redaction
from ml_connector.auth._gate import LoginGate
from ml_connector.auth._store import TokenStore
from ml_connector.errors import LoginRefused


def _is_unauthorized(response: Response) -> bool:
    return response.status_code == 401


class Basic(AuthBase):
    """User name and password in each request.

    Until the vendor has accepted them once in this process, requests go one at a time, also among
    processes: wrong credentials reach the vendor once, then everybody gets LoginRefused (see LoginGate).
    `is_refused(response)` tells the vendor's refusal, by default status 401.
    """

    def __init__(
        self,
        system: str,
        username: str,
        password: str,
        store: TokenStore,
        *,
        is_refused: Callable[[Response], bool] = _is_unauthorized,
        gate: LoginGate | None = None,
    ) -> None:
        redaction.register_basic(username, password)
        self.system = system
        self.account = username
        self._header = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        self._credentials = f"basic:{username}:{password}"
        self._is_refused = is_refused
        self._gate = gate or LoginGate(store)
        self._proven = False
        self._mutex = threading.Lock()
        self._trial: contextlib.ExitStack | None = None
        self._owner: int | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Attach the credentials; wait while they are being tried for the first time."""
        if not self._proven and self._owner != threading.get_ident():
            self._begin()
        request.headers["Authorization"] = self._header
        return request

    def observe(self, response: Response) -> None:
        """Judge an answer. Raises LoginRefused when the vendor refuses the credentials."""
        refused = self._is_refused(response)
        if self._owner == threading.get_ident():
            self._decide(response, refused)
        elif refused:
            raise self._gate.refuse(self.system, self.account, self._credentials, self._reason(response))

    def abandon(self) -> None:
        """End a first try that got no answer: somebody else may try."""
        if self._owner == threading.get_ident():
            self._end(None)

    def _begin(self) -> None:
        self._mutex.acquire()
        if self._proven:
            self._mutex.release()
            return
        trial = contextlib.ExitStack()
        try:
            trial.enter_context(self._gate.trial(self.system, self.account, self._credentials))
        except BaseException:
            self._mutex.release()
            raise
        self._trial, self._owner = trial, threading.get_ident()

    def _decide(self, response: Response, refused: bool) -> None:
        if refused:
            self._end(LoginRefused(self._reason(response), fix="Check user name and password."))
        else:
            # An overloaded vendor has not looked at the credentials yet.
            self._proven = response.status_code < 500 and response.status_code != 429
            self._end(None)

    def _end(self, refusal: LoginRefused | None) -> None:
        trial, self._trial, self._owner = self._trial, None, None
        try:
            if trial is not None:
                self._leave(trial, refusal)
        finally:
            self._mutex.release()

    def _leave(self, trial: contextlib.ExitStack, refusal: LoginRefused | None) -> None:
        with trial:
            if refusal is not None:
                raise refusal

    def _reason(self, response: Response) -> str:
        return f"{self.system}: the login of {self.account} was refused with status {response.status_code}."
