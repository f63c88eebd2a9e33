"""The services below /webservices/rest/."""

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.ebs import carrying, context, description, reading, rendering
from ml_sandbox.ebs.administration import Deployment
from ml_sandbox.ebs.catalog import OPERATIONS, Operation
from ml_sandbox.ebs.context import CallContext
from ml_sandbox.ebs.faults import IsgFault, execution_error
from ml_sandbox.ebs.package.description import package_schema, package_wadl
from ml_sandbox.ebs.package.service import PackageService
from ml_sandbox.ebs.query import run
from ml_sandbox.ebs.rendering import Answer, Shape
from ml_sandbox.ebs.security import Caller

if TYPE_CHECKING:
    from ml_sandbox.ebs.vendor import EbsVendor

BASE = "/webservices/rest"
EBS_VERSION = "12.2.0"
PROVIDER = "provider"
SESSION_CALLS = ("login", "logout", "initialize")
_TOO_LONG = (
    "<html><head><title>414 Request-URI Too Large</title></head><body>Request-URI Too Large</body></html>"
)
_STATUS_SETTINGS = {
    "ISG_INVALID_ALIAS": "invalid_alias_status",
    "ISG_INVALID_FUNCTION": "invalid_function_status",
    "ISG_SERVICE_EXECUTION_ERROR": "execution_error_status",
}
Endpoint = Callable[[Request], Awaitable[Response]]


