"""The stream of every tap: windows, batches of records, STATE after each finished window, key scans."""

from __future__ import annotations

import abc
import dataclasses
import datetime as dt
import itertools
import logging
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.helpers import types
from singer_sdk.mapper import RemoveRecordTransform, SameRecordTransform
from singer_sdk.streams import Stream

from ml_connector.errors import SystemFault
from ml_connector.singer.deletes import DeleteRules, Scan
from ml_connector.singer.report import Progress
from ml_connector.singer.windows import Window, WindowRules, instant_text, parse_instant

if TYPE_CHECKING:
    from ml_connector.singer.tap import ConnectorTap

Record = dict[str, Any]

_PLACES = itertools.count()


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Records in their final form. `extracted`: before the system was asked for the first of them.

    Whoever compares it with the time of a write must find it too early rather than too late.
    `complete_until`: all that changed before this instant was yielded, this batch included; None where the
    window is not read in the order of time.
    """

    records: Sequence[Record]
    extracted: dt.datetime
    complete_until: dt.datetime | None = None


class ConnectorStream(Stream, abc.ABC):
    """A stream that reads windows and yields batches.

    A subclass sets `name`, `primary_keys`, `replication_key` and a schema, and implements `read`. Records
    that it yields fit its schema: they are written as they are, unless a stream map, a partial selection or
    flattening is configured.

    The bookmark is the end of the last finished window, so a stream need not be sorted. One that is moves it
    inside of a window too, by `Batch.complete_until`.

    `finds_deletes` is false for a stream whose complete read says nothing of what exists, such as one of
    faults: it takes no part in the search for deleted records.
    """

    finds_deletes: ClassVar[bool] = True

    def __init__(self, tap: ConnectorTap, **options: Any) -> None:
        super().__init__(tap, **options)
        self.tap = tap
        self.place = next(_PLACES)
        self.rules = WindowRules.from_settings(tap.config)
        self.deletes = DeleteRules.from_settings(tap.config)

    @abc.abstractmethod
    def read(self, window: Window) -> Iterable[Batch]:
        """Yield the records that changed in a window; every record is complete at the window's end."""

    def read_keys(self) -> Iterator[Batch]:
        """Yield the keys of all records that exist, as records that hold `primary_keys` and nothing else.

        Called where deleted records are searched by `deletes: keys`, after the windows. A key may come
        twice, in any order; one that is left out is taken for deleted, so a fault must be raised, never
        skipped. By default all records are read whole; a stream that can ask for keys alone does.
        """
        for batch in self.read(self._whole_window()):
            keys = [{name: record.get(name) for name in self.primary_keys} for record in batch.records]
            yield Batch(keys, batch.extracted)

    def follow_up(self) -> None:
        """Do what comes after the windows and scans of a run: `send` further batches, `save_state`."""

    def send(self, batch: Batch) -> None:
        """Write the records of a batch that belongs to no window."""
        self._write(batch)
        self.tap.stop_if_asked()

    def save_state(self) -> None:
        """Write a STATE message."""
        self.state_manager.is_flushed = False
        self._write_state_message()
        self.tap.writer.flush()

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
        windows = self.windows()
        scan = self._due_scan(windows) if write_messages else None
        for window in windows:
            self.logger.info(
                "%s: reading %s (window %d of %d)", self.name, window, window.number, window.total
            )
            both = scan if scan is not None and _serves(window, scan) else None
            # A scan has no end: what changed a moment ago exists too.
            for batch in self.read(dataclasses.replace(window, end=None) if both else window):
                if write_messages:
                    self._write(batch, both)
                else:
                    yield from (dict(record) for record in batch.records)
                progress.count(len(batch.records), (window.number - 1) / window.total)
                self._advance(window, batch.complete_until, write_messages=write_messages)
                self.tap.stop_if_asked()
            if both:
                self._activate(both)
                scan = None
            self._finish(window, write_messages=write_messages)
        if scan is not None:
            self._scan(scan, progress)
        if write_messages:
            self.follow_up()

    def _due_scan(self, windows: Sequence[Window]) -> Scan | None:
        limited = self.ABORT_AT_RECORD_COUNT is not None
        if not self.finds_deletes or not self.selected or limited or self.rules.is_extra:
            return None
        if all(isinstance(each, RemoveRecordTransform) for each in self.stream_maps):
            return None
        whole = len(windows) == 1 and windows[0].is_everything and self.replication_key is None
        return self.deletes.scan(self.stream_state, dt.datetime.now(dt.UTC), whole=whole)

    def _scan(self, scan: Scan, progress: Progress) -> None:
        """Send all keys, or all records, with the scan's version; then the state that it is complete."""
        what = "keys of all records" if scan.keys_only else "all records"
        self.logger.info("%s: reading the %s to find deleted ones", self.name, what)
        self._require_unmapped(scan)
        scan.separate = True
        for batch in self.read_keys() if scan.keys_only else self.read(self._whole_window()):
            self._write(batch, scan)
            progress.count(len(batch.records))
            self.tap.stop_if_asked()
        self._activate(scan)
        self.save_state()

    def _whole_window(self) -> Window:
        """All that was ever to be read; what did not change since `start_date` never was."""
        return Window(start=None if self.replication_key is None else self.rules.start_date)

    def _require_unmapped(self, scan: Scan) -> None:
        plain = (SameRecordTransform, RemoveRecordTransform)
        if scan.keys_only and any(type(each) not in plain for each in self.stream_maps):
            raise SystemFault(
                f"Stream {self.name} is mapped by the tap, which needs more of a record than its key.",
                fix="Set `deletes` to `records`, or move the mapping from the tap to the loader.",
            )

    def _activate(self, scan: Scan) -> None:
        if scan.may_activate(self.name):
            scan.note(self.stream_state)
            self._write_activate_version_message(scan.version)
        else:
            self.logger.warning("%s: no record was found, so none is reported as deleted.", self.name)

    @property
    def emit_activate_version_messages(self) -> bool:
        """Return false: the SDK would send the message before the records. See `deletes`."""
        return False

    def _write(self, batch: Batch, scan: Scan | None = None) -> None:
        records = self._allowed(batch.records)
        if not self.selected:
            return
        self._stream_version = scan.version if scan else None
        if scan is not None:
            scan.records += len(records)
        if self._is_plain or (scan is not None and scan.keys_only):
            self.tap.writer.write_records(self.name, records, batch.extracted, self._stream_version)
        else:
            for record in records:
                self._write_mapped(dict(record), batch.extracted)
        # Whoever reads us may begin while the next batch is on its way.
        self.tap.writer.flush()
        if scan is not None and scan.separate:
            self.tap.summary.scanned[self.name] += len(records)
            return
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
        self._move_bookmark(window, window.end)
        if write_messages:
            self.save_state()

    def _advance(self, window: Window, until: dt.datetime | None, *, write_messages: bool) -> None:
        """Move the bookmark inside of a window that is read in the order of time."""
        if until is not None and self._move_bookmark(window, until) and write_messages:
            self.save_state()

    def _move_bookmark(self, window: Window, until: dt.datetime | None) -> bool:
        if self.replication_key is None or not window.moves_bookmark or until is None:
            return False
        if self.bookmark is not None and self.bookmark >= until:
            return False
        state = self.stream_state
        state["replication_key"] = self.replication_key
        state["replication_key_value"] = instant_text(until)
        return True


def _serves(window: Window, scan: Scan) -> bool:
    """Whether a window reads all records anyway, in the form that the scan wants."""
    return window.is_everything and window.total == 1 and not scan.keys_only
