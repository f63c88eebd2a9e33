"""Reading answers: JSON that may be none, and the kind of fault that a status stands for."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Sequence
from typing import Any

import msgspec
from requests import PreparedRequest, Response

from ml_connector.errors import ConnectorError, PassingFault, RecordFault, RequestFailed, SystemFault
from ml_connector.redaction import redact

REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id")
PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524, 527, 529, 530})

_EXCERPT = 300
_SYSTEM_FIXES = {
    401: "Check the credentials of this system.",
    403: "Give the account the permission, or use another account.",
    404: "Check `base_url`.",
    405: "Check `base_url`.",
    407: "Check the user and password in `proxy`.",
}
_RECORD_STATUSES = frozenset(
    {400, 404, 409, 410, 411, 412, 413, 414, 416, 417, 418, 422, 423, 424, 428, 431, 451}
)


def path_of(request: PreparedRequest) -> str:
    """Return the path of a request's address, without host and query."""
    return urllib.parse.urlsplit(request.url or "").path or "/"


def request_id_of(response: Response, headers: Sequence[str] = REQUEST_ID_HEADERS) -> str | None:
    """Return the vendor's own id of an answer: one of `headers`, else any that is named like one."""
    alike = (name for name in response.headers if name.lower().endswith(("request-id", "requestid")))
    return next((response.headers[name] for name in (*headers, *alike) if name in response.headers), None)


def excerpt_of(response: Response, length: int = _EXCERPT) -> str:
    """Return the beginning of an answer's body on one line, without secrets."""
    text = response.content[: length * 4].decode(response.encoding or "utf-8", "replace")
    return redact(" ".join(text.split()))[:length]


def describe(response: Response, system: str) -> str:
    """Return `system: METHOD /path answered STATUS` with the vendor's id of the answer."""
    identifier = request_id_of(response)
    suffix = f" (request {identifier})" if identifier else ""
    request = response.request
    return f"{system}: {request.method} {path_of(request)} answered {response.status_code}{suffix}"


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError):
        # What the standard library alone takes: NaN, half a surrogate pair, UTF-16, a byte order mark.
        return json.loads(body)


def json_of(response: Response, system: str = "The vendor") -> Any:
    """Return the parsed body of an answer that has to be JSON.

    A web page in its place is a SystemFault (a wrong address or a login page), unless the status is 5xx;
    any other body that cannot be parsed is a PassingFault. The message names status, content type, length
    and beginning.
    """
    try:
        return _decoded(response.content)
    except (ValueError, RecursionError):
        pass
    kind = response.headers.get("Content-Type") or "no content type"
    message = (
        f"{describe(response, system)} with a body that is not JSON ({kind}, {len(response.content)} bytes): "
        f"{excerpt_of(response, 120)!r}."
    )
    if response.status_code < 500 and is_web_page(response):
        fix = "Check `base_url`: it seems to lead to a web page (a login form, a proxy) in place of the API."
        raise SystemFault(message, fix=fix)
    raise RequestFailed(
        message,
        system=system,
        method=response.request.method or "",
        path=path_of(response.request),
        status=response.status_code,
        request_id=request_id_of(response),
    )


def is_web_page(response: Response) -> bool:
    """Tell whether the body is HTML."""
    start = response.content[:512].lstrip().lower()
    return "html" in response.headers.get("Content-Type", "").lower() or start.startswith(
        (b"<!doctype", b"<html")
    )


def is_cut_json(response: Response) -> bool:
    """Tell whether a JSON body without a length, ended by the connection alone, ended early."""
    headers = response.headers
    if "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "").lower():
        return False
    if "json" not in headers.get("Content-Type", "").lower() or not response.content:
        return False
    try:
        json.loads(response.content)
    except ValueError:
        return True
    return False


def fault_for(response: Response, system: str = "The vendor") -> ConnectorError:
    """Return (not raise) the fault that an unwanted status stands for, when nothing more is known of the
    vendor.

    408, 425, 429 and the 5xx of overload are passing; 400, 404, 409, 422 and their like concern the
    record; every other one, redirects of a write included, is a system fault.
    """
    status = response.status_code
    body = excerpt_of(response)
    message = f"{describe(response, system)}: {body}" if body else f"{describe(response, system)}."
    if status in PASSING_STATUSES or status >= 500:
        return failed(response, message, system=system)
    if status in _RECORD_STATUSES:
        return RecordFault(message, cause="vendor", request_id=request_id_of(response))
    if 300 <= status < 400:
        target = urllib.parse.urlsplit(response.headers.get("Location", "")).netloc or "another address"
        return SystemFault(f"{message} It leads to {target}.", fix="Check `base_url`.")
    return SystemFault(message, fix=_SYSTEM_FIXES.get(status, ""))


def failed(response: Response, message: str, *, system: str, attempts: int = 1) -> PassingFault:
    """Return the passing fault of an answer."""
    return RequestFailed(
        message,
        system=system,
        method=response.request.method or "",
        path=path_of(response.request),
        status=response.status_code,
        request_id=request_id_of(response),
        attempts=attempts,
        fix="Run again later.",
    )
