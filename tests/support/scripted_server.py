"""A real HTTP server on 127.0.0.1 that misbehaves on request."""

from __future__ import annotations

import dataclasses
import http.server
import json
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

Fault = Literal["", "reset", "close", "reset_mid_body", "truncate", "chunk_cut", "unframed"]


@dataclasses.dataclass(frozen=True)
class Answer:
    """What to answer, after `delay` seconds; `fault` says how to fail while doing so."""

    status: int = 200
    body: Any = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    fault: Fault = ""
    delay: float = 0.0

    @property
    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclasses.dataclass(frozen=True)
class Received:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    time: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


Route = Callable[[Received], Answer]


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


class ScriptedServer:
    """Answers from a script, else by `route`; remembers what it received."""

    def __init__(self, route: Route | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.route = route
        self.received: list[Received] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._script: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._scheme = "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def script(self, *answers: Answer) -> None:
        self._script.extend(answers)

    def paths(self) -> list[str]:
        return [received.path for received in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer_to(self, received: Received) -> Answer:
        with self._lock:
            self.received.append(received)
            if self._script:
                return self._script.popleft()
        return self.route(received) if self.route is not None else Answer()

    def enter(self, step: int) -> None:
        with self._lock:
            self.in_flight += step
            self.most_in_flight = max(self.most_in_flight, self.in_flight)


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: ScriptedServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        received = Received(self.command, self.path, dict(self.headers.items()), body, time.monotonic())
        self.owner.enter(1)
        try:
            answer = self.owner.answer_to(received)
            if answer.delay:
                time.sleep(answer.delay)
        finally:
            self.owner.enter(-1)
        self._write(answer)

    def _write(self, answer: Answer) -> None:
        if answer.fault in {"reset", "close"}:
            self._hang_up(reset=answer.fault == "reset")
            return
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", **answer.headers}
        payload = answer.payload
        if answer.fault == "unframed":
            headers["Connection"] = "close"
        elif answer.fault == "chunk_cut":
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(len(payload))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write_body(answer.fault, payload)

    def _write_body(self, fault: Fault, payload: bytes) -> None:
        half = payload[: max(1, len(payload) // 2)]
        if fault == "chunk_cut":
            self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
        elif fault:
            self.wfile.write(half)
        else:
            self.wfile.write(payload)
        self.wfile.flush()
        if fault:
            self._hang_up(reset=fault == "reset_mid_body")

    def _hang_up(self, *, reset: bool) -> None:
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        if not reset:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so named in the base class
        """Stay silent."""


def _handler_of(owner: ScriptedServer) -> type[http.server.BaseHTTPRequestHandler]:
    methods = {f"do_{method}": _Handler.serve for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")}
    return type("Handler", (_Handler,), {"owner": owner, **methods})


def unused_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
