"""The command on a real ledger: called in this process for detail, as a process where that matters."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from plugin_runs import Run, run_plugin

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

    def process(self, *arguments: str, stdin: str = "", folder: Path | None = None, **variables: str) -> Run:
        """The installed command in a process of its own."""
        key = {"ML_CONNECTOR_KEY": os.environ.get("ML_CONNECTOR_KEY", "")}
        given = {**self.environment, **key, **variables}
        return run_plugin("ml-connector", arguments, stdin.encode(), folder or self.folder, variables=given)
