"""One sandbox per worker, emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.sandboxes import running_sandbox
from jde_target import JdeTarget, fresh

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    return fresh(served)


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> JdeTarget:
    return JdeTarget(sandbox, tmp_path)
