"""No secret is kept in the request log."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

REDACTED = "***"
_SECRET = re.compile(r"(?i)(secret|passw|token$|^code$|code_verifier|authorization|api_?key|^jsessionid$)")
_XML_SECRET = re.compile(r"(?is)(<(?:\w+:)?(?:password|secret|token)\b[^>]*>)[^<]*")
_FORM = re.compile(r"^[\w.%\-\[\]]+=[^<>{}\s]*$")


def redacted_json(value: Any) -> Any:
    """A JSON value whose secrets, told by their names, are replaced."""
    if isinstance(value, dict):
        return {
            name: REDACTED
            if _SECRET.search(name) and not isinstance(inner, dict | list)
            else redacted_json(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted_json(inner) for inner in value]
    return value


def redacted_query(query: str) -> str:
    """A raw query string whose secrets are replaced; one without secrets stays as it was sent."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_SECRET.search(name) for name, _ in pairs):
        return query
    return urlencode([(name, REDACTED if _SECRET.search(name) else value) for name, value in pairs], safe="*")


def readable_body(body: bytes) -> Any:
    """A request body as the log keeps it: JSON, redacted text, or None when it is empty."""
    if not body:
        return None
    try:
        return redacted_json(json.loads(body))
    except (ValueError, RecursionError):
        text = body.decode(errors="replace")
    return redacted_query(text) if _FORM.match(text) else _XML_SECRET.sub(rf"\g<1>{REDACTED}", text)
