"""The command line ``ml-sandbox``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ml_sandbox.core.app import Sandbox
from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.execute import execute
from ml_sandbox.core.process import READY, SandboxProcess
from ml_sandbox.core.server import ServeOptions
from ml_sandbox.core.server import serve as serve_sandbox
from ml_sandbox.data import generate, load_directory
from ml_sandbox.registry import VENDORS
from ml_sandbox.testing import ControlClient

Command = Callable[..., Any]


def state_options(command: Command) -> Command:
    """The options that say what a new sandbox holds and how it behaves."""
    options = (
        click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
                     help="Load the data of this directory."),
        click.option("--customers", type=click.IntRange(min=0), help="Generate so many customers."),
        click.option("--tickets", type=click.IntRange(min=1), help="Generate so many Zendesk tickets."),
        click.option("--comments", type=click.FloatRange(min=1), default=3.0, show_default=True,
                     help="Comments for each generated ticket."),
        click.option("--seed", type=int, default=1, show_default=True, help="Seed of what is generated."),
        click.option("--latency-ms", type=click.FloatRange(min=0), help="Delay every vendor answer."),
        click.option("--time-scale", type=click.FloatRange(min=0.001),
                     help="Quota windows, token lives and jobs run N times as fast."),
        click.option("--set", "changes", multiple=True, metavar="NAME=VALUE",
                     help="Change a setting, e.g. zendesk.plan=professional."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
@click.version_option(package_name="ml-sandbox")
def main() -> None:
    """Simulated vendors, as strict as the real ones."""


@main.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="0: any free port."
)
@click.option("--tls", is_flag=True, help="Answer with TLS, also by the vendors' host names.")
@click.option("--lifetime", type=click.FloatRange(min=0.1), help="End by itself after so many seconds.")
@click.option(
    "--port-file", type=click.Path(dir_okay=False, path_type=Path), help="Write the port there when ready."
)
@click.option("--end-with-input", is_flag=True, hidden=True, help="End when standard input ends.")
@state_options
def serve(
    port: int, tls: bool, lifetime: float | None, port_file: Path | None, end_with_input: bool, **state: Any
) -> None:
    """Serve all vendors on 127.0.0.1 until SIGTERM or SIGINT."""
    sandbox = Sandbox(VENDORS)
    options = ServeOptions(port, tls, lifetime, port_file, end_with_input)
    try:
        prepare(sandbox, **state)
        serve_sandbox(sandbox, options, lambda url: print(f"{READY}{url}", flush=True))  # noqa: T201
    except ControlError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on port {port}: {error.strerror}. Choose another --port."
        ) from error


def prepare(
    sandbox: Sandbox,
    data: Path | None,
    customers: int | None,
    tickets: int | None,
    comments: float,
    seed: int,
    latency_ms: float | None,
    time_scale: float | None,
    changes: tuple[str, ...],
) -> None:
    """Apply the options that say what a new sandbox holds."""
    if data is not None and customers is not None:
        raise click.UsageError("--data and --customers exclude each other.")
    sandbox.change_settings(_settings(latency_ms, time_scale, changes))
    sandbox.settings.keep_as_start()
    if data is not None:
        load_directory(sandbox.vendors, data)
    elif customers is not None:
        generate(sandbox.vendors, customers, seed)
    if tickets is not None:
        world = {"tickets": tickets, "comments": comments, "seed": seed}
        sandbox.vendors["zendesk"].put_rows("ticket_worlds", [world])


def _settings(latency_ms: float | None, time_scale: float | None, changes: tuple[str, ...]) -> dict[str, Any]:
    settings: dict[str, Any] = {"latency_ms": latency_ms, "time_scale": time_scale}
    settings = {name: value for name, value in settings.items() if value is not None}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes NAME=VALUE, not {change!r}.")
        settings[name.strip()] = value.strip()
    return settings


@main.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--url", help="Use the sandbox at this https URL, started with --tls, instead of a new one.")
@click.option("--port", type=click.IntRange(1, 65535), help="The same, at this port of 127.0.0.1.")
@state_options
@click.argument("command", nargs=-1, required=True)
def execute_command(url: str | None, port: int | None, command: tuple[str, ...], **state: Any) -> None:
    """Run a Python client with the vendors' host names resolved to a sandbox, and its certificate trusted."""
    if url is not None and port is not None:
        raise click.UsageError("--url and --port exclude each other.")
    if port is not None:
        url = f"https://127.0.0.1:{port}"
    if url is not None and not url.startswith("https://"):
        raise click.UsageError("--url must begin with https://; start that sandbox with --tls.")
    process = None if url is not None else _start_for_exec(state)
    try:
        code = _execute(process.url if process is not None else str(url), command)
    finally:
        if process is not None:
            process.stop()
    raise SystemExit(code)


def _start_for_exec(state: dict[str, Any]) -> SandboxProcess:
    arguments = ["--port", "0", "--tls"]
    for name, value in state.items():
        option = "--set" if name == "changes" else f"--{name.replace('_', '-')}"
        values = value if isinstance(value, tuple) else (value,)
        arguments += [part for one in values if one is not None for part in (option, str(one))]
    try:
        return SandboxProcess(arguments)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error


def _execute(url: str, command: tuple[str, ...]) -> int:
    try:
        certificate = ControlClient(url).certificate_authority()
    except (OSError, AssertionError) as error:
        raise click.ClickException(f"No sandbox with TLS answers at {url}: {error}") from error
    try:
        return execute(command, url, Sandbox(VENDORS).hosts, certificate)
    except OSError as error:
        click.echo(f"Error: cannot run {command[0]!r}: {error.strerror}.", err=True)
        return 127 if isinstance(error, FileNotFoundError) else 126
