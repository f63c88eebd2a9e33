"""One plugin as a process, measured: what it is given and what it writes are files."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers.environments import FOLDER
from bench.two_ways import project


@dataclass(frozen=True)
class Used:
    """What a run used: its own summary, seconds, CPU seconds, peak memory in MB."""

    summary: Mapping[str, Any]
    seconds: float
    cpu: float
    memory: float

    def outcomes(self, *names: str) -> int:
        """How many records had one of these outcomes."""
        return sum(self.summary["outcomes"].get(name, 0) for name in names)


def environment(folder: Path) -> dict[str, str]:
    """Surroundings of plugins that share a ledger in `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    key = base64.b64encode(os.urandom(32)).decode()
    return {**kept, "ML_CONNECTOR_HOME": str(folder / "home"), "ML_CONNECTOR_KEY": key}


def run(plugin: str, folder: Path, surroundings: Mapping[str, str], *options: str, **files: Path) -> Used:
    """Run a plugin over the file `given`, into the file `output`; a run that fails ends the measurement."""
    result = folder / f"{plugin}.used.json"
    given = files.get("given", Path(os.devnull))
    program = [str(project.PROGRAMS / plugin), *options]
    with files.get("output", Path(os.devnull)).open("wb") as written:
        ended = subprocess.run(
            [sys.executable, str(FOLDER / "used.py"), str(result), str(given), *program],
            env=dict(surroundings),
            stdout=written,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures = json.loads(result.read_text(encoding="utf-8"))
    if figures["code"] != 0:
        sys.exit(f"{plugin} ended with {figures['code']}:\n{ended.stderr[-4000:]}")
    line = next(line for line in ended.stderr.splitlines() if "run summary {" in line)
    summary = json.loads(line.partition("run summary ")[2])
    return Used(summary, figures["seconds"], figures["cpu"], figures["memory"])
