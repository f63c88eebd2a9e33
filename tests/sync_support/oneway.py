"""One direction with parents, children, unique names and two streams into one object."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from ml_connector.ledger import Ledger
from ml_connector.sync import Field, ObjectSpec, Options, Outcome, Rung
from sync_support.runs import Emitted, Pipe, Way, emit
from sync_support.vendor import Moments, VendorObject

ORGANIZATIONS = ObjectSpec(
    "organizations",
    {
        "external_id": Field("external_id"),
        "name": Field("name", unique=True),
        "phone": Field("phone"),
        "country": Field("country", companions=("zone",)),
        "zone": Field("zone"),
        "notes": Field("notes", write_blanks=True),
        "tags": Field("tags", kind="set"),
        "labels": Field("labels", kind="set", write_blanks=True),
        "revenue": Field("revenue"),
        "parent": Field("parent", kind="reference", refers_to="organizations"),
    },
    (Rung("external_id", exclusive=True), Rung("name", lazy=True)),
    batch_size=3,
    inactive={"notes": "out of use"},
)
USERS = ObjectSpec(
    "users",
    {
        "external_id": Field("external_id"),
        "email": Field("email", unique=True),
        "name": Field("name"),
        "organization_id": Field("organization_id", kind="reference", refers_to="organizations"),
        "manager": Field("manager", kind="reference", refers_to="users"),
        "team": Field("team", kind="reference", refers_to="organizations", writes="create"),
        "role": Field("role", writes="create"),
        "ended": Field("ended", writes="never", stored_form=lambda value: value or None),
    },
    (Rung("external_id", exclusive=True), Rung("email")),
    depends_on=("organizations",),
    batch_size=3,
)


def mapped(stream: str, names: Mapping[str, str], *, target: str, may_create: bool = True) -> Way:
    """A way whose map only renames: target field -> raw field; absent raw fields are not mapped."""

    def change(raw: Mapping[str, Any]) -> dict[str, Any]:
        return {field: raw[name] for field, name in names.items() if name in raw}

    behind = {field: frozenset({name}) for field, name in names.items()}
    return Way(stream, target, change, behind, may_create=may_create)


_FIELDS = ("name", "phone", "country", "notes", "tags", "labels", "parent")
CUSTOMERS = mapped(
    "customers", {"external_id": "id", **{name: name for name in _FIELDS}}, target="organizations"
)
SUMMARIES = mapped("summaries", {"revenue": "revenue"}, target="organizations", may_create=False)
CONTACTS = mapped(
    "contacts",
    {
        "external_id": "id",
        "email": "email",
        "name": "name",
        "organization_id": "customer",
        "manager": "manager",
        "team": "team",
        "role": "role",
        "ended": "ended",
    },
    target="users",
)


class Shop:
    """A source whose rows the test writes, a vendor, and a pipe from one to the other."""

    def __init__(self, ledger: Ledger, integration: str, **settings: Any) -> None:
        self.moments = Moments()
        organizations = dataclasses.replace(ORGANIZATIONS, two_way=settings.pop("two_way", False))
        jobs = settings.pop("jobs", False)
        self.organizations = VendorObject(organizations, moments=self.moments, jobs=jobs)
        self.users = VendorObject(USERS, moments=self.moments)
        options = Options(**{"write_timeout": 0.0, **settings.pop("options", {})})
        objects = {"users": self.users, "organizations": self.organizations}
        self.pipe = Pipe(ledger, "ebs", "zd", objects, integration, options=options, **settings)
        self.version = 0

    def customer(self, key: str, *, version: int | None = None, **values: Any) -> Emitted:
        return self._emit(CUSTOMERS, key, version, values)

    def summary(self, key: str, *, version: int | None = None, **values: Any) -> Emitted:
        return self._emit(SUMMARIES, key, version, values)

    def contact(self, key: str, *, version: int | None = None, **values: Any) -> Emitted:
        return self._emit(CONTACTS, key, version, values)

    def _emit(self, way: Way, key: str, version: int | None, values: Mapping[str, Any]) -> Emitted:
        if version is None:
            self.version += 1
            version = self.version
        return emit(way, {"id": key, **values, "updated_at": version})

    def run(self, *emitted: Emitted, **settings: Any) -> list[Outcome]:
        return self.pipe.run(emitted, ways=[CUSTOMERS, SUMMARIES, CONTACTS], **settings)

    def kinds(self, *emitted: Emitted, **settings: Any) -> list[str]:
        """How these records ended, in their order; each must end once."""
        ended = self.run(*emitted, **settings)
        by_position: dict[int, list[str]] = {}
        for outcome in ended:
            by_position.setdefault(outcome.incoming.position, []).append(outcome.kind)
        kinds = [by_position.get(position, []) for position in range(len(emitted))]
        if any(len(each) != 1 for each in kinds):
            pytest.fail(f"not one outcome each: {kinds}")
        return [each[0] for each in kinds]

    def organization(self, external_id: str) -> dict[str, Any]:
        """The one organization with this external id."""
        (row,) = [row for row in self.organizations.rows.values() if row["external_id"] == external_id]
        return row

    def causes(self) -> list[str]:
        """The causes of the open letters."""
        return [letter.cause for letter in self.pipe.letters()]
