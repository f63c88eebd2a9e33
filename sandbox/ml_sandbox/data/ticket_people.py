"""The people of a generated ticket world: organizations, agents in groups, and end users."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ml_sandbox.data import names
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ticket_words import ODD_NAMES

Row = dict[str, Any]
Sink = Callable[[str, Row], object]
"""Takes a row of a table."""

FIRST_USER = 36_000_000_000_001
FIRST_ORGANIZATION = 37_000_000_000_001
FIRST_IDENTITY = 38_000_000_000_001
FIRST_MEMBERSHIP = 39_000_000_000_001
FIRST_GROUP = 40_000_000_000_001
GROUPS = ("Tier 1", "Tier 2", "Büro Köln", "Field service")
TICKETS_PER_AGENT = 400
TICKETS_PER_USER = 4
TICKETS_PER_ORGANIZATION = 20


@dataclass(frozen=True)
class EndUser:
    """Who asks; the organization, if any, is the one of all their tickets."""

    id: int
    organization_id: int | None


@dataclass
class People:
    """Who there is.

    Attributes:
        agents: ids of agents and admins.
        groups: ids of their groups; agent number n is in group n modulo their count.
    """

    agents: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    end_users: list[EndUser] = field(default_factory=list)


class PeopleWriter:
    """Writes people so that all of them came before the oldest ticket."""

    def __init__(self, sink: Sink, draw: Draw, joined: datetime) -> None:
        self._sink = sink
        self._draw = draw
        self._joined = joined
        self._users = self._identities = self._memberships = 0

    def write(self, tickets: int) -> People:
        """Write as many as so many tickets need."""
        people = People()
        self._write_agents(people, 6 + tickets // TICKETS_PER_AGENT)
        organizations = self._write_organizations(3 + tickets // TICKETS_PER_ORGANIZATION)
        for number in range(len(ODD_NAMES) + 6 + tickets // TICKETS_PER_USER):
            people.end_users.append(self._write_end_user(number, organizations))
        return people

    def _write_agents(self, people: People, count: int) -> None:
        for number, name in enumerate(GROUPS):
            people.groups.append(FIRST_GROUP + number * 3)
            self._sink("groups", {"id": people.groups[-1], "name": name, **self._times()})
        for number in range(count):
            odd = number % 5 == 4
            name = f"{ODD_NAMES[number % len(ODD_NAMES)]} (Agent)" if odd else self._name()
            role = "admin" if number % 7 == 3 else "agent"
            user = self._write_user(name, f"agent{number}@acme.example", role=role)
            if number % 3 == 1:
                self._write_identity(user, "email", f"Agent.{number}@home.example".lower(), primary=False)
            people.agents.append(user)
            group = people.groups[number % len(people.groups)]
            self._sink(
                "group_memberships", {"user_id": user, "group_id": group, "default": True, **self._times()}
            )

    def _write_organizations(self, count: int) -> list[int]:
        written = []
        for number in range(count):
            place = self._draw.pick(names.PLACES)
            name = f"{self._draw.pick(names.QUALITIES)} {self._draw.pick(names.TRADES)} {place[5]} {number}"
            key = FIRST_ORGANIZATION + number * 3
            self._sink(
                "organizations", {"id": key, "name": name, "external_id": f"o{number}", **self._times()}
            )
            written.append(key)
        return written

    def _write_end_user(self, number: int, organizations: list[int]) -> EndUser:
        name = ODD_NAMES[number] if number < len(ODD_NAMES) else self._name()
        # One in eleven has no address: they came by telephone.
        email = (
            None if number % 11 == 10 else f"user{number}@{'example.com' if number % 2 else 'MAIL.example'}"
        )
        organization = organizations[number % len(organizations)] if number % 3 else None
        user = self._write_user(name, email, organization_id=organization, external_id=f"u{number}")
        if number % 13 == 12:
            self._write_identity(user, "email", f"second{number}@example.net", primary=False)
        return EndUser(user, organization)

    def _write_user(self, name: str, email: str | None, **values: Any) -> int:
        key = FIRST_USER + self._users * 3
        self._users += 1
        address = email.lower() if email else None
        phone = f"+49 221 {1_000_000 + self._users}" if email is None else None
        row = {"id": key, "name": name, "email": address, "phone": phone, "verified": True, **values}
        self._sink("users", {**row, **self._times()})
        if address is not None:
            self._write_identity(key, "email", address, primary=True)
        if phone is not None:
            self._write_identity(key, "phone_number", phone, primary=True)
        if values.get("organization_id") is not None:
            self._memberships += 1
            member = {"id": FIRST_MEMBERSHIP + self._memberships, "user_id": key, "default": True}
            organization = {"organization_id": values["organization_id"]}
            self._sink("organization_memberships", {**member, **organization, **self._times()})
        return key

    def _write_identity(self, user: int, kind: str, value: str, *, primary: bool) -> None:
        self._identities += 1
        row = {"id": FIRST_IDENTITY + self._identities, "user_id": user, "type": kind, "value": value}
        self._sink("identities", {**row, "primary": primary, "verified": True, **self._times()})

    def _name(self) -> str:
        return f"{self._draw.pick(names.GIVEN)} {self._draw.pick(names.FAMILY)}"

    def _times(self) -> Row:
        moment = self._joined - timedelta(seconds=self._draw.below(86_400 * 30))
        return dict.fromkeys(("created_at", "updated_at"), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
