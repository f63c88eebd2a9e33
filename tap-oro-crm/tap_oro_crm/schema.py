"""The schema of a stream: what OroCRM has by itself, and what the newest records show to be added."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.settings import flat
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.records import Resource
from ml_connector.vendors.oro.types import ResourceType
from tap_oro_crm.people import PEOPLE
from tap_oro_crm.reading import STAMPS
from tap_oro_crm.settings import KINDS

CHANGED_AT = "changed_at"
_DATED = dict.fromkeys(STAMPS, "date-time")
SAMPLES = 20

_TEXTS = {"type": ["array", "null"], "items": {"type": "string"}}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "date-time": {"type": ["string", "null"], "format": "date-time"},
    "texts": _TEXTS,
    "object": {"type": ["object", "null"]},
    "array": {"type": ["array", "null"]},
    "any": {"type": ["string", "number", "boolean", "object", "array", "null"]},
}


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a stream. `kinds`: API name -> kind, relationships included.

    `is_sampled`: they were seen in a record, so they may be asked for by name.
    """

    kind: ResourceType
    kinds: Mapping[str, str]
    people: Sequence[str] = ()
    is_sampled: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema."""
        properties: dict[str, Any] = {"id": {"type": "string"}}
        properties |= {name: _SCHEMAS[kind] for name, kind in self.kinds.items()}
        properties |= dict.fromkeys(self.people, _SCHEMAS["string"])
        if not self.kind.dictionary:
            properties[CHANGED_AT] = {
                **_SCHEMAS["date-time"],
                "description": "updatedAt, or createdAt where the record was never updated.",
            }
        return {"type": "object", "properties": properties}


def standard(kind: ResourceType) -> dict[str, str]:
    """What every server has of a type, as far as is known."""
    links = {**dict.fromkeys(kind.to_one, "string"), **dict.fromkeys(kind.to_many, "texts")}
    return {name: each for name, each in {**kind.attributes, **links}.items() if name not in kind.without}


def discover(client: OroClient, kind: ResourceType, types: Mapping[str, str], *, with_people: bool) -> Shape:
    """Look at the newest records of a type; without one, only what every server has is known."""
    people = [name for person in PEOPLE.get(kind.name, ()) for name in person.names()] if with_people else []
    named = {
        name.partition(".")[2]: each for name, each in types.items() if name.partition(".")[0] == kind.name
    }
    known = standard(kind)
    if kind.dictionary:
        return Shape(kind, known)
    pages = client.pages(kind.name, descending=True, size=SAMPLES)
    page = next(iter(pages), None)
    if page is None:
        return Shape(kind, {**known, **named}, people)
    return Shape(kind, {**_seen(kind, known, page.resources), **named}, people, is_sampled=True)


def _seen(kind: ResourceType, known: Mapping[str, str], samples: Sequence[Resource]) -> dict[str, str]:
    found: dict[str, str] = {}
    for resource in samples:
        for name in resource.get("attributes") or {}:
            found.setdefault(name, known.get(name) or _DATED.get(name) or _kind_of(_values(samples, name)))
        for name, link in (resource.get("relationships") or {}).items():
            many = isinstance((link or {}).get("data"), list)
            found.setdefault(name, "texts" if many else "string")
    kept = [*(name for name in known if name in found), *(name for name in found if name not in known)]
    return {name: found[name] for name in kept if name not in kind.without}


def _values(samples: Iterable[Resource], name: str) -> list[Any]:
    values = [(resource.get("attributes") or {}).get(name) for resource in samples]
    return [value for value in values if value is not None]


def _kind_of(values: Sequence[Any]) -> str:
    """The kind that all values are of; never integer: a decimal may happen to have no fraction."""
    kinds = {_kind_of_one(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else "any"


def _kind_of_one(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        return "texts" if all(isinstance(item, str) for item in value) else "array"
    return "object" if isinstance(value, Mapping) else "string"


def check_types(given: Mapping[str, Any], streams: Collection[str]) -> dict[str, str]:
    """The setting `attribute_types` by `stream.attribute`. Raises SystemFault for one that is none."""
    types = {name: str(kind) for name, kind in flat(given).items()}
    for name, kind in types.items():
        stream, _, attribute = name.partition(".")
        if not attribute or stream not in streams or kind not in KINDS:
            raise SystemFault(
                f"The setting `attribute_types` has {name!r}: {kind!r}, which is not to be understood.",
                fix=f"Write it as {{cases: {{my_attribute: number}}}}; types are {', '.join(KINDS)}.",
            )
    return types
