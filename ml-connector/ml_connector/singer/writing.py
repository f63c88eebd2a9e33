"""Singer messages to standard output: fast, exact, never half a line.

Numbers of type Decimal are written as JSON numbers with all their digits, instants as ISO 8601 in UTC.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from singer_sdk.singerlib.encoding.base import GenericSingerWriter
from singer_sdk.singerlib.encoding.simple import Message, RecordMessage

_FLUSH_BYTES = 1 << 16


def _encode_other(value: Any) -> Any:
    """Write what JSON has no form for as text (msgspec asks for it)."""
    return str(value)


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_encode_other)


def encode(value: Any) -> bytes:
    """Return `value` as JSON: Decimal as number, aware instants with their offset (UTC as `Z`)."""
    return _encoder.encode(value)


class MessageWriter(GenericSingerWriter[bytes, Message]):
    """Writes Singer messages to standard output, whole lines only.

    Records are gathered up to 64 KiB; every other message goes out at once, with all records before it.
    While `writing` is true, bytes are on their way and no exception may be raised from a signal handler.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pending = bytearray()
        self.writing = False

    def serialize_message(self, message: Message) -> bytes:
        """Return a message as one line."""
        return encode(message.to_dict()) + b"\n"

    def write_message(self, message: Message) -> None:
        """Write a message; anything but a record is flushed."""
        self._pending += self.serialize_message(message)
        if not isinstance(message, RecordMessage) or len(self._pending) >= _FLUSH_BYTES:
            self.flush()

    def write_records(
        self,
        stream: str,
        records: Iterable[Mapping[str, Any]],
        extracted: dt.datetime,
        version: int | None = None,
    ) -> int:
        """Write records of one stream as they are; `extracted` is an aware instant. Return how many."""
        start = b'{"type":"RECORD","stream":%s,"record":' % encode(stream)
        stamp = encode(extracted.astimezone(dt.UTC))
        end = b',"time_extracted":%s}\n' % stamp
        if version is not None:
            end = b',"version":%d%s' % (version, end)
        lines, count, append = bytearray(), 0, _encoder.encode_into
        for record in records:
            lines += start
            append(record, lines, -1)
            lines += end
            count += 1
            if len(lines) >= _FLUSH_BYTES:
                self._pending += lines
                lines = bytearray()
                self.flush()
        self._pending += lines
        if len(self._pending) >= _FLUSH_BYTES:
            self.flush()
        return count

    def flush(self) -> None:
        """Send what was gathered. BrokenPipeError when nobody reads any more."""
        if not self._pending:
            return
        self.writing = True
        try:
            pending, self._pending = self._pending, bytearray()
            _send(pending)
        finally:
            self.writing = False


def _send(lines: bytearray) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(lines.decode())
        sys.stdout.flush()
        return
    buffer.write(lines)
    buffer.flush()
