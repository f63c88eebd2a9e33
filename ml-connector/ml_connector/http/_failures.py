"""Why no answer came: whether the request can have reached the vendor, and whether to try again."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from ml_connector.errors import SystemFault
from ml_connector.redaction import redact

_ADDRESS_ERRORS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidProxyURL,
)
_UNSENT = (
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.NameResolutionError,
)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything it wraps, in any of the ways in which requests and urllib3 wrap."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [*current.args, getattr(current, "reason", None), getattr(current, "original_error", None)]
        waiting += [current.__cause__]


def was_sent(error: BaseException) -> bool:
    """Tell whether the request can have reached the vendor. False only when that is certain."""
    chain = list(causes(error))
    if any(isinstance(item, (requests.exceptions.ConnectTimeout, *_UNSENT)) for item in chain):
        return False
    return not any(isinstance(item, urllib3.exceptions.ProxyError) for item in chain)


def system_fault_of(error: BaseException, system: str) -> SystemFault | None:
    """Return the fault if no repetition can help: a certificate, an address or a file is wrong."""
    chain = list(causes(error))
    reason = reason_of(error)
    if any(isinstance(item, ssl.SSLCertVerificationError) for item in chain):
        return SystemFault(
            f"{system}: its TLS certificate is not trusted: {reason}.",
            fix="Name the file of its authority's certificate in `ca_bundle`.",
        )
    if any(isinstance(item, ssl.SSLError) and item.reason == "WRONG_VERSION_NUMBER" for item in chain):
        return SystemFault(
            f"{system}: the server does not speak TLS.", fix="Check scheme and port of `base_url`."
        )
    if any(isinstance(item, _ADDRESS_ERRORS) for item in chain):
        return SystemFault(
            f"{system}: the address cannot be used: {reason}.", fix="Check `base_url` and `proxy`."
        )
    if any(isinstance(item, OSError) and "407" in str(item) and "unnel" in str(item) for item in chain):
        return SystemFault(
            f"{system}: the proxy refuses the credentials.", fix="Check the user and password in `proxy`."
        )
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return SystemFault(f"{system}: {reason}.", fix="Check `ca_bundle`, `client_cert` and `client_key`.")
    return None


def reason_of(error: BaseException) -> str:
    """Return why it failed, in the words of the innermost error, without secrets."""
    innermost = list(causes(error))[-1]
    text = getattr(innermost, "strerror", None) or str(innermost)
    named = type(innermost).__name__
    plain = " ".join(str(text).split()) or named
    return redact(plain if named in plain or isinstance(innermost, OSError) else f"{named}: {plain}").rstrip(
        "."
    )
