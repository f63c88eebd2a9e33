"""Serving a sandbox on 127.0.0.1 until it is told to end."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ml_sandbox.core.app import Sandbox
from ml_sandbox.core.tls import Authority
from ml_sandbox.core.wire import TRANSPORT_KEY

ADDRESS = "127.0.0.1"
BACKLOG = 256
GRACE_SECONDS = 1


@dataclass(frozen=True)
class ServeOptions:
    """How to serve.

    Attributes:
        port: 0 lets the system choose one.
        tls: with a certificate of a private authority, and by the vendors' host names too.
        lifetime: seconds after which the server ends by itself; None for no end.
        port_file: where the port is written once the server accepts connections.
        end_with_input: end when standard input does, which is when the parent process is gone.
    """

    port: int = 0
    tls: bool = False
    lifetime: float | None = None
    port_file: Path | None = None
    end_with_input: bool = False


class _Protocol(H11Protocol):
    """HTTP/1.1 that tells the application its transport, so that faults can cut it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows the type, asyncio does not
        self.app = _with_transport(self.app, transport)


class _Server(uvicorn.Server):
    """Ends with exit code 0 on SIGTERM and SIGINT, and by itself after its lifetime."""

    def __init__(self, config: uvicorn.Config, options: ServeOptions, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._options = options
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        if self._options.end_with_input:
            loop.add_reader(sys.stdin.fileno(), self._read_input)
        lifetime = self._options.lifetime
        timer = loop.call_later(lifetime, self._end) if lifetime is not None else None
        yield
        if timer is not None:
            timer.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()

    def _read_input(self) -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            self._end()

    def _end(self) -> None:
        self.should_exit = True


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; OSError when the port is taken."""
    # Only with the protocol named does asyncio switch off Nagle's algorithm, which costs 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError:
        listening.close()
        raise
    return listening


def serve(sandbox: Sandbox, options: ServeOptions, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM, SIGINT or the end of the lifetime; ``announce`` gets the URL once it is ready."""
    listening = bind(options.port)
    port = listening.getsockname()[1]
    url = f"{'https' if options.tls else 'http'}://{ADDRESS}:{port}"

    def ready() -> None:
        if options.port_file is not None:
            options.port_file.write_text(f"{port}\n", encoding="ascii")
        announce(url)

    settings: dict[str, Any] = {
        "http": _Protocol,
        "ws": "none",
        "log_config": None,
        "log_level": "critical",
        "server_header": False,
        "date_header": False,
        "timeout_keep_alive": 60,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "backlog": BACKLOG,
    }
    config = uvicorn.Config(sandbox, **settings)
    if options.tls:
        authority = Authority([ADDRESS, "localhost", *sandbox.hosts])
        sandbox.by_host = True
        sandbox.ca_certificate = authority.certificate
        config.load()
        config.ssl = authority.server_context()
    asyncio.run(_Server(config, options, ready).serve(sockets=[listening]))


def _with_transport(app: ASGIApp, transport: asyncio.BaseTransport) -> ASGIApp:
    async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, TRANSPORT_KEY: transport}, receive, send)

    return with_transport
