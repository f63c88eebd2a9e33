"""Runs of plugin commands without the second that every start spends on imports.

One process imports the plugins and stays; each run is a fork of it with arguments, environment, folder and
streams of its own. Nothing of the plugin is replaced: what runs is its console script's function. Started by
`plugin_runs`, which speaks one JSON line per run with it.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any


def serve(connection: socket.socket) -> None:
    """Answer every request with the process id, then with the exit status."""
    with connection.makefile("rw", encoding="utf-8") as stream:
        for line in stream:
            request = json.loads(line)
            child = os.fork()
            if child == 0:
                connection.close()
                become(request)
                return
            answer(stream, {"pid": child})
            answer(stream, {"exit_code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def answer(stream: Any, message: dict[str, int]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def become(request: dict[str, Any]) -> None:
    """Be the command: its folder, environment, arguments and streams."""
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
    sys.exit(command())


# What runs import late: migrations for a new ledger, the plugin's own version.
LATE = (
    "alembic.command",
    "alembic.context",
    "alembic.runtime.environment",
    "alembic.script",
    "importlib_metadata._adapters",
)

if __name__ == "__main__":
    for module in (*LATE, *sys.argv[2:]):
        importlib.import_module(module)
    gc.freeze()  # or every child copies what its collector looks at
    serve(socket.socket(fileno=int(sys.argv[1])))
