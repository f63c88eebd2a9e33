"""What a measurement gives, and how processes are measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True)
class Measured:
    """One number. `goal` is what it has to stay within; None where there is none."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        return self.goal is None or self.value <= self.goal

    def __str__(self) -> str:
        goal = (
            ""
            if self.goal is None
            else f" (goal <= {self.goal:g}: {'reached' if self.reached else 'MISSED'})"
        )
        note = f"  {self.note}" if self.note else ""
        return f"{self.name:<58} {self.value:>12.2f} {self.unit}{goal}{note}"


@dataclass(frozen=True)
class Used:
    """What a process used: seconds of CPU (its own and the system's), seconds of time, peak memory in MiB."""

    cpu: float
    seconds: float
    memory: float


def run_measured(
    command: str, arguments: Sequence[str], given: Path, folder: Path, variables: Mapping[str, str]
) -> Used:
    """Run a console script of this environment with a file as its input; it has to succeed."""
    began = time.monotonic()
    with given.open("rb") as stream, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [str(SCRIPTS / command), *arguments],
            cwd=folder,
            env={**os.environ, **variables},
            stdin=stream,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        peak = _watch_memory(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "errors").read_text()[-2000:]
        raise RuntimeError(f"{command} ended with {process.returncode}:\n{said}")
    return Used(usage.ru_utime + usage.ru_stime, time.monotonic() - began, peak)


def _watch_memory(process: int) -> float:
    """Peak memory in MiB, watched until the process ends: what `wait4` tells begins with the parent's."""
    peak = 0
    while True:
        try:
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            return peak / 1024
        lines = dict(line.split(":", 1) for line in status.splitlines())
        if lines.get("State", "").split()[:1] == ["Z"]:
            return peak / 1024
        peak = max(peak, int(lines.get("VmHWM", "0 kB").split()[0]))
        time.sleep(0.05)
