"""A real sandbox in a child process, for tests."""

import contextlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from ml_sandbox.core.process import START_SECONDS, SandboxProcess

Row = dict[str, Any]
DEFAULT_LIFETIME = 900.0


class ControlRefusedError(AssertionError):
    """The control API refused what the test asked."""


class ControlClient:
    """A client of ``/control``.

    Args:
        url: the sandbox's URL.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        # The sandbox listens on loopback with a certificate of its own making; nothing can verify it yet.
        self._context = _unverified() if url.startswith("https") else None

    def rows(self, system: str, object_name: str) -> list[Row]:
        """All rows of an object."""
        rows: list[Row] = self._call("GET", f"/{system}/{object_name}")
        return rows

    def put_rows(self, system: str, object_name: str, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Upsert rows; gives what is stored."""
        stored: list[Row] = self._call("PUT", f"/{system}/{object_name}", list(rows))
        return stored

    def clear(self, system: str, object_name: str | None = None) -> None:
        """Empty a system, or one of its objects."""
        self._call("DELETE", f"/{system}/{object_name}" if object_name else f"/{system}")

    def requests(self, system: str | None = None, *, writes_only: bool = False) -> list[Row]:
        """The logged requests, oldest first."""
        query = f"?{urlencode({'system': system})}" if system else ""
        logged: list[Row] = self._call("GET", f"/requests{query}")
        return [request for request in logged if request["write"] or not writes_only]

    def clear_requests(self) -> None:
        """Forget the logged requests."""
        self._call("DELETE", "/requests")

    def faults(self, *faults: Mapping[str, Any]) -> list[Row]:
        """Replace the faults by these."""
        replaced: list[Row] = self._call("PUT", "/faults", list(faults))
        return replaced

    def present_faults(self) -> list[Row]:
        """The present faults with their counters ``seen`` and ``fired``."""
        present: list[Row] = self._call("GET", "/faults")
        return present

    def settings(self, **changes: Any) -> Row:
        """Change settings and give all of them; ``zendesk={"plan": "team"}`` for those of a vendor."""
        settings: Row = self._call("PUT", "/settings", changes)
        return settings

    def systems(self) -> dict[str, list[str]]:
        """The names of all systems, with their objects."""
        systems: dict[str, list[str]] = self._call("GET", "")["systems"]
        return systems

    def now(self) -> datetime:
        """The sandbox's wall time."""
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def jump(self, seconds: float) -> None:
        """Move the sandbox's clock by so many seconds."""
        self._call("PUT", "/clock", {"jump": seconds})

    def reset_settings(self) -> None:
        """Back to the settings that the sandbox was started with."""
        self._call("DELETE", "/settings")

    def certificate_authority(self) -> str:
        """The PEM certificate of a sandbox with TLS."""
        return self._send("GET", "/ca", None).decode("ascii")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._send(method, path, body)
        return json.loads(answer) if answer else None

    def _send(self, method: str, path: str, body: Any) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._url}/control{path}", data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=120, context=self._context) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise ControlRefusedError(f"{method} /control{path}: {error.read().decode()}") from error


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class RunningSandbox:
    """A sandbox that is being served.

    Attributes:
        url: its address, without a trailing slash; vendors live under ``/zendesk`` and so on.
        control: a client of its control API.
        process: its process.
    """

    def __init__(self, process: SandboxProcess) -> None:
        self.process = process
        self.url = process.url
        self.control = ControlClient(process.url)


@contextlib.contextmanager
def running_sandbox(
    *, lifetime: float = DEFAULT_LIFETIME, start_seconds: float = START_SECONDS, **options: Any
) -> Iterator[RunningSandbox]:
    """Serve a sandbox on a free port while the block runs.

    ``options`` are those of ``ml-sandbox serve`` with underscores: ``tls=True``, ``time_scale=100``,
    ``customers=50, seed=3``, ``data="DIR"``, ``settings={"zendesk.plan": "team"}``. ``start_seconds`` is how
    long it may take to come up: rows are made first.
    """
    process = SandboxProcess(
        ["--port", "0", "--lifetime", str(lifetime), *serve_arguments(options)], start_seconds
    )
    try:
        yield RunningSandbox(process)
    finally:
        process.stop()


def serve_arguments(options: Mapping[str, Any]) -> list[str]:
    """The command line of ``ml-sandbox serve`` with the options of :func:`running_sandbox`."""
    arguments: list[str] = []
    for name, value in options.items():
        if name == "settings":
            for setting, setting_value in value.items():
                arguments += ["--set", f"{setting}={setting_value}"]
        elif value is True:
            arguments.append(f"--{name.replace('_', '-')}")
        elif value is not None and value is not False:
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    return arguments
