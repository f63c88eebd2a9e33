"""Bodies of answers: JSON, XML that came in its place, and what is neither."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from typing import Any

import msgspec

NIL = "@xsi:nil"

_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NIL_NAME = b'"@xsi:nil"'
_NIL_OBJECT = re.compile(rb'\{\s*"@xsi:nil"\s*:\s*(?:"true"|true)\s*\}')
_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Unreadable(ValueError):
    """A body that is neither JSON nor XML; `is_web_page` where it is HTML."""

    def __init__(self, message: str, *, is_web_page: bool = False) -> None:
        super().__init__(message)
        self.is_web_page = is_web_page


def parse(body: bytes) -> Any:
    """Return a body as nested dictionaries; fractions are Decimal.

    The format is told by the first character, since the gateway may answer XML where JSON was asked for.
    XML elements become members by their local name, repeated ones a list, all values text; an element
    with xsi:nil becomes `{"@xsi:nil": "true"}`, which is None where JSON has it.
    """
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _parse_xml(body, start)
    try:
        return _JSON.decode(_with_nulls(body.removeprefix(b"\xef\xbb\xbf")))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None


def _with_nulls(body: bytes) -> bytes:
    """Return a body with null for nil objects: rows are mostly empty, and objects are dear to make.

    One writer has one way of writing them, so that of the first is sought; others stay objects. Inside of
    text a quote is escaped: these bytes are never a part of a value.
    """
    name = body.find(_NIL_NAME)
    found = _NIL_OBJECT.match(body, body.rfind(b"{", 0, name)) if name > 0 else None
    return body.replace(found[0], b"null") if found else body


def _parse_xml(body: bytes, start: bytes) -> Any:
    lowered = start.lower()
    if lowered.startswith((b"<!doctype", b"<html")) or b"<html" in lowered:
        raise Unreadable("a web page", is_web_page=True)
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unreadable("XML with declarations of its own, which no service sends")
    try:
        root = ET.fromstring(body)  # noqa: S314 - entities were refused above
    except (ET.ParseError, LookupError, ValueError) as error:
        # The latter two are of encodings that the parser does not know.
        raise Unreadable(f"not XML: {error}") from None
    return {_local(root.tag): _content(root)}


def _content(element: ET.Element) -> Any:
    if element.get(_XSI_NIL) in {"true", "1"}:
        return {NIL: "true"}
    if len(element) == 0:
        return element.text
    members: dict[str, Any] = {}
    for child in element:
        name, value = _local(child.tag), _content(child)
        if name not in members:
            members[name] = value
        elif isinstance(members[name], list):
            members[name].append(value)
        else:
            members[name] = [members[name], value]
    return members


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
