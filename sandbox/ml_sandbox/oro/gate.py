"""What happens around every call of the API: switch, media type, token, errors."""

import inspect
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.oro.call import Call
from ml_sandbox.oro.documents import MEDIA_TYPE
from ml_sandbox.oro.errors import OroError, no_route, not_acceptable
from ml_sandbox.oro.identities import Identities
from ml_sandbox.oro.world import World

Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
SENDING = ("POST", "PATCH", "DELETE")
PLAIN = ("application/json", "application/*", "*/*")


def guarded(world: World, handler: Handler, before: Callable[[], None]) -> Endpoint:
    """An endpoint that checks a call before its handler answers; ``before`` lets happen what fell due."""

    async def answer(request: Request) -> Response:
        before()
        plain = False
        try:
            if not world.settings.flag("api_enabled"):
                raise no_route()
            plain = speaks_plain(world, request)
            call = _call(world, request, plain=plain)
            if call is None:
                return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
            answered = handler(call)
            return await answered if inspect.isawaitable(answered) else answered
        except OroError as error:
            return error_answer(error, plain=plain)

    return answer


def error_answer(error: OroError, *, plain: bool) -> Response:
    """The HTTP answer of errors."""
    if plain:
        body = msgspec.json.encode([problem.as_plain() for problem in error.problems])
        return Response(body, error.status, error.headers, "application/json")
    body = msgspec.json.encode({"errors": [problem.as_json() for problem in error.problems]})
    return Response(body, error.status, error.headers, MEDIA_TYPE)


def speaks_plain(world: World, request: Request) -> bool:
    """Whether a call selects the plain JSON API; :class:`OroError` when it accepts neither (B3)."""
    accepted = [part.strip() for part in request.headers.get("accept", "*/*").split(",")]
    sent = request.headers.get("content-type", "").strip()
    if MEDIA_TYPE in accepted and (request.method not in SENDING or sent == MEDIA_TYPE):
        return False
    known = MEDIA_TYPE in accepted or any(part.partition(";")[0].strip() in PLAIN for part in accepted)
    if not known or world.settings.text("wrong_media_type") == "406":
        raise not_acceptable()
    return True


def _call(world: World, request: Request, *, plain: bool) -> Call | None:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = world.tokens.living(text.strip()) if scheme.lower() == "bearer" else None
    user = world.store("users").get(token.user_id) if token is not None else None
    if user is None or not user["enabled"]:
        return None
    wanted = frozenset(part.strip() for part in request.headers.get("x-include", "").split(";"))
    external = request.headers.get("x-integration-type", "") == "ext_id"
    base = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
    prefix = world.settings.text("prefix")
    return Call(world, request, user, plain, Identities(world, external=external), wanted, f"{base}{prefix}")
