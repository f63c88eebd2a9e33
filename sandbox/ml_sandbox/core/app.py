"""The sandbox as one ASGI application."""

import fnmatch
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.control import control_routes
from ml_sandbox.core.fault_middleware import FaultMiddleware
from ml_sandbox.core.faults import Faults
from ml_sandbox.core.request_log import RequestLog, RequestLogMiddleware
from ml_sandbox.core.settings import Settings
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext


class Sandbox:
    """All vendors under one address, with their control API.

    Args:
        vendor_types: the vendors to serve.

    Attributes:
        vendors: by name.
        by_host: whether vendors are answered by their host names too (with TLS).
        ca_certificate: the PEM text that ``GET /control/ca`` gives.
    """

    def __init__(self, vendor_types: Iterable[type[Vendor]]) -> None:
        self.settings = Settings()
        self.clock = SandboxClock(lambda: self.settings.number("time_scale"))
        self.faults = Faults()
        self.log = RequestLog()
        self.by_host = False
        self.ca_certificate: str | None = None
        context = VendorContext(self.clock, self.settings)
        self.vendors: dict[str, Vendor] = {kind.name: kind(context) for kind in vendor_types}
        self.mounts = [(mount, vendor) for vendor in self.vendors.values() for mount in vendor.mounts()]
        self._apps = [(mount, self._mounted(mount, vendor)) for mount, vendor in self.mounts]
        self._control = Router(control_routes(self), redirect_slashes=False)

    @property
    def hosts(self) -> list[str]:
        """Every host name pattern that a vendor is answered by."""
        return sorted({host for mount, _ in self.mounts for host in mount.hosts})

    def change_settings(self, changes: Mapping[str, Any]) -> None:
        """Change settings at once; what time has passed keeps its old scale."""
        self.clock.monotonic()
        self.settings.update(changes)
        self.clock.monotonic()

    def reset_settings(self) -> None:
        """Back to the settings at the start; what time has passed keeps its old scale."""
        self.clock.monotonic()
        self.settings.reset()
        self.clock.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await _refuse(scope, receive, send)
            return
        app, root_path = self._find(scope)
        await app({**scope, "root_path": root_path}, receive, self._dated(send))

    def _dated(self, send: Send) -> Send:
        """Add the Date header: the sandbox's clock, not the host's, so that a clock jump shows in it."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self.clock.now(), usegmt=True).encode("ascii")
                message = {**message, "headers": [(b"date", date), *message.get("headers", ())]}
            await send(message)

        return dated

    def _find(self, scope: Scope) -> tuple[ASGIApp, str]:
        path: str = scope["path"]
        if self.by_host:
            host = _host(scope)
            for mount, app in self._apps:
                if any(fnmatch.fnmatch(host, pattern) for pattern in mount.hosts):
                    return app, ""
        if path == "/control" or path.startswith("/control/"):
            return self._control, ""
        for mount, app in self._apps:
            if path == mount.prefix or path.startswith(f"{mount.prefix}/"):
                return app, mount.prefix
        return self._no_vendor, ""

    def _mounted(self, mount: Mount, vendor: Vendor) -> ASGIApp:
        routed: ASGIApp = VendorRouter(mount.routes, vendor)
        faulty = FaultMiddleware(vendor.wrap(routed), vendor, self.faults, self.clock, self.settings)
        return RequestLogMiddleware(faulty, vendor, self.log, self.clock, self.settings)

    async def _no_vendor(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefixes = ["/control", *(mount.prefix for mount, _ in self.mounts)]
        body = {"error": "No vendor is served under this path.", "known": prefixes}
        await JSONResponse(body, status_code=404)(scope, receive, send)


class VendorRouter:
    """Routes to a vendor's endpoints; unknown paths and methods get the vendor's own answers."""

    def __init__(self, routes: Iterable[Route], vendor: Vendor) -> None:
        self._routes = list(routes)
        self._vendor = vendor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        allowed: set[str] = set()
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                await route.handle({**scope, **child}, receive, send)
                return
            if match is Match.PARTIAL:
                allowed |= route.methods or set()
        response = await self._unmatched(Request(scope, receive), sorted(allowed))
        await response(scope, receive, send)

    async def _unmatched(self, request: Request, allowed: list[str]) -> Response:
        if allowed:
            return await self._vendor.method_not_allowed(request, allowed)
        return await self._vendor.not_found(request)


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1")).rsplit(":", 1)[0].lower()
    return ""


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
