"""Answers of the package as JSON or XML."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ml_sandbox.ebs.catalog import Column, Kind
from ml_sandbox.ebs.masks import DateMask
from ml_sandbox.ebs.package import definitions
from ml_sandbox.ebs.package.definitions import Collection, PackageOperation
from ml_sandbox.ebs.package.names import Names
from ml_sandbox.ebs.package.result import SUCCESS, Result
from ml_sandbox.ebs.rendering import (
    ABSENT,
    JSON_NULLS,
    XML_NULLS,
    XSI,
    Shape,
    collection_of,
    date_text,
    json_document,
    xml_text,
)
from ml_sandbox.ebs.store import Tuple, Value

STORED = 'YYYY-MM-DD"T"HH24:MI:SS'
"""The mask of dates as the stores keep them."""

Writer = Callable[[Value], Any]


@dataclass(frozen=True, slots=True)
class Style:
    """How an instance writes: quirks, date mask, names, and whether columns are typed or VARCHAR2."""

    shape: Shape
    mask: DateMask
    names: Names
    typed: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A result to be written."""

    operation: PackageOperation
    namespace: str
    result: Result
    server_time: str

    def scalars(self, style: Style) -> list[tuple[str, str | None]]:
        """Give the out parameters that are no collections, under the site's names."""
        result = self.result
        more = None if result.status != SUCCESS else "Y" if result.has_more else "N"
        values = (result.status, result.message, more, style.mask.write(self.server_time))
        named = (
            (style.names.of_standard(name), value)
            for name, value in zip(definitions.SCALARS, values, strict=True)
        )
        return [(name, value) for name, value in named if name]

    def collections(self, style: Style) -> list[tuple[str, Collection, Sequence[Tuple]]]:
        """Give the collections under the site's names, with their rows."""
        named = (
            (
                style.names.of_standard(collection.name),
                collection,
                self.result.collections.get(collection.name, ()),
            )
            for collection in self.operation.collections
        )
        return [entry for entry in named if entry[0]]


def plain_number(value: Value) -> str:
    """Give a NUMBER as the database writes it: no exponent, no trailing zeros."""
    if not isinstance(value, Decimal):
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0", "-"} else text


def json_message(message: Message, style: Style) -> bytes:
    """Write a result as a JSON document below OutputParameters."""
    shape = style.shape
    content: dict[str, Any] = {}
    if shape.namespace_keys:
        content = {"@xmlns": message.namespace, "@xmlns:xsi": XSI}
    for name, collection, rows in message.collections(style):
        writers = _writers(collection, style, json_form=True)
        found = collection_of([_json_record(row, writers, shape) for row in rows], shape)
        if found is not ABSENT:
            content[name] = None if found is None else {f"{name}_ITEM": found}
    for name, value in message.scalars(style):
        if value is not None:
            content[name] = value
        elif shape.nulls != "missing":
            content[name] = JSON_NULLS[shape.nulls]
    return json_document({"OutputParameters": content})


def _json_record(row: Tuple, writers: Sequence[tuple[str, Writer]], shape: Shape) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for (name, write), value in zip(writers, row, strict=True):
        if value is not None:
            record[name] = write(value)
        elif shape.nulls != "missing":
            record[name] = JSON_NULLS[shape.nulls]
    return record


def _writers(collection: Collection, style: Style, *, json_form: bool) -> list[tuple[str, Writer]]:
    return [(column.name, _writer(column, style, json_form=json_form)) for column in collection.columns]


def _writer(column: Column, style: Style, *, json_form: bool) -> Writer:
    shape, mask = style.shape, style.mask
    if column.kind is Kind.DATE:
        if style.typed:
            return lambda value: date_text(str(value), shape)
        return str if mask.text == STORED else lambda value: mask.write(str(value))
    if column.kind is Kind.NUMBER:
        if style.typed and json_form and shape.numbers == "number":
            return lambda value: value
        return plain_number
    return str


def xml_message(message: Message, style: Style) -> bytes:
    """Write a result as an XML document."""
    shape = style.shape
    parts = ['<?xml version="1.0" encoding="UTF-8"?>']
    parts.append(f'<OutputParameters xmlns="{message.namespace}" xmlns:xsi="{XSI}">')
    for name, collection, rows in message.collections(style):
        parts += _xml_collection(name, collection, rows, style)
    for name, value in message.scalars(style):
        parts += _xml_element(name, value, shape)
    parts.append("</OutputParameters>")
    return "".join(parts).encode()


def _xml_collection(name: str, collection: Collection, rows: Sequence[Tuple], style: Style) -> list[str]:
    if not rows:
        forms = {"absent": "", "null": f'<{name} xsi:nil="true"/>', "empty": f"<{name}/>"}
        return [forms[style.shape.empty_collection]]
    writers = _writers(collection, style, json_form=False)
    parts = [f"<{name}>"]
    for row in rows:
        parts.append(f"<{name}_ITEM>")
        for (column, write), value in zip(writers, row, strict=True):
            parts += _xml_element(column, None if value is None else write(value), style.shape)
        parts.append(f"</{name}_ITEM>")
    return [*parts, f"</{name}>"]


def _xml_element(name: str, value: str | None, shape: Shape) -> list[str]:
    if value is not None:
        return [f"<{name}>{xml_text(value)}</{name}>"]
    return [] if shape.nulls == "missing" else [XML_NULLS[shape.nulls](name)]
