"""What a service says of itself: the WADL of an alias, the schema of an operation."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from tap_oracle_ebs.catalog.tables import CHANGED, Column, Kind

_DATABASE_TYPE = "type"
_DATES = ("DATE", "TIMESTAMP", "dateTime")
_NUMBERS = ("NUMBER", "INTEGER", "FLOAT", "decimal", "double", "int", "integer", "long")


class NotUnderstood(ValueError):
    """A document that is no WADL, or no schema."""


@dataclasses.dataclass(frozen=True)
class Service:
    """An alias as its WADL declares it: path of an operation -> method -> names of its query parameters."""

    operations: dict[str, dict[str, tuple[str, ...]]]

    def named(self, operation: str) -> str | None:
        """Return the path of an operation as the WADL writes it, whatever its case; None: not there."""
        if operation in self.operations:
            return operation
        return next((name for name in self.operations if name.upper() == operation.upper()), None)


def service_of(document: bytes) -> Service:
    """Read a WADL; NotUnderstood for any other document."""
    operations: dict[str, dict[str, tuple[str, ...]]] = {}
    for resource in _elements(_root(document), "resource"):
        path = (resource.get("path") or "").strip("/")
        if not path:
            continue
        methods = operations.setdefault(path, {})
        for method in _elements(resource, "method"):
            names = [
                param.get("name") or ""
                for request in _elements(method, "request")
                for param in _elements(request, "param")
                if param.get("style", "query") == "query"
            ]
            methods[(method.get("name") or "GET").upper()] = tuple(name for name in names if name)
    if not operations:
        raise NotUnderstood("no resources")
    return Service(operations)


def columns_of(document: bytes, key: tuple[str, ...]) -> tuple[Column, ...]:
    """Read the columns of the rows that an operation answers with: of the group that holds the whole key.

    Types come from `db:type`, else from the type of the schema. Key columns that are numbers are whole ones.
    Raises NotUnderstood where no group of elements holds the key.
    """
    wanted = {name.upper() for name in key}
    for group in _elements(_root(document), "sequence"):
        columns = [_column(element, wanted) for element in group if _local(element.tag) == "element"]
        if wanted <= {column.name for column in columns}:
            return tuple(columns)
    raise NotUnderstood(f"no row with {', '.join(key)}")


def _column(element: ET.Element, key: set[str]) -> Column:
    name = (element.get("name") or "").upper()
    declared = next(
        (value for label, value in element.attrib.items() if label.endswith(f"}}{_DATABASE_TYPE}")),
        element.get("type") or "",
    )
    word = declared.rpartition(":")[2].partition("(")[0]
    if word in _DATES or name == CHANGED:
        # A package may give dates as text; what tells when a row changed is one in any case.
        return Column(name, Kind.DATE)
    if word in _NUMBERS:
        return Column(name, Kind.INTEGER if name in key else Kind.NUMBER)
    return Column(name, Kind.TEXT)


def _root(document: bytes) -> ET.Element:
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise NotUnderstood("XML with declarations of its own")
    try:
        return ET.fromstring(document)  # noqa: S314 - entities were refused above
    except ET.ParseError as error:
        raise NotUnderstood(f"not XML: {error}") from None


def _elements(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in parent.iter() if _local(element.tag) == name)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
