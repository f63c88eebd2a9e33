"""Agents and admins: known by their addresses, linked with people of the source, never written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.singer.objects import VendorObject
from ml_connector.sync import Field, ObjectSpec, RemoteRecord, Rung, WriteEvent, WriteItem, as_version
from ml_connector.vendors.zendesk.client import ZendeskClient
from target_zendesk_ml.bulk import TEXT, TEXTS
from target_zendesk_ml.emails import identities, stored_email

_PATH = "/api/v2/users"
_STAFF = ("agent", "admin")
EMAIL, OTHERS = "email", "emails"


def _unseen(value: Any) -> None:
    """Nothing of an agent is compared: who they are is their own account's matter."""


FIELDS: tuple[Field, ...] = (
    Field("name", schema=TEXT, writes="never", stored_form=_unseen),
    Field(EMAIL, schema=TEXT, writes="never", stored_form=_unseen),
    Field(OTHERS, schema=TEXTS, writes="never", stored_form=_unseen),
)


class Agents(VendorObject):
    """The object `agents`: the users who are agents or admins.

    Ladder: the address, then the further addresses. All are read at once, for they are few; the secondary
    addresses of each only where somebody is not found by a primary one.
    """

    def __init__(self, client: ZendeskClient) -> None:
        self._client = client
        self._records: dict[str, RemoteRecord] | None = None
        self._primary: dict[str, list[RemoteRecord]] = {}
        self._secondary: dict[str, list[RemoteRecord]] | None = None
        self.spec = ObjectSpec(
            name="agents",
            fields={field.name: field for field in FIELDS},
            rungs=(Rung(EMAIL), Rung(OTHERS)),
            match_only=True,
        )

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """Those of them who are agents."""
        known = self._all()
        return {key: known[key] for key in keys if key in known}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """The agents who have an address; of several addresses the first that is known counts."""
        found: dict[Any, Sequence[RemoteRecord]] = {}
        for value in values:
            given = value if isinstance(value, tuple) else (value,)
            hits = next((hits for each in given if (hits := self.by_address(str(each)))), None)
            if hits:
                found[value] = hits
        return found

    def by_address(self, email: str) -> list[RemoteRecord]:
        """The agents who have this address, as their primary one if anybody does."""
        address = stored_email(email)
        self._all()
        return self._primary.get(address) or self._others().get(address, [])

    def _all(self) -> dict[str, RemoteRecord]:
        if self._records is None:
            self._records = {}
            # A filter of two roles names the parameter twice (Users: list).
            for row in self._client.pages(_PATH, "users", **{"role[]": list(_STAFF)}):
                if row.get("active") is False or row.get("role") not in _STAFF:
                    continue
                record = RemoteRecord(
                    str(row["id"]),
                    {"name": row.get("name"), EMAIL: row.get("email"), "role": row.get("role")},
                    as_version(row.get("updated_at")),
                )
                self._records[record.key] = record
                if row.get("email"):
                    self._primary.setdefault(stored_email(row["email"]), []).append(record)
        return self._records

    def _others(self) -> Mapping[str, list[RemoteRecord]]:
        if self._secondary is None:
            self._secondary = {}
            for record in self._all().values():
                for row in identities(self._client, record.key):
                    self._secondary.setdefault(stored_email(row.get("value")), []).append(record)
        return self._secondary

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Nothing: the engine has nothing to write for an object that is only matched."""
        return iter(())
