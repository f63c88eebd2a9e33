"""The command on a real ledger: called in this process for detail, as a process where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ml_connector.cli import main


class Cli:
    """Calls `ml-connector` with the home folder and ledger of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.environment = {"ML_CONNECTOR_HOME": str(self.home), "ML_CONNECTOR_LEDGER_URL": ""}

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0) -> Result:
        result = CliRunner(env=self.environment).invoke(main, arguments, input=stdin)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    def json(self, *arguments: str, stdin: str = "", code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", stdin=stdin, code=code).stdout)

    def process(
        self, *arguments: str, stdin: str = "", folder: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """The installed command in a process of its own."""
        return subprocess.run(
            [str(Path(sys.executable).with_name("ml-connector")), *arguments],
            cwd=folder or self.folder,
            env={**os.environ, **self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
