"""The body of a call: wrapper, RESTHeader and InputParameters, from JSON or XML."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from ml_sandbox.ebs import context
from ml_sandbox.ebs.faults import execution_error
from ml_sandbox.ebs.reading import set_once
from ml_sandbox.ebs.rendering import XSI

HEADER_ELEMENTS = {
    "Responsibility": context.RESPONSIBILITY,
    "RespApplication": context.APPLICATION,
    "SecurityGroup": context.SECURITY_GROUP,
    "NLSLanguage": context.LANGUAGE,
    "Org_Id": context.ORGANIZATION,
}
"""Element of RESTHeader -> context value; the names are case-sensitive (BLOG-JAVA, DG-MSG)."""

_HEADER, _INPUT = "RESTHeader", "InputParameters"


class Members(list[tuple[str, Any]]):
    """The members of a JSON object or the children of an XML element, repeated ones too."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a body says: context values by the name of section 4, parameters by their name."""

    context: dict[str, str]
    parameters: dict[str, str | None]


def read_call(body: bytes, content_type: str, operation: str, *, bare: bool) -> Call:
    """Read a body; raises `ISG_SERVICE_EXECUTION_ERROR` or a code for a repeated context element.

    Args:
        body: the bytes as they came.
        content_type: the header of that name.
        operation: in capitals; the wrapper is `<OPERATION>_Input`.
        bare: whether InputParameters without the wrapper pass.
    """
    members = _unwrapped(_members(body, content_type), f"{operation}_Input", bare=bare)
    found: dict[str, Any] = {}
    for name, value in members:
        if name.startswith("@"):
            continue
        if name not in {_HEADER, _INPUT}:
            raise execution_error(f"Element {name!r} is not declared; {_HEADER} and {_INPUT} are.")
        if name in found:
            raise execution_error(f"Element {name!r} is given more than once.")
        found[name] = _object(name, value)
    return Call(_context(found.get(_HEADER, ())), _parameters(found.get(_INPUT, ())))


def _members(body: bytes, content_type: str) -> Members:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json_members(body)
    if kind in {"application/xml", "text/xml"}:
        return _xml_members(body)
    raise execution_error(f"Content-Type must be application/json or application/xml, not {kind!r}.")


def _json_members(body: bytes) -> Members:
    try:
        # Numbers stay texts: NUMBER has more digits than a float.
        value = json.loads(body, object_pairs_hook=Members, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise execution_error(f"The body is no JSON document: {error}.") from error
    return _object("the body", value)


def _xml_members(body: bytes) -> Members:
    # A document type could name files or grow without end; no message of a service has one.
    if b"<!DOCTYPE" in body:
        raise execution_error("The body must not have a document type.")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no document type, so no entities
        return Members([(_local(root), _xml_value(root))])
    except (ET.ParseError, RecursionError) as error:
        raise execution_error(f"The body is no XML document: {error}.") from error


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _xml_value(element: ET.Element) -> Any:
    if element.get(f"{{{XSI}}}nil") in {"true", "1"}:
        return None
    if len(element):
        return Members((_local(child), _xml_value(child)) for child in element)
    return element.text or ""


def _unwrapped(members: Members, wrapper: str, *, bare: bool) -> Members:
    names = [name for name, _ in members if not name.startswith("@")]
    if names == [wrapper]:
        return _object(wrapper, next(value for name, value in members if name == wrapper))
    if bare and _INPUT in names:
        return members
    raise execution_error(f"The body must be one element {wrapper!r}.")


def _object(name: str, value: Any) -> Members:
    if value is None or value == "":
        return Members()
    if not isinstance(value, Members):
        raise execution_error(f"{name} must be an object with members.")
    return value


def _context(members: Iterable[tuple[str, Any]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in members:
        if name.startswith("@"):
            continue
        if name not in HEADER_ELEMENTS:
            raise execution_error(f"{_HEADER} has no element {name!r}; it has {', '.join(HEADER_ELEMENTS)}.")
        for one in value if type(value) is list else [value]:
            set_once(values, HEADER_ELEMENTS[name], _text(name, one) or "")
    return {name: value for name, value in values.items() if value}


def _parameters(members: Iterable[tuple[str, Any]]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for name, value in members:
        if name.startswith("@"):
            continue
        if name in values:
            raise execution_error(f"Parameter {name!r} is given more than once.")
        values[name] = _text(name, value)
    return values


def _text(name: str, value: Any) -> str | None:
    """Give a value as text; empty text, null and nil are one value (BLOG-PLSQL)."""
    if isinstance(value, Members) and dict(value).get("@xsi:nil") == "true":
        return None
    if value is None or isinstance(value, str):
        return value or None
    raise execution_error(f"{name} must be a text, not {value!r}.")
