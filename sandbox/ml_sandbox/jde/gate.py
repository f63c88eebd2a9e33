"""What happens around every call: failures become the server's answers."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.jde.faults import AisError, SystemFailure

Endpoint = Callable[[Request], Awaitable[Response]]


def json_answer(body: object, status: int = 200) -> Response:
    """Give a JSON answer in UTF-8."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def guarded(endpoint: Endpoint, now: Callable[[], datetime]) -> Endpoint:
    """Wrap an endpoint: what it raises becomes an answer."""

    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except AisError as error:
            return error.response(now())
        except SystemFailure as failure:
            return json_answer(failure.body())

    return answering
