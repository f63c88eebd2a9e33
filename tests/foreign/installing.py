"""Plugins of other makers, each in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Install = Callable[[str], str]
HERE = Path(__file__).parent
SCRIPTS = Path(sys.executable).parent


def install(program: str, home: Path) -> str:
    """Install a plugin by its pinned requirements here; gives its path."""
    # Our own pins would not fit theirs.
    variables = {name: value for name, value in os.environ.items() if not name.endswith("_CONSTRAINT")}
    for arguments in (
        ["venv", "--python", sys.executable, str(home)],
        ["pip", "install", "--python", str(home), "-r", str(HERE / f"{program}.txt")],
    ):
        subprocess.run([SCRIPTS / "uv", "--quiet", *arguments], env=variables, check=True)
    return str(home / "bin" / program)
