"""Fixtures: one sandbox per worker, emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.sandboxes import running_sandbox
from zoho_target import ZohoTarget, fresh_zoho

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(settings={"zoho.bulk_seconds": 0.05, "zoho.bulk_row_seconds": 0}) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    return fresh_zoho(served)


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> ZohoTarget:
    return ZohoTarget(sandbox, tmp_path)
