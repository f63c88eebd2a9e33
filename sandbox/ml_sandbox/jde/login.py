"""Endpoints of sessions and of the server's description."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.jde.access import COOKIE, read_body, token_of
from ml_sandbox.jde.faults import AisError, invalid_token
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.seed import ENVIRONMENT, ROLE
from ml_sandbox.jde.sessions import Session

if TYPE_CHECKING:
    from ml_sandbox.jde.vendor import JdeVendor

BASE = "/jderest"
VERSION = "EnterpriseOne 9.2.8.3"
JAS_HOST = "jas.internal.example"
# Name, first release, first version: the ones that a client of tables and orchestrations asks about.
CAPABILITIES = (
    ("grid", "1.0.0"),
    ("query", "1.0.0"),
    ("outputType", "2.1.0"),
    ("dataservice", "2.1.0"),
    ("dataServiceAggregation", "2.2.0"),
    ("orchestrator", "2.0.0"),
    ("discover", "2.2.0"),
    ("validate", "2.4.0"),
    ("version2services", "2.4.0"),
    ("nextPage", "2.4.0"),
    ("simpleGetServices", "2.4.0"),
    ("formServiceOrderBy", "2.4.0"),
)
_DATE_LETTERS = {"dd/MM/yyyy": "DME", "MM/dd/yyyy": "MDE", "yyyy-MM-dd": "EMD", "yyyyMMdd": "EMD"}
_SEPARATORS = {"dd/MM/yyyy": "/", "MM/dd/yyyy": "/", "yyyy-MM-dd": "-", "yyyyMMdd": ""}


class Login:
    """Logging in and out, and what the server says of itself."""

    def __init__(self, vendor: "JdeVendor") -> None:
        self._vendor = vendor
        self._settings = vendor.settings

    async def open(self, request: Request) -> Response:
        """Open a session with a token."""
        session = self._vendor.access.login(request, await read_body(request))
        response = json_answer(self._welcome(session))
        path = f"{request.scope.get('root_path', '')}{BASE}"
        response.headers["set-cookie"] = f"{COOKIE}={session.cookie}; Path={path}; HttpOnly"
        return response

    async def validate(self, request: Request) -> Response:
        """Say whether a token is valid; ``touch`` makes its idle time begin anew."""
        if not self._settings.flag("validate_service"):
            return await self._vendor.not_found(request)
        body = await read_body(request)
        session = self._vendor.access.valid(request, body)
        if session is None:
            raise AisError(403, "Invalid Token")
        if body.get("touch") is True or request.query_params.get("touch") == "true":
            session.used = self._vendor.clock.monotonic()
        return json_answer({"isValidSession": True})

    async def close(self, request: Request) -> Response:
        """End the session of a token."""
        body = await read_body(request)
        if not token_of(request, body):
            raise AisError(400, "There is no token to log out.")
        session = self._vendor.access.valid(request, body)
        if session is None or session.token is None:
            raise invalid_token()
        self._vendor.sessions.end(session.token)
        return json_answer({})

    async def default_config(self, request: Request) -> Response:
        """Describe the server; needs no login."""
        names = [name for name, _ in self._capabilities()]
        asked = [name.strip() for name in request.query_params.get("requiredCapabilities", "").split(",")]
        return json_answer(
            {
                "jasHost": JAS_HOST,
                "jasPort": "8080",
                "jasProtocol": "http",
                "defaultEnvironment": ENVIRONMENT,
                "defaultRole": ROLE,
                "displayEnvironment": True,
                "displayRole": True,
                "aisVersion": VERSION,
                "capabilityList": [_capability(name, since) for name, since in self._capabilities()],
                "requiredCapabilityMissing": any(name and name not in names for name in asked),
            }
        )

    def _capabilities(self) -> list[tuple[str, str]]:
        validates = self._settings.flag("validate_service")
        return [one for one in CAPABILITIES if one[0] != "validate" or validates]

    def _welcome(self, session: Session) -> dict[str, Any]:
        return {
            "username": session.user.username,
            "environment": session.environment,
            "role": session.role,
            "jasserver": f"http://{JAS_HOST}:8080",
            "userInfo": self._user_info(session),
            "userAuthorized": False,
            "version": None,
            "poStringJSON": None,
            "altPoStringJSON": None,
            "aisSessionCookie": session.cookie,
            "adminAuthorized": False,
            "deprecated": False,
        }

    def _user_info(self, session: Session) -> Mapping[str, Any]:
        pattern = self._settings.text("simple_date_format")
        zone = ZoneInfo(self._settings.text("server_zone"))
        offset = f"{self._vendor.clock.now().astimezone(zone):%z}"
        return {
            "token": session.token,
            "langPref": "  ",
            "locale": "en",
            "dateFormat": _DATE_LETTERS[pattern],
            "dateSeperator": _SEPARATORS[pattern],
            "simpleDateFormat": pattern,
            "timeFormat": "12",
            "decimalFormat": ".",
            "addressNumber": session.user.address_number,
            "alphaName": session.user.username.title(),
            "appsRelease": "E920",
            "country": " ",
            "username": session.user.username,
            "longUserId": session.user.username,
            "timeZoneOffset": f"UTC{offset[:3]}:{offset[3:]}",
            "dstRuleKey": None,
        }


def _capability(name: str, since: str) -> dict[str, str]:
    return {
        "name": name,
        "shortDescription": f"Capability {name}",
        "longDescription": f"The server offers {name}.",
        "asOfRelease": since,
        "sinceVersion": since,
    }
