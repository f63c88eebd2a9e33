"""The real simulator of EnterpriseOne in another process, and the tap pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from support import jde_world
from support.tap_run import ReadTap

from ml_sandbox.testing import RunningSandbox
from tap_jde.tap import TapJde


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> Iterator[RunningSandbox]:
    jde_world.fill(served.control, jde_world.day(served.control, -30))
    served.control.clear_requests()
    yield served
    served.control.faults()
    served.control.reset_settings()


@pytest.fixture
def settings(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, Any]:
    return jde_world.settings(sandbox, tmp_path)


@pytest.fixture
def read(settings: dict[str, Any]) -> ReadTap:
    return ReadTap(TapJde, settings)
