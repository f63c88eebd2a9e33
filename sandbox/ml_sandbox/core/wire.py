"""Cutting connections for real: what the client sees is a reset, an early end or silence."""

import asyncio
import socket
import struct

from starlette.types import Receive, Scope

TRANSPORT_KEY = "ml_sandbox.transport"


def cut(scope: Scope, *, reset: bool) -> None:
    """End the connection of a request: with a TCP reset, or after what was written with a plain close."""
    transport: asyncio.Transport | None = scope.get(TRANSPORT_KEY)
    if transport is None:
        raise RuntimeError("Connections can be cut only when served by ml_sandbox.core.server.")
    if not reset:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    # Closing with a linger time of zero is what makes the kernel send RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the client is gone, or the connection was cut here."""
    while (await receive())["type"] != "http.disconnect":
        pass
