"""What happens around every call of the API: authentication, limits, scopes, notes for the request log."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.zoho.access import authenticated, check_scopes
from ml_sandbox.zoho.errors import ZohoError
from ml_sandbox.zoho.limits import Limits
from ml_sandbox.zoho.operations import Handler, Operation
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.tokens import AccessToken

Before = Callable[[], None]


def api_routes(
    organization: Organization, limits: Limits, operations: Sequence[Operation], before: Before
) -> list[Route]:
    """Routes that authenticate, count and check before they call the operation.

    ``before`` lets what fell due happen first.
    """
    return [
        Route(item.path, _guarded(organization, limits, item, before), methods=[item.method])
        for item in operations
    ]


def open_routes(operations: Sequence[Operation]) -> list[Route]:
    """Routes that need no token."""
    return [Route(item.path, _answering(item.handler), methods=[item.method]) for item in operations]


def token_of(request: Request) -> AccessToken:
    """The token of a request that passed the gate."""
    token: AccessToken = request.state.token
    return token


def user_of(request: Request) -> str:
    """The id of the user for whom a request acts."""
    return token_of(request).user_id


def note_ignored(request: Request, names: Sequence[str]) -> None:
    """Log names that the vendor ignores."""
    noted = exchange_of(request).unknown_parameters
    noted.extend(name for name in names if name not in noted)


def _guarded(organization: Organization, limits: Limits, operation: Operation, before: Before) -> Handler:
    async def guarded(request: Request) -> Response:
        before()
        try:
            request.state.token = authenticated(organization, request)
            response = await _counted(limits, operation, request)
        except ZohoError as error:
            response = error.response()
        exchange_of(request).quota_left = limits.left
        response.headers.update(limits.headers())
        return response

    return guarded


async def _counted(limits: Limits, operation: Operation, request: Request) -> Response:
    body = await request.body()
    async with limits.call(request.state.token.client_id, operation.name, operation.weight(request, body)):
        limits.charge(operation.credits(request, body))
        check_scopes(request.state.token, operation, request)
        note_ignored(request, [name for name in request.query_params if name not in operation.parameters])
        return await operation.handler(request)


def _answering(handler: Handler) -> Handler:
    async def answering(request: Request) -> Response:
        try:
            return await handler(request)
        except ZohoError as error:
            return error.response()

    return answering
