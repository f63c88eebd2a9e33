"""Token sessions: opened by a login, bound to a device and to a node, ended by time or logout."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.faults import AisError, invalid_token
from ml_sandbox.jde.users import User


@dataclass
class Session:
    """One session of the AIS server, with its twin on the HTML server.

    Attributes:
        token: what the client sends; None for the temporary session of a stateless call.
        user: who signed in.
        environment, role: what was signed in to.
        device: the device name at login, else the caller's address.
        cookie: JSESSIONID of the node that holds the session.
        opened, used: vendor seconds.
        opened_at: the wall time of the login, ISO 8601.
        calls: how many calls it served.
    """

    token: str | None
    user: User
    environment: str
    role: str
    device: str
    cookie: str
    opened: float
    used: float
    opened_at: str
    calls: int = 0


class Sessions:
    """All token sessions that are open."""

    def __init__(self, settings: VendorSettings, clock: SandboxClock) -> None:
        self._settings = settings
        self._clock = clock
        self._by_token: dict[str, Session] = {}
        self._on_end: list[Callable[[str], None]] = []
        self.logins = 0

    def when_ended(self, forget: Callable[[str], None]) -> None:
        """Call ``forget(token)`` for each session that ends."""
        self._on_end.append(forget)

    def open(self, user: User, environment: str, role: str, device: str) -> Session:
        """Open a session with a token; 403 when the user has too many."""
        self._drop_ended()
        most = self._settings.integer("max_sessions")
        if most and sum(one.user.username == user.username for one in self._by_token.values()) >= most:
            raise AisError(403, f"Maximum number of sessions reached for user {user.username}.")
        self.logins += 1
        # Opaque, with the characters that have to be encoded in a URL: + / =
        token = f"044{base64.b64encode(secrets.token_bytes(64)).decode()}+/="
        session = self.temporary(user, environment, role, device)
        session.token = token
        self._by_token[token] = session
        return session

    def temporary(self, user: User, environment: str, role: str, device: str) -> Session:
        """Give the session of one stateless call: it ends with the call."""
        now = self._clock.monotonic()
        cookie = f"{secrets.token_urlsafe(24)}!{secrets.randbelow(10**9)}"
        opened_at = self._clock.now().isoformat(timespec="milliseconds")
        return Session(None, user, environment, role, device, cookie, now, now, opened_at)

    def use(self, token: str, device: str, cookie: str | None) -> Session:
        """Give the session of a call; 444 when it ended, or the call comes from another device or node."""
        session = self.valid(token, device, cookie)
        if session is None:
            raise invalid_token()
        session.used = self._clock.monotonic()
        session.calls += 1
        return session

    def valid(self, token: str, device: str, cookie: str | None) -> Session | None:
        """Give an open session without using it; None when it is refused. A device of "" is any."""
        self._drop_ended()
        session = self._by_token.get(token)
        if session is None or device not in ("", session.device) or not self._right_node(session, cookie):
            return None
        return session

    def end(self, token: str) -> None:
        """End a session."""
        if self._by_token.pop(token, None) is not None:
            for forget in self._on_end:
                forget(token)

    def end_all(self) -> None:
        """End every session."""
        for token in list(self._by_token):
            self.end(token)

    def rows(self) -> list[dict[str, Any]]:
        """Give the open sessions as the control API shows them, without their tokens."""
        self._drop_ended()
        return [
            {
                "username": one.user.username,
                "environment": one.environment,
                "role": one.role,
                "device": one.device,
                "opened_at": one.opened_at,
                "calls": one.calls,
            }
            for one in self._by_token.values()
        ]

    def _right_node(self, session: Session, cookie: str | None) -> bool:
        rule = self._settings.text("session_affinity")
        if rule == "required":
            return cookie == session.cookie
        return rule == "ignored" or cookie is None

    def _drop_ended(self) -> None:
        now = self._clock.monotonic()
        idle = min(self._minutes("session_inactivity_minutes"), self._minutes("jas_session_minutes"))
        life = self._minutes("session_time_to_live_minutes")
        for token, session in list(self._by_token.items()):
            if now - session.used >= idle or now - session.opened >= life:
                self.end(token)

    def _minutes(self, name: str) -> float:
        return self._settings.number(name) * 60
