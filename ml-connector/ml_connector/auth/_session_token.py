"""Session tokens: log in once, share the session, log out when the last user is done."""

from __future__ import annotations

import atexit
import dataclasses
import logging
import time
from collections.abc import Callable

from ml_connector.auth._gate import LoginGate
from ml_connector.auth._store import Holder, TokenStore
from ml_connector.auth._tokens import Attach, Token, TokenAuth
from ml_connector.errors import ConnectorError

logger = logging.getLogger(__name__)

_REPLACED = "replaced"


class SessionToken(TokenAuth):
    """A token that a login gives and a logout takes back, shared by all threads and processes of an account.

    - `login()` asks the vendor for a session: it returns a Token, or its text. It raises LoginRefused
      when the vendor refuses the credentials.
    - `attach` puts it into requests: `in_header`, `in_cookie`, `in_json_body`, or a function of your own.
    - `credentials` is any text that changes with the credentials (only an encrypted digest is kept).
    - `account` tells sessions apart. Where a vendor keeps a context per token (a responsibility, a
      device), put the context into it, so that workers of different contexts never share a token.
    - `logout(token)` is called by the last holder of all processes, on `close()`, or else when Python ends.
      Processes that were killed do not count as holders.
    - A token that is replaced while it lives is kept until the next replacement or the last holder's end, and
      then logged out: others may be in the middle of a call with it.
    - `lifetime` in seconds, if the vendor has one and the login does not tell; it is renewed
      `renew_before` seconds earlier.
    """

    def __init__(
        self,
        system: str,
        account: str,
        store: TokenStore,
        *,
        login: Callable[[], Token | str],
        attach: Attach,
        credentials: str,
        logout: Callable[[Token], None] | None = None,
        lifetime: float | None = None,
        renew_before: float = 60.0,
        gate: LoginGate | None = None,
    ) -> None:
        entry = store.entry(system, account, "session")
        super().__init__(entry, credentials=credentials, attach=attach, leeway=renew_before, gate=gate)
        self._login = login
        self._logout = logout
        self._lifetime = lifetime
        self._holder: Holder | None = None

    def close(self) -> None:
        """Give the token up; the last holder logs out. A logout that fails is logged, not raised."""
        with self._mutex:
            holder, self._holder, self._current = self._holder, None, None
            if holder is None:
                return
            atexit.unregister(self.close)
            with self.entry.locked():
                if self.entry.leave(holder):
                    self._end_session()

    def _end_session(self) -> None:
        token = self._stored()
        # Deleted first: a session that was logged out must never be found by the next process.
        self.entry.delete()
        for each in (_replaced_by(token), token):
            self._leave_session(each)

    def _leave_session(self, token: Token | None) -> None:
        if token is None or self._logout is None:
            return
        try:
            self._logout(token)
        except (ConnectorError, OSError) as error:
            logger.warning(
                "%s: the logout failed; the session ends by its own timeout: %s", self.system, error
            )

    def _enter(self) -> None:
        if self._holder is None:
            self._holder = self.entry.join()
            atexit.register(self.close)

    def _mint(self, stored: Token | None, *, stored_is_dead: bool) -> Token:
        made = self._login()
        token = Token(made) if isinstance(made, str) else made
        if token.expires_at is None and self._lifetime is not None:
            token = dataclasses.replace(token, expires_at=time.time() + self._lifetime)
        self._leave_session(_replaced_by(stored))
        if stored is None or stored_is_dead or self._logout is None:
            return token
        kept = dataclasses.replace(stored, extra={**stored.extra, _REPLACED: None}).to_entry("")
        return dataclasses.replace(token, extra={**token.extra, _REPLACED: kept})


def _replaced_by(token: Token | None) -> Token | None:
    """Return the token that this one replaced while it lived, where it was not logged out yet."""
    entry = token.extra.get(_REPLACED) if token is not None else None
    return Token.from_entry(entry) if entry else None
