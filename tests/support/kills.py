"""Kill -9 of a run at a moment that the vendor tells.

Whatever the machine's pace, the run must not end before it is killed: from that moment on the vendor is slow.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from plugin_runs import WhileRunning

DEADLINE = 30.0  # seconds


def kill_when(reached: Callable[[], bool]) -> WhileRunning:
    """Kill the run once this is true; one that ended by itself is left to the test."""

    def kill(process: int) -> None:
        end = time.monotonic() + DEADLINE
        while not reached() and time.monotonic() < end:
            time.sleep(0.003)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    return kill


def slow_from(system: str, path: str, number: int, seconds: float = 0.4) -> dict[str, Any]:
    """The fault that holds up every request of a path from this one on; the vendor does them afterwards."""
    fault = {"system": system, "path": path, "fault": "latency", "seconds": seconds}
    return {**fault, "after": number - 1, "times": None}
