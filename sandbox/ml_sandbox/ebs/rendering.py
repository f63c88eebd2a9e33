"""Answers as JSON or XML, in the shapes that ISG answers take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

import msgspec

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs.catalog import Column, Kind, TableSpec
from ml_sandbox.ebs.store import Tuple, Value

XSI = "http://www.w3.org/2001/XMLSchema-instance"
FAULT_NAMESPACE = "http://xmlns.oracle.com/isg/servicefault"
NIL = {"@xsi:nil": "true"}
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
JSON_NULLS: dict[str, Any] = {"null": None, "text": "null", "nil": NIL, "empty": ""}
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Shape:
    """The quirks of one instance's answers; the values of the settings of the same names."""

    row_wrapper: str
    single_row: str
    empty_collection: str
    numbers: str
    nulls: str
    date_format: str
    namespace_keys: bool
    zone: ZoneInfo

    @classmethod
    def of(cls, settings: VendorSettings) -> "Shape":
        """Read the present shape from the settings."""
        names = ("row_wrapper", "single_row", "empty_collection", "numbers", "nulls", "date_format")
        texts = {name: settings.text(name) for name in names}
        zone = ZoneInfo(settings.text("server_zone"))
        return cls(**texts, namespace_keys=settings.flag("namespace_keys"), zone=zone)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a table to be written; `control` is the record of the query for the form `value`."""

    spec: TableSpec
    name: str
    namespace: str
    columns: tuple[int, ...]
    rows: Sequence[Tuple]
    control: Mapping[str, str]


def json_rows(answer: Answer, shape: Shape) -> bytes:
    """Write rows as a JSON document below OutputParameters."""
    records = [_record(row, answer, shape) for row in answer.rows]
    content: dict[str, Any] = {}
    if shape.namespace_keys:
        content = {"@xmlns": answer.namespace, "@xmlns:xsi": XSI}
    if shape.row_wrapper == "value":
        content["ControlBean"] = [dict(answer.control)]
        content["value"] = records
        return _encoder.encode({"OutputParameters": content})
    collection = collection_of(records, shape)
    if collection is not ABSENT:
        item = f"{answer.name}_ITEM"
        outer = f"{answer.name}_REC" if shape.row_wrapper == "rec" else answer.name
        content[outer] = {item: collection} if shape.row_wrapper == "item" else collection
    return _encoder.encode({"OutputParameters": content})


ABSENT = object()


def collection_of(records: list[dict[str, Any]], shape: Shape) -> Any:
    """Give records as one collection in JSON; ABSENT when it has no key at all."""
    if len(records) == 1 and shape.single_row == "object":
        return records[0]
    if records or shape.empty_collection == "empty":
        return records
    return None if shape.empty_collection == "null" else ABSENT


def _record(row: Tuple, answer: Answer, shape: Shape) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for position in answer.columns:
        column, value = answer.spec.columns[position], row[position]
        if value is not None:
            record[column.name] = _json_value(column, value, shape)
        elif shape.nulls != "missing":
            record[column.name] = JSON_NULLS[shape.nulls]
    return record


def _json_value(column: Column, value: Value, shape: Shape) -> Any:
    if column.kind is Kind.NUMBER:
        return str(value) if shape.numbers == "string" else value
    if column.kind is Kind.DATE and shape.date_format != "plain":
        return date_text(str(value), shape)
    return value


def date_text(text: str, shape: Shape) -> str:
    """Give a DATE as the instance shows it."""
    if shape.date_format == "plain":
        return text
    when = datetime.fromisoformat(text)
    if "offset" in shape.date_format:
        when = when.replace(tzinfo=shape.zone)
    return when.isoformat(timespec="milliseconds" if "fraction" in shape.date_format else "seconds")


def xml_rows(answer: Answer, shape: Shape) -> bytes:
    """Write rows as an XML document."""
    open_outer, close_outer, item = _xml_names(answer, shape)
    parts = [_XML_HEAD, f'<OutputParameters xmlns="{answer.namespace}" xmlns:xsi="{XSI}">']
    if shape.row_wrapper == "value":
        parts.append(f"<ControlBean>{_xml_elements(answer.control)}</ControlBean>")
    if answer.rows:
        parts.append(open_outer)
        parts += [_xml_record(row, answer, shape, item) for row in answer.rows]
        parts.append(close_outer)
    elif shape.empty_collection != "absent":
        parts.append(f'<{item} xsi:nil="true"/>' if shape.empty_collection == "null" else f"<{item}/>")
    parts.append("</OutputParameters>")
    return "".join(parts).encode()


def _xml_names(answer: Answer, shape: Shape) -> tuple[str, str, str]:
    if shape.row_wrapper == "item":
        return f"<{answer.name}>", f"</{answer.name}>", f"{answer.name}_ITEM"
    return "", "", {"rec": f"{answer.name}_REC", "table": answer.name, "value": "value"}[shape.row_wrapper]


def _xml_record(row: Tuple, answer: Answer, shape: Shape, item: str) -> str:
    parts = [f"<{item}>"]
    for position in answer.columns:
        column, value = answer.spec.columns[position], row[position]
        if value is not None:
            text = date_text(str(value), shape) if column.kind is Kind.DATE else xml_text(str(value))
            parts.append(f"<{column.name}>{text}</{column.name}>")
        elif shape.nulls != "missing":
            parts.append(XML_NULLS[shape.nulls](column.name))
    return f"{''.join(parts)}</{item}>"


XML_NULLS: dict[str, Callable[[str], str]] = {
    "null": lambda name: f'<{name} xsi:nil="true"/>',
    "nil": lambda name: f'<{name} xsi:nil="true"/>',
    "text": lambda name: f"<{name}>null</{name}>",
    "empty": lambda name: f"<{name}/>",
}


def xml_text(text: str) -> str:
    """Escape a text."""
    # Control characters cannot be written in XML 1.0 at all.
    return escape("".join(letter for letter in text if letter >= " " or letter in "\t\n\r"))


def _xml_elements(values: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_xml_elements(value) if isinstance(value, Mapping) else xml_text(str(value))}</{name}>"
        for name, value in values.items()
    )


def json_document(document: Mapping[str, Any]) -> bytes:
    """Write nested elements as JSON."""
    return _encoder.encode(document)


def xml_document(root: str, content: Mapping[str, Any], namespace: str = "") -> bytes:
    """Write nested elements as XML."""
    declared = f" xmlns={quoteattr(namespace)}" if namespace else ""
    return f"{_XML_HEAD}<{root}{declared}>{_xml_elements(content)}</{root}>".encode()


def control_value(value: Value) -> Any:
    """Give a value as the control API shows it."""
    return float(value) if isinstance(value, Decimal) else value
