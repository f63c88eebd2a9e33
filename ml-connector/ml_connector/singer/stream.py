"""The stream of every tap: windows, batches of records, STATE after each finished window."""

from __future__ import annotations

import abc
import dataclasses
import datetime as dt
import logging
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from singer_sdk.helpers import types
from singer_sdk.mapper import SameRecordTransform
from singer_sdk.streams import Stream

from ml_connector.singer.report import Progress
from ml_connector.singer.windows import Window, WindowRules, instant_text, parse_instant

if TYPE_CHECKING:
    from ml_connector.singer.tap import ConnectorTap

Record = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Records in their final form. `extracted`: before the system was asked for the first of them.

    Whoever compares it with the time of a write must find it too early rather than too late.
    """

    records: Sequence[Record]
    extracted: dt.datetime


class ConnectorStream(Stream, abc.ABC):
    """A stream that reads windows and yields batches.

    A subclass sets `name`, `primary_keys`, `replication_key` and a schema, and implements `read`. Records
    that it yields fit its schema: they are written as they are, unless a stream map, a partial selection or
    flattening is configured.

    The bookmark is the end of the last finished window. It never moves inside of a window, so a stream
    need not be sorted.
    """

    def __init__(self, tap: ConnectorTap, **options: Any) -> None:
        super().__init__(tap, **options)
        self.tap = tap
        self.rules = WindowRules.from_settings(tap.config)

    @abc.abstractmethod
    def read(self, window: Window) -> Iterable[Batch]:
        """Yield the records that changed in a window; every record is complete at the window's end."""

    def system_time(self) -> dt.datetime:
        """Return the time of the system that is read; by default this machine's."""
        return dt.datetime.now(dt.UTC)

    def windows(self) -> list[Window]:
        """Return the windows of this run, oldest first."""
        if self.replication_key is None:
            return [Window(keys=self.rules.keys)]
        return self.rules.plan(self.bookmark, self.system_time())

    @property
    def bookmark(self) -> dt.datetime | None:
        """The end of the last finished window of earlier runs, or of this one."""
        value = self.stream_state.get("replication_key_value")
        return parse_instant(str(value), f"The bookmark of {self.name}") if value else None

    def get_records(self, context: types.Context | None) -> Iterator[Record]:
        """Yield the records of all windows, one by one."""
        for window in self.windows():
            for batch in self.read(window):
                yield from (dict(record) for record in batch.records)

    def log(self, message: str, *args: Any, level: int = logging.INFO, **kwargs: Any) -> None:
        """Log a message of the SDK; not its errors, which the command line tells with their cause."""
        if level < logging.ERROR:
            super().log(message, *args, level=level, **kwargs)

    def get_replication_key_signpost(self, context: types.Context | None = None) -> None:
        """Return none: windows bound what is read, and the bookmark with it."""

    def get_batch_config(self, config: Any) -> None:
        """Return none: records are always sent as messages."""

    def _sync_records(
        self, context: types.Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        progress = Progress(self.logger, self.name)
        for window in self.windows():
            self.logger.info(
                "%s: reading %s (window %d of %d)", self.name, window, window.number, window.total
            )
            for batch in self.read(window):
                if write_messages:
                    self._write(batch)
                else:
                    yield from (dict(record) for record in batch.records)
                progress.count(len(batch.records), (window.number - 1) / window.total)
                self.tap.stop_if_asked()
            self._finish(window, write_messages=write_messages)

    def _write(self, batch: Batch) -> None:
        records = self._allowed(batch.records)
        if not self.selected:
            return
        if self._is_plain:
            self.tap.writer.write_records(self.name, records, batch.extracted, self._stream_version)
        else:
            for record in records:
                self._write_mapped(dict(record), batch.extracted)
        # Whoever reads us may begin while the next batch is on its way.
        self.tap.writer.flush()
        self.tap.summary.records[self.name] += len(records)
        if len(records) < len(batch.records):
            # Only a connection test limits the records; this ends the stream as the SDK does.
            self.state_manager.is_flushed = False
            self._check_max_record_limit(len(batch.records))
        for record in records if self.child_streams else ():
            self._process_record(dict(record))

    def _allowed(self, records: Sequence[Record]) -> Sequence[Record]:
        limit = self.ABORT_AT_RECORD_COUNT
        return records if limit is None else records[: max(0, limit - self.tap.summary.records[self.name])]

    def _write_mapped(self, record: Record, extracted: dt.datetime) -> None:
        for message in self._generate_record_messages(record):
            message.time_extracted = extracted.astimezone(dt.UTC)
            self.tap.writer.write_message(message)

    @property
    def _is_plain(self) -> bool:
        """Whether records leave as they come: no map, no flattening, every field selected."""
        maps = self.stream_maps
        if len(maps) != 1 or type(maps[0]) is not SameRecordTransform or maps[0].flattening_enabled:
            return False
        if (
            self._input_schema is not None
            and self._input_schema.get("properties") != self.schema["properties"]
        ):
            return False
        return all(self.mask.get(("properties", name), True) for name in self.schema["properties"])

    def _finish(self, window: Window, *, write_messages: bool) -> None:
        moved = self.replication_key is not None and window.moves_bookmark and window.end is not None
        if moved and (self.bookmark is None or self.bookmark < window.end):  # type: ignore[operator]
            state = self.stream_state
            state["replication_key"] = self.replication_key
            state["replication_key_value"] = instant_text(window.end)  # type: ignore[arg-type]
        if write_messages:
            self.state_manager.is_flushed = False
            self._write_state_message()
            self.tap.writer.flush()
