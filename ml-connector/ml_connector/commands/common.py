"""What every command shares: options, output as tables or JSON, faults without tracebacks."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn

import click
import msgspec
from rich.console import Console
from rich.table import Table

from ml_connector.ages import show_age
from ml_connector.errors import EXIT_BAD_INPUT, ConnectorError, SystemFault
from ml_connector.ledger import Ledger
from ml_connector.ledger_access import open_ledger
from ml_connector.project import FILE, find_project, ledger_url
from ml_connector.redaction import install_redaction, redact

LEDGER_VARIABLE = "ML_CONNECTOR_LEDGER_URL"
_PIPED_WIDTH = 200
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)

Command = Callable[..., Any]


def _project_ledger(context: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """What was given, else the `ledger_url` of the Meltano project's loaders."""
    if value or context.resilient_parsing:
        return value
    project = find_project()
    if project is None or not (project / FILE).is_file():
        return None
    # Of the other options those that were given are known by now, the integration among them.
    return ledger_url(project, context.params.get("integration"))


ledger_option = click.option(
    "--ledger-url",
    envvar=LEDGER_VARIABLE,
    show_envvar=True,
    callback=_project_ledger,
    help="The ledger's database. Default: the ledger_url of the Meltano project's loaders; without one "
    ".ml-connector/ledger.db of the project, or of this folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")
integration_option = click.option("--integration", "-i", help="Only this integration.")


class Group(click.Group):
    """A group whose commands end with our exit codes and never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; say what went wrong and how to mend it."""
        if ctx.parent is not None:
            return super().invoke(ctx)
        install_redaction()
        logging.captureWarnings(capture=True)
        try:
            return super().invoke(ctx)
        except ConnectorError as error:
            complain(error)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # Whoever read our output has seen enough; keep Python from complaining at exit.
            sys.stderr.close()
            ctx.exit(EXIT_BAD_INPUT)


def complain(error: ConnectorError) -> None:
    """Say a fault on standard error."""
    click.echo(f"Error: {redact(error.message)}", err=True)
    if error.fix:
        click.echo(redact(error.fix), err=True)


def group(name: str, help_text: str) -> Group:
    """An empty group of commands."""
    return Group(name, help=help_text)


@contextlib.contextmanager
def opened(url: str | None) -> Iterator[Ledger]:
    """The ledger, closed at the end of the block."""
    ledger = open_ledger(url)
    try:
        yield ledger
    finally:
        ledger.close()


def print_json(value: Any) -> None:
    """One JSON document, indented."""
    click.echo(msgspec.json.format(_encoder.encode(value), indent=2).decode())


def say(message: str) -> None:
    """A line for a person."""
    click.echo(redact(message))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """A table; values are shown as they are, None as nothing."""
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def print_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Names and values, one pair a line; those without a value are left out."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None and value != "":
            table.add_row(name, _cell(value))
    console().print(table)


def console() -> Console:
    """Standard output: its own width on a terminal, wide where it is piped. Values are no markup."""
    piped = not sys.stdout.isatty()
    return Console(markup=False, highlight=False, emoji=False, width=_PIPED_WIDTH if piped else None)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return _encoder.encode(value).decode()
    return redact(str(value))


def as_json_text(value: Any) -> str:
    """A value as one line of JSON."""
    return _encoder.encode(value).decode()


def show_time(seconds: float | None) -> str | None:
    """UTC seconds since 1970 as `2026-11-21 06:40:00Z`."""
    if seconds is None:
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def iso(seconds: float | None) -> str | None:
    """UTC seconds since 1970 as ISO 8601, for JSON."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def ago(seconds: float | None) -> str | None:
    """How long ago this was."""
    return None if seconds is None else f"{show_age(max(time.time() - seconds, 0))} ago"


def confirm(question: str, *, yes: bool) -> None:
    """Ask unless `--yes`; without a terminal the option is needed.

    Raises:
        SystemFault: nobody is there to answer.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise SystemFault(f"{question} Nobody is here to answer.", fix="Repeat the command with --yes.")
    if not click.confirm(question):
        refuse("Nothing was changed.")


def refuse(message: str) -> NoReturn:
    """End with a message and exit code 1."""
    click.echo(message, err=True)
    raise click.exceptions.Exit(EXIT_BAD_INPUT)