class Gateway:
    """The endpoints of the gateway."""

    def __init__(self, vendor: "EbsVendor") -> None:
        self._vendor = vendor
        self._settings = vendor.settings
        self._package = PackageService(vendor)

    def routes(self) -> list[Route]:
        """Give the routes; the most particular first."""
        table: tuple[tuple[str, Endpoint, list[str]], ...] = (
            ("/login", self.login, ["GET"]),
            ("/login/", self.login, ["GET"]),
            ("/logout", self.logout, ["GET", "POST"]),
            ("/logout/", self.logout, ["GET", "POST"]),
            ("/initialize", self.initialize, ["POST"]),
            ("/initialize/", self.initialize, ["POST"]),
            (f"/{PROVIDER}/isActive/", self.is_active, ["GET"]),
            ("/{alias}/", self.describe, ["GET"]),
            ("/{alias}/{operation}/", self.read, ["GET"]),
            ("/{alias}/{operation}/", self.call, ["POST"]),
            ("/{alias}/{operation}", self.without_slash, ["GET", "POST"]),
        )
        return [
            Route(BASE + path, self._guarded(endpoint), methods=methods) for path, endpoint, methods in table
        ]

    async def login(self, request: Request) -> Response:
        """Issue a token for Basic credentials, in the body and as a cookie."""
        user = self._vendor.security.check_basic(request.headers.get("authorization", ""))
        token = self._vendor.security.issue(user)
        name = self._settings.text("access_token_name")
        data = {
            "accessToken": token.value,
            "accessTokenName": name,
            "ebsVersion": EBS_VERSION,
            "userName": user.name,
        }
        response = self._document(request, data)
        response.headers["set-cookie"] = f"{name}={token.value}; Path=/; HttpOnly"
        return response

    async def logout(self, request: Request) -> Response:
        """End the token that the request carries."""
        caller = self._authenticate(request)
        if caller.token is not None:
            self._vendor.security.end(caller.token)
        return self._document(request, {})

    async def initialize(self, request: Request) -> Response:
        """Set the context that the token remembers."""
        caller = self._authenticate(request)
        if caller.token is None:
            raise execution_error("initialize needs an access token in the cookie")
        values = _initial_context(_json_object(await request.body()), caller)
        context.check_context(caller.user, caller.token.context | values)
        caller.token.context.update(values)
        return self._document(request, {})

    async def is_active(self, request: Request) -> Response:
        """Answer the health check of the metadata provider."""
        if not self._settings.flag("provider_deployed"):
            raise IsgFault("ISG_INVALID_ALIAS", f"Alias {PROVIDER!r}.")
        self._require_grant(self._authenticate(request), PROVIDER, "ISACTIVE")
        return PlainTextResponse("ACTIVE")

    async def describe(self, request: Request) -> Response:
        """Answer ?WADL and ?XSD= of an alias."""
        deployment = self._deployment(request)
        if self._settings.flag("wadl_needs_login"):
            self._authenticate(request)
        names = {name.upper() for name in request.query_params}
        document = None
        if names == {"WADL"}:
            base = f"{request.url.scheme}://{request.url.netloc}{request.scope['path']}"
            document = self._wadl(deployment, base)
        elif names == {"XSD"}:
            document = self._schema(deployment, next(iter(request.query_params.values())))
        if document is not None:
            return _xml(document.encode())
        raise IsgFault("ISG_INVALID_FUNCTION", "An alias alone answers ?WADL and ?XSD=NAME.")

    def _wadl(self, deployment: Deployment, base: str) -> str:
        if deployment.package:
            return package_wadl(self._package, deployment, base)
        operations = [OPERATIONS[name] for name in deployment.operations]
        parameters = (*reading.context_names(self._settings), *reading.control_names(self._settings))
        return description.wadl(base, deployment.alias, operations, parameters)

    def _schema(self, deployment: Deployment, wanted: str) -> str | None:
        shared = description.shared_schema(wanted)
        if shared is not None:
            return shared
        if deployment.package:
            return package_schema(self._package, deployment, wanted, self._settings)
        wrapper = self._settings.text("row_wrapper")
        return description.schema(wanted, deployment.alias, deployment.operations, wrapper)

    async def without_slash(self, request: Request) -> Response:
        """Answer an operation whose trailing slash is missing, as the instance is set to."""
        rule = self._settings.text("missing_slash")
        if rule == "redirect":
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{request.scope['path']}/{query}", status_code=302)
        if rule == "accept":
            return await (self.read if request.method == "GET" else self.call)(request)
        raise IsgFault("ISG_INVALID_FUNCTION", "The path must end with a slash.")

    async def read(self, request: Request) -> Response:
        """Answer a GET on a table."""
        deployment = self._deployment(request)
        if deployment.package:
            return await self._vendor.method_not_allowed(request, ("POST",))
        name = request.path_params["operation"]
        if name not in deployment.operations:
            raise IsgFault("ISG_INVALID_FUNCTION", f"Operation {name!r} of the alias {deployment.alias!r}.")
        caller = self._authenticate(request)
        self._require_grant(caller, deployment.alias, name)
        parameters = reading.read_parameters(request.query_params.multi_items(), self._settings)
        exchange_of(request).unknown_parameters.extend(parameters.unknown)
        given = parameters.context
        if self._settings.text("get_context") == "header":
            given = carrying.joined(given, self._header_context(request))
        call = self._context(caller, given)
        return self._rows(request, OPERATIONS[name], deployment.alias, parameters, call)

    async def call(self, request: Request) -> Response:
        """Answer a POST to a procedure of a package."""
        deployment = self._deployment(request)
        if not deployment.package:
            return await self._vendor.method_not_allowed(request, ("GET",))
        name, package = request.path_params["operation"], self._package
        operation = package.find(deployment.operations, name)
        if operation is None:
            raise IsgFault("ISG_INVALID_FUNCTION", f"Operation {name!r} of the alias {deployment.alias!r}.")
        caller = self._authenticate(request)
        self._require_grant(caller, deployment.alias, operation.name)
        body = package.read(await request.body(), request.headers.get("content-type", ""), operation)
        given = package.given(body.parameters, operation)
        context_values = self._posted_context(request, body.context)
        result = package.run(operation, given, self._context(caller, context_values))
        message = package.message(operation, deployment.alias, result)
        json_form = self._wants_json(request)
        written = package.written(message, json_form=json_form)
        return _json(written) if json_form else _xml(written)

    def _posted_context(self, request: Request, given: Mapping[str, str]) -> Mapping[str, str]:
        """Join the context of a body with what the instance takes from elsewhere."""
        places = self._settings.text("post_context")
        queried, others = carrying.query_context(request.query_params.multi_items(), self._settings)
        exchange_of(request).unknown_parameters.extend(others)
        parts = [given]
        if places in {"query", "any"}:
            parts.append(queried)
        if places in {"header", "any"}:
            parts.append(self._header_context(request))
        return carrying.joined(*parts)

    def _header_context(self, request: Request) -> Mapping[str, str]:
        return carrying.header_context(request.headers.items(), self._settings)

    def _rows(
        self,
        request: Request,
        operation: Operation,
        alias: str,
        parameters: reading.Parameters,
        call: CallContext,
    ) -> Response:
        organizations = call.organizations if operation.filtered else None
        query = reading.read_query(operation, parameters.controls, organizations, self._settings)
        page = run(query, self._vendor.store(operation.spec.name))
        if page.beyond_end and self._settings.text("beyond_end") == "fault":
            raise execution_error("The offset lies beyond the last row.")
        answer = Answer(
            operation.spec,
            operation.name,
            description.namespace_of(operation, alias),
            query.columns,
            page.rows,
            parameters.control_record(),
        )
        shape = Shape.of(self._settings)
        if self._wants_json(request):
            return _json(rendering.json_rows(answer, shape))
        return _xml(rendering.xml_rows(answer, shape))

    def _deployment(self, request: Request) -> Deployment:
        alias = request.path_params["alias"]
        deployment = self._vendor.administration.deployments.get(alias)
        if deployment is None:
            raise IsgFault("ISG_INVALID_ALIAS", f"Alias {alias!r}.")
        return deployment

    def _authenticate(self, request: Request) -> Caller:
        return self._vendor.security.authenticate(request.headers, request.cookies)

    def _require_grant(self, caller: Caller, alias: str, operation: str) -> None:
        if not self._vendor.administration.granted(caller.user.name, alias, operation):
            raise IsgFault(
                "ISG_SERVICE_AUTH_FAILURE", f"No grant on {alias}/{operation} for {caller.user.name}."
            )

    def _context(self, caller: Caller, given: Mapping[str, str]) -> CallContext:
        """Complete the context by what the token remembers, and let it remember the rest."""
        if caller.token is None:
            return context.check_context(caller.user, given)
        values = {**caller.token.context, **given}
        call = context.check_context(caller.user, values)
        caller.token.context = values
        return call

    def _document(self, request: Request, data: Mapping[str, Any]) -> Response:
        if not self._wants_json(request):
            return _xml(rendering.xml_document("response", {"data": data}))
        reply = self._settings.text("login_reply")
        forms: dict[str, Mapping[str, Any]] = {
            "response": {"response": {"data": data}},
            "data": {"data": data},
        }
        return _json(rendering.json_document(forms.get(reply, data)))

    def _wants_json(self, request: Request) -> bool:
        forced = self._settings.text("response_format")
        if forced != "negotiated":
            return forced == "json"
        accept = request.headers.get("accept", "").lower()
        json_at, xml_at = accept.find("application/json"), accept.find("application/xml")
        if json_at < 0 and xml_at < 0:
            return self._settings.text("format_without_accept") == "json"
        return json_at >= 0 and (xml_at < 0 or json_at < xml_at)

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """Wrap an endpoint: too long addresses, and faults as documents."""

        async def guarded(request: Request) -> Response:
            target = len(request.scope["path"]) + len(request.scope["query_string"]) + 1
            if target > self._settings.integer("max_url_bytes"):
                return HTMLResponse(_TOO_LONG, status_code=414)
            try:
                return await endpoint(request)
            except IsgFault as fault:
                return self._fault(request, fault)

        return guarded

    def _fault(self, request: Request, fault: IsgFault) -> Response:
        setting = _STATUS_SETTINGS.get(fault.code)
        status = self._settings.integer(setting) if setting and fault.status != 200 else fault.status
        document = fault.document(uuid.uuid4().hex)
        if self._wants_json(request):
            response = _json(rendering.json_document({"ISGServiceFault": document}), status)
        else:
            namespace = rendering.FAULT_NAMESPACE
            response = _xml(rendering.xml_document("ISGServiceFault", document, namespace), status)
        if status == 401:
            response.headers["www-authenticate"] = 'Basic realm="Oracle E-Business Suite"'
        return response


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json;charset=UTF-8")


