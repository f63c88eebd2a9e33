"""Put on a client's path as ``sitecustomize``: resolves the vendors' host names to the sandbox.

It stands alone: the client's interpreter need not have the sandbox installed.
"""

import fnmatch
import importlib.machinery
import importlib.util
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any


def install() -> None:
    """Let ``socket.getaddrinfo``, through which Python clients resolve names, know the vendors' hosts."""
    names = json.loads(os.environ["ML_SANDBOX_NAMES"])
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(text, str) and any(fnmatch.fnmatch(text.lower(), known) for known in names["hosts"]):
            return resolve(names["address"], names["port"], *rest, **options)
        return resolve(host, port, *rest, **options)

    socket.getaddrinfo = getaddrinfo


def run_shadowed() -> None:
    """Run the ``sitecustomize`` that this one hides, if the client's interpreter has one."""
    own = Path(__file__).resolve().parent
    paths = [path for path in sys.path if Path(path or ".").resolve() != own]
    found = importlib.machinery.PathFinder.find_spec("sitecustomize", paths)
    if found is not None and found.loader is not None:
        found.loader.exec_module(importlib.util.module_from_spec(found))


if "ML_SANDBOX_NAMES" in os.environ:
    install()
    run_shadowed()
