"""The base of every target: the SDK's Target with the way of a record of this library.

The SDK's draining is not used: it emits STATE only when everything is drained, and not in order. Lines
are numbered, records are settled in the order of dependence, and STATE k goes out when no record before
it is open.
"""

from __future__ import annotations

import abc
import copy
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import IO, Any, ClassVar

import click
import msgspec
from singer_sdk import Sink, Target
from singer_sdk.exceptions import MappingError
from singer_sdk.helpers.capabilities import PluginCapabilities, TargetCapabilities
from singer_sdk.plugin_base import _ConfigInput
from singer_sdk.singerlib.encoding.base import GenericSingerReader

from ml_connector.errors import EXIT_BAD_INPUT, EXIT_SETTLED, EXIT_TERMINATED, ConnectorError, SystemFault
from ml_connector.redaction import redact, register
from ml_connector.settings import secrets_in, typed
from ml_connector.singer.command import Check, adopt, run_checks, wrong_mapping
from ml_connector.singer.ignoring import REASON, IgnoringRun, is_off
from ml_connector.singer.intake import raw_line
from ml_connector.singer.lines import BadInput, LineReader, binary, decode
from ml_connector.singer.mapping import StreamMapping, definitions
from ml_connector.singer.messages import before_schema, check_activation, check_record, check_schema
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.run import TargetRun
from ml_connector.singer.state import newest_instant
from ml_connector.vault import resolve_settings

log = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_STATE_SECONDS = 1.0
_encode_state = msgspec.json.Encoder(decimal_format="number").encode


class _Reader(GenericSingerReader[bytes]):
    """The SDK's reader, with our loop: see `lines`."""

    target: ConnectorTarget

    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        """Read until the end of the input or a signal; faults are noted in the ledger and raised."""
        return self.target.read_lines(file_input, callbacks)

    @property
    def default_input(self) -> IO[bytes]:
        """Standard input."""
        return binary(None)

    def deserialize_json(self, line: bytes) -> dict[str, Any]:
        """One message."""
        return decode(line, 0)


class _NoSink(Sink):
    """Stands in the SDK's registry of sinks. Records go another way."""

    def get_validator(self) -> None:
        """No validation by the tap's schema: the target's own counts."""
        return

    def process_record(self, record: dict[str, Any], context: dict[str, Any]) -> None:
        """Never called."""

    def process_batch(self, context: dict[str, Any]) -> None:
        """Never called."""