def _xml(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/xml;charset=UTF-8")


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict):
        raise execution_error("The body must be a JSON object with the member data.")
    return data


def _initial_context(data: Mapping[str, Any], caller: Caller) -> dict[str, str]:
    """Translate the body of initialize into context values; ids stand for keys."""
    for name in data:
        if name not in {"resp", "securityGroup", "org"}:
            raise execution_error(f"Unknown member {name!r} of data.")
    parts = {name: data.get(name) or {} for name in ("resp", "securityGroup", "org")}
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise execution_error(f"{name} must be an object.")
    resp, organization = parts["resp"], parts["org"]
    values = {
        context.RESPONSIBILITY: resp.get("key"),
        context.APPLICATION: resp.get("applKey"),
        context.SECURITY_GROUP: parts["securityGroup"].get("key"),
        context.ORGANIZATION: organization.get("id"),
    }
    if resp and not resp.get("key"):
        known = {str(item.id): item for item in caller.user.responsibilities}
        responsibility = known.get(str(resp.get("id")))
        if responsibility is None:
            raise IsgFault("ISG_SERVICE_AUTH_FAILURE", f"Responsibility id {resp.get('id')!r}.")
        values |= {
            context.RESPONSIBILITY: responsibility.key,
            context.APPLICATION: responsibility.application,
        }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}
