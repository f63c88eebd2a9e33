"""Names and addresses of the people of cases and comments, by `include`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ml_connector.vendors.oro.records import Included, Resource

Attributes = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A relationship to a person, the attributes asked for, and the fields made of them by their suffix."""

    relationship: str
    kind: str
    attributes: tuple[str, ...]
    fields: Mapping[str, Callable[[Attributes], Any]]

    def names(self) -> Iterable[str]:
        """The names of the fields."""
        return [f"{self.relationship}_{suffix}" for suffix in self.fields]


def _name(attributes: Attributes) -> str | None:
    parts = (attributes.get("firstName"), attributes.get("lastName"))
    return " ".join(str(part) for part in parts if part) or None


def _of(name: str) -> Callable[[Attributes], Any]:
    return lambda attributes: attributes.get(name) or None


def _contact(relationship: str, *suffixes: str) -> Person:
    made = {"name": _name, "email": _of("primaryEmail"), "phone": _of("primaryPhone")}
    attributes = ("firstName", "lastName", "primaryEmail", "primaryPhone")
    return Person(relationship, "contacts", attributes, {suffix: made[suffix] for suffix in suffixes})


def _user(relationship: str) -> Person:
    return Person(relationship, "users", ("email",), {"email": _of("email")})


PEOPLE: Mapping[str, tuple[Person, ...]] = {
    "cases": (_contact("relatedContact", "name", "email", "phone"), _user("assignedTo"), _user("owner")),
    "casecomments": (_contact("contact", "name", "email"), _user("owner")),
}
"""The people of a stream."""


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """The people of one stream of which something is wanted."""

    persons: tuple[Person, ...] = ()

    @classmethod
    def wanted(cls, stream: str, chosen: Collection[str]) -> People:
        """Those of whom one of the chosen fields tells."""
        return cls(tuple(each for each in PEOPLE.get(stream, ()) if set(each.names()) & set(chosen)))

    @property
    def include(self) -> list[str]:
        """The relationships to include."""
        return [person.relationship for person in self.persons]

    @property
    def sparse(self) -> dict[str, tuple[str, ...]]:
        """The attributes to ask for, by type."""
        return {person.kind: person.attributes for person in self.persons}

    def fields(self, resource: Resource, included: Included) -> dict[str, Any]:
        """What the included resources tell; null for a person who is not there or may not be seen."""
        found: dict[str, Any] = {}
        links = resource.get("relationships") or {}
        for person in self.persons:
            identifier = (links.get(person.relationship) or {}).get("data") or {}
            whole = included.get((str(identifier.get("type")), str(identifier.get("id")))) or {}
            attributes = whole.get("attributes") or {}
            for suffix, make in person.fields.items():
                found[f"{person.relationship}_{suffix}"] = make(attributes)
        return found
