"""What the AIS server says when something is wrong, and what to do about it.

Failures come as a status with an error body, or inside of a 200: `sysErrors`, `errors` of a form,
`continuedOnError`, `Errors/Warnings` (Oracle, REST API for the AIS Server; the last two as seen in the
answers of orchestrations).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from requests import Response

from ml_connector.errors import (
    EXIT_PASSING,
    ConnectorError,
    LoginRefused,
    PassingFault,
    RecordFault,
    SystemFault,
)
from ml_connector.http import json_of, path_of
from ml_connector.redaction import redact

TOKEN_INVALID = 444
TOKEN_REQUEST = "/tokenrequest"  # noqa: S105 - a path
NEXT_PAGE = "/dataservice/next"
ORCHESTRATOR = "/orchestrator/"
EXPIRED_RESULT_SET = "JAS_MSG347"

_LONGEST = 600
_DEEPEST = 8
_ROWS = frozenset({"rowset", "gridData", "data"})
_LOGIN_FIX = (
    "Check `username`, `password`, `environment` and `role`, and that the administrator permits this kind "
    "of login (`auth_mode`)."
)
_FIXES = {
    400: "The server calls the request invalid: compare the names of columns and inputs with the server's.",
    401: _LOGIN_FIX,
    403: "Give the user the right to the object, or correct `environment` and `role`.",
    404: "Check `base_url`: it ends before /jderest.",
    405: "The HTML server refuses calls of this AIS server: add it to the allowed hosts of the HTML server.",
    406: "The server refuses the Accept header: a proxy may have changed it.",
    415: "The server refuses the Content-Type header: a proxy may have changed it.",
    TOKEN_INVALID: "The token is invalid or expired, also a new one: check `device_name` and "
    "`keep_cookies`, and that all calls reach the AIS server that gave the token.",
    445: "Single sign-on failed: use an EnterpriseOne user.",
    446: "Single sign-on is not enabled: use an EnterpriseOne user.",
}
EXPLAINED = frozenset(_FIXES)
"""The statuses that are told with what to do about them."""


class ResultSetExpired(ConnectorError):
    """The open result behind a next link is gone (resultSetTimeout): the query has to begin again."""

    exit_code = EXIT_PASSING


class OrchestrationFailed(RecordFault):
    """An orchestration answered with a failure; it may have done a part of its work before.

    `status` is the HTTP status, `document` the body, `failures` what it says is wrong.
    """

    def __init__(self, message: str, status: int, document: Mapping[str, Any]) -> None:
        super().__init__(message, cause="vendor")
        self.status = status
        self.document = document
        self.failures = tuple(failures_in(document))


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """One failure inside of an answer: where it was found, its code and its texts."""

    place: str
    text: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.text}".replace(":  ", ": ")


def text_of(value: Any) -> str:
    """Return a text for a message that may be of any type: AIS sends objects as well as strings."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return redact(" ".join(text.split()))[:_LONGEST]


def failures_in(document: Any) -> Iterator[Failure]:
    """Yield everything in an answer that says that something failed."""
    if not isinstance(document, Mapping):
        return
    if document.get("exception") and document.get("message"):
        yield Failure("message", text_of(_first(document, "userDefinedErrorText", "message")))
    if "ERR" in str(document.get("jde__status") or "").upper():
        yield Failure("jde__status", text_of(document.get("jde__simpleMessage")) or "the status is ERROR")
    yield from _walk(document, 0, ("errors", "sysErrors", "continuedOnError", "Errors"))


def warnings_in(document: Any) -> Iterator[Failure]:
    """Yield the warnings of an answer; none of them is a failure by itself."""
    if not isinstance(document, Mapping):
        return
    if "WARN" in str(document.get("jde__status") or "").upper():
        yield Failure("jde__status", text_of(document.get("jde__simpleMessage")) or "the status is WARNING")
    yield from _walk(document, 0, ("warnings", "Warnings"))


