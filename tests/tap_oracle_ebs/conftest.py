"""The real EBS simulator in another process, and the tap pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from support.tap_run import ReadTap

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.tap import TapOracleEbs

ALIASES = {
    "gltables": ("GL_", "MTL_"),
    "potables": ("PO_HEADERS", "PO_LINE", "PO_DISTRIBUTIONS"),
    "suppliertables": ("PO_VENDOR", "AP_TERMS"),
    "aptables": ("AP_INVOICE", "AP_PAYMENT", "AP_CHECKS"),
    "omtables": ("OE_", "RA_CUSTOMER_TRX", "AR_"),
}


def aliases() -> dict[str, str]:
    """Table -> alias under which the sandbox deploys it, where that is not the first one."""
    return {
        name: alias for alias, prefixes in ALIASES.items() for name in TABLES if name.startswith(prefixes)
    }


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=40, seed=3) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> Iterator[RunningSandbox]:
    yield served
    served.control.faults()
    served.control.reset_settings()
    for administered in ("users", "deployments", "grants"):
        served.control.clear("ebs", administered)


@pytest.fixture
def settings(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, Any]:
    sandbox.control.clear_requests()
    return {
        "base_url": f"{sandbox.url}/ebs",
        "username": "ML_EXTRACT",
        "password": "extract-1",
        "alias": "custtables",
        "aliases": aliases(),
        "package_alias": "mlread",
        "responsibility": "ML_CONNECTOR_INQUIRY",
        "responsibility_application": "AR",
        "server_timezone": "America/New_York",
        "token_store": str(tmp_path / "tokens"),
        "window_lag": 0,
        "look_back": 0,
        "backoff": 0.01,
    }


@pytest.fixture
def read(settings: dict[str, Any]) -> ReadTap:
    return ReadTap(TapOracleEbs, settings)
