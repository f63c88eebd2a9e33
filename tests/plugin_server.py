"""Runs of plugin commands without the second that every start spends on imports.

One process imports the plugins and stays; each run is a fork of it with arguments, environment, folder and
streams of its own. Nothing of the plugin is replaced: what runs is its console script's function. Started by
`plugin_runs`, which speaks one JSON line per run with it.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

END_SECONDS = 10.0


def serve(connection: socket.socket) -> None:
    """Answer every request with the process id, then with the exit status; what stays waits for its end."""
    with connection.makefile("rw", encoding="utf-8") as stream:
        for line in stream:
            request = json.loads(line)
            if "stop" in request:
                answer(stream, {"exit_code": stop(request["stop"])})
                continue
            child = os.fork()
            if child == 0:
                connection.close()
                leave(become(request))
            answer(stream, {"pid": child})
            if not request.get("stays"):
                answer(stream, {"exit_code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def stop(child: int) -> int:
    """End a process that stayed, by force when it does not end in time."""
    os.kill(child, signal.SIGTERM)
    end = time.monotonic() + END_SECONDS
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


def answer(stream: Any, message: dict[str, int]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def become(request: dict[str, Any]) -> Callable[[], Any]:
    """Be the command, but for calling it: its folder, environment, arguments and streams."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, (name, flags) in enumerate(
        (
            (request["input"], os.O_RDONLY),
            (request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        )
    ):
        file = os.open(name, flags, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.argv = request["arguments"]
    command: Any = importlib.import_module(request["module"])
    for name in request["attribute"].split("."):
        command = getattr(command, name)
    return command  # type: ignore[no-any-return]  # what the entry point names


def leave(command: Callable[[], Any]) -> NoReturn:
    """Call the command and end with its exit code, as the interpreter does: threads, exit functions, streams.

    Only its objects are left alone: the fork shares them, and would copy each before taking it apart. Any
    other end than with a number is an ordinary one.
    """
    try:
        sys.exit(command())
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code or 0)


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    gc.freeze()  # or every child copies what its collector looks at
    serve(socket.socket(fileno=int(sys.argv[1])))
