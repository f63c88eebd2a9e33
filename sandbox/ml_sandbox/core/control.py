"""The control API under ``/control``: it steers the sandbox and needs no credentials."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.core.faults import PARAMETERS
from ml_sandbox.core.vendor import Vendor

if TYPE_CHECKING:
    from ml_sandbox.core.app import Sandbox

Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(sandbox: "Sandbox") -> list[Route]:
    """The routes of the control API."""
    control = Control(sandbox)
    endpoints: list[tuple[str, str, Endpoint]] = [
        ("GET", "/control", control.overview),
        ("GET", "/control/ca", control.certificate_authority),
        ("GET", "/control/clock", control.clock),
        ("PUT", "/control/clock", control.put_clock),
        ("GET", "/control/requests", control.requests),
        ("DELETE", "/control/requests", control.clear_requests),
        ("GET", "/control/faults", control.faults),
        ("PUT", "/control/faults", control.put_faults),
        ("DELETE", "/control/faults", control.clear_faults),
        ("GET", "/control/settings", control.settings),
        ("PUT", "/control/settings", control.put_settings),
        ("DELETE", "/control/settings", control.reset_settings),
        ("GET", "/control/{system}", control.system),
        ("DELETE", "/control/{system}", control.clear),
        ("GET", "/control/{system}/{object}", control.rows),
        ("PUT", "/control/{system}/{object}", control.put_rows),
        ("DELETE", "/control/{system}/{object}", control.clear),
    ]
    return [Route(path, _explaining(endpoint), methods=[method]) for method, path, endpoint in endpoints]


class Control:
    """The endpoints of the control API."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def overview(self, request: Request) -> Response:
        """Systems with their objects, and faults with their parameters."""
        systems = {vendor.name: list(vendor.objects) for vendor in self._sandbox.vendors.values()}
        return JSONResponse({"systems": systems, "faults": PARAMETERS})

    async def clock(self, request: Request) -> Response:
        """The sandbox's wall time, and the vendor seconds since its start."""
        clock = self._sandbox.clock
        return JSONResponse({"now": clock.now().isoformat(), "vendor_seconds": clock.monotonic()})

    async def put_clock(self, request: Request) -> Response:
        """Move the clock at once; the fault ``clock_jump`` does it in the middle of a conversation."""
        body = await _json(request)
        seconds = body.get("jump") if isinstance(body, dict) else None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise ControlError("The clock takes {'jump': SECONDS}.")
        self._sandbox.clock.jump(seconds)
        return await self.clock(request)

    async def certificate_authority(self, request: Request) -> Response:
        """The certificate of the sandbox's own authority, as PEM."""
        if self._sandbox.ca_certificate is None:
            raise ControlError("This sandbox was not started with --tls, so it has no certificate.")
        return PlainTextResponse(self._sandbox.ca_certificate, media_type="application/x-pem-file")

    async def requests(self, request: Request) -> Response:
        """What was called, oldest first; ``system`` and ``method`` narrow it down."""
        wanted = {name: request.query_params.get(name) for name in ("system", "method")}
        if wanted["system"]:
            require_known("system", wanted["system"], self._sandbox.vendors)
        shown = [
            exchange.as_json()
            for exchange in self._sandbox.log
            if all(value is None or getattr(exchange, name) == value for name, value in wanted.items())
        ]
        return JSONResponse(shown)

    async def clear_requests(self, request: Request) -> Response:
        """Forget what was called."""
        self._sandbox.log.clear()
        return Response(status_code=204)

    async def faults(self, request: Request) -> Response:
        """The present faults with their counters."""
        return JSONResponse(self._sandbox.faults.as_json())

    async def put_faults(self, request: Request) -> Response:
        """Replace the list of faults."""
        descriptions = _list_of_objects(await _json(request), "faults")
        self._sandbox.faults.replace(descriptions, self._sandbox.vendors)
        return JSONResponse(self._sandbox.faults.as_json())

    async def clear_faults(self, request: Request) -> Response:
        """Remove all faults."""
        self._sandbox.faults.clear()
        return Response(status_code=204)

    async def settings(self, request: Request) -> Response:
        """All settings and their values."""
        return JSONResponse(self._sandbox.settings.values())

    async def put_settings(self, request: Request) -> Response:
        """Change the settings that are given."""
        changes = await _json(request)
        if not isinstance(changes, dict):
            raise ControlError("Settings are one JSON object of names and values.")
        self._sandbox.change_settings(changes)
        return JSONResponse(self._sandbox.settings.values())

    async def reset_settings(self, request: Request) -> Response:
        """Back to the settings that the sandbox was started with."""
        self._sandbox.reset_settings()
        return Response(status_code=204)

    async def system(self, request: Request) -> Response:
        """How many rows each object of a system has."""
        vendor = self._vendor(request)
        return JSONResponse({name: len(vendor.rows(name)) for name in vendor.objects})

    async def rows(self, request: Request) -> Response:
        """All rows of an object."""
        vendor = self._vendor(request)
        return JSONResponse(vendor.rows(_object_name(request, vendor)))

    async def put_rows(self, request: Request) -> Response:
        """Upsert rows of an object; answers with what is stored."""
        vendor = self._vendor(request)
        name = _object_name(request, vendor)
        rows = _list_of_objects(await _json(request), "rows")
        return JSONResponse(vendor.put_rows(name, rows))

    async def clear(self, request: Request) -> Response:
        """Empty a system or one of its objects."""
        vendor = self._vendor(request)
        vendor.clear(_object_name(request, vendor) if "object" in request.path_params else None)
        return Response(status_code=204)

    def _vendor(self, request: Request) -> Vendor:
        name = request.path_params["system"]
        require_known("system", name, self._sandbox.vendors)
        return self._sandbox.vendors[name]


def _object_name(request: Request, vendor: Vendor) -> str:
    name: str = request.path_params["object"]
    require_known(f"object of {vendor.name}:", name, vendor.objects)
    return name


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise ControlError(f"The body is not JSON: {error}.") from error


def _list_of_objects(value: Any, what: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ControlError(f"The body must be a JSON list of {what}, each an object.")
    return value


def _explaining(endpoint: Endpoint) -> Endpoint:
    async def explained(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ControlError as error:
            return JSONResponse({"error": str(error), "known": error.known}, status_code=400)

    return explained
