"""The accounts host: granting tokens and authorizing (OAUTH)."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho import seed
from ml_sandbox.zoho.access import is_foreign
from ml_sandbox.zoho.data_centers import DATA_CENTERS, data_center_of
from ml_sandbox.zoho.errors import ZohoError
from ml_sandbox.zoho.operations import Operation, fixed_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.tokens import AccessToken, RefreshToken, scopes_of

REDIRECT_CODE_SECONDS = 60.0
MAX_BODY = 16_384
THROTTLED = "You have made too many requests continuously. Please try again after some time."


class OAuth:
    """The endpoints of the accounts host."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def operations(self) -> list[Operation]:
        """What is served."""
        return [
            Operation("POST", "/oauth/v2/token", self.grant, fixed_scopes()),
            Operation("GET", "/oauth/v2/auth", self.authorize, fixed_scopes()),
        ]

    async def grant(self, request: Request) -> Response:
        """``POST /oauth/v2/token``: refusals are answered with 200 and an ``error``."""
        given = await _parameters(request)
        client = self._client(request, given)
        grants = {
            "authorization_code": self._by_code,
            "client_credentials": self._by_client_credentials,
            "refresh_token": self._by_refresh_token,
        }
        by_grant = grants.get(given.get("grant_type", ""))
        if by_grant is None:
            raise _refused("unsupported_grant_type")
        token, refresh = by_grant(client, given)
        return JSONResponse(self._answer(request, token, refresh))

    async def authorize(self, request: Request) -> Response:
        """``GET /oauth/v2/auth``: the user always agrees, so it redirects at once with a code."""
        query = request.query_params
        client = self._organization.clients.get(query.get("client_id", ""))
        if client is None or is_foreign(self._organization, request):
            raise _refused("invalid_client")
        redirect_uri = query.get("redirect_uri", "")
        if redirect_uri not in client["redirect_uris"]:
            raise _refused("invalid_redirect_uri")
        if query.get("response_type") != "code" or not query.get("scope"):
            raise _refused("invalid_request")
        offline = query.get("access_type") == "offline"
        scopes = scopes_of(query["scope"])
        code = self._organization.tokens.add_code(
            client["client_id"], seed.USER_ID, scopes, REDIRECT_CODE_SECONDS, redirect_uri, offline=offline
        )
        answer = {
            "code": code.text,
            "location": self._organization.settings.text("data_center"),
            "accounts-server": self._accounts_server(request),
        }
        answer |= {"state": query["state"]} if "state" in query else {}
        return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 302)

    def _client(self, request: Request, given: Mapping[str, str]) -> Row:
        client = self._organization.clients.get(given.get("client_id", ""))
        if client is None or is_foreign(self._organization, request):
            raise _refused("invalid_client")
        secret = given.get("client_secret", "")
        if not secrets.compare_digest(secret.encode(), str(client["client_secret"]).encode()):
            raise _refused("invalid_client")
        return client

    def _by_refresh_token(
        self, client: Row, given: Mapping[str, str]
    ) -> tuple[AccessToken, RefreshToken | None]:
        tokens = self._organization.tokens
        settings = self._organization.settings
        refresh = tokens.refresh(given.get("refresh_token", ""))
        if refresh is None or refresh.client_id != client["client_id"]:
            raise _refused("invalid_code")
        if not tokens.may_grant(refresh, settings.integer("access_tokens_per_window")):
            raise ZohoError(400, {"error": "Access Denied", "error_description": THROTTLED})
        token = tokens.grant(
            refresh.client_id, refresh.user_id, refresh.scopes, self._seconds(), refresh.text
        )
        tokens.drop_oldest(refresh.text, settings.integer("active_access_tokens"))
        return token, None

    def _by_code(self, client: Row, given: Mapping[str, str]) -> tuple[AccessToken, RefreshToken | None]:
        tokens = self._organization.tokens
        code = tokens.use_code(given.get("code", ""))
        if code is None or code.client_id != client["client_id"]:
            raise _refused("invalid_code")
        if code.redirect_uri is not None and code.redirect_uri != given.get("redirect_uri"):
            raise _refused("invalid_redirect_uri")
        refresh = None
        if code.offline:
            refresh = tokens.add_refresh(code.client_id, code.user_id, code.scopes)
            tokens.may_grant(refresh, 1)
        text = refresh.text if refresh is not None else None
        return tokens.grant(code.client_id, code.user_id, code.scopes, self._seconds(), text), refresh

    def _by_client_credentials(
        self, client: Row, given: Mapping[str, str]
    ) -> tuple[AccessToken, RefreshToken | None]:
        if not client["self_client"]:
            raise _refused("invalid_client")
        scopes = scopes_of(given.get("scope", ""))
        if not scopes:
            raise _refused("invalid_scope")
        if given.get("soid") not in self._organization_names():
            raise _refused("missing_org_info")
        token = self._organization.tokens.grant(client["client_id"], seed.USER_ID, scopes, self._seconds())
        return token, None

    def _organization_names(self) -> set[str]:
        numbers = {"zgid": [seed.ORG_ID], "id": [seed.ORGANIZATION_ID]}
        wanted = self._organization.settings.text("soid")
        return {f"ZohoCRM.{n}" for n in numbers.get(wanted, [seed.ORG_ID, seed.ORGANIZATION_ID])}

    def _seconds(self) -> float:
        return self._organization.settings.number("access_token_seconds")

    def _answer(self, request: Request, token: AccessToken, refresh: RefreshToken | None) -> dict[str, Any]:
        issued = {"refresh_token": refresh.text} if refresh is not None else {}
        return {
            "access_token": token.text,
            **issued,
            "scope": " ".join(sorted(token.scopes)),
            "api_domain": self._api_domain(request),
            "token_type": "Bearer",
            "expires_in": int(self._seconds()),
        }

    def _api_domain(self, request: Request) -> str:
        settings = self._organization.settings
        if settings.text("api_domain"):
            return settings.text("api_domain")
        if data_center_of(request.headers.get("host", "")) is not None:
            return f"https://{DATA_CENTERS[settings.text('data_center')].api}"
        # Under the sandbox's own address the API is beside the accounts host.
        return f"{request.url.scheme}://{request.headers.get('host', '')}/zoho/api"

    def _accounts_server(self, request: Request) -> str:
        if data_center_of(request.headers.get("host", "")) is not None:
            return f"https://{DATA_CENTERS[self._organization.settings.text('data_center')].accounts}"
        return f"{request.url.scheme}://{request.headers.get('host', '')}/zoho/accounts"


async def _parameters(request: Request) -> dict[str, str]:
    """The parameters, from a form body and from the query; both are accepted."""
    body = (await request.body())[:MAX_BODY]
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given = dict(request.query_params)
    if kind == "application/x-www-form-urlencoded":
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return given


def _refused(error: str) -> ZohoError:
    return ZohoError(200, {"error": error})
