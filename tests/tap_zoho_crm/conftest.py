"""The real Zoho CRM simulator in another process, and the tap pointed at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.tap_run import ReadTap
from support.zoho import Put, Row, zoho_settings

from ml_sandbox.testing import RunningSandbox, running_sandbox
from tap_zoho_crm.tap import TapZohoCrm


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> Iterator[RunningSandbox]:
    yield served
    served.control.faults()
    served.control.reset_settings()
    served.control.clear("zoho")


@pytest.fixture
def settings(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, Any]:
    sandbox.control.clear_requests()
    return zoho_settings(sandbox, tmp_path)


@pytest.fixture
def read(settings: dict[str, Any]) -> ReadTap:
    return ReadTap(TapZohoCrm, settings)


@pytest.fixture
def put(sandbox: RunningSandbox) -> Put:
    def put_accounts(rows: Sequence[Row], module: str = "Accounts") -> list[Row]:
        return sandbox.control.put_rows("zoho", module, rows)

    return put_accounts
