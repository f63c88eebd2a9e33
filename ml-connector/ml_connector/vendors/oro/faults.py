"""What OroCRM says when something is wrong ("Client requirements", "Errors" of its web API).

Errors come as `{"errors": [{"status", "title", "detail", "source": {"pointer" or "parameter"}}]}`, several at
once. A dead or missing token is 401 with an empty body. While the web API is switched off, everything is 404.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, RecordFault, SystemFault
from ml_connector.http import excerpt_of, path_of
from ml_connector.vendors.oro.login import SYSTEM

SWITCH_ON = (
    "Switch the API on in the back office: System > Configuration > System Configuration > Application "
    "Settings > Web API (it is off by default). If it is on, check `base_url` and `api_prefix`: with the "
    "commerce packages it is /admin/api."
)
_RIGHTS = "Give the role of the OAuth application's user this permission: System > User Management > Roles."
_POINTER = re.compile(r"^(?:/data(?:/(?P<index>\d+))?)?/(?:attributes|relationships)/(?P<field>[^/]+)")
_ITEM = re.compile(r"^/data/(?P<index>\d+)(?:/|$)")
_NOT_THERE = "identifier does not exist"
_UNKNOWN_FIELD = "extra fields constraint"


@dataclasses.dataclass(frozen=True, slots=True)
class ApiError:
    """One error of an answer. `pointer` leads into the body that was sent, `parameter` is of the query."""

    status: int
    title: str
    detail: str = ""
    pointer: str = ""
    parameter: str = ""

    @property
    def field(self) -> str | None:
        """The attribute or relationship at fault."""
        found = _POINTER.match(self.pointer)
        return found["field"] if found else None

    @property
    def index(self) -> int | None:
        """The place of the record at fault in a batch."""
        found = _ITEM.match(self.pointer)
        return int(found["index"]) if found else None

    def __str__(self) -> str:
        where = self.field or self.pointer or self.parameter
        said = ": ".join(part for part in (self.title, self.detail) if part)
        return f"{where}: {said}" if where else said

    @classmethod
    def of(cls, item: Any, status: int) -> ApiError:
        """Read one of `errors`, or the attributes of an `asyncoperationerrors` item."""
        known = item if isinstance(item, dict) else {"title": str(item)}
        source = known.get("source")
        place = source if isinstance(source, dict) else {}
        number = str(known.get("status") or "")
        return cls(
            int(number) if number.isdigit() else status,
            str(known.get("title") or ""),
            str(known.get("detail") or ""),
            str(place.get("pointer") or ""),
            str(place.get("parameter") or ""),
        )


class ApiRefusal(SystemFault):
    """An answer of 4xx that is not about one record: what it says, and its HTTP status."""

    def __init__(self, message: str, *, errors: Sequence[ApiError], status: int, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.errors = tuple(errors)
        self.status = status

    def names(self, parameter: str) -> bool:
        """Whether a parameter of the query is at fault, such as `filter[updatedAt]`."""
        return any(
            error.parameter.startswith(parameter) or (not error.parameter and parameter in error.detail)
            for error in self.errors
        )


class TypeMissing(ApiRefusal):
    """404 of a whole type: the server does not have it, or the web API is off."""


def errors_of(response: Response) -> list[ApiError]:
    """The errors that an answer lists; none where its body is of another form."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return []
    listed = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        return []
    return [ApiError.of(item, response.status_code) for item in listed]


def is_token_dead(response: Response) -> bool:
    """An expired, revoked or missing token: 401, whose body is empty."""
    return response.status_code == 401 and not response.content.lstrip().startswith(b"<")


def judge(response: Response) -> ConnectorError | None:
    """The fault that the transport must know of at once; None leaves the answer to its status."""
    if response.status_code != 401:
        return None
    return SystemFault(
        f"{_asked(response)} answered 401, also with a new token.",
        fix="Check that the OAuth application is active and its user enabled, that `api_prefix` is the back "
        "office's (with the commerce packages /api is the storefront's: set /admin/api), and that no proxy "
        "asks for a login of its own.",
    )


def fault_of(response: Response, request_id: str | None = None, *, record: bool = True) -> ConnectorError:
    """What an answer of 4xx means.

    A RecordFault where one record is refused (`record`: the request was about one); it names the field.
    TypeMissing where the address is not there at all. ApiRefusal otherwise.
    """
    errors = errors_of(response)
    if response.status_code == 404 and not _is_about_record(errors):
        return _missing(response, errors)
    if record and _refuses_record(response.status_code, errors):
        return record_fault(errors, response, request_id)
    return ApiRefusal(
        f"{_asked(response)} answered {response.status_code}: {_said(errors, response)}",
        errors=errors,
        status=response.status_code,
        fix=_fix(response.status_code, errors),
    )


def record_fault(
    errors: Sequence[ApiError], response: Response | None = None, request_id: str | None = None
) -> RecordFault:
    """The fault of a refused record by its errors; `field` is the first that one of them names."""
    status = response.status_code if response is not None else (errors[0].status if errors else 400)
    cause = {403: "forbidden", 404: "missing", 409: "conflict_at_vendor", 413: "too_large"}.get(
        status, "vendor"
    )
    if any("unique entity" in error.title for error in errors):
        cause = "taken"
    return RecordFault(
        f"OroCRM refused the record with {status}: {_said(errors, response)}",
        cause=cause,
        field=next((error.field for error in errors if error.field), None),
        request_id=request_id,
        fix=_RIGHTS if status == 403 else "",
    )


def is_gone(fault: ConnectorError) -> bool:
    """Whether a fault says that the record is not there any more."""
    return isinstance(fault, RecordFault) and fault.cause == "missing"


def _refuses_record(status: int, errors: Sequence[ApiError]) -> bool:
    if status == 403:
        return any("to the entity" in error.detail for error in errors)
    if status == 400:
        # An attribute that the server does not have is none of any record.
        return not any(error.parameter or error.title == _UNKNOWN_FIELD for error in errors)
    return status in {404, 409, 413, 422}


def _is_about_record(errors: Sequence[ApiError]) -> bool:
    return any(_NOT_THERE in error.detail for error in errors)


def _missing(response: Response, errors: Sequence[ApiError]) -> TypeMissing:
    return TypeMissing(
        f"{_asked(response)} answered 404: {_said(errors, response) or 'there is nothing at this address'}",
        errors=errors,
        status=404,
        fix=SWITCH_ON,
    )


def _fix(status: int, errors: Sequence[ApiError]) -> str:
    if any(error.title == _UNKNOWN_FIELD for error in errors):
        return (
            "The server has no such attribute: correct `case_fields` or `ticket_number_field`, or add the "
            "attribute to the entity and to the API in the back office."
        )
    if status == 403:
        return _RIGHTS
    if status == 405:
        return "Switch the action on in the server's API configuration (`config/oro/api.yml`), or do without."
    if status in {406, 415}:
        return "A proxy seems to change the headers: Accept and Content-Type must arrive as they are sent."
    return "See the server's message."


def _asked(response: Response) -> str:
    return f"{SYSTEM}: {response.request.method} {path_of(response.request)}"


def _said(errors: Sequence[ApiError], response: Response | None) -> str:
    if errors:
        return "; ".join(str(error) for error in errors)[:1000]
    if response is None or response.content.lstrip().startswith(b"<"):
        return ""
    return excerpt_of(response, 200)