def _walk(value: Any, depth: int, names: Sequence[str]) -> Iterator[Failure]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in names and item and isinstance(item, (list, str)):
                yield from (_failure(name, each) for each in ([item] if isinstance(item, str) else item))
            elif name == "error" and "errors" in names and isinstance(item, Mapping):
                yield Failure("error", text_of(item.get("message") or item))
            elif name not in _ROWS:
                yield from _walk(item, depth + 1, names)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1, names)


def _failure(place: str, item: Any) -> Failure:
    if not isinstance(item, Mapping):
        return Failure(place, text_of(item))
    parts = [item.get("step"), _first(item, "userDefinedErrorText", "message"), item.get("TITLE")]
    parts += [item.get(name) for name in ("ERRORCONTROL", "DESC", "MOBILE")]
    texts = dict.fromkeys(text_of(part) for part in parts if part)
    return Failure(place, ". ".join(texts) or text_of(item), text_of(item.get("CODE")))


def _first(item: Mapping[str, Any], *names: str) -> Any:
    return next((item[name] for name in names if item.get(name)), None)


def is_expired_result_set(failures: Sequence[Failure]) -> bool:
    """Tell whether the failures say that the result set of a next link is gone."""
    return any(EXPIRED_RESULT_SET in failure.text for failure in failures)


def is_token_dead(response: Response) -> bool:
    """Tell whether a new login may help: the server does not know the token, or no longer takes it.

    A next link belongs to its token; a new one cannot follow it, so there the query begins again.
    """
    dead = response.status_code in {401, 403, TOKEN_INVALID}
    return dead and not path_of(response.request).endswith(NEXT_PAGE)


def body_of(response: Response) -> Mapping[str, Any]:
    """Return the JSON object in an answer; an empty one where there is none."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, Mapping) else {}


class FaultJudge:
    """Says of each answer what it stands for; the session asks it first."""

    def __init__(self, system: str) -> None:
        self._system = system

    def __call__(self, response: Response) -> ConnectorError | None:
        """Return the fault of an answer; None when its status tells enough."""
        if response.ok:
            return None
        status, path, body = response.status_code, path_of(response.request), body_of(response)
        failures = list(failures_in(body))
        message = "; ".join(dict.fromkeys(str(each) for each in failures))
        message = message or text_of(body.get("message")) or "no error text"
        title = f"{self._system}: {response.request.method} {path} answered {status}, {message}"
        if is_expired_result_set(failures):
            return ResultSetExpired(title, fix="Run again, or use `paging: keyset`.")
        if path.endswith(NEXT_PAGE) and status in {401, 403, TOKEN_INVALID}:
            return ResultSetExpired(title, fix="Run again, or use `paging: keyset`.")
        if path.endswith(TOKEN_REQUEST) and status in {401, 403}:
            return LoginRefused(title, fix=_LOGIN_FIX)
        if ORCHESTRATOR in path and body and status in {400, 500}:
            return OrchestrationFailed(title, status, body)
        if status in _FIXES:
            return SystemFault(title, fix=_FIXES[status])
        return PassingFault(title) if status >= 500 and body else None


def require_success(response: Response, system: str, document: Any) -> None:
    """Raise the fault of a read whose answer is a 200 that says it failed."""
    failures = list(failures_in(document))
    if not failures:
        return
    text = "; ".join(str(each) for each in failures)
    title = f"{system}: {response.request.method} {path_of(response.request)} answered 200, but {text}"
    if is_expired_result_set(failures):
        raise ResultSetExpired(title, fix="Run again, or use `paging: keyset`.")
    raise SystemFault(
        title, fix="Check that the user may read the table and its columns, and that the table is there."
    )


def parsed(response: Response, system: str) -> Any:
    """Return the body as JSON with exact numbers; see `ml_connector.http.json_of` for the errors."""
    try:
        return json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return json_of(response, system)
