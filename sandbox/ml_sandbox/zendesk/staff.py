"""Who the caller is, and what their token may do (USR, OT)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.tokens import Token
from ml_sandbox.zendesk.user_writes import shown_user

SHOWN_CHARACTERS = 10


class Staff:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        return [
            Operation("GET", "/api/v2/users/me", self.me, "users"),
            Operation("GET", "/api/v2/oauth/tokens/current", self.current_token, "any"),
        ]

    async def me(self, request: Request) -> Response:
        """The user on whose behalf the request acts."""
        user = caller_of(request).user
        return JSONResponse({"user": shown_user(self._account, user, account_url(request))})

    async def current_token(self, request: Request) -> Response:
        """The bearer token's age and scopes; of the token itself only the beginning."""
        token = caller_of(request).token
        if token is None:
            raise not_found()
        return JSONResponse({"token": shown_token(self._account, token, account_url(request))})


def shown_token(account: Account, token: Token, url: str) -> dict[str, Any]:
    """A token as the vendor shows it."""
    return {
        "url": f"{url}/api/v2/oauth/tokens/{token.id}.json",
        "id": token.id,
        "user_id": token.user_id,
        "client_id": account.client_number(token.client_id),
        "token": token.access_token[:SHOWN_CHARACTERS],
        "refresh_token": token.refresh_token[:SHOWN_CHARACTERS] if token.refresh_token else None,
        "created_at": token.created_at,
        "expires_at": account.tokens.expires_at(token),
        "used_at": account.now(),
        "scopes": token.scopes,
    }
