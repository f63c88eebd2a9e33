"""Refused credentials are tried once: systems lock accounts whose logins keep failing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, TypeVar

from ml_connector.auth._store import TokenEntry, TokenStore, read_all
from ml_connector.errors import LoginRefused

Result = TypeVar("Result")

DEFAULT_RETRY_AFTER = 900.0

_refused_here: dict[str, str] = {}
"""Digests that were refused in this process: it never tries them again, however long it runs."""


class LoginGate:
    """Lets one login at a time through, and none after a refusal.

    A refusal is kept in the token store: for `retry_after` seconds, or until the credentials change,
    every thread and every process gets LoginRefused without asking the vendor. `login_reset` ends that
    early.
    """

    def __init__(self, store: TokenStore, *, retry_after: float = DEFAULT_RETRY_AFTER) -> None:
        self.store = store
        self.retry_after = retry_after

    @classmethod
    def from_settings(cls, store: TokenStore, settings: Mapping[str, Any]) -> Self:
        """Build it with the setting `login_retry_after`."""
        given = settings.get("login_retry_after")
        return cls(store, retry_after=DEFAULT_RETRY_AFTER if given is None else float(given))

    def attempt(self, system: str, account: str, credentials: str, login: Callable[[], Result]) -> Result:
        """Return `login()`. Raises LoginRefused, without calling it, if it was refused before.

        `credentials` is any text that changes with the credentials; only an encrypted digest of it is kept.
        `login` raises LoginRefused when the vendor refuses, any other error when it could not ask.
        """
        with self.trial(system, account, credentials):
            return login()

    @contextlib.contextmanager
    def trial(self, system: str, account: str, credentials: str) -> Iterator[None]:
        """Hold the gate during one login; a LoginRefused that leaves the block is remembered."""
        entry = self.store.entry(system, account)
        digest = self.store.digest(system, account, credentials)
        with entry.locked("login"):
            self._check(entry, digest)
            try:
                yield
            except LoginRefused as refusal:
                raise self._remember(entry, digest, refusal) from refusal
            # A login that succeeded proves an older refusal wrong.
            entry.delete("refused")

    def refuse(self, system: str, account: str, credentials: str, reason: str) -> LoginRefused:
        """Remember a refusal that came outside of a trial; return the error to raise."""
        entry = self.store.entry(system, account)
        return self._remember(entry, self.store.digest(system, account, credentials), LoginRefused(reason))

    def _remember(self, entry: TokenEntry, digest: str, refusal: LoginRefused) -> LoginRefused:
        _refused_here[digest] = refusal.message
        entry.write({"digest": digest, "at": time.time(), "reason": refusal.message}, "refused")
        return LoginRefused(refusal.message, fix=f"{refusal.fix} {_how_to_clear(entry.system)}".strip())

    def _check(self, entry: TokenEntry, digest: str) -> None:
        here = _refused_here.get(digest)
        if here is not None:
            raise _again(entry, here, "in this run")
        refusal = entry.read("refused")
        if refusal is None or refusal.get("digest") != digest:
            return
        age = time.time() - float(refusal["at"])
        if age < self.retry_after:
            left = self.retry_after - max(0.0, age)
            raise _again(entry, str(refusal["reason"]), f"for {max(1, round(left / 60))} more min")


def _again(entry: TokenEntry, reason: str, how_long: str) -> LoginRefused:
    return LoginRefused(
        f"{entry.system}: the login of {entry.account} was refused before and is not tried again {how_long}, "
        f"so that the account is not locked. The refusal was: {reason}",
        fix=f"Correct the credentials. {_how_to_clear(entry.system)}",
    )


def _how_to_clear(system: str) -> str:
    return f"If the same credentials are right now: `ml-connector login reset {system}`."


def login_reset(store: TokenStore, system: str | None = None, account: str | None = None) -> list[str]:
    """Forget refusals, of one system or account or of all; return them as `system account`."""
    cleared = []
    for path, refusal in list(read_all(store, "refused")):
        if refusal is None:
            if system is None and account is None:
                path.unlink(missing_ok=True)
            continue
        if system not in {None, refusal["system"]} or account not in {None, refusal["account"]}:
            continue
        _refused_here.pop(str(refusal["digest"]), None)
        path.unlink(missing_ok=True)
        cleared.append(f"{refusal['system']} {refusal['account']}")
    return cleared
