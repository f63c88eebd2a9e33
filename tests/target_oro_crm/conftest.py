"""Fixtures: one sandbox per file, as new before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.sandboxes import running_sandbox
from oro_target import OroTarget, fresh_oro

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(settings={"oro.chunk_seconds": 0.02}) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    return fresh_oro(served)


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    return OroTarget(sandbox, tmp_path)
