"""Fixtures of every test that runs a target: one sandbox per file, emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.sandboxes import running_sandbox
from zendesk_target import ZendeskTarget, fresh

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    settings = {"zendesk.job_seconds": 0.1, "zendesk.job_row_seconds": 0.0005}
    with running_sandbox(settings=settings) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    return fresh(served)


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> ZendeskTarget:
    return ZendeskTarget(sandbox, tmp_path)
