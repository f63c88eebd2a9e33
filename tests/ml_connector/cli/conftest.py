"""An empty home folder and a ledger in it; a sandbox for commands that start runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli import Cli
from target_fixtures import sandbox, served

from ml_connector.ledger import Ledger

__all__ = ["sandbox", "served"]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    for name in ("ML_CONNECTOR_KEY", "MELTANO_PROJECT_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.chdir(tmp_path)
    return Cli(tmp_path)


@pytest.fixture
def ledger(cli: Cli) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{cli.home / 'ledger.db'}")
    yield opened
    opened.close()