class ConnectorTarget(Target, abc.ABC):
    """A target whose records end in exactly one outcome each.

    A plugin gives `name`, `system` (how policies call it), `config_jsonschema`, and `make_objects`.
    """

    system: ClassVar[str]
    default_sink_class = _NoSink
    message_reader_class = _Reader
    capabilities: ClassVar[list[Any]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.STRUCTURED_LOGGING,
        PluginCapabilities.ACTIVATE_VERSION,
        TargetCapabilities.SOFT_DELETE,
    ]

    def __init__(self, **kwargs: Any) -> None:
        self._run: TargetRun | None = None
        self._lines: LineReader | None = None
        self._position = 0
        self._terminated = False
        self._state_at = 0.0
        super().__init__(**kwargs)
        assert isinstance(self.message_reader, _Reader)  # noqa: S101 - the class attribute above
        self.message_reader.target = self

    # What a plugin gives

    @abc.abstractmethod
    def make_objects(self) -> Mapping[str, VendorObject]:
        """The target's objects by name. Called once; may open a session but sends nothing."""

    def numbers(self) -> Mapping[str, Any]:
        """The transport's figures for the summary: `requests`, `retries`, `quota` ..."""
        return {}

    def checks(self) -> Iterable[Check]:
        """What `--check` looks at. A plugin adds login, permissions and definitions."""
        ledger = TargetRun.check_ledger(self.config)
        yield Check("ledger", ok=True, detail=ledger)
        if is_off(self.config):
            yield Check("two_way", ok=True, detail=REASON)

    def close(self) -> None:
        """End sessions and tokens. Called at the end of the run, also after a fault."""

    # The SDK's seams

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        self._config = typed(self.config_jsonschema, resolve_settings(self._config))
        register(*secrets_in(self.config_jsonschema, self._config))
        if isinstance(self._config.get("stream_maps"), dict):
            # The SDK's mapper takes keys out of the dictionary that it is given.
            self._config["stream_maps"] = copy.deepcopy(self._config["stream_maps"])
        return super()._validate_config(raise_errors=raise_errors)

    @classmethod
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Only what this target honours: none of the SDK's batch and load settings."""
        super(Target, cls).append_builtin_config(config_jsonschema)

    @classmethod
    def get_singer_command(cls) -> click.Command:
        """The command with `--check`."""
        return adopt(super().get_singer_command())

    @classmethod
    def invoke(  # type: ignore[override]
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: _ConfigInput | None = None,
        file_input: IO[str] | None = None,
        check: bool = False,
    ) -> None:
        """Run the target, or its checks."""
        if check:
            given = config or _ConfigInput()
            target = cls(config=given.config, parse_env_config=given.parse_env)
            try:
                code = run_checks(target)
            finally:
                target.close()
            sys.exit(code)
        super().invoke(about=about, about_format=about_format, config=config, file_input=file_input)

    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """Only a flag: settling from within a signal handler would re-enter whatever it interrupted."""
        log.info("Signal %d: settling what was read, then ending.", signum)
        self._terminated = True
        if self._lines is not None:
            self._lines.stop()

    # Reading

    def read_lines(
        self, file_input: IO[Any] | None, callbacks: Mapping[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        """The loop over the input. Any fault ends the run in the ledger before it is raised."""
        counts: Counter[str] = Counter()
        self._lines = LineReader(binary(file_input), tick_seconds=_TICK_SECONDS)
        try:
            self._read(self._lines, callbacks, counts)
            if self._lines.cut_line is not None and not self._terminated:
                raise BadInput(
                    f"Line {self._position + 1} ({len(self._lines.cut_line)} bytes) has no end: the tap "
                    "ended in the middle of it.",
                    fix="See the tap's own messages; the next run goes on from the last STATE.",
                )
        except BaseException as error:
            self._abort(error)
            raise
        return counts

    def _read(
        self,
        lines: LineReader,
        callbacks: Mapping[str, Callable[[dict[str, Any]], None]],
        counts: Counter[str],
    ) -> None:
        for chunk in lines:
            for line in chunk:
                self._position += 1
                if not line.strip():
                    continue
                message = decode(line, self._position)
                kind = message["type"]
                callback = callbacks.get(kind)
                if callback is None:
                    raise BadInput(f"Line {self._position}: unknown message type {kind!r}.")
                callback(message)
                counts[kind] += 1
                if self._terminated:
                    return
            self.run.tick()
            self._emit_state()

    @property
    def run(self) -> TargetRun:
        """The run, opened when it is first needed."""
        if self._run is None:
            objects = self.make_objects()
            kind = IgnoringRun if is_off(self.config) else TargetRun
            self._run = kind(self.name, self.system, self.config, objects, self.numbers)
            self._run.start()
        return self._run

    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        check_schema(message_dict, self._position)
        stream, schema = message_dict["stream"], message_dict["schema"]
        try:
            self.mapper.register_raw_stream_schema(stream, schema, message_dict.get("key_properties"))
        except MappingError as error:
            raise wrong_mapping(error, stream) from None
        maps = self.mapper.stream_maps[stream]
        found = definitions(stream, self.mapper.stream_maps_dict)
        mappings = [
            StreamMapping(transform, definition, schema)
            for transform, definition in zip(maps, found, strict=False)
        ]
        mappings = [mapping for mapping in mappings if not self.leaves_out(stream, mapping.object_name)]
        for mapping in mappings:
            self._refuse_unknown(stream, mapping)
        self.run.add_stream(stream, mappings, message_dict)

    def _refuse_unknown(self, stream: str, mapping: StreamMapping) -> None:
        if not mapping.removes and mapping.object_name not in self.run.object_names:
            raise self.refuse_unknown(stream, mapping.object_name)

    def leaves_out(self, stream: str, object_name: str) -> bool:
        """Whether what this stream sends to an object is dropped. A plugin may know objects that only some
        installations have.
        """
        return False

    def refuse_unknown(self, stream: str, object_name: str) -> SystemFault:
        """The fault of a stream into an object that is not there. A plugin may know why it is not."""
        return SystemFault(
            f"Stream {stream} goes to {object_name}, which {self.name} does not know.",
            fix=f"Name one of its objects in stream_maps: {{{stream}: {{__alias__: OBJECT}}}}, or drop the "
            f"stream: {{{stream}: __NULL__}}. Known objects: {', '.join(sorted(self.run.object_names))}.",
        )

    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        check_record(message_dict, self._position)
        stream = message_dict["stream"]
        if not self.run.knows(stream):
            raise before_schema("a record", stream, self._position)
        self._take(stream, message_dict, self._position)

    def _take(self, stream: str, message: Mapping[str, Any], position: int) -> None:
        line = raw_line(stream, self.run.raw_keys(stream), message, position, self.run.ledger.digester)
        line.only_exists = line.version is not None and self.run.only_exists(stream, line)
        self.run.take(stream, line)

    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        if "value" not in message_dict:
            raise BadInput(f"Line {self._position}: a STATE needs a value.", fix="Correct the tap.")
        self.run.states.state(self._position, message_dict["value"])

    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        check_activation(message_dict, self._position)
        stream = message_dict["stream"]
        if not self.run.knows(stream):
            raise before_schema("an ACTIVATE_VERSION", stream, self._position)
        self.run.activate(stream, message_dict["version"], self._position)

    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        raise SystemFault(
            f"Line {self._position}: BATCH messages are not taken (stream {message_dict.get('stream')}).",
            fix="Switch batching off in the tap (batch_config).",
        )

    # State and end

    def _emit_state(self, *, last: bool = False) -> None:
        run, now = self.run, time.monotonic()
        if run.dry or (not last and now - self._state_at < _STATE_SECONDS):
            return
        state = run.states.ready()
        if state is not None:
            self._state_at = now
            run.summary.bookmark = newest_instant(state) or run.summary.bookmark
            self._write_state_message(state)

    def _write_state_message(self, state: dict[str, Any]) -> None:
        sys.stdout.write(_encode_state(state).decode() + "\n")
        sys.stdout.flush()

    def process_endofpipe(self) -> None:
        """The input ended, or a signal came: settle all, retry what passes, emit the last STATE."""
        try:
            self.run.finish()
            if not self._terminated:
                self._retry_letters()
        except BaseException as error:
            self._abort(error)
            raise
        self._emit_state(last=True)
        self._end(EXIT_TERMINATED if self._terminated else EXIT_SETTLED, None)
        if self._terminated:
            sys.exit(EXIT_TERMINATED)

    def _retry_letters(self) -> None:
        """Letters of a cause that passes take the normal path once more, at the end of each run."""
        letters = self.run.passing_letters()
        for letter in letters:
            if not self.run.knows(letter.stream):
                self._process_schema_message(dict(letter.schema))
            self._position += 1
            message = {
                "record": letter.raw,
                "time_extracted": letter.extracted_iso(),
                "_ml_letter": {"id": letter.id, "overlay": letter.overlay},
            }
            self._take(letter.stream, message, self._position)
        if letters:
            self.run.finish()

    def _abort(self, error: BaseException) -> None:
        """Settle what is complete where that can still be done, and note why the run ended."""
        if self._run is None:
            self.close()
            return
        fault = error
        if isinstance(error, (BadInput, EOFError)):
            try:
                self._run.finish()
            except ConnectorError as second:
                fault = second
        code = fault.exit_code if isinstance(fault, ConnectorError) else EXIT_BAD_INPUT
        self._emit_state(last=True)
        self._end(code, redact(str(fault)))

    def _end(self, code: int, reason: str | None) -> None:
        summary = self.run.end(code, reason)
        self._run = None
        self.close()
        letters = summary.get("new_letters")
        if letters:
            log.warning("%d records were newly rejected: `ml-connector letters list` says why.", letters)
        self.logger.info("run summary %s", json.dumps(summary, ensure_ascii=False, default=str))
