"""Cases that become tickets, and people who are known in more than one way: references with candidates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from ml_connector.ledger import Ledger
from ml_connector.sync import Field, ObjectSpec, Options, Outcome, Rung
from sync_support.runs import Emitted, Pipe, Way, emit
from sync_support.vendor import Moments, VendorObject

_OWN_KEY = (Rung("external_id", exclusive=True),)
_PERSON = {name: Field(name) for name in ("external_id", "name")}
USERS = ObjectSpec("users", _PERSON, _OWN_KEY)
AGENTS = ObjectSpec("agents", _PERSON, _OWN_KEY)
TICKETS = ObjectSpec(
    "tickets",
    {
        "external_id": Field("external_id"),
        "subject": Field("subject"),
        "requester": Field.reference("requester", "users"),
        "assignee": Field.reference("assignee", "agents", kin=("agents", "users"), write_blanks=True),
        "submitter": Field.reference("submitter", "users", writes="create"),
        "problem": Field.reference("problem", "tickets"),
        "followers": Field.reference("followers", "agents", many=True),
    },
    _OWN_KEY,
    depends_on=("users", "agents"),
    batch_size=3,
)
_FIELDS = ("subject", "requester", "assignee", "submitter", "problem", "followers")


def _renamed(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"external_id": raw["id"], **{name: raw[name] for name in _FIELDS if name in raw}}


def _by_people(raw: Mapping[str, Any]) -> dict[str, Any]:
    named = [{"users": raw["contact"]}, raw.get("email"), {"agents": raw.get("owner")}]
    return {"external_id": raw["id"], "subject": raw.get("subject"), "requester": named}


_PERSON_NAMES = {"external_id": frozenset({"id"}), "name": frozenset({"name"})}
CONTACTS = Way(
    "contacts",
    "users",
    lambda raw: {"external_id": raw["id"], "name": raw.get("name")},
    _PERSON_NAMES,
    creates=lambda raw: bool(raw.get("name")),
)
STAFF = dataclasses.replace(CONTACTS, stream="staff", object="agents")
CASES = Way(
    "cases",
    "tickets",
    _renamed,
    {"external_id": frozenset({"id"}), **{name: frozenset({name}) for name in _FIELDS}},
)
# Here the expression names three fields of the source.
CALLS = Way(
    "calls",
    "tickets",
    _by_people,
    {
        "external_id": frozenset({"id"}),
        "subject": frozenset({"subject"}),
        "requester": frozenset({"contact", "email", "owner"}),
    },
)


class Desk:
    """A source of people and cases, a vendor, and a pipe from one to the other.

    A person with a name is created there; one without is seen and ignored.
    """

    def __init__(self, ledger: Ledger, integration: str, **settings: Any) -> None:
        self.moments = Moments()
        two_way = settings.pop("two_way", False)
        self.users = VendorObject(USERS, moments=self.moments)
        self.agents = VendorObject(AGENTS, moments=self.moments, prefix="a")
        tickets = dataclasses.replace(TICKETS, two_way=two_way)
        self.tickets = VendorObject(tickets, moments=self.moments, prefix="t")
        options = Options(**{"write_timeout": 0.0, **settings.pop("options", {})})
        objects = {"tickets": self.tickets, "agents": self.agents, "users": self.users}
        self.pipe = Pipe(ledger, "oro", "zd", objects, integration, options=options, **settings)
        self.version = 0

    def contact(self, key: str, name: str | None = "N", **values: Any) -> Emitted:
        return self._emit(CONTACTS, {"id": key, "name": name, **values})

    def staff(self, key: str, name: str | None = "N", **values: Any) -> Emitted:
        return self._emit(STAFF, {"id": key, "name": name, **values})

    def case(self, key: str, **values: Any) -> Emitted:
        return self._emit(CASES, {"id": key, **values})

    def call(self, key: str, **values: Any) -> Emitted:
        return self._emit(CALLS, {"id": key, **values})

    def _emit(self, way: Way, raw: dict[str, Any]) -> Emitted:
        self.version += 1
        return emit(way, {**raw, "updated_at": raw.get("version", self.version)})

    def run(self, *emitted: Emitted, **settings: Any) -> list[Outcome]:
        return self.pipe.run(emitted, ways=[CONTACTS, STAFF, CASES, CALLS], **settings)

    def kinds(self, *emitted: Emitted, **settings: Any) -> list[str]:
        """How these records ended, in their order; each must end once."""
        by_position: dict[int, list[str]] = {}
        for outcome in self.run(*emitted, **settings):
            by_position.setdefault(outcome.incoming.position, []).append(outcome.kind)
        kinds = [by_position.get(position, []) for position in range(len(emitted))]
        if any(len(each) != 1 for each in kinds):
            pytest.fail(f"not one outcome each: {kinds}")
        return [each[0] for each in kinds]

    def ticket(self, external_id: str) -> dict[str, Any]:
        """The one ticket with this external id."""
        (row,) = [row for row in self.tickets.rows.values() if row["external_id"] == external_id]
        return row

    def key_of(self, people: VendorObject, external_id: str) -> int | str:
        """The key of a person there, as a reference shows it."""
        (key,) = [key for key, row in people.rows.items() if row["external_id"] == external_id]
        return int(key) if key.isdecimal() else key

    def letters(self) -> list[tuple[str, str]]:
        """The open letters: cause and reason."""
        return [(letter.cause, letter.reason) for letter in self.pipe.letters()]
