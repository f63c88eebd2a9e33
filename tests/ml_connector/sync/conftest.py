from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_connector.ledger import Ledger


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: these tests commit thousands of times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def ledger(fast_folder: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A real ledger in SQLite, shared by the tests of a file: each takes an integration of its own."""
    name = request.module.__name__.rpartition(".")[2]
    opened = Ledger(f"sqlite:///{fast_folder / name}.db")
    yield opened
    opened.close()


@pytest.fixture
def integration(request: pytest.FixtureRequest) -> str:
    """A name that no other test has."""
    return str(request.node.name)
