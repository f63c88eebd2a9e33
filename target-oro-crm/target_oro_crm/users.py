"""Users of OroCRM: they are found, never created or changed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.sync import Field, RemoteRecord, Rung
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.records import Record, flat
from target_oro_crm.fields import TEXT, OroField, nothing
from target_oro_crm.oro_object import OroObject
from target_oro_crm.tools import Tools

log = logging.getLogger(__name__)

USERS = "users"
_LOOKED_AT = ("username", "email", "emails", "enabled")
NAMES = ("email", "emails", "username", "firstName", "lastName", "full_name", "phone", "title")


class UserDirectory:
    """All users, read once: their further addresses cannot be asked for."""

    def __init__(self, client: OroClient) -> None:
        self._client = client
        self._rows: list[Record] | None = None

    @property
    def rows(self) -> list[Record]:
        """Every user that the login sees, in the order of their ids."""
        if self._rows is None:
            pages = self._client.pages(USERS, fields={USERS: _LOOKED_AT})
            self._rows = [flat(resource) for page in pages for resource in page.resources]
            log.info("Read %d users.", len(self._rows))
        return self._rows

    def by_email(self, addresses: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the users who have an address: as the primary one, else among the others."""
        forms = {address: _form(address) for address in addresses}
        wanted = set(forms.values()) - {""}
        primary: dict[str, list[str]] = {}
        other: dict[str, list[str]] = {}
        for row in self.rows:
            _note(primary, wanted, [row.get("email")], str(row["id"]))
            _note(other, wanted, row.get("emails") or [], str(row["id"]))
        found = {**other, **primary}
        return {address: found[form] for address, form in forms.items() if form in found}

    def keys_of(self, addresses: Sequence[str]) -> dict[str, str]:
        """The users who alone have an address."""
        found = self.by_email(addresses)
        return {address: keys[0] for address, keys in found.items() if len(set(keys)) == 1}

    def owner(self, named: str) -> str:
        """The id of the user of this name or address.

        Raises:
            SystemFault: there is none, or it is disabled.
        """
        fix = "Give the user name or the e-mail address of one user of OroCRM whom the login may see."
        named_so = [str(row["id"]) for row in self.rows if _form(row.get("username")) == _form(named)]
        keys = set(named_so or self.by_email([named]).get(named, []))
        if len(keys) != 1:
            who = "several users have" if keys else "no user has"
            raise SystemFault(f"default_user_owner: {who} the name or address {named}.", fix=fix)
        (key,) = keys
        if any(str(row["id"]) == key and row.get("enabled") is False for row in self.rows):
            raise SystemFault(f"default_user_owner: the user {named} is disabled.", fix=fix)
        return key


def _form(text: Any) -> str:
    """How names and addresses are compared."""
    return str(text or "").strip().casefold()


def _note(found: dict[str, list[str]], wanted: Collection[str], addresses: Sequence[Any], key: str) -> None:
    for form in map(_form, addresses):
        if form in wanted:
            found.setdefault(form, []).append(key)


def _looked_at(name: str) -> OroField:
    schema = TEXT if name != "emails" else {}
    return OroField(Field(name, schema=schema, writes="never", stored_form=nothing), "")


class Users(OroObject):
    """The object `users`: agents and admins are linked with users by e-mail address."""

    kind = USERS

    def __init__(self, tools: Tools, directory: UserDirectory) -> None:
        self._directory = directory
        super().__init__(tools, [_looked_at(name) for name in NAMES], [Rung("email")], match_only=True)

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By primary address, then by the others."""
        by_text = {str(value): value for value in values}
        found = self._directory.by_email(list(by_text))
        return {
            by_text[address]: [RemoteRecord(key, {}) for key in dict.fromkeys(keys)]
            for address, keys in found.items()
        }

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """Those that are there; nothing of them is looked at."""
        there = {str(row["id"]) for row in self._directory.rows}
        return {key: RemoteRecord(key, {}) for key in keys if key in there}
