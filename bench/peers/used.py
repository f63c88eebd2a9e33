"""Run a command and write what it used: used.py RESULT STDIN COMMAND...

Small on purpose: a child begins with its parent's peak of memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main(result: str, given: str, command: list[str]) -> int:
    with open(given, "rb") as lines:  # noqa: PTH123 (pathlib would double this process's memory)
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=lines)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
    code = child.returncode = os.waitstatus_to_exitcode(status)
    figures = {
        "code": code,
        "seconds": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
    }
    with open(result, "w") as file:  # noqa: PTH123 (as above)
        json.dump(figures, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
