"""The OAuth endpoints outside of the API: granting tokens and authorizing (GT)."""

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.tokens import Token

ACCESS_SECONDS = (300, 172_800)
REFRESH_SECONDS = (604_800, 7_776_000)
GRANTS = ("authorization_code", "client_credentials", "refresh_token")


class OAuth:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        return [
            Operation("POST", "/oauth/tokens", self.grant),
            Operation("GET", "/oauth/authorizations/new", self.authorize),
        ]

    async def grant(self, request: Request) -> Response:
        """``POST /oauth/tokens``: a token for one of three grants."""
        body = await _token_request(request)
        client = self._client(body)
        grants = {
            "client_credentials": self._by_client_credentials,
            "refresh_token": self._by_refresh_token,
            "authorization_code": self._by_code,
        }
        grant_type = body.get("grant_type")
        if grant_type not in grants:
            raise _refused(400, "unsupported_grant_type", f"grant_type must be one of {', '.join(GRANTS)}.")
        token = grants[grant_type](client, body)
        return JSONResponse(self._answer(token, body), self._account.settings.integer("token_status"))

    async def authorize(self, request: Request) -> Response:
        """``GET /oauth/authorizations/new``: the user always agrees, so it redirects at once with a code."""
        query = request.query_params
        client = self._account.clients.get(query.get("client_id", ""))
        if client is None or query.get("redirect_uri") not in client["redirect_uris"]:
            raise _refused(
                400, "invalid_request", "Unknown client_id, or redirect_uri that is not registered."
            )
        if query.get("response_type") != "code":
            raise _refused(400, "unsupported_response_type", "response_type must be code.")
        challenge = query.get("code_challenge")
        if challenge and query.get("code_challenge_method") != "S256":
            raise _refused(400, "invalid_request", "code_challenge_method must be S256.")
        if client["secret"] is None and not challenge:
            raise _refused(400, "invalid_request", "A public client has to send a code_challenge.")
        scope = query.get("scope", "")
        self._scopes(client, scope)
        code = self._account.tokens.add_code(client["identifier"], query["redirect_uri"], scope, challenge)
        answer = {"code": code} | ({"state": query["state"]} if "state" in query else {})
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer)}", 302)

    def _client(self, body: Row) -> Row:
        client = self._account.clients.get(str(body.get("client_id", "")))
        if client is None:
            raise _refused(401, "invalid_client", "Client authentication failed: unknown client.")
        given = body.get("client_secret")
        if given is not None and not _same(str(given), client["secret"]):
            raise _refused(401, "invalid_client", "Client authentication failed: wrong secret.")
        return client

    def _by_client_credentials(self, client: Row, body: Row) -> Token:
        _require_secret(client, body)
        scopes = self._scopes(client, body.get("scope"))
        seconds = self._seconds(body, None)
        return self._account.tokens.grant(client["identifier"], client["user_id"], scopes, seconds, None)

    def _by_refresh_token(self, client: Row, body: Row) -> Token:
        if client["secret"] is not None:
            _require_secret(client, body)
        refresh_seconds = self._refresh_seconds(body)
        seconds = self._seconds(body, refresh_seconds)
        old = self._account.tokens.use_refresh(str(body.get("refresh_token", "")), client["identifier"])
        if old is None:
            raise _refused(
                400, "invalid_grant", "The refresh token is invalid, expired, revoked or was used before."
            )
        scopes = self._scopes(client, body["scope"]) if "scope" in body else old.scopes
        return self._account.tokens.grant(client["identifier"], old.user_id, scopes, seconds, refresh_seconds)

    def _by_code(self, client: Row, body: Row) -> Token:
        refresh_seconds = self._refresh_seconds(body)
        seconds = self._seconds(body, refresh_seconds)
        code = self._account.tokens.use_code(str(body.get("code", "")))
        identifier = client["identifier"]
        if code is None or code.client_id != identifier or code.redirect_uri != body.get("redirect_uri"):
            raise _refused(
                400, "invalid_grant", "The code is invalid, expired, used, or of another redirect_uri."
            )
        if code.challenge is None:
            _require_secret(client, body)
        elif _challenge_of(str(body.get("code_verifier", ""))) != code.challenge:
            raise _refused(400, "invalid_grant", "The code_verifier does not match the code_challenge.")
        scopes = self._scopes(client, body.get("scope", code.scope))
        return self._account.tokens.grant(identifier, client["user_id"], scopes, seconds, refresh_seconds)

    def _scopes(self, client: Row, scope: Any) -> list[str]:
        if not isinstance(scope, str) or not scope.strip():
            raise _refused(400, "invalid_scope", "scope is required.")
        scopes = scope.split()
        # A scope in a wrong form still yields a token, whose calls are all refused (GT).
        if any(name in {"read", "write", "impersonate"} and name not in client["scopes"] for name in scopes):
            raise _refused(400, "invalid_scope", "The requested scope exceeds what the client may have.")
        return scopes

    def _seconds(self, body: Row, refresh_seconds: float | None) -> float:
        default = self._account.settings.number("access_token_seconds")
        seconds = _lifetime(body, "expires_in", ACCESS_SECONDS, default)
        if refresh_seconds is not None and seconds > refresh_seconds:
            raise _refused(400, "invalid_request", "expires_in must be less than refresh_token_expires_in.")
        return seconds

    def _refresh_seconds(self, body: Row) -> float:
        default = self._account.settings.number("refresh_token_seconds")
        return _lifetime(body, "refresh_token_expires_in", REFRESH_SECONDS, default)

    def _answer(self, token: Token, body: Row) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "access_token": token.access_token,
            "token_type": "bearer",
            "scope": " ".join(token.scopes),
        }
        if token.refresh_token is not None:
            answer["refresh_token"] = token.refresh_token
            answer["refresh_token_expires_in"] = int(self._refresh_seconds(body))
        # The vendor leaves the life out of the answer unless it was asked for.
        if body.get("expires_in") is not None:
            answer["expires_in"] = body["expires_in"]
        return answer


async def _token_request(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        body = json.loads(await request.body()) if kind == "application/json" else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _refused(400, "invalid_request", "The parameters must be formatted as JSON.")
    return body


def _lifetime(body: Row, name: str, bounds: tuple[int, int], default: float) -> float:
    asked = body.get(name)
    if asked is None:
        return default
    if not isinstance(asked, int) or isinstance(asked, bool) or not bounds[0] <= asked <= bounds[1]:
        raise _refused(400, "invalid_request", f"{name} must be from {bounds[0]} to {bounds[1]} seconds.")
    return float(asked)


def _require_secret(client: Row, body: Row) -> None:
    if client["secret"] is None:
        raise _refused(401, "unauthorized_client", "Only a confidential client may use this grant.")
    if body.get("client_secret") is None:
        raise _refused(401, "invalid_client", "Client authentication failed: no secret.")


def _same(given: str, secret: str | None) -> bool:
    return secret is not None and secrets.compare_digest(given.encode(), secret.encode())


def _challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _refused(status: int, error: str, description: str) -> ZendeskError:
    return ZendeskError(status, {"error": error, "error_description": description})
