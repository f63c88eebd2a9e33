"""Reading bodies: resource objects with the place where each was found."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ml_sandbox.oro.errors import JSON, OroError, bad_data, bad_request
from ml_sandbox.oro.schema import ResourceType

META = ("update", "upsert", "validate")

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # not the six characters that only look like it


@dataclass(frozen=True)
class Item:
    """One resource object of a body.

    Attributes:
        pointer: where it is: ``/data``, ``/data/3``, ``/included/0``.
    """

    type_name: str
    item_id: str | None
    attributes: JSON
    relationships: JSON
    pointer: str = "/data"
    meta: JSON = field(default_factory=dict)

    def flag(self, name: str) -> bool:
        """Whether a meta option is on."""
        return self.meta.get(name) is True


def json_body(body: bytes) -> JSON:
    """The JSON object of a body."""
    if not body.strip():
        raise bad_data("The request data should not be empty.")
    try:
        parsed = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"Invalid json message received. {error}") from error
    if not isinstance(parsed, dict | list) or not _is_text(parsed):
        raise bad_request("Invalid json message received.")
    if not parsed:
        raise bad_data("The request data should not be empty.")
    if isinstance(parsed, list):
        raise bad_data("The primary data object should exist", "/data")
    return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"Syntax error at {name}")


def _is_text(parsed: Any) -> bool:
    """Whether the texts in a body can be stored: halves of surrogate pairs and NUL cannot."""
    try:
        return not _NUL.search(msgspec.json.encode(parsed))
    except (UnicodeEncodeError, OverflowError):
        return False


def primary(body: JSON) -> Item:
    """The resource object ``data``."""
    if not isinstance(body.get("data"), dict):
        raise bad_data("The primary data object should exist", "/data")
    if not body["data"]:
        raise bad_data("The primary data object should not be empty", "/data")
    return read_item(body["data"], "/data")


def included(body: JSON) -> list[Item]:
    """The resource objects ``included``."""
    if "included" not in body:
        return []
    if not isinstance(body["included"], list):
        raise bad_data("The 'included' property should be an array", "/included")
    return [read_item(item, f"/included/{n}") for n, item in enumerate(body["included"])]


def read_item(value: Any, pointer: str) -> Item:
    """A resource object; :class:`OroError` when it is none."""
    if not isinstance(value, dict):
        raise bad_data("The related resource should be an object", pointer)
    if not isinstance(value.get("type"), str) or not value["type"]:
        raise bad_data("The 'type' property is required", f"{pointer}/type")
    item_id = value.get("id")
    if item_id is not None and not isinstance(item_id, str):
        raise bad_data("The 'id' property should be a string", f"{pointer}/id")
    parts: dict[str, JSON] = {}
    for name in ("attributes", "relationships", "meta"):
        part = value.get(name, {})
        if not isinstance(part, dict):
            raise bad_data(f"The '{name}' property should be an array", f"{pointer}/{name}")
        parts[name] = part
    _check_relationships(parts["relationships"], pointer)
    return Item(
        value["type"],
        item_id,
        parts["attributes"],
        parts["relationships"],
        pointer,
        parts["meta"],
    )


def plain_item(resource: ResourceType, body: JSON) -> Item:
    """The resource object that a flat body of the plain API stands for."""
    relations = {name: body[name] for name in body if name in resource.relations}
    attributes = {name: value for name, value in body.items() if name not in {*relations, "id"}}
    relationships = {name: {"data": _plain_data(resource, name, value)} for name, value in relations.items()}
    given = body.get("id")
    return Item(resource.name, None if given is None else str(given), attributes, relationships)


def identifiers(body: JSON, *, many: bool) -> Any:
    """The ``data`` of a relationship's body: one identifier or null, or a list of them."""
    if "data" not in body:
        raise bad_data("The primary data object should exist", "/data")
    data = body["data"]
    if many and not isinstance(data, list):
        raise bad_data("The list of resource identifier objects should be an array", "/data")
    if not many and data is not None and not isinstance(data, dict):
        raise bad_data("The resource identifier object should be NULL or an object", "/data")
    return data


def _check_relationships(relationships: JSON, pointer: str) -> None:
    problems: list[OroError] = []
    for name, value in relationships.items():
        if not isinstance(value, dict) or "data" not in value:
            problems.append(
                bad_data("The relationship should have 'data' property", f"{pointer}/relationships/{name}")
            )
    if problems:
        raise OroError(*(problem for error in problems for problem in error.problems))


def _plain_data(resource: ResourceType, name: str, value: Any) -> Any:
    relation = resource.relations[name]
    if isinstance(value, list):
        return [{"type": relation.target, "id": str(one)} for one in value]
    return None if value is None else {"type": relation.target, "id": str(value)}
