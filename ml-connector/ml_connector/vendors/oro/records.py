"""JSON:API resources as flat records, and back.

A flat record has `id` as text, attributes by name, to-one relationships by name as the id's text or null, and
to-many ones as lists of ids. `emails` and `phones`, which the API wraps in objects, are lists of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ml_connector.vendors.oro.types import TYPES, ResourceType

Resource = Mapping[str, Any]
Record = dict[str, Any]
Included = Mapping[tuple[str, str], Resource]

_WRAPPED = {"emails": "email", "phones": "phone"}


def flat(resource: Resource, without: Iterable[str] = ()) -> Record:
    """The flat record of a resource, but for the members `without`.

    A relationship whose members the answer does not list (no `data`) is left out.
    """
    left_out = frozenset(without)
    record: Record = {"id": str(resource["id"])}
    for name, value in (resource.get("attributes") or {}).items():
        if name not in left_out:
            record[name] = _unwrapped(name, value)
    for name, link in (resource.get("relationships") or {}).items():
        if name not in left_out and isinstance(link, Mapping) and "data" in link:
            record[name] = _ids(link["data"])
    return record


def _unwrapped(name: str, value: Any) -> Any:
    key = _WRAPPED.get(name)
    if key is None or not isinstance(value, list):
        return value
    found = [item.get(key) if isinstance(item, Mapping) else item for item in value]
    return [str(item) for item in found if item is not None]


def _ids(data: Any) -> Any:
    if isinstance(data, list):
        return [str(item["id"]) for item in data]
    return None if data is None else str(data["id"])


def document(
    kind: str,
    values: Mapping[str, Any],
    identifier: str | None = None,
    *,
    meta: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The body of a request that creates (no `identifier`) or updates a record with these flat values.

    Only what is in `values` is in the body. `links` names the types of further relationships; a name that is
    in neither the type's nor these is an attribute.
    """
    return {"data": resource(kind, values, identifier, meta=meta, links=links)}


def resource(
    kind: str,
    values: Mapping[str, Any],
    identifier: str | None = None,
    *,
    meta: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The resource of `document`, also as a member of a batch's list."""
    known = TYPES.get(kind) or ResourceType(kind, {})
    attributes, relationships = {}, {}
    for name, value in values.items():
        if name == "id":
            continue
        target = known.target_of(name) or (links or {}).get(name)
        if target is None:
            attributes[name] = _wrapped(name, value)
        else:
            relationships[name] = {"data": _identifiers(target, value)}
    found: dict[str, Any] = {"type": kind}
    if meta:
        found["meta"] = dict(meta)
    if identifier is not None:
        found["id"] = str(identifier)
    if attributes:
        found["attributes"] = attributes
    if relationships:
        found["relationships"] = relationships
    return found


def _wrapped(name: str, value: Any) -> Any:
    key = _WRAPPED.get(name)
    if key is None or not isinstance(value, (list, tuple)):
        return value
    return [item if isinstance(item, Mapping) else {key: item} for item in value]


def _identifiers(kind: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, (list, tuple)):
        return [{"type": kind, "id": str(item)} for item in value]
    return {"type": kind, "id": str(value)}


def included_of(body: Mapping[str, Any]) -> dict[tuple[str, str], Resource]:
    """The `included` resources of an answer by type and id."""
    return {(str(item["type"]), str(item["id"])): item for item in body.get("included") or ()}
