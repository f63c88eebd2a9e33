"""A sandbox in a process of its own."""

import queue
import subprocess
import sys
import threading
from collections.abc import Sequence

READY = "ml-sandbox ready on "
START_SECONDS = 60.0
END_SECONDS = 10.0


class SandboxProcess:
    """``ml-sandbox serve`` as a child process.

    Args:
        arguments: those of ``serve``.

    Attributes:
        url: where it listens; known once the constructor returns.

    Raises :class:`RuntimeError` with what the server said when it does not come up.
    """

    def __init__(self, arguments: Sequence[str], start_seconds: float = START_SECONDS) -> None:
        command = [sys.executable, "-m", "ml_sandbox", "serve", "--end-with-input", *arguments]
        self._child = subprocess.Popen(  # noqa: S603 (our own command)
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.errors: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read_output, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self.url = self._wait_until_ready(start_seconds)

    @property
    def pid(self) -> int:
        """The id of the child process."""
        return self._child.pid

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._child.poll()

    def stop(self) -> int:
        """End the process, by force when it does not end in time, and give its exit code."""
        if self._child.poll() is None:
            self._child.terminate()
        try:
            code = self._child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            code = self._child.wait()
        for reader in self._readers:
            reader.join(END_SECONDS)
        for stream in (self._child.stdin, self._child.stdout, self._child.stderr):
            if stream is not None:
                stream.close()
        return code

    def _wait_until_ready(self, seconds: float) -> str:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            line = ""
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
        self.stop()
        raise RuntimeError(f"The sandbox did not start within {seconds:.0f} s: {line}{''.join(self.errors)}")

    def _read_output(self) -> None:
        assert self._child.stdout is not None  # noqa: S101 (opened as a pipe above)
        for line in self._child.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _read_errors(self) -> None:
        assert self._child.stderr is not None  # noqa: S101 (opened as a pipe above)
        self.errors.extend(self._child.stderr)
