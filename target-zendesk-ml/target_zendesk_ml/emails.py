"""E-mail addresses of users: who has one, and how a user gets another.

An `email` in an update only adds a secondary address (Users: "Email Address"), so a change goes through the
user's identities (User Identities).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import ConnectorError, RecordFault
from ml_connector.sync import RemoteRecord
from ml_connector.vendors.zendesk.client import PAGE_SIZE, ZendeskClient

log = logging.getLogger(__name__)

_PATH = "/api/v2/users"


def stored_email(value: Any) -> Any:
    """An address as it is compared: trimmed, in lower case."""
    return value.strip().lower() if isinstance(value, str) else value


class Directory:
    """The primary addresses of all users, read at most once in a run.

    Zendesk has no look-up of many addresses at once: either each is asked for singly, or everybody is read.
    """

    def __init__(self, client: ZendeskClient) -> None:
        self._client = client
        self._pages: int | None = None
        self._keys: dict[str, str] | None = None
        self.asked = 0

    def keys(self, emails: Sequence[str], *, otherwise: int) -> dict[str, str] | None:
        """The ids of the users with these addresses; None where reading all users takes more requests than
        `otherwise`, so that nobody looked.
        """
        if self._keys is None:
            if otherwise < 1 or self._count() > otherwise:
                return None
            self._keys = dict(self._scan())
        return {email: self._keys[email] for email in emails if email in self._keys}

    def _count(self) -> int:
        if self._pages is None:
            counted = self._client.get(f"{_PATH}/count").get("count") or {}
            self._pages = math.ceil(int(counted.get("value") or 0) / PAGE_SIZE)
        return self._pages

    def _scan(self) -> Iterator[tuple[str, str]]:
        log.info("Reading the addresses of all users: %d pages.", self._count())
        for row in self._client.pages(_PATH, "users"):
            if row.get("email"):
                yield stored_email(row["email"]), str(row["id"])

    def holds(self, key: str, email: str) -> bool:
        """Whether the address is one of this user's, a secondary one too."""
        return any(stored_email(row.get("value")) == email for row in identities(self._client, key))


class EmailChanger:
    """Gives users another primary address. `quiet`: no verification mail. `remove_old`: the former goes."""

    def __init__(self, client: ZendeskClient, *, quiet: bool, remove_old: bool) -> None:
        self._client = client
        self._quiet = quiet
        self._remove_old = remove_old

    def change(self, user: RemoteRecord, email: str) -> str | None:
        """Make the address the user's primary one. Every step may be repeated without harm.

        Returns:
            Zendesk's id of the last answer.

        Raises:
            RecordFault: another user has it (cause `taken`, field `email`), or it is refused.
            PassingFault, SystemFault: as the session.
        """
        identity, request_id = self._add(user.key, email)
        if not identity.get("primary"):
            path = f"{_PATH}/{user.key}/identities/{identity['id']}/make_primary"
            request_id = self._put(path) or request_id
        former = stored_email(user.fields.get("email"))
        if self._remove_old and former and former != email:
            self._remove(user.key, former)
        return request_id

    def _add(self, key: str, email: str) -> tuple[Mapping[str, Any], str | None]:
        wanted = {"type": "email", "value": email, "primary": True, "skip_verify_email": self._quiet}
        path = f"{_PATH}/{key}/identities"
        response = self._client.send("POST", path, {"identity": wanted}, idempotent=True)
        fault, request_id = self._client.fault_of(response), self._client.request_id(response)
        if fault is None:
            return self._client.object_of(response)["identity"], request_id
        if isinstance(fault, RecordFault) and fault.cause == "taken":
            # Also where it is this user's own, from an earlier run or as a secondary address.
            own = (row for row in identities(self._client, key) if stored_email(row.get("value")) == email)
            if (held := next(own, None)) is not None:
                return held, request_id
            fault.field = "email"
        raise fault

    def _put(self, path: str) -> str | None:
        response = self._client.send("PUT", path, {}, idempotent=True)
        self._client.object_of(response)
        return self._client.request_id(response)

    def _remove(self, key: str, email: str) -> None:
        for row in identities(self._client, key):
            if stored_email(row.get("value")) == email:
                path = f"{_PATH}/{key}/identities/{row['id']}"
                response = self._client.send("DELETE", path, None, idempotent=True)
                fault = self._client.fault_of(response)
                if isinstance(fault, ConnectorError) and getattr(fault, "cause", None) != "missing":
                    raise fault


def identities(client: ZendeskClient, key: str) -> list[dict[str, Any]]:
    """The e-mail identities of a user."""
    rows = client.pages(f"{_PATH}/{key}/identities", "identities")
    return [row for row in rows if row.get("type") == "email"]
