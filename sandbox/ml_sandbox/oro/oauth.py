"""``POST /oauth2-token`` (B2)."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.oro.world import World

INVALID_REQUEST = (
    "The request is missing a required parameter, includes an invalid parameter value, "
    "includes a parameter more than once, or is otherwise malformed."
)
UNSUPPORTED_GRANT = (
    "The authorization grant type is not supported by the authorization server.",
    "Check that all required parameters have been provided",
)


class TokenRefusedError(Exception):
    """The token endpoint answers with an error."""

    def __init__(self, status: int, error: str, message: str, hint: str | None = None) -> None:
        super().__init__(error)
        body = {"error": error, "message": message, "error_description": message}
        headers = {"WWW-Authenticate": 'Basic realm="OAuth"'} if status == 401 else None
        self.response = JSONResponse(body | ({"hint": hint} if hint else {}), status, headers=headers)


class OAuth:
    """The token endpoint."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def grant(self, request: Request) -> Response:
        """Answer a request for a token."""
        try:
            if not self._world.settings.flag("encryption_key"):
                raise TokenRefusedError(500, "server_error", "The encryption key does not exist.")
            given = _parameters(request, await request.body())
            return JSONResponse(self._granted(given))
        except TokenRefusedError as refused:
            return refused.response

    def _granted(self, given: Mapping[str, str]) -> Row:
        grant = given.get("grant_type")
        if grant not in {"client_credentials", "password", "refresh_token"}:
            raise TokenRefusedError(400, "unsupported_grant_type", *UNSUPPORTED_GRANT)
        client = self._client(given)
        if grant not in client["grants"]:
            message = "The client is not authorized to use this grant type."
            raise TokenRefusedError(400, "unauthorized_client", message)
        if grant == "client_credentials":
            return self._access(client, client["user"])
        if grant == "password":
            return self._with_refresh(client, self._user(given))
        token = self._world.tokens.use_refresh(_needed(given, "refresh_token"), client["client_id"])
        if token is None:
            raise TokenRefusedError(
                401, "invalid_request", "The refresh token is invalid.", "Token has expired"
            )
        return self._with_refresh(client, token.user_id)

    def _client(self, given: Mapping[str, str]) -> Row:
        client = self._world.clients.get(_needed(given, "client_id"))
        secret = given.get("client_secret", "").encode()
        if client is None or not secrets.compare_digest(secret, str(client["client_secret"]).encode()):
            raise TokenRefusedError(401, "invalid_client", "Client authentication failed")
        return client

    def _user(self, given: Mapping[str, str]) -> str:
        username, password = _needed(given, "username"), _needed(given, "password")
        for user_id in self._world.store("users").holding("username", username):
            row = self._world.store("users").get(user_id) or {}
            if row.get("password") == password and row.get("enabled"):
                return user_id
        raise TokenRefusedError(400, "invalid_grant", "The user credentials were incorrect.")

    def _access(self, client: Row, user_id: str) -> Row:
        seconds = self._world.settings.integer("access_token_seconds")
        token = self._world.tokens.grant(client["client_id"], user_id, seconds)
        return {"token_type": "Bearer", "expires_in": seconds, "access_token": token.text}

    def _with_refresh(self, client: Row, user_id: str) -> Row:
        seconds = self._world.settings.integer("refresh_token_seconds")
        refresh = self._world.tokens.grant_refresh(client["client_id"], user_id, seconds)
        return {**self._access(client, user_id), "refresh_token": refresh.text}


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise TokenRefusedError(400, "invalid_request", INVALID_REQUEST, f"Check the `{name}` parameter")
    return given[name]


def _parameters(request: Request, body: bytes) -> dict[str, str]:
    """The parameters of a form or a JSON object, and the client of a basic authorization."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given = _json(body) if kind == "application/json" else _form(body, kind)
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return given
        given = {"client_id": client_id, "client_secret": secret} | given
    return given


def _form(body: bytes, kind: str) -> dict[str, str]:
    if kind != "application/x-www-form-urlencoded":
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json(body: bytes) -> dict[str, str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return {name: str(value) for name, value in parsed.items()} if isinstance(parsed, dict) else {}
