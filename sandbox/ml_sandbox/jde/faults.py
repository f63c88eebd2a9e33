"""The failures of the AIS server: a status with the error body, or a 200 that tells of a failure."""

from datetime import datetime
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

INVALID_TOKEN = 444


class AisError(Exception):
    """An answer other than 200.

    Args:
        status: the HTTP status.
        message: what the body's ``message`` says; failures inside a form give an object.
        exception: the class name in the body.
        more: further members of the body.
    """

    def __init__(self, status: int, message: Any, exception: str = "Exception", **more: Any) -> None:
        super().__init__(str(message))
        self.status = status
        self.message = message
        self.exception = exception
        self.more = more

    def response(self, now: datetime) -> Response:
        """Give the answer; ``now`` is the server's time."""
        body = {"message": self.message, "exception": self.exception, "timeStamp": stamp(now), **self.more}
        return JSONResponse(body, self.status)


class SystemFailure(Exception):
    """A failure that the server reports with HTTP 200 and ``sysErrors``."""

    def __init__(self, title: str, description: str = "", code: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.description = description or title
        self.code = code

    def body(self) -> dict[str, Any]:
        """Give the body: ``sysErrors`` comes first and there is no envelope."""
        return {"sysErrors": [element(self.title, self.description, self.code)]}


def element(title: str, description: str, code: str = "") -> dict[str, Any]:
    """Give one element of ``errors``, ``warnings`` or ``sysErrors``."""
    return {"CODE": code, "TITLE": title, "ERRORCONTROL": "", "DESC": description, "MOBILE": title}


def stamp(now: datetime) -> str:
    """Give a moment as error bodies do: ``2025-09-19T20:16:27.934+0000``."""
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}{now:%z}"


def refused_login(text: str) -> AisError:
    """Give the answer to credentials that do not work."""
    return AisError(403, text, "AuthorizationException")


def invalid_token() -> AisError:
    """Give the answer to a token that is unknown, has ended or comes from elsewhere."""
    return AisError(INVALID_TOKEN, "Invalid Token")


def bad_input(text: str) -> AisError:
    """Give the answer to a body that is not what it should be."""
    return AisError(400, text, "InvalidInputException")


def html_page(status: int, text: str) -> Response:
    """Give a page of the web server or of a proxy in front."""
    page = f"<html><head><title>{status} {text}</title></head><body><h1>{text}</h1></body></html>"
    return HTMLResponse(page, status)
