"""What Zoho CRM says when something is wrong, and what to do about it.

Errors of reads are flat (`{"code", "details", "message", "status"}`), those of writes stand in `data[]`, one
per record; an older form of 429 has a number as code (API limits, Status codes).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import QuotaSpent, Throttled, excerpt_of, path_of

SYSTEM = "zoho-crm"
CREDITS_HEADER = "X-API-CREDITS-REMAINING"
_DEAD = frozenset({"INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN"})
_THROTTLES = frozenset({"TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"})

EDITION_CODES = frozenset(
    {"INVALID_MODULE", "NO_PERMISSION", "NOT_SUPPORTED", "FEATURE_NOT_ENABLED", "AUTHORIZATION_FAILED"}
)
"""Codes by which Zoho says that an edition, or the user's profile, does not have something."""

_FIXES = {
    "OAUTH_SCOPE_MISMATCH": "The token lacks a scope: make a new refresh token with the scopes that the "
    "README lists.",
    "NO_PERMISSION": "Give the user's profile this permission, or choose another user.",
    "AUTHORIZATION_FAILED": "Give the user's profile this permission, or choose another user.",
    "NOT_SUPPORTED": "This needs an administrator, or another edition of Zoho CRM.",
    "FEATURE_NOT_ENABLED": "The organisation's edition does not have this: choose another way by settings, "
    "or upgrade.",
    "INVALID_MODULE": "The organisation's edition or the user's profile does not have this module, or its "
    "API name is another one: see Setup, Developer Hub, APIs, API names.",
    "INVALID_URL_PATTERN": "Check `api_url` and `api_version`.",
    "LIMIT_EXCEEDED": "Ask for less at once.",
    "INVALID_QUERY": "A column or value does not suit the module: see the details.",
    "SYNTAX_ERROR": "Please report this query; meanwhile read by `list`.",
}


class ApiRefusal(SystemFault):
    """An answer that Zoho refuses a request with: its `code`, `details` and HTTP `status`.

    A caller that knows better catches it by its code.
    """

    def __init__(self, message: str, *, code: str, details: Any, status: int, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.code = code
        self.details = details
        self.status = status


def body_of(response: Response) -> Any:
    """The parsed body; None where it is empty or no JSON."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def code_of(response: Response) -> str:
    """The error code of a flat body, as text; empty where there is none."""
    body = body_of(response)
    if not isinstance(body, Mapping):
        return ""
    code = body.get("error") if isinstance(body.get("code"), int) else body.get("code")
    return code if isinstance(code, str) else ""


def is_token_dead(response: Response) -> bool:
    """Tell whether the answer is about the access token: expired, revoked, or of another data centre."""
    return response.status_code == 401 and code_of(response) in _DEAD


def judge(response: Response) -> ConnectorError | None:
    """Return the passing fault of an answer that puts a request off; None for all others."""
    if response.status_code < 400:
        return None
    if response.status_code != 429 and code_of(response) not in _THROTTLES:
        return None
    where = f"{SYSTEM}: {response.request.method} {path_of(response.request)}"
    if response.headers.get(CREDITS_HEADER, "").strip() in {"0", "0.0"}:
        return QuotaSpent(
            f"{where}: the organisation's API credits of the day are used up.",
            fix="Run again when they come back (they count for 24 hours each), or buy more.",
        )
    return Throttled(f"{where} was put off: {excerpt_of(response, 120)}", fix="Run again later.")


def refusal_of(response: Response) -> ApiRefusal:
    """What an answer of 4xx with a flat body says."""
    body = body_of(response)
    known = body if isinstance(body, Mapping) else {}
    code = code_of(response)
    details = known.get("details")
    said = str(known.get("message") or "") or excerpt_of(response, 200)
    suffix = f" {json.dumps(details, ensure_ascii=False)[:300]}" if details else ""
    return ApiRefusal(
        f"{SYSTEM}: {response.request.method} {path_of(response.request)} answered {response.status_code} "
        f"{code}: {said}{suffix}",
        code=code,
        details=details,
        status=response.status_code,
        fix=_FIXES.get(code, "") or _by_status(response.status_code),
    )


def _by_status(status: int) -> str:
    if status in {401, 403}:
        return "Check the scopes of the token and the permissions of its user."
    return "Check `api_url`." if status in {404, 405} else "See Zoho's message."
