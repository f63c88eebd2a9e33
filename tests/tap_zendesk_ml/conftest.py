"""The real Zendesk simulator in another process, and the tap pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.sandboxes import running_sandbox
from support.zendesk import SYSTEM, Zendesk

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(settings={"time_scale": 100}) as running:
        yield running


@pytest.fixture
def zendesk(served: RunningSandbox, tmp_path: Path) -> Iterator[Zendesk]:
    yield Zendesk(served, tmp_path)
    served.control.faults()
    served.control.reset_settings()
    served.control.settings(time_scale=100)
    served.control.clear(SYSTEM)
