"""Zendesk's error answers: four JSON envelopes and plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

Details = dict[str, list[dict[str, str]]]


class ZendeskError(Exception):
    """Ends a request with an error answer.

    Args:
        status: the HTTP status.
        body: a JSON object, or the text of a ``text/plain`` answer.
        headers: additional headers.
    """

    def __init__(
        self, status: int, body: dict[str, Any] | str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer."""
        if isinstance(self.body, str):
            return PlainTextResponse(self.body, self.status, headers=self.headers)
        return JSONResponse(self.body, self.status, headers=self.headers)


class RecordInvalid(ZendeskError):
    """422 with what is wrong per field (ORG).

    Args:
        details: by field, a list of ``{"description", "error"}``.
    """

    def __init__(self, details: Details) -> None:
        self.details = details
        body = {"error": "RecordInvalid", "description": "Record validation errors", "details": details}
        super().__init__(422, body)

    @property
    def summary(self) -> str:
        """All descriptions in one line, as job results show them."""
        return ", ".join(item["description"] for items in self.details.values() for item in items)


def detail(description: str, error: str) -> dict[str, str]:
    """One entry of ``details``."""
    return {"description": description, "error": error}


def unauthenticated() -> ZendeskError:
    """Bad or missing Basic credentials."""
    return ZendeskError(401, {"error": "Couldn't authenticate you"})


def invalid_token() -> ZendeskError:
    """A dead bearer token."""
    description = "The access token provided is expired, revoked, malformed or invalid for other reasons."
    return ZendeskError(401, {"error": "invalid_token", "error_description": description})


def forbidden() -> ZendeskError:
    """The user's role does not allow this."""
    message = "You do not have access to this page. Please contact the account owner of this help desk."
    return ZendeskError(403, {"error": {"title": "Forbidden", "message": message}})


def missing_scope(scope: str) -> ZendeskError:
    """The token's scopes do not allow this."""
    description = f"Missing the following required scopes: {scope}"
    return ZendeskError(403, {"error": "Forbidden", "description": description})


def imports_disabled() -> ZendeskError:
    """Bulk user imports are not enabled for the account (USR); the body is not documented."""
    message = "Bulk user imports are not enabled for this account. Please contact Zendesk Customer Support."
    return ZendeskError(403, {"error": {"title": "Forbidden", "message": message}})


def not_found() -> ZendeskError:
    """No record of that id."""
    return ZendeskError(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid_endpoint() -> ZendeskError:
    """No such path or method."""
    return ZendeskError(404, {"error": "InvalidEndpoint", "description": "Not found"})


def parameter_missing(name: str) -> ZendeskError:
    """A required parameter or wrapper is absent."""
    return ZendeskError(400, {"error": "ParameterMissing", "description": f"Parameter {name} is required"})


def invalid_attribute(name: str, meaning: str) -> ZendeskError:
    """A parameter of a wrong form."""
    message = f"You passed an invalid value for the {name} attribute. Invalid parameter: {name} {meaning}"
    return ZendeskError(400, {"error": {"title": "Invalid attribute", "message": message}})


def bad_request(code: str, title: str) -> ZendeskError:
    """400 in the form with a list of errors."""
    return ZendeskError(400, {"errors": [{"code": code, "title": title}]})


def too_many_records(limit: int) -> ZendeskError:
    """More ids or rows than one call takes."""
    return ZendeskError(
        400, {"error": "TooManyValues", "description": f"Exceeded the limit of {limit} values"}
    )


def quota_exceeded(retry_after: int) -> ZendeskError:
    """The account's requests per minute are used up."""
    text = "Number of allowed API requests per minute exceeded"
    return ZendeskError(429, text, {"Retry-After": str(retry_after)})


def too_many_updates(title: str, retry_after: int) -> ZendeskError:
    """The limit of one endpoint is used up."""
    body = {"errors": [{"code": "TooManyRequests", "title": title}]}
    return ZendeskError(429, body, {"Retry-After": str(retry_after)})


def too_many_user_updates(retry_after: int) -> ZendeskError:
    """A single user was updated too often."""
    text = "You have exceeded the rate limit for updating a single unique user. Please try again later."
    return ZendeskError(429, text, {"Retry-After": str(retry_after)})


def too_many_jobs(job_type: str, job_ids: Sequence[str], headers: Mapping[str, str]) -> ZendeskError:
    """As many jobs as allowed are queued or running (JOB)."""
    description = f"Too many {job_type} jobs are currently queued or running. Try again later."
    body = {"error": "TooManyJobs", "description": description, "current_job_ids": list(job_ids)}
    return ZendeskError(429, body, headers)
