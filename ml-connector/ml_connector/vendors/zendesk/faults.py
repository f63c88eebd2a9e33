"""What Zendesk's error answers mean.

Four JSON envelopes and plain text occur (Zendesk: "Requests", "Errors"): an object `error`, a string
`error` with `description`, an array `errors`, and the second with `details` per field. Descriptions are
localised, so only codes are looked at.
"""

from __future__ import annotations

import dataclasses
import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector.auth import judge_token_answer
from ml_connector.errors import ConnectorError, LoginRefused, RecordFault, SystemFault

DUPLICATE = "DuplicateValue"
TOO_MANY_JOBS = "TooManyJobs"
_CLIENT = (
    "Check `client_id` and `client_secret`: Admin Center > Apps and integrations > APIs > OAuth clients. "
    "The client has to be confidential; with `auth_mode: refresh_token` check `refresh_token` too."
)
_IMPORTS = re.compile(r"/users/create(_or_update)?_many(\.json)?$")


class TooManyJobs(ConnectorError):
    """As many jobs as the account may have are queued or running; wait for one to end."""


class PageTooLarge(ConnectorError):
    """An export gave up on a page ("upstream request timeout"); a smaller one may come through."""


class ImportsOff(ConnectorError):
    """Bulk user imports are not enabled for the account; single calls are needed."""


@dataclasses.dataclass(frozen=True, slots=True)
class VendorError:
    """An error answer. `fields`: field -> error codes, where the vendor tells them."""

    code: str
    text: str
    fields: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    @property
    def duplicates(self) -> list[str]:
        """The fields whose value another record holds."""
        return [name for name, codes in self.fields.items() if DUPLICATE in codes]


def judge_login(response: Response, body: Mapping[str, Any]) -> ConnectorError | None:
    """What an answer of the token endpoint without a token means (Grant-type tokens)."""
    fault = judge_token_answer(response, body)
    return LoginRefused(fault.message, fix=_CLIENT) if isinstance(fault, LoginRefused) else fault


def parse(response: Response) -> VendorError:
    """Read an error answer, whatever its envelope."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return VendorError("", response.text.strip()[:300])
    if not isinstance(body, dict):
        return VendorError("", str(body)[:300])
    error, description = body.get("error"), str(body.get("description") or "")
    if isinstance(error, dict):
        return VendorError(str(error.get("title") or ""), str(error.get("message") or ""))
    if isinstance(body.get("errors"), list):
        return _of_list(body["errors"])
    text = description or str(body.get("error_description") or body.get("title") or "")
    return VendorError(str(error or ""), text, _fields(body.get("details")))


def _of_list(errors: list[Any]) -> VendorError:
    first = next((error for error in errors if isinstance(error, dict)), {})
    texts = [
        str(error.get("title") or error.get("detail") or "") for error in errors if isinstance(error, dict)
    ]
    return VendorError(str(first.get("code") or ""), "; ".join(text for text in texts if text))


def _fields(details: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(details, dict):
        return {}
    return {
        str(name): tuple(str(item.get("error") or "") for item in items if isinstance(item, dict))
        for name, items in details.items()
        if isinstance(items, list)
    }


def is_token_dead(response: Response) -> bool:
    """Zendesk's answer to an expired or revoked bearer token: 401 with `invalid_token`."""
    return response.status_code == 401 and parse(response).code == "invalid_token"


def judge(response: Response) -> ConnectorError | None:
    """The faults that the transport must know of at once; None leaves the answer to its status.

    TooManyJobs is a 429 that no waiting of the transport mends: our own jobs have to be polled.
    """
    if response.status_code == 429 and parse(response).code == TOO_MANY_JOBS:
        return TooManyJobs("As many jobs as the account may have are queued or running.")
    if response.status_code == 504 and _is_large_page(response):
        return PageTooLarge("Zendesk gave up on a page of an export.")
    if response.status_code == 403:
        return _imports_off(response) or _forbidden(response)
    if response.status_code == 401 and not is_token_dead(response):
        return SystemFault(
            "Zendesk refused the credentials.", fix="Check client_id, client_secret, email and api_token."
        )
    return None


def _is_large_page(response: Response) -> bool:
    """Whether an export was asked for more than one row (Incremental Exports: halve per_page)."""
    path, _, query = response.request.path_url.partition("?")
    size = urllib.parse.parse_qs(query).get("per_page", ["1"])[0]
    return "/incremental/" in path and size.isdigit() and int(size) > 1


def _imports_off(response: Response) -> ImportsOff | None:
    """A 403 to a bulk user import (Users): the body is not told apart from other refusals, but where a
    permission lacks the single call that follows is refused too."""
    if _IMPORTS.search(response.request.path_url.partition("?")[0]) is None:
        return None
    return ImportsOff(f"Zendesk refused a bulk user import: {parse(response).text or 'Forbidden'}")


def _forbidden(response: Response) -> SystemFault:
    error = parse(response)
    return SystemFault(
        f"Zendesk does not permit {response.request.method} {response.request.path_url.partition('?')[0]}: "
        f"{error.text or error.code}",
        fix="The client's user needs the admin role, and the token the scope `read`, to write `read write` "
        "(settings scope, client_id). Not every plan has everything: a stream may be left out.",
    )


def record_fault(response: Response, request_id: str | None) -> RecordFault | None:
    """The fault of a refused record; None where the answer is not about one record."""
    if response.status_code not in (400, 404, 409, 413, 422):
        return None
    error = parse(response)
    field = next(iter(error.fields), None)
    cause = {404: "missing", 409: "conflict_at_vendor", 413: "too_large"}.get(response.status_code, "vendor")
    if error.duplicates:
        cause, field = "taken", error.duplicates[0]
    codes = ", ".join(f"{name}: {'/'.join(codes)}" for name, codes in error.fields.items())
    return RecordFault(
        f"Zendesk refused the record with {response.status_code} {error.code}: {error.text}"
        f"{f' ({codes})' if codes else ''}",
        cause=cause,
        field=field,
        request_id=request_id,
    )
