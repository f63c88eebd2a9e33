"""Zoho's error answers: flat ones, and those of a record in a batch (REC)."""

from typing import Any

from starlette.responses import JSONResponse, Response

JSON = dict[str, Any]


class ZohoError(Exception):
    """Ends a request with an error answer.

    Args:
        status: the HTTP status.
        body: the JSON answer.
    """

    def __init__(self, status: int, body: JSON) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body

    def response(self) -> Response:
        """The answer."""
        return JSONResponse(self.body, self.status)


class RecordError(Exception):
    """One record of a batch cannot be written; the others can.

    Args:
        code: the code of its item.
        message: its text.
        details: what is wrong where; ``api_name`` and ``json_path`` name the field.
    """

    def __init__(self, code: str, message: str, details: JSON) -> None:
        super().__init__(code, message, details)
        self.item: JSON = {"code": code, "details": details, "message": message, "status": "error"}


def flat(status: int, code: str, message: str, details: JSON | None = None) -> ZohoError:
    """An error of the whole request."""
    return ZohoError(status, {"code": code, "details": details or {}, "message": message, "status": "error"})


def invalid_token() -> ZohoError:
    """The access token is expired, withdrawn, or of another data centre."""
    return flat(401, "INVALID_TOKEN", "invalid oauth token")


def unauthenticated() -> ZohoError:
    """There is no usable token in the request."""
    return flat(401, "AUTHENTICATION_FAILURE", "Authentication failed")


def scope_mismatch() -> ZohoError:
    """The token was not granted for this."""
    return flat(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")


def no_permission(permission: str) -> ZohoError:
    """The user's profile does not allow this."""
    return flat(403, "NO_PERMISSION", "Permission denied", {"permissions": [permission]})


def invalid_url() -> ZohoError:
    """No such path."""
    return flat(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")


def invalid_method() -> ZohoError:
    """A known path with another method."""
    return flat(405, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")


def invalid_module() -> ZohoError:
    """The module does not exist, or is not offered to this organisation."""
    details = {"resource_path_index": 0}
    return flat(400, "INVALID_MODULE", "the module name given seems to be invalid", details)


def param_missing(name: str) -> ZohoError:
    """A required parameter is absent."""
    return flat(400, "REQUIRED_PARAM_MISSING", "required param is missing", {"param_name": name})


def limit_exceeded(name: str, limit: int) -> ZohoError:
    """A parameter holds or asks for more than is allowed."""
    return flat(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, "param_name": name})


def invalid_param(name: str, **details: Any) -> ZohoError:
    """A parameter or header of a wrong form."""
    return flat(400, "INVALID_DATA", "invalid data", {"param_name": name, **details})


def invalid_body(json_path: str, expected: str) -> ZohoError:
    """A part of the body of a wrong type."""
    api_name = json_path.rsplit(".", 1)[-1]
    details = {"expected_data_type": expected, "api_name": api_name, "json_path": json_path}
    return flat(400, "INVALID_DATA", "invalid data", details)


def missing_in_body(json_path: str) -> ZohoError:
    """A part of the body that must be there."""
    details = {"api_name": json_path.rsplit(".", 1)[-1], "json_path": json_path}
    return flat(400, "MANDATORY_NOT_FOUND", "required field not found", details)


def wrong_media_type() -> ZohoError:
    """A body that is not sent as JSON."""
    return flat(415, "MEDIA_TYPE_NOT_SUPPORTED", "The media type of the request is not supported")
