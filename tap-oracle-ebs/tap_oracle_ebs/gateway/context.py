"""The application context of each call: responsibility, application, security group, language, unit.

On GET it travels as query parameters (`ctx_responsibility=...`), on POST as RESTHeader in the body. With a
token the gateway remembers what was given last, so the whole context goes with every call.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from ml_connector.errors import SystemFault

QUERY_NAMES = {
    "Responsibility": "ctx_responsibility",
    "RespApplication": "ctx_respapplication",
    "SecurityGroup": "ctx_securitygroup",
    "NLSLanguage": "ctx_nlslanguage",
    "Org_Id": "ctx_orgid",
}
"""Element of RESTHeader -> query parameter."""


@dataclasses.dataclass(frozen=True, slots=True)
class Carried:
    """A context as parts of a request; `body` holds the elements of RESTHeader."""

    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class ApplicationContext:
    """The context of one run; `org_ids` are the operating units it reads.

    `place` is where it travels: `query`, `header`, `body`; None: query on GET and body on POST. `names` are
    those of the settings, by element, where they differ from the usual ones.
    """

    elements: Mapping[str, str]
    place: str | None
    names: Mapping[str, str]
    org_ids: tuple[int, ...] = ()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build it from the tap's settings; an unknown element in `context_names` is a SystemFault."""
        names = dict(settings.get("context_names") or {})
        unknown = names.keys() - QUERY_NAMES.keys()
        if unknown:
            raise SystemFault(
                f"`context_names` has no element {', '.join(sorted(unknown))}.",
                fix=f"Elements are {', '.join(QUERY_NAMES)}.",
            )
        place = settings.get("context_in")
        elements = {
            "Responsibility": settings["responsibility"],
            "RespApplication": settings["responsibility_application"],
            "SecurityGroup": settings.get("security_group") or "STANDARD",
            "NLSLanguage": settings.get("language") or "AMERICAN",
        }
        units = tuple(int(unit) for unit in settings.get("org_ids") or ())
        return cls({name: str(value) for name, value in elements.items()}, place, names, units)

    @property
    def label(self) -> str:
        """A text that tells contexts apart: sessions of different contexts never share a token."""
        return "/".join([*self.elements.values(), *map(str, self.org_ids)])

    def carried(
        self, org_id: int | None, *, method: str = "GET", known: Mapping[str, str] | None = None
    ) -> Carried:
        """Return the context for one call. `known`: names of query parameters that the service declares."""
        values = dict(self.elements)
        unit = org_id if org_id is not None else next(iter(self.org_ids), None)
        if unit is not None:
            values["Org_Id"] = str(unit)
        place = self.place or ("query" if method == "GET" else "body")
        if place == "body":
            return Carried({}, {}, values)
        if place == "header":
            return Carried({}, {self.names.get(name, name): value for name, value in values.items()})
        names = {**QUERY_NAMES, **(known or {}), **self.names}
        return Carried({names[name]: value for name, value in values.items()}, {})
