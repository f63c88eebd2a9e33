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
    """A context as parts of a request."""

    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, Any] | None = None


@dataclasses.dataclass(frozen=True)
class ApplicationContext:
    """The context of one run; `org_ids` are the operating units it reads."""

    elements: Mapping[str, str]
    place: str
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
        place = str(settings.get("context_in") or "query")
        own = QUERY_NAMES if place == "query" else {name: name for name in QUERY_NAMES}
        elements = {
            "Responsibility": settings["responsibility"],
            "RespApplication": settings["responsibility_application"],
            "SecurityGroup": settings.get("security_group") or "STANDARD",
            "NLSLanguage": settings.get("language") or "AMERICAN",
        }
        units = tuple(int(unit) for unit in settings.get("org_ids") or ())
        return cls({name: str(value) for name, value in elements.items()}, place, {**own, **names}, units)

    @property
    def label(self) -> str:
        """A text that tells contexts apart: sessions of different contexts never share a token."""
        return "/".join([*self.elements.values(), *map(str, self.org_ids)])

    def carried(self, operation: str, org_id: int | None) -> Carried:
        """Return the context for one call of an operation."""
        values = dict(self.elements)
        unit = org_id if org_id is not None else next(iter(self.org_ids), None)
        if unit is not None:
            values["Org_Id"] = str(unit)
        if self.place == "body":
            return Carried({}, {}, {f"{operation}_Input": {"RESTHeader": values}})
        named = {self.names[element]: value for element, value in values.items()}
        return Carried(named, {}) if self.place == "query" else Carried({}, named)
