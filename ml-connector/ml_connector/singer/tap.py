"""The base of every tap: settings, secrets, exit codes, signals, summary."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from types import FrameType
from typing import IO, Any, ClassVar

import click
from singer_sdk import Tap
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities, TapCapabilities
from singer_sdk.plugin_base import _ConfigInput

from ml_connector import redaction
from ml_connector.errors import EXIT_BAD_INPUT, EXIT_TERMINATED, ConnectorError
from ml_connector.http import Session
from ml_connector.settings import Setting, secrets_of, to_jsonschema, typed
from ml_connector.singer.command import Check, Unbuilt, adopt, run_checks
from ml_connector.singer.files import json_file
from ml_connector.singer.report import RunSummary
from ml_connector.singer.writing import MessageWriter
from ml_connector.vault import resolve_settings


class Terminated(SystemExit):
    """A signal asked the tap to end; its code is the exit code."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(EXIT_TERMINATED if signal_number == signal.SIGTERM else 128 + signal_number)


class ConnectorTap(Tap):
    """A tap with the settings, messages and exit codes of this library.

    A subclass declares `name` and `settings`, and implements `discover_streams` and `checks`. It returns
    its HTTP sessions from `sessions`, and gives back what it holds (a login) in `close`.
    """

    settings: ClassVar[tuple[Setting, ...]] = ()
    message_writer_class = MessageWriter
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        TapCapabilities.CATALOG,
        TapCapabilities.STATE,
        TapCapabilities.DISCOVER,
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "settings" in cls.__dict__:
            cls.config_jsonschema = to_jsonschema(cls.settings)
            if any(setting.name == "deletes" for setting in cls.settings):
                cls.capabilities = [*cls.capabilities, TapCapabilities.ACTIVATE_VERSION]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        redaction.install_redaction()
        self.stopping = threading.Event()
        self._signal = 0
        self.summary = RunSummary(self.name)
        super().__init__(*args, **kwargs)

    @property
    def writer(self) -> MessageWriter:
        """The writer of all messages."""
        writer = self.message_writer
        assert isinstance(writer, MessageWriter)  # noqa: S101 - message_writer_class makes no other
        return writer

    def checks(self) -> Iterable[Check]:
        """Look at login, permissions and definitions; a failure is a `Check`, not an exception."""
        return ()

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions that were used so far."""
        return ()

    def close(self) -> None:
        """Give back what the tap holds. Called once, however the run ends."""

    def quota_left(self) -> Mapping[str, float]:
        """Return what the vendor still allows, by name of the limit, as far as it is known."""
        return {}

    def numbers(self) -> Mapping[str, Any]:
        """Return what else the run's summary says, such as what it cost."""
        return {}

    def is_wanted(self, name: str) -> bool:
        """Whether a stream may be read: with a catalog, those that it selects."""
        catalog = self.input_catalog
        if catalog is None:
            return True
        entry = catalog.get_stream(name)
        return entry is not None and entry.metadata.resolve_selection()[()]

    def stop_if_asked(self) -> None:
        """End the run here when a signal came."""
        if self.stopping.is_set():
            raise Terminated(self._signal)

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        try:
            self._config = resolve_settings(self._config)
        except ConnectorError:
            # Discovery needs no secrets, so a vault that cannot be opened does not stop it.
            if raise_errors:
                raise
        redaction.register(*secrets_of(self.settings, self._config))
        self._config = typed(self.config_jsonschema, self._config)
        return super()._validate_config(raise_errors=raise_errors)

    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        first = not self.stopping.is_set()
        self._signal = signum
        self.stopping.set()
        if first and self.writer.writing:
            return  # the stream ends the run once the line is written
        raise Terminated(signum)

    def run(self) -> None:
        """Read all selected streams; say the summary and give everything back, however it ends."""
        code = EXIT_BAD_INPUT
        try:
            self._put_in_order()
            self.sync_all()
            self.writer.flush()
            code = 0
        except ConnectorError as error:
            code = error.exit_code
            raise
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else EXIT_BAD_INPUT
            raise
        finally:
            self._end(code)

    def _put_in_order(self) -> None:
        """Read streams in the order in which `discover_streams` makes them; the SDK sorts them by name.

        A plugin puts first what others refer to, so that a target need not wait for it.
        """
        ordered = sorted(self.streams.items(), key=lambda item: getattr(item[1], "place", 0))
        self.streams.clear()
        self.streams.update(ordered)

    def _end(self, code: int) -> None:
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.writer.flush()
        with _undisturbed():
            self.stopping.clear()
            self.close()
        self.summary.say(self.logger, code, self._traffic(), self.quota_left(), self.numbers())

    def _traffic(self) -> dict[str, Any]:
        total: dict[str, Any] = {}
        for session in self.sessions():
            for name, number in session.counters.summary().items():
                if isinstance(number, (int, float)):
                    total[name] = total.get(name, 0) + number
        return total

    @classmethod
    def invoke(  # type: ignore[override]  # the option --check is ours
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: _ConfigInput | None = None,
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
        check: bool = False,
    ) -> None:
        """Run the command line."""
        if about:
            cls.print_about(about_format)
            sys.exit(0)
        cls.print_version(print_fn=cls.logger.info)
        given = config or _ConfigInput()
        try:
            tap = cls(
                config=given.config,
                state=json_file("--state", state),
                catalog=json_file("--catalog", catalog),
                parse_env_config=given.parse_env,
                validate_config=True,
            )
        except ConnectorError as error:
            # Where streams are found by asking the vendor, a refused login ends even this.
            if check:
                sys.exit(run_checks(Unbuilt(error)))
            raise
        if not check:
            tap.run()
            return
        try:
            code = run_checks(tap)
        finally:
            with _undisturbed():
                tap.close()
        sys.exit(code)

    @classmethod
    def get_singer_command(cls) -> click.Command:
        """Return the command line: the SDK's, with our exit codes and `--check`."""
        return adopt(super().get_singer_command())


@contextlib.contextmanager
def _undisturbed() -> Any:
    """Ignore further requests to end while the tap is ending."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
