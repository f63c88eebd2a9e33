"""What happens around every call: request id, authentication, quota, permission, headers."""

import secrets
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.zendesk.access import Caller, authenticated, check_allowed
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError
from ml_sandbox.zendesk.operations import Handler, Operation
from ml_sandbox.zendesk.records import note_ignored

SUFFIX = ".json"


def api_routes(account: Account, operations: Sequence[Operation]) -> list[Route]:
    """Routes that authenticate, count and check before they call the operation."""
    return [Route(item.path, _guarded(account, item), methods=[item.method]) for item in operations]


def open_routes(operations: Sequence[Operation]) -> list[Route]:
    """Routes that need no credentials: the token and authorization endpoints."""
    return [Route(item.path, _answering(item.handler), methods=[item.method]) for item in operations]


def caller_of(request: Request) -> Caller:
    """The caller of a request that passed the gate."""
    caller: Caller = request.state.caller
    return caller


class Envelope:
    """ASGI middleware: gives each answer its request id and takes the optional ``.json`` off the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = secrets.token_hex(16)

        async def with_request_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        path: str = scope["path"]
        await self._app({**scope, "path": path.removesuffix(SUFFIX)}, receive, with_request_id)


def _guarded(account: Account, operation: Operation) -> Handler:
    async def guarded(request: Request) -> Response:
        account.jobs.advance()
        headers: dict[str, str] = {}
        try:
            caller = authenticated(account, request)
            request.state.caller = caller
            try:
                account.quota.take()
                check_allowed(caller, operation)
                note_ignored(
                    request, [name for name in request.query_params if name not in operation.parameters]
                )
                response = await operation.handler(request)
            finally:
                exchange_of(request).quota_left = account.quota.left
                headers = account.quota.headers()
        except ZendeskError as error:
            response = error.response()
        response.headers.update(headers)
        return response

    return guarded


def _answering(handler: Handler) -> Handler:
    async def answering(request: Request) -> Response:
        try:
            return await handler(request)
        except ZendeskError as error:
            return error.response()

    return answering
