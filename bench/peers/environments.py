"""An environment for each peer, made by uv from its pinned requirements, beside the project's own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
_HOME = FOLDER.parents[1] / ".venv" / "peers"


def python(name: str) -> Path:
    """The interpreter of the peer's environment, which is made anew when its requirements change."""
    requirements = FOLDER / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:8]
    place = _HOME / f"{name}-{digest}"
    interpreter = place / "bin" / "python"
    if not (place / "complete").exists():
        _uv("venv", "--clear", "--python", sys.executable, str(place))
        _uv("pip", "install", "--python", str(interpreter), "--requirements", str(requirements))
        (place / "complete").touch()
    return interpreter


def run(command: list[str], folder: Path) -> None:
    """Run a step of preparation; one that fails ends the measurement."""
    # The project's own pins are not the peer's.
    apart = {"UV_CONSTRAINT", "PIP_CONSTRAINT", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in apart}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stderr}")


def _uv(*arguments: str) -> None:
    run([str(Path(sys.executable).parent / "uv"), *arguments], FOLDER)
