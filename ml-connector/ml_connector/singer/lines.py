"""Reading Singer lines: a thread reads, the main thread decodes, and can look up between lines.

The SDK's reader blocks on its input, so nothing happens while no line arrives: no settling by age, and a
signal is only seen with the next line. Here the main thread waits with a time limit.
"""

from __future__ import annotations

import io
import os
import queue
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

import msgspec

from ml_connector.errors import ConnectorError

_CHUNK_BYTES = 1 << 16
_QUEUED_CHUNKS = 64

_decoder = msgspec.json.Decoder(float_hook=Decimal)


class BadInput(ConnectorError):
    """The input is not Singer: it cannot be read any further."""


class LineReader:
    """Lines of a binary stream, read by a thread of their own.

    Iterating yields lists of whole lines (bytes, without the newline), and an empty list whenever
    `tick_seconds` passed without any. It ends at the end of the input or after `stop`.
    """

    def __init__(self, stream: IO[bytes], *, tick_seconds: float) -> None:
        self._stream = stream
        self._tick = tick_seconds
        self._queue: queue.Queue[list[bytes] | BaseException | None] = queue.Queue(_QUEUED_CHUNKS)
        self._stopped = threading.Event()
        self.cut_line: bytes | None = None

    def stop(self) -> None:
        """End the iteration at the next chance; safe to call from a signal handler."""
        self._stopped.set()

    def __iter__(self) -> Iterator[list[bytes]]:
        thread = threading.Thread(target=self._read, name="singer-lines", daemon=True)
        thread.start()
        while not self._stopped.is_set():
            try:
                chunk = self._queue.get(timeout=self._tick)
            except queue.Empty:
                yield []
                continue
            if chunk is None:
                return
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk

    def _read(self) -> None:
        rest = b""
        try:
            while data := self._read_some():
                *lines, rest = (rest + data).split(b"\n")
                if lines:
                    self._put(lines)
            self.cut_line = rest if rest.strip() else None
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _read_some(self) -> bytes:
        if isinstance(self._stream, io.BufferedReader):
            return self._stream.read1(_CHUNK_BYTES)
        return self._stream.read(_CHUNK_BYTES)

    def _put(self, item: list[bytes] | BaseException | None) -> None:
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=0.2)
            except queue.Full:
                continue
            return


def decode(line: bytes, position: int) -> dict[str, Any]:
    """One Singer message. Numbers with a fraction become Decimal.

    Raises:
        BadInput: it is no JSON object, or has no type; position and length are named, never the content.
    """
    try:
        message = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            f"Line {position} ({len(line)} bytes) is not JSON: {error}",
            fix="Check what the tap writes to its standard output; logs belong on standard error.",
        ) from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadInput(
            f"Line {position} ({len(line)} bytes) is not a Singer message: it has no type.",
            fix="Check what the tap writes to its standard output.",
        )
    return message


def binary(stream: IO[str] | IO[bytes] | None) -> IO[bytes]:
    """The bytes behind a text stream; standard input by default."""
    if stream is None:
        # Not Python's own buffer: its lock would be held by a reading thread that outlives the main thread.
        return os.fdopen(sys.stdin.fileno(), "rb", closefd=False)
    buffer = getattr(stream, "buffer", None)
    if buffer is not None:
        return buffer  # type: ignore[no-any-return]  # TextIO declares it without a type here
    if isinstance(stream, io.TextIOBase):
        return io.BytesIO(stream.read().encode())
    return stream  # type: ignore[return-value]  # what is no text stream is a binary one
