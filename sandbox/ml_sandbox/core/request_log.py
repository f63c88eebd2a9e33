"""The log of every request to a vendor, and the ASGI middleware that fills it."""

import time
from collections import deque
from collections.abc import Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.exchange import SCOPE_KEY, Exchange
from ml_sandbox.core.redaction import readable_body, redacted_query
from ml_sandbox.core.settings import Settings
from ml_sandbox.core.vendor import Vendor

MAX_EXCHANGES = 100_000
MAX_BODY_BYTES = 64 * 1024 * 1024


class RequestLog:
    """The latest requests, oldest first: at most 100,000 of them, with 64 MiB of bodies."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self._with_body: deque[Exchange] = deque()
        self._body_bytes = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))

    def add(self, exchange: Exchange) -> None:
        """Append one request; the bodies of the oldest are dropped when there are too many bytes of them."""
        self._exchanges.append(exchange)
        if exchange.body is None:
            return
        self._with_body.append(exchange)
        self._body_bytes += exchange.body_bytes
        while self._body_bytes > MAX_BODY_BYTES:
            oldest = self._with_body.popleft()
            oldest.body = None
            self._body_bytes -= oldest.body_bytes

    def clear(self) -> None:
        """Forget all requests."""
        self._exchanges.clear()
        self._with_body.clear()
        self._body_bytes = 0


class RequestLogMiddleware:
    """Reads the whole request body, logs the request, and passes both on."""

    def __init__(
        self, app: ASGIApp, vendor: Vendor, log: RequestLog, clock: SandboxClock, settings: Settings
    ) -> None:
        self._app = app
        self._vendor = vendor
        self._log = log
        self._clock = clock
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _whole_body(receive)
        if body is None:
            return
        exchange = self._exchange(scope, body)
        self._log.add(exchange)
        began = time.perf_counter()

        async def noting_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.request_id = _header(message, b"x-request-id")
                exchange.seconds = round(time.perf_counter() - began, 6)
            await send(message)

        await self._app({**scope, SCOPE_KEY: exchange}, _replaying(body, receive), noting_status)

    def _exchange(self, scope: Scope, body: bytes) -> Exchange:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        kept = len(body) <= self._settings.number("log_body_bytes")
        return Exchange(
            system=self._vendor.name,
            method=scope["method"],
            path=path,
            query=redacted_query(scope["query_string"].decode("latin-1")),
            write=self._vendor.is_write(scope["method"], path),
            time=self._clock.now().isoformat(timespec="milliseconds"),
            body=readable_body(body) if kept else None,
            body_bytes=len(body),
        )


async def _whole_body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    pending = [body]

    async def replayed() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replayed


def _header(message: Message, name: bytes) -> str | None:
    for key, value in message.get("headers", ()):
        if key.lower() == name:
            text: str = value.decode("latin-1")
            return text
    return None
