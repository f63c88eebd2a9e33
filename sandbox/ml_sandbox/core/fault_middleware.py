"""The ASGI middleware that lets faults happen."""

import asyncio
import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.faults import JOB_FAULTS, Fault, Faults
from ml_sandbox.core.settings import Settings
from ml_sandbox.core.vendor import Vendor
from ml_sandbox.core.wire import cut, wait_for_disconnect

MAX_SILENCE = 600.0


class FaultMiddleware:
    """Applies what hits a request: first what changes the vendor, then what cuts or replaces the answer."""

    def __init__(
        self, app: ASGIApp, vendor: Vendor, faults: Faults, clock: SandboxClock, settings: Settings
    ) -> None:
        self._app = app
        self._vendor = vendor
        self._faults = faults
        self._clock = clock
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or break it."""
        exchange = exchange_of(scope)
        query = scope["query_string"].decode("latin-1")
        faults = self._faults.hitting(self._vendor.name, exchange.method, exchange.path, query)
        if faults:
            exchange.fault = ",".join(fault.fault for fault in faults)
        await self._delay(faults)
        for fault in faults:
            self._prepare(fault, scope)
        by_name = {fault.fault: fault for fault in faults}
        if "reset" in by_name:
            cut(scope, reset=True)
        elif "timeout" in by_name:
            await self._stay_silent(by_name["timeout"], scope, receive)
        elif "status" in by_name:
            if by_name["status"].parameters["done"]:
                await self._app(scope, receive, _swallow)
            await _answer(by_name["status"], send)
        elif "lost_response" in by_name:
            await self._lose_response(scope, receive)
        elif "truncate" in by_name:
            await self._truncate(by_name["truncate"], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _delay(self, faults: list[Fault]) -> None:
        seconds = self._settings.number("latency_ms") / 1000
        seconds += sum(fault.parameters["seconds"] for fault in faults if fault.fault == "latency")
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _prepare(self, fault: Fault, scope: Scope) -> None:
        if fault.fault == "expire_token":
            self._vendor.expire_tokens()
        elif fault.fault == "revoke_token":
            self._vendor.revoke_tokens()
        elif fault.fault == "clock_jump":
            self._clock.jump(fault.parameters["seconds"])
        elif fault.fault in JOB_FAULTS:
            exchange_of(scope).job_fault = fault

    async def _stay_silent(self, fault: Fault, scope: Scope, receive: Receive) -> None:
        await receive()  # the request's own body; what follows is the client's leaving
        seconds = min(float(fault.parameters["seconds"]), MAX_SILENCE)
        try:
            await asyncio.wait_for(wait_for_disconnect(receive), seconds)
        except TimeoutError:
            cut(scope, reset=True)

    async def _lose_response(self, scope: Scope, receive: Receive) -> None:
        async def swallow(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange_of(scope).status = None

        await self._app(scope, receive, swallow)
        cut(scope, reset=False)
        await wait_for_disconnect(receive)

    async def _truncate(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        start: list[Message] = []
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, collect)
        body = b"".join(parts)
        asked = fault.parameters["bytes"]
        kept = len(body) // 2 if asked < 0 else min(asked, max(0, len(body) - 1))
        await send(start[0])
        await send({"type": "http.response.body", "body": body[:kept], "more_body": True})
        cut(scope, reset=False)
        await wait_for_disconnect(receive)


async def _swallow(message: Message) -> None:
    """Let the vendor's own answer go nowhere."""


async def _answer(fault: Fault, send: Send) -> None:
    body = fault.parameters["body"]
    headers = {str(name).lower(): str(value) for name, value in fault.parameters["headers"].items()}
    if body is None:
        content = b""
    elif isinstance(body, str):
        content = body.encode()
        headers.setdefault("content-type", "text/plain; charset=utf-8")
    else:
        content = json.dumps(body).encode()
        headers.setdefault("content-type", "application/json; charset=utf-8")
    headers["content-length"] = str(len(content))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.parameters["status"], "headers": encoded})
    await send({"type": "http.response.body", "body": content})
