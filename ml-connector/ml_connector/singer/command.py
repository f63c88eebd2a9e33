"""The command line of every plugin: our exit codes, errors without tracebacks, `--check`."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import click
from singer_sdk.exceptions import ConfigValidationError, MappingError
from singer_sdk.plugin_base import SingerCommand

from ml_connector.errors import EXIT_BAD_INPUT, EXIT_SYSTEM, ConnectorError, SystemFault
from ml_connector.redaction import install_redaction, redact, traceback_text
from ml_connector.singer.files import wrong_file

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be right before a run: what was looked at, whether it holds, how to mend it."""

    check: str
    ok: bool
    detail: str = ""
    fix: str = ""


def tried(what: str, action: Callable[[], object], detail: str = "") -> Check:
    """Try one thing: its fault is a failed check, with what mends it."""
    try:
        action()
    except ConnectorError as error:
        return Check(what, ok=False, detail=error.message, fix=error.fix)
    return Check(what, ok=True, detail=detail)


class Checked(Protocol):
    """A plugin that can check its own set-up."""

    def checks(self) -> Iterable[Check]:
        """Look at login, permissions and definitions; a failure is a `Check`, not an exception."""


@dataclasses.dataclass(frozen=True, slots=True)
class Unbuilt:
    """A plugin that could not even be made, for `run_checks` to tell of."""

    error: ConnectorError

    def checks(self) -> Iterable[Check]:
        """Raise what was in the way."""
        raise self.error


def wrong_mapping(error: MappingError, stream: str | None = None) -> SystemFault:
    """What the SDK says of `stream_maps`, as a fault of the set-up."""
    where = f" of stream {stream}" if stream else ""
    return SystemFault(
        f"stream_maps{where} cannot be used: {error}", fix="Correct the mapping in the settings."
    )


def run_checks(plugin: Checked) -> int:
    """Print one JSON line per check; returns the exit code: 0, or 5 where one failed."""
    failed = False
    try:
        for check in plugin.checks():
            failed |= not check.ok
            click.echo(json.dumps(dataclasses.asdict(check), ensure_ascii=False))
    except ConnectorError as error:
        failed = True
        failure = Check("run", ok=False, detail=redact(error.message), fix=redact(error.fix))
        click.echo(json.dumps(dataclasses.asdict(failure), ensure_ascii=False))
    return EXIT_SYSTEM if failed else 0


class ConnectorCommand(SingerCommand):
    """The SDK's command with the exit codes of `ml_connector.errors` and errors without tracebacks."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options. The SDK reads `--config` and does all of `--discover` here."""
        with self._without_traceback(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the plugin; whatever goes wrong ends in a message and an exit code."""
        with self._without_traceback(ctx):
            return click.Command.invoke(self, ctx)

    @contextlib.contextmanager
    def _without_traceback(self, ctx: click.Context) -> Iterator[None]:
        install_redaction()
        logging.captureWarnings(capture=True)
        sys.excepthook = self.excepthook
        try:
            yield
        except ConnectorError as error:
            self._say(error.message, error.fix)
            ctx.exit(error.exit_code)
        except ConfigValidationError as error:
            self._say("The settings are not valid: " + "; ".join(error.errors), "Correct them; see --about.")
            ctx.exit(EXIT_SYSTEM)
        except MappingError as error:
            fault = wrong_mapping(error)
            self._say(fault.message, fault.fix)
            ctx.exit(fault.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # Whoever reads us is gone; Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._say("The next program in the pipe ended early.", "See its own messages.")
            ctx.exit(EXIT_BAD_INPUT)
        except Exception as error:  # a fault of ours: still no traceback in the user's face
            self.logger.debug("%s", traceback_text(error))
            self._say(
                f"Unexpected {type(error).__name__}: {error}",
                f"Run again with {self.name.upper().replace('-', '_')}_LOGLEVEL=DEBUG for the traceback."
                if self.name
                else "",
            )
            ctx.exit(EXIT_BAD_INPUT)

    def _say(self, message: str, fix: str) -> None:
        self.logger.error("%s", redact(message))
        if fix:
            self.logger.error("%s", redact(fix))


def _reading(read: Callable[..., Any]) -> Callable[..., Any]:
    """The SDK's reading of `--config`, whose faults name the file."""

    def checked(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> Any:
        try:
            return read(ctx, option, value)
        except (OSError, ValueError, TypeError) as error:
            names = ", ".join(name for name in value if name != "ENV")
            raise wrong_file("--config", names, error) from None

    return checked


def adopt(command: click.Command) -> ConnectorCommand:
    """The SDK's command of a plugin as ours, with everything it has and `--check`."""
    assert isinstance(command, SingerCommand)  # noqa: S101 - the SDK's get_singer_command makes no other
    for option in command.params:
        if option.name == "config" and option.callback:
            option.callback = _reading(option.callback)
    check = click.Option(
        ["--check"],
        is_flag=True,
        default=False,
        help="Test login, permissions and definitions, say what to fix, and end. Writes nothing.",
    )
    return ConnectorCommand(
        name=command.name,
        callback=command.callback,
        context_settings=command.context_settings,
        help=command.help,
        params=[*command.params, check],
        logger=command.logger,
    )
