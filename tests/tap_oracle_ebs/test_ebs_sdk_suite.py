"""The Singer SDK's standard suite, against the real simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from ml_sandbox.testing import running_sandbox
from tap_oracle_ebs.tap import TapOracleEbs

CONFIG: dict[str, Any] = {
    "base_url": "http://127.0.0.1:9",
    "username": "ML_EXTRACT",
    "password": "extract-1",
    "auth_mode": "basic",
    "alias": "custtables",
    "responsibility": "ML_CONNECTOR_INQUIRY",
    "responsibility_application": "AR",
    "server_timezone": "America/New_York",
}


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    tokens: Path = tmp_path_factory.mktemp("tokens")
    with running_sandbox(customers=30, seed=5) as running:
        CONFIG.update(base_url=f"{running.url}/ebs", token_store=str(tokens))
        yield


_Suite = get_tap_test_class(TapOracleEbs, config=CONFIG, suite_config=SuiteConfig(max_records_limit=20))


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
